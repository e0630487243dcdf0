//! What the instances of a component have used: linear memory, and the time to make them. The pool sets the limits; this only
//! watches.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};
use std::time::Duration;

use wasmtime::ResourceLimiter;

/// What the instances of one component have used so far. Copies watch the same component.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// The largest memory of any instance, in bytes.
    memory: AtomicUsize,
    instances: AtomicU64,
    /// The time that making them took, all together.
    nanoseconds: AtomicU64,
}

impl Usage {
    pub fn memory(&self) -> usize {
        self.0.memory.load(Ordering::Relaxed)
    }

    pub fn instances(&self) -> u64 {
        self.0.instances.load(Ordering::Relaxed)
    }

    /// How long one instance took to make, on average.
    pub fn each_made_in(&self) -> Duration {
        let nanoseconds = self.0.nanoseconds.load(Ordering::Relaxed);
        Duration::from_nanos(nanoseconds.checked_div(self.instances()).unwrap_or_default())
    }

    pub fn made_one(&self, took: Duration) {
        self.0.instances.fetch_add(1, Ordering::Relaxed);
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.0.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }
}

impl ResourceLimiter for Usage {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.0.memory.fetch_max(desired, Ordering::Relaxed);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

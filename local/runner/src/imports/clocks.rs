//! `wasi:clocks`, for what waits: wasmtime's own waits in real time, ours wait on the runner's clock.

use std::time::Duration;

use anyhow::Result;
use wasmtime::component::{Accessor, Linker, Resource};
use wasmtime_wasi::HostMonotonicClock;
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock as p2;
use wasmtime_wasi::p2::{DynPollable, Pollable, subscribe};
use wasmtime_wasi::p3::bindings::clocks::monotonic_clock as p3;

use crate::clock::Clock;
use crate::store::{Data, InStore};

pub(super) fn add_to_linker(linker: &mut Linker<Data>) -> Result<()> {
    linker.allow_shadowing(true);
    p2::add_to_linker::<_, InStore>(linker, |data| data)?;
    p3::add_to_linker::<_, InStore>(linker, |data| data)?;
    linker.allow_shadowing(false);
    Ok(())
}

impl Data {
    fn ticks(&self) -> u64 {
        HostMonotonicClock::now(&self.shared.clock)
    }
}

impl p3::Host for Data {
    fn now(&mut self) -> wasmtime::Result<p3::Mark> {
        Ok(self.ticks())
    }

    fn get_resolution(&mut self) -> wasmtime::Result<u64> {
        Ok(1)
    }
}

impl<T: Send> p3::HostWithStore<T> for InStore {
    async fn wait_until(store: &Accessor<T, Self>, when: p3::Mark) -> wasmtime::Result<()> {
        let (clock, now) = store.with(|mut data| (data.get().shared.clock.clone(), data.get().ticks()));
        wait(&clock, when.saturating_sub(now)).await;
        Ok(())
    }

    async fn wait_for(store: &Accessor<T, Self>, how_long: u64) -> wasmtime::Result<()> {
        let clock = store.with(|mut data| data.get().shared.clock.clone());
        wait(&clock, how_long).await;
        Ok(())
    }
}

async fn wait(clock: &Clock, nanoseconds: u64) {
    if nanoseconds > 0 {
        clock.component_sleep(Duration::from_nanos(nanoseconds)).await;
    }
}

impl p2::Host for Data {
    fn now(&mut self) -> wasmtime::Result<p2::Instant> {
        Ok(self.ticks())
    }

    fn resolution(&mut self) -> wasmtime::Result<p2::Duration> {
        Ok(1)
    }

    fn subscribe_instant(&mut self, when: p2::Instant) -> wasmtime::Result<Resource<DynPollable>> {
        self.subscribe_duration(when.saturating_sub(self.ticks()))
    }

    fn subscribe_duration(&mut self, how_long: p2::Duration) -> wasmtime::Result<Resource<DynPollable>> {
        let clock = self.shared.clock.clone();
        let deadline = clock.elapsed().saturating_add(Duration::from_nanos(how_long));
        let timer = self.table.push(Timer { clock, deadline })?;
        subscribe(&mut self.table, timer)
    }
}

struct Timer {
    clock: Clock,
    deadline: Duration,
}

#[wasmtime_wasi::async_trait]
impl Pollable for Timer {
    async fn ready(&mut self) {
        let left = self.deadline.saturating_sub(self.clock.elapsed());
        if left.is_zero() {
            // A component that polls in a loop must not starve the runtime.
            tokio::task::yield_now().await;
        } else {
            self.clock.component_sleep(left).await;
        }
    }
}

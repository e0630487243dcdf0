//! How wasmtime is set up.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// Instances that may live at the same time, over all runners of an application.
const INSTANCES: u32 = 256;
/// What one instance may use, in bytes.
const MEMORY: usize = 32 * 1024 * 1024;
/// The longest that a busy component keeps a thread from other work.
const TICK: Duration = Duration::from_millis(20);

pub(super) fn new() -> Result<Engine> {
    // Only address space is set aside in advance: memory is taken when an instance touches it, and given back after it.
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(INSTANCES)
        .total_memories(INSTANCES)
        // A component has its own module and a few small ones that connect it to the host.
        .total_core_instances(INSTANCES * 8)
        .total_tables(INSTANCES * 8)
        // Each call that waits for the host, of each request, has its own.
        .total_stacks(INSTANCES * 16)
        .max_memory_size(MEMORY);
    let mut config = Config::new();
    config
        .wasm_component_model_async(true)
        .epoch_interruption(true)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    let engine = Engine::new(&config).map_err(anyhow::Error::from).context("wasmtime does not start")?;
    let weak = engine.weak();
    thread::Builder::new()
        .name("wasm-ticks".to_owned())
        .spawn(move || {
            while let Some(engine) = weak.upgrade() {
                engine.increment_epoch();
                drop(engine);
                thread::sleep(TICK);
            }
        })
        .context("the thread that lets components take turns")?;
    Ok(engine)
}

//! Times one tick over many new registrations against its bound: `cargo run --release -p end-to-end --example tick`.
//!
//! The bound is what the calls alone would take: pages and two calls for each registration, at the given latency and concurrency.
//! The shop and the ERP each take that many calls at once, so a tick that overlaps both can stay below it.

use std::time::{Duration, Instant};

use anyhow::Result;
use end_to_end::World;
use sandbox::Generator;

const REGISTRATIONS: u32 = 1000;
const CONCURRENCY: u32 = 16;
const LATENCY: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() -> Result<()> {
    let world = World::with(&[("concurrency", &CONCURRENCY.to_string()), ("time_budget", "10m")]).await?;
    let mut generator = Generator::new(1);
    for _ in 0..REGISTRATIONS {
        let _ = world.register(&generator.plain());
    }
    world.shop.set_latency(LATENCY);
    world.erp.set_latency(LATENCY);
    let began = Instant::now();
    let report = world.tick().await?;
    let took = began.elapsed();
    let pages = report["pages"].as_u64().unwrap_or_default();
    let calls = u32::try_from(pages)? + 2 * REGISTRATIONS;
    let bound = LATENCY * calls / CONCURRENCY;
    println!("{report}");
    println!(
        "{took:.2?} for {calls} calls; bound {bound:.2?}; ratio {:.2}",
        took.as_secs_f64() / bound.as_secs_f64()
    );
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in memory.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM")) {
        println!("{line} (runner, shop and ERP in one process)");
    }
    Ok(())
}

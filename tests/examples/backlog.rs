//! Works off a backlog in real time: `cargo run --release -p end-to-end --example backlog`.
//!
//! So many registrations wait that no tick can do them within its budget. Each tick has to keep to it, each registration has to
//! reach the ERP once, and the memory of the function must not grow with the backlog.

use std::time::{Duration, Instant};

use anyhow::Result;
use end_to_end::World;
use sandbox::Generator;

const REGISTRATIONS: u32 = 20_000;
const LATENCY: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() -> Result<()> {
    let world = World::in_real_time(&[("concurrency", "16"), ("time_budget", "25s")]).await?;
    let mut generator = Generator::new(1);
    for _ in 0..REGISTRATIONS {
        let _ = world.register(&generator.plain());
    }
    world.shop.set_latency(LATENCY);
    world.erp.set_latency(LATENCY);
    loop {
        let began = Instant::now();
        let report = world.tick().await?;
        println!(
            "{:.2?}: {} announced, {} kB of linear memory at most",
            began.elapsed(),
            report["announced"],
            world.peak_memory("fetch-new-users") / 1024
        );
        if report["complete"] == true {
            break;
        }
    }
    let erp = world.erp.lock();
    println!(
        "{} registrations with the ERP, {} messages repeated, {} violations",
        erp.registrations().count(),
        erp.repeats(),
        erp.violations().len()
    );
    Ok(())
}

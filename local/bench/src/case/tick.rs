//! A tick over many new registrations.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::Case;
use crate::{
    bench::Bench,
    line::{Figure, Goal},
    surroundings::{CONCURRENCY, Surroundings, tick},
};

/// From so many registrations on the stricter goal holds.
const MANY: usize = 5000;
/// The most processor time for one registration.
const MOST_PROCESSOR_TIME: Duration = Duration::from_micros(150);
/// The most memory that twenty times as many registrations may cost, in bytes.
const MOST_MORE_MEMORY: u64 = 8_000_000;

/// What a tick took.
struct Took {
    time: Duration,
    processor_time: Duration,
    pages: u32,
}

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let plan = bench.plan();
    for people in plan.ticks.clone() {
        let took = one(bench, people, plan.latency).await?;
        let people = u32::try_from(people)?;
        let all = plan.latency * (took.pages + 2 * people) / CONCURRENCY;
        let shop = plan.latency * (took.pages + people) / CONCURRENCY;
        let goal = if people as usize >= MANY { 1.03 } else { 1.05 };
        let what = |what: &str| format!("{people} new: {what}");
        let ratio = |bound: Duration| Figure::Ratio(took.time.as_secs_f64() / bound.as_secs_f64());
        bench.judged(
            Case::Tick,
            what("time / all calls, 16 at a time"),
            ratio(all),
            Goal::AtMost(Figure::Ratio(goal)),
        );
        bench.found(Case::Tick, what("time / the shop's calls alone, 16 at a time"), ratio(shop));
        bench.found(Case::Tick, what("time"), Figure::Time(took.time));
    }
    let took = one(bench, plan.busy_tick, Duration::ZERO).await?;
    let people = u32::try_from(plan.busy_tick)?;
    bench.judged(
        Case::Tick,
        format!("{people} new, no latency: processor time for one"),
        Figure::Time(took.processor_time / people),
        Goal::AtMost(Figure::Time(MOST_PROCESSOR_TIME)),
    );
    bench.found(
        Case::Tick,
        format!("{people} new, no latency: in a second"),
        Figure::PerSecond(f64::from(people) / took.time.as_secs_f64()),
    );
    let peaks = [plan.ticks.first(), plan.ticks.last()].map(|people| bench.peak(&doing(*people?)));
    if let [Some(few), Some(many)] = peaks {
        bench.judged(
            Case::Tick,
            "memory of the last of these above the first",
            Figure::Bytes(many.saturating_sub(few)),
            Goal::AtMost(Figure::Bytes(MOST_MORE_MEMORY)),
        );
    }
    Ok(())
}

fn doing(people: usize) -> String {
    format!("a tick over {people:>5} new")
}

async fn one(bench: &mut Bench<'_>, people: usize, latency: Duration) -> Result<Took> {
    bench.begin(&doing(people));
    let state = tempfile::tempdir()?;
    let surroundings = Surroundings::new(people, latency).await?;
    let process = surroundings.serve(bench, state.path()).await?;
    let (began, before) = (Instant::now(), process.processor_time()?);
    let report = tick(&process).await?;
    let time = began.elapsed();
    let processor_time = process.processor_time()?.saturating_sub(before);
    anyhow::ensure!(report["announced"] == people, "not all were announced: {report}");
    let pages = report["pages"].as_u64().and_then(|pages| u32::try_from(pages).ok());
    bench.end(process, &doing(people)).await?;
    Ok(Took { time, processor_time, pages: pages.context("the pages")? })
}

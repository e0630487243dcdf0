//! A tick that finds nothing new.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use rusqlite::Connection;

use super::Case;
use crate::{
    bench::Bench,
    line::{Figure, Goal},
    process::Process,
    surroundings::{Surroundings, tick},
};

/// Registrations that wait for a decision, and so are listed in each tick.
const WAITING: usize = 1000;
/// The most that the history may cost.
const MOST_RATIO: f64 = 1.2;

/// A tick that had nothing to do.
struct Idle {
    time: Duration,
    calls: u64,
    pages: u64,
}

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let plan = bench.plan();
    bench.begin("idle ticks");
    let state = tempfile::tempdir()?;
    let surroundings = Surroundings::new(WAITING, Duration::ZERO).await?;
    let process = surroundings.serve(bench, state.path()).await?;
    tick(&process).await?;
    let few = idle(bench, &surroundings, process, "idle ticks, 1000 rows").await?;
    bench.begin("the history for idle ticks");
    history(&state.path().join("sqlite_db.db"), plan.history)?;
    let process = surroundings.serve(bench, state.path()).await?;
    bench.begin("idle ticks with a history");
    let doing = format!("idle ticks, {} rows", WAITING + plan.history);
    let many = idle(bench, &surroundings, process, &doing).await?;

    let goal = Goal::AtMost(Figure::Ratio(MOST_RATIO));
    let ratio = many.time.as_secs_f64() / few.time.as_secs_f64();
    bench.judged(
        Case::Idle,
        format!("time with {} more rows / without", plan.history),
        Figure::Ratio(ratio),
        goal,
    );
    bench.found(Case::Idle, "time with 1000 that wait, no latency", Figure::Time(few.time));
    bench.found(Case::Idle, format!("the same with {} more rows", plan.history), Figure::Time(many.time));
    for (what, count) in [
        ("calls", few.calls),
        ("of them pages of the two lists", few.pages),
        ("calls with the history", many.calls),
    ] {
        bench.found(Case::Idle, what, Figure::Count(f64::from(u32::try_from(count)?)));
    }
    Ok(())
}

/// The middle one of some idle ticks.
async fn idle(
    bench: &mut Bench<'_>,
    surroundings: &Surroundings<sandbox::Crowd>,
    process: Process,
    doing: &str,
) -> Result<Idle> {
    // The first one has the pages of the database to read.
    tick(&process).await?;
    let counts = || {
        let shop = surroundings.shop.lock();
        (shop.calls, shop.pages)
    };
    let mut ticks = Vec::new();
    for _ in 0..bench.plan().idle_ticks {
        let (began, before) = (Instant::now(), counts());
        let report = tick(&process).await?;
        let (time, after) = (began.elapsed(), counts());
        anyhow::ensure!(report["seen"] == 0 && report["announced"] == 0, "it was not idle: {report}");
        ticks.push(Idle { time, calls: after.0 - before.0, pages: after.1 - before.1 });
    }
    bench.end(process, doing).await?;
    ticks.sort_by_key(|tick| tick.time);
    let middle = ticks.len() / 2;
    ticks.into_iter().nth(middle).context("no tick was timed")
}

/// Adds registrations that are finished: copies of one that is there, under keys of their own.
fn history(database: &Path, rows: usize) -> Result<()> {
    let db = Connection::open(database)?;
    // Nobody else is at it, and if it breaks off it is thrown away.
    db.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")?;
    let mut names = db.prepare("SELECT name FROM pragma_table_info('registration')")?;
    let names = names.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let values = names.iter().map(|name| match name.as_str() {
        "user_key" => "printf('%08x-0000-4000-8000-%012x', number * 2654435761 % 4294967296, number)",
        "state" => "CASE number % 25 WHEN 0 THEN 'rejected' ELSE 'active' END",
        "event" | "due_at" | "claim_token" | "claim_until" => "NULL",
        column => column,
    });
    let (values, names) = (values.collect::<Vec<_>>().join(", "), names.join(", "));
    db.execute_batch("BEGIN")?;
    db.execute(
        &format!(
            "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < $1) \
             INSERT INTO registration ({names}) SELECT {values} FROM \
             (SELECT * FROM registration WHERE state = 'announced' LIMIT 1), numbers"
        ),
        [i64::try_from(rows)?],
    )?;
    db.execute_batch("COMMIT; PRAGMA journal_mode = WAL;")?;
    Ok(())
}

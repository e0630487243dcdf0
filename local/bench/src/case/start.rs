//! The way to the first answer, and instances.

use std::{fs, path::Path, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http::Request;

use super::Case;
use crate::{
    bench::Bench,
    line::{Figure, Goal},
    load,
    process::{Ended, Process},
};

const MOST_TO_FIRST_ANSWER: Duration = Duration::from_millis(150);
const MOST_TO_INSTANTIATE: Duration = Duration::from_micros(100);
const CONNECTIONS: usize = 16;
/// More than are answered in the time.
const REQUESTS: usize = 500_000;

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    bench.begin("starts");
    let state = tempfile::tempdir()?;
    let cold =
        Process::application(&bench.setup.program, &elsewhere(bench, state.path())?, &[], state.path(), &[])
            .await?;
    let cold_in = cold.started_in;
    bench.end(cold, "a start without compiled code").await?;
    let mut warm = Vec::new();
    for _ in 0..bench.plan().starts {
        let process = bench.serve(&[], state.path(), &[]).await?;
        warm.push(process.started_in);
        bench.end(process, "a start").await?;
    }
    warm.sort_unstable();
    bench.judged(
        Case::Start,
        "from the start of `up` to the first answer, compiled before",
        Figure::Time(warm.get(warm.len() / 2).copied().context("no start was timed")?),
        Goal::AtMost(Figure::Time(MOST_TO_FIRST_ANSWER)),
    );
    bench.found(Case::Start, "the same, not compiled before", Figure::Time(cold_in));

    let reused = answers(bench, state.path(), &[], "requests").await?;
    let fresh =
        answers(bench, state.path(), &["--max-instance-reuse-count", "1"], "requests, an instance for each")
            .await?;
    let made = fresh.1.used.iter().map(|used| used.each_made_in).max();
    bench.judged(
        Case::Start,
        "to make an instance, on average, both processors busy",
        Figure::Time(made.context("no instance was made")?),
        Goal::AtMost(Figure::Time(MOST_TO_INSTANTIATE)),
    );
    bench.found(
        Case::Start,
        "requests with an instance for each / without",
        Figure::Ratio(fresh.0 / reused.0),
    );
    bench.found(Case::Start, "requests with an instance for each", Figure::PerSecond(fresh.0));
    bench.found(Case::Start, "requests, 128 to an instance", Figure::PerSecond(reused.0));
    Ok(())
}

/// The manifest beside the same components, where nothing is compiled yet.
fn elsewhere(bench: &Bench<'_>, folder: &Path) -> Result<std::path::PathBuf> {
    let there = &bench.setup.manifest.folder;
    let copy = folder.join("spin.toml");
    fs::copy(&bench.setup.manifest_path, &copy)?;
    for component in bench.setup.manifest.components.values() {
        let source = component.source.strip_prefix(there).context("a component outside of the project")?;
        let copy = folder.join(source);
        fs::create_dir_all(copy.parent().unwrap_or(folder))?;
        fs::copy(&component.source, copy)?;
    }
    Ok(copy)
}

/// How many requests that touch nothing are answered in a second.
async fn answers(bench: &mut Bench<'_>, state: &Path, more: &[&str], doing: &str) -> Result<(f64, Ended)> {
    let process = bench.serve(&[], state, more).await?;
    let request = Request::get("/health").body(Bytes::new())?;
    let requests = Arc::new(vec![request; REQUESTS]);
    let load = load::send(process.address(), CONNECTIONS, bench.plan().load, requests).await?;
    let ended = bench.end(process, doing).await?;
    anyhow::ensure!(load.statuses.iter().all(|status| *status == 200), "not all were answered with 200");
    Ok((load.per_second(), ended))
}

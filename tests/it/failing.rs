//! A request that fails within: what its caller gets, and what others notice.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use anyhow::Result;
use runner::{Application, Clock, Logs, Manifest, Options, Runner};
use serde_json::Value;

/// A component of its own, that panics when it is asked to. Each request has an instance to itself.
async fn start(clock: &Clock) -> Result<(Runner, Arc<Mutex<Vec<String>>>, tempfile::TempDir)> {
    let application = tokio::task::spawn_blocking(|| {
        let manifest = Manifest::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("failing/spin.toml"))?;
        runner::build::ensure(&manifest, |_| {})?;
        Application::load(&manifest)
    });
    let (logs, kept) = Logs::kept();
    let folder = tempfile::tempdir()?;
    let options = Options {
        listen: ([127, 0, 0, 1], 0).into(),
        state: Some(folder.path().to_owned()),
        clock: clock.clone(),
        logs,
        at_once: 1,
        ..Options::default()
    };
    Ok((Runner::start(&application.await??, options).await?, kept, folder))
}

#[tokio::test]
async fn a_request_that_panics_is_answered_and_harms_no_other() -> Result<()> {
    let clock = Clock::driven(SystemTime::now());
    let (runner, logs, _folder) = start(&clock).await?;
    let client = reqwest::Client::new();
    let (slow, panicked) = tokio::join!(client.get(runner.url() + "/slow").send(), async {
        clock.until_a_component_sleeps().await;
        let asked = client.get(runner.url() + "/panic").header("x-request-id", "asked-by-test");
        let answer = asked.send().await;
        clock.advance(Duration::from_secs(1));
        answer
    });
    assert_eq!(slow?.status(), 200, "it was under way at the same time");

    let panicked = panicked?;
    assert_eq!(
        (panicked.status().as_u16(), &panicked.headers()["x-request-id"]),
        (500, &"asked-by-test".parse()?)
    );
    assert_eq!(panicked.headers()["content-type"], "application/problem+json");
    let problem: Value = panicked.json().await?;
    assert_eq!(
        (&problem["status"], &problem["instance"]),
        (&500.into(), &"urn:request:asked-by-test".into())
    );

    let unnamed = client.get(runner.url() + "/panic").send().await?;
    assert_eq!((unnamed.status().as_u16(), unnamed.headers()["x-request-id"].len()), (500, 16));
    assert_eq!(client.get(runner.url() + "/well").send().await?.status(), 200, "it came after it");

    runner.shutdown().await;
    let logs = logs.lock().unwrap().clone();
    assert!(logs.iter().any(|line| line.contains("asked-by-test") && line.contains("500")), "{logs:?}");
    assert!(logs.iter().any(|line| line.contains("tests/failing/src/lib.rs")), "where it was: {logs:?}");
    assert!(logs.iter().all(|line| !line.contains("Anna")), "what it said: {logs:?}");
    Ok(())
}

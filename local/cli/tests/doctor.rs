//! The doctor as a program: its exit codes, and what goes to whom.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::{Command, Output, Stdio};

use chrono::Utc;
use sandbox::{Generator, Shop, serve::Served};
use serde_json::Value;

/// Runs the doctor with these settings and no others.
async fn doctor(settings: Vec<(&'static str, String)>, arguments: &'static [&'static str]) -> Output {
    let run = move || {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spin.toml");
        let mut command = Command::new(env!("CARGO_BIN_EXE_onboarding"));
        command.arg("doctor").args(arguments).stdin(Stdio::null());
        if !arguments.contains(&"--manifest") {
            command.args(["--manifest", manifest]);
        }
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SPIN_VARIABLE_")) {
            command.env_remove(name);
        }
        command.envs(settings.into_iter().map(|(name, value)| (format!("SPIN_VARIABLE_{name}"), value)));
        command.output().unwrap()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn settings(url: &str) -> Vec<(&'static str, String)> {
    vec![
        ("CLOUDSUITE_HOST", url.to_owned()),
        ("CLOUDSUITE_TOKEN_HOST", url.to_owned()),
        ("CLOUDSUITE_CLIENT_ID", "sandbox".to_owned()),
        ("CLOUDSUITE_CLIENT_SECRET", "sandbox-secret".to_owned()),
        ("ORIGINS", "SHOP".to_owned()),
        ("WEBHOOK_SECRETS", "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u".to_owned()),
        ("API_TOKENS", "cron:tick:012345678901234567890123".to_owned()),
    ]
}

async fn shop() -> (Served<Shop>, String) {
    let mut shop = Shop::new(7);
    let user = shop.register(&Generator::new(7).plain(), Utc::now());
    (Served::start(shop, Utc::now).await.unwrap(), user)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_code_says_whether_something_is_wrong() {
    let (shop, _) = shop().await;
    let well = doctor(settings(&shop.url()), &["--json"]).await;
    let object: Value = serde_json::from_slice(&well.stdout).unwrap();
    assert_eq!((well.status.code(), &object["counts"]["wrong"]), (Some(0), &Value::from(0)), "{object:#}");
    assert!(well.stderr.is_empty(), "{}", String::from_utf8_lossy(&well.stderr));

    let mut wrong = settings(&shop.url());
    wrong.push(("TRAILING_SLASH", "sometimes".to_owned()));
    let table = doctor(wrong, &[]).await;
    let text = String::from_utf8(table.stdout).unwrap();
    assert_eq!(table.status.code(), Some(1));
    assert!(text.contains("correct SPIN_VARIABLE_TRAILING_SLASH"), "{text}");
    assert!(!text.contains('\x1b'), "colours are for terminals");
    assert!(text.lines().all(|line| line.chars().count() <= 118), "{text}");

    let unable = doctor(vec![], &["--manifest", "/nowhere/spin.toml"]).await;
    assert_eq!(unable.status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_without_a_terminal_a_yes_or_a_test_shop() {
    let (shop, _) = shop().await;
    let user = &["--write-test", "--origin", "SHOP", "--user", "x"];
    let unasked = doctor(settings(&shop.url()), user).await;
    assert_eq!(unasked.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unasked.stderr).contains("add --yes"));

    let mut live = settings(&shop.url());
    live[0].1 = "https://api.cloudsuite.io".to_owned();
    let refused = doctor(live, &["--write-test", "--origin", "SHOP", "--user", "x", "--yes"]).await;
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("not recognisably a TEST shop"));
    assert_eq!(shop.lock().journal.total(), 0, "nobody was called");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_test_shows_each_write_and_what_is_left() {
    let (shop, user) = shop().await;
    let user: &'static str = user.leak();
    let arguments: &'static [&'static str] =
        vec!["--write-test", "--origin", "SHOP", "--user", user, "--yes", "--json"].leak();
    let done = doctor(settings(&shop.url()), arguments).await;
    assert_eq!(done.status.code(), Some(0));
    let report: Value = serde_json::from_slice(&done.stdout).unwrap();
    let shown = String::from_utf8(done.stderr).unwrap();
    let writes = ["\n  PATCH ", "\n  PUT ", "\n  POST "].map(|write| shown.matches(write).count());
    assert_eq!(report["writes"], writes.iter().sum::<usize>(), "{shown}");
    assert!(report["left"].as_array().unwrap().len() > 3, "{report:#}");
    assert!(shop.lock().user(user).unwrap().active);
}

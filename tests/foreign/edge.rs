//! The HTTP edge against its own document, by `schemathesis`, which is a Python package (`FOREIGN_PYTHON`).

use std::{path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use end_to_end::{DECIDE, ERASE, READ, SECRET, TICK, World};
use http::Method;
use sandbox::{Generator, Registration, erp::Decision};

use crate::place;

/// A token that may do everything.
const ALL: &str = "all-token-0123456789abcdef";
/// The user of the document's examples.
const EXAMPLE: &str = "5b1f0c1e-0000-4000-8000-000000000001";

/// A world with registrations in every state that a caller can bring about, and the keys of their users.
async fn world() -> Result<(World, Vec<String>)> {
    let tokens = format!(
        "cron:tick:{TICK},desk:read:{READ},anna:decide:{DECIDE},eva:erase:{ERASE},all:tick+read+decide+erase:{ALL}"
    );
    let world = World::in_real_time(&[("api_tokens", &tokens), ("rate_limit", "0"), ("scan_max_age", "1d")]).await?;
    let mut generator = Generator::new(1);
    let example = Registration { key: Some(EXAMPLE.to_owned()), ..generator.plain() };
    let mut users = vec![world.register(&example)];
    users.extend((0..7).map(|_| world.register(&generator.plain())));
    let report = world.tick().await?;
    ensure!(report["announced"] == 8, "{report}");

    world.put_customer("C-20417");
    let path = |user: &str, rest: &str| format!("/registrations/SHOP/{user}{rest}");
    let stuck = r#"{"type":"customer.approved","data":{"customer":{"key":"C-20417"}}}"#;
    world.call(Method::POST, &path(&users[1], "/decision"), Some(DECIDE), stuck).await?;
    for user in &users[2..4] {
        world.decide(user, Decision::Approve).await?;
    }
    ensure!(world.shop.lock().click(&users[3], world.now()), "the mail's link");
    world.decide(&users[4], Decision::Reject("no trade licence".to_owned())).await?;
    world.call(Method::DELETE, &path(&users[5], ""), Some(ERASE), "").await?;
    world.tick().await?;
    for (user, state) in
        users.iter().zip(["announced", "stuck", "linked", "active", "rejected", "erased", "announced"])
    {
        ensure!(world.state_of(user).await? == state, "{user} is not {state}");
    }
    Ok((world, users))
}

/// Runs it, and lets its report through. Its configuration stands beside a list of the users that there are.
async fn schemathesis(world: &World, users: &[String], own: &str, secret: Option<&str>) -> Result<()> {
    let given = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign/schemathesis");
    let folder = tempfile::tempdir()?;
    std::fs::copy(given.join("hooks.py"), folder.path().join("hooks.py"))?;
    let configuration = std::fs::read_to_string(given.join("schemathesis.toml"))?;
    std::fs::write(folder.path().join("schemathesis.toml"), configuration + own)?;
    std::fs::write(folder.path().join("user_keys.txt"), users.join("\n"))?;

    let program = Path::new(&place("FOREIGN_PYTHON")?).with_file_name("schemathesis");
    let mut command = Command::new(program);
    command.current_dir(folder.path()).env("SCHEMATHESIS_HOOKS", "hooks").env("PYTHONPATH", folder.path());
    command.envs(secret.map(|secret| ("ONBOARDING_SIGNING_SECRET", secret)));
    if let Ok(report) = std::env::var("SCHEMATHESIS_REPORT") {
        command.args(["--report", "ndjson", "--report-ndjson-path", &report]);
    }
    command.args(["run", "--max-examples", "50", &format!("{}/openapi.json", world.url())]);
    let status = tokio::task::spawn_blocking(move || command.status()).await?;
    ensure!(status.context("schemathesis does not start")?.success(), "schemathesis has found something");
    Ok(())
}

/// No request has ended in a failure within.
fn nothing_has_failed(world: &World) {
    for line in world.lines() {
        assert!(line["panic"].is_null() && line["status"] != 500, "{line}");
    }
}

#[tokio::test]
#[ignore = "needs Python with the package schemathesis"]
async fn the_edge_is_as_its_document_says_to_who_may_do_everything() -> Result<()> {
    let (world, users) = world().await?;
    let token = format!("\n[auth.openapi.token]\nbearer = \"{ALL}\"\n");
    schemathesis(&world, &users, &token, Some(SECRET)).await?;
    nothing_has_failed(&world);
    Ok(())
}

#[tokio::test]
#[ignore = "needs Python with the package schemathesis"]
async fn the_edge_is_as_its_document_says_to_a_stranger() -> Result<()> {
    let (world, users) = world().await?;
    let calls = world.calls();
    schemathesis(&world, &users, "", None).await?;
    nothing_has_failed(&world);
    assert_eq!(world.calls(), calls, "nobody was called for a stranger");
    Ok(())
}

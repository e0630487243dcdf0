//! The HTTP edge against its own document, by `schemathesis`, which is a Python package (`FOREIGN_PYTHON`).

use std::{collections::BTreeMap, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use end_to_end::{DECIDE, ERASE, READ, SECRET, TICK, World};
use http::Method;
use sandbox::{Generator, Registration, erp::Decision};
use shared::schema::document;

use crate::place;

/// A token that may do everything.
const ALL: &str = "all-token-0123456789abcdef";
/// The user of the document's examples.
const EXAMPLE: &str = "5b1f0c1e-0000-4000-8000-000000000001";

/// How many are kept to be reopened: nobody else decides about them.
const REJECTED: usize = 3;

/// A world with registrations in every state that a caller can bring about, and the keys of their users.
async fn world() -> Result<(World, Vec<String>)> {
    let tokens = format!(
        "cron:tick:{TICK},desk:read:{READ},anna:decide:{DECIDE},eva:erase:{ERASE},all:tick+read+decide+erase:{ALL}"
    );
    let world =
        World::in_real_time(&[("api_tokens", &tokens), ("rate_limit", "0"), ("scan_max_age", "1d")]).await?;
    let mut generator = Generator::new(1);
    let example = Registration { key: Some(EXAMPLE.to_owned()), ..generator.plain() };
    let mut users: Vec<_> = (0..11).map(|_| world.register(&generator.plain())).collect();
    users.push(world.register(&example));
    users.extend((0..REJECTED).map(|_| world.register(&generator.plain())));
    let report = world.tick().await?;
    ensure!(report["announced"] == users.len(), "{report}");

    world.put_customer("C-KNOWN");
    let path = |user: &str, rest: &str| format!("/registrations/SHOP/{user}{rest}");
    let stuck = r#"{"type":"customer.approved","data":{"customer":{"key":"C-KNOWN"}}}"#;
    world.call(Method::DELETE, &path(&users[0], ""), Some(ERASE), "").await?;
    world.call(Method::POST, &path(&users[2], "/decision"), Some(DECIDE), stuck).await?;
    for user in &users[3..5] {
        world.decide(user, Decision::Approve).await?;
    }
    ensure!(world.shop.lock().click(&users[4], world.now()), "the mail's link");
    for user in users[5..6].iter().chain(&users[users.len() - REJECTED..]) {
        world.decide(user, Decision::Reject("no trade licence".to_owned())).await?;
    }
    world.tick().await?;
    let states = ["erased", "announced", "stuck", "linked", "active", "rejected", "announced"];
    for (user, state) in users.iter().zip(states) {
        let now = world.status(user).await?;
        ensure!(now["state"] == state, "not {state}: {now}");
    }
    Ok((world, users))
}

/// Runs it, and lets its report through. Its configuration is completed with the users that there are.
async fn schemathesis(world: &World, users: &[String], credentials: &[(&str, &str)]) -> Result<()> {
    let given = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign/schemathesis");
    let folder = tempfile::tempdir()?;
    std::fs::copy(given.join("hooks.py"), folder.path().join("hooks.py"))?;
    let configuration = std::fs::read_to_string(given.join("schemathesis.toml"))?;
    let (erasable, user_keys) = users.split_at(2);
    let (user_keys, rejected) = user_keys.split_at(user_keys.len() - REJECTED);
    let keys: String = [("erasable", erasable), ("user_keys", user_keys), ("rejected", rejected)]
        .map(|(name, keys)| format!("[dictionaries.{name}]\nvalues = {keys:?}\n"))
        .concat();
    std::fs::write(folder.path().join("schemathesis.toml"), format!("{configuration}\n{keys}"))?;

    let program = Path::new(&place("FOREIGN_PYTHON")?).with_file_name("schemathesis");
    let mut command = Command::new(program);
    command.current_dir(folder.path()).env("SCHEMATHESIS_HOOKS", "hooks").env("PYTHONPATH", folder.path());
    command.env("ONBOARDING_USERS", user_keys.join(",")).envs(credentials.iter().copied());
    if let Ok(report) = std::env::var("SCHEMATHESIS_REPORT") {
        command.args(["--report", "ndjson", "--report-ndjson-path", &report]);
    }
    // From its file, because it leaves out the address that it has a document from.
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json").canonicalize()?;
    command.args(["run", "--max-examples", "200", "--url", &world.url()]).arg(document);
    let status = tokio::task::spawn_blocking(move || command.status()).await?;
    ensure!(status.context("schemathesis does not start")?.success(), "schemathesis has found something");
    Ok(())
}

/// Which answers each operation has given, and how often. None of them was a failure within.
fn answers(world: &World) -> BTreeMap<String, BTreeMap<u64, usize>> {
    let mut answers: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for line in world.lines() {
        assert!(line["panic"].is_null() && line["status"] != 500, "{line}");
        let (Some(status), Some(path)) = (line["status"].as_u64(), line["path"].as_str()) else { continue };
        let path = match path.split('/').collect::<Vec<_>>()[..] {
            ["", "registrations", _, _] => "/registrations/{origin}/{user_key}".to_owned(),
            ["", "registrations", _, _, last] => format!("/registrations/{{origin}}/{{user_key}}/{last}"),
            _ => path.to_owned(),
        };
        let operation = format!("{} {path}", line["method"].as_str().unwrap_or_default());
        *answers.entry(operation).or_default().entry(status).or_default() += 1;
    }
    answers
}

/// The operations of the document.
fn operations() -> Vec<String> {
    let document = document();
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, operations)| {
        let methods = operations.as_object().into_iter().flatten().map(|(method, _)| method);
        let methods = methods.filter(|method| *method != "parameters");
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    operations.collect()
}

#[tokio::test]
#[ignore = "needs Python with the package schemathesis"]
async fn the_edge_is_as_its_document_says_to_who_may_do_everything() -> Result<()> {
    let (world, users) = world().await?;
    let credentials = [("ONBOARDING_TOKEN", ALL), ("ONBOARDING_SIGNING_SECRET", SECRET)];
    schemathesis(&world, &users, &credentials).await?;
    let answers = answers(&world);
    for operation in operations() {
        println!("{operation}: {:?}", answers[&operation]);
        assert!(answers[&operation].keys().any(|status| (200..300).contains(status)), "never: {operation}");
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs Python with the package schemathesis"]
async fn the_edge_is_as_its_document_says_to_a_stranger() -> Result<()> {
    let (world, users) = world().await?;
    let (calls, before) = (world.calls(), answers(&world));
    schemathesis(&world, &users, &[]).await?;
    let after = answers(&world);
    for operation in operations() {
        println!("{operation}: {:?}", after[&operation]);
        let accepted = |answers: &BTreeMap<String, BTreeMap<u64, usize>>| -> usize {
            let answers = answers.get(&operation).into_iter().flatten();
            answers.filter(|(status, _)| **status < 400).map(|(_, number)| number).sum()
        };
        let open = ["GET /health", "GET /openapi.json"].contains(&operation.as_str());
        assert!(open || accepted(&after) == accepted(&before), "open to strangers: {operation}");
    }
    assert_eq!(world.calls(), calls, "nobody was called for a stranger");
    Ok(())
}

//! The recipes of `docs/integrations` that run here as they stand there, but for the address: shell lines, and the workflow's own code.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use anyhow::{Context as _, Result, ensure};
use end_to_end::{DECIDE, READ, TICK, World};
use sandbox::Generator;
use serde_json::Value;

use crate::{example, place};

const ADDRESS: &str = "https://onboarding.example.com";

/// The text of a recipe, with the address of the world's application.
fn recipe(name: &str, world: &World) -> Result<String> {
    Ok(fs::read_to_string(example(name))?.replace(ADDRESS, &world.url()))
}

/// The place in a YAML document that a Python expression names.
fn yaml(text: &str, expression: &str) -> Result<String> {
    let program =
        format!("import sys, yaml; d = yaml.safe_load(sys.argv[1]); sys.stdout.write({expression})");
    let output = Command::new(place("FOREIGN_PYTHON")?).args(["-c", &program, text]).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs a script in a folder of its own. It blocks, and the application answers on other threads.
async fn bash(script: String, token: &str, folder: &Path) -> Result<Output> {
    let (token, folder) = (token.to_owned(), folder.to_owned());
    let run =
        move || Command::new("bash").args(["-euc", &script]).env("TOKEN", token).current_dir(folder).output();
    tokio::task::spawn_blocking(run).await?.context("bash")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Python with the package pyyaml, and curl"]
async fn the_schedulers_call_the_tick_and_fail_when_it_does() -> Result<()> {
    let world = World::in_real_time(&[]).await?;
    let folder = tempfile::tempdir()?;
    let header = folder.path().join("header");
    let at = |path: &Path| path.display().to_string();
    let github = yaml(&recipe("github-actions.yml", &world)?, "d['jobs']['tick']['steps'][0]['run']")?;
    let kubernetes = yaml(
        &recipe("kubernetes-cronjob.yaml", &world)?,
        "d['spec']['jobTemplate']['spec']['template']['spec']['containers'][0]['args'][0]",
    )?;
    let kubernetes = kubernetes
        .replace("http://onboarding/", &format!("{}/", world.url()))
        .replace("/etc/onboarding/header", &at(&header))
        .replace("/tmp/report", &at(&folder.path().join("report")));
    for (name, script) in [("GitHub Actions", github), ("Kubernetes", kubernetes)] {
        for (token, well) in [(TICK, true), ("another-token-0123456789abcdef", false)] {
            fs::write(&header, format!("Authorization: Bearer {token}"))?;
            let output = bash(script.clone(), token, folder.path()).await?;
            assert_eq!(output.status.success(), well, "{name}: {output:?}");
            let said: Value = serde_json::from_slice(&output.stdout).context("it shows what was answered")?;
            assert_eq!(said["complete"] == true, well, "{name}: {said}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs curl"]
async fn the_lines_to_type_by_hand_are_right() -> Result<()> {
    let world = World::in_real_time(&[]).await?;
    let _user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let text = recipe("README.md", &world)?;
    let (_, by_hand) = text.split_once("## By hand").context("the chapter")?;
    let lines: Vec<_> = by_hand.lines().filter(|line| line.starts_with("curl")).collect();
    assert_eq!(lines.len(), 3);
    for line in lines {
        let token = if line.contains("fetch-new-users") { TICK } else { READ };
        let output = bash(format!("{line} --fail"), token, world.state()).await?;
        assert!(output.status.success(), "{line}: {output:?}");
    }
    Ok(())
}

/// n8n itself is not here: `n8n.mjs` beside this file walks through the workflow and runs what stands in its nodes.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Node.js"]
async fn the_workflow_asks_decides_and_tells_each_decision_once() -> Result<()> {
    let world = World::in_real_time(&[("erp_host", "https://erp-host.invalid")]).await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let folder = tempfile::tempdir()?;
    let workflow = folder.path().join("n8n.json");
    fs::write(&workflow, recipe("n8n.json", &world)?)?;
    let walk = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign/n8n.mjs");
    let script = format!("node '{}' '{}' 2", walk.display(), workflow.display());
    // One token may read and the other decide; the workflow's credential is one that may do both.
    let output = bash(script, &format!("{READ} {DECIDE}"), folder.path()).await?;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(world.state_of(&user).await?, "linked", "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(world.mails(&user), 1);
    Ok(())
}

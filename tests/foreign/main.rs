//! ERPs in other languages, with the reference libraries of Standard Webhooks: the examples of `docs/integrations`, as they stand there.
//!
//! They need Python with `standardwebhooks` and `pyyaml` (`FOREIGN_PYTHON` is its interpreter), and Node.js with the package of the same name
//! (`FOREIGN_NODE_MODULES` is the folder that holds it). `.ci/run` installs both and runs these.

mod edge;
mod recipes;

use std::{
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result};
use end_to_end::{SECRET, World};
use sandbox::{Generator, erp::signed};

const OTHER: &str = "whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXIt";

/// A process that ends with the test.
struct Erp {
    process: Child,
    port: u16,
}

impl Drop for Erp {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/integrations").join(name)
}

/// A variable that says where something foreign is.
fn place(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set: see the head of tests/foreign/main.rs"))
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

async fn start(mut command: Command, port: u16, world: &World) -> Result<Erp> {
    let process = command
        .env("ERP_PORT", port.to_string())
        .env("ERP_SIGNING_SECRET", SECRET)
        .env("WEBHOOK_SECRET", SECRET)
        .env("WEBHOOK_URL", format!("{}/erp-webhook", world.url()))
        .stdin(Stdio::null())
        .spawn()
        .context("the foreign ERP does not start")?;
    let erp = Erp { process, port };
    until("it listens", async || {
        Ok(tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok())
    })
    .await?;
    Ok(erp)
}

/// Asks again and again until it is so.
async fn until(what: &str, is_so: impl AsyncFn() -> Result<bool>) -> Result<()> {
    let asking = async {
        while !is_so().await? {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    };
    tokio::time::timeout(Duration::from_mins(1), asking).await.with_context(|| format!("never so: {what}"))?
}

/// A registration goes to the foreign ERP, which verifies our signature, and its own signed decision comes back and is carried out.
async fn an_erp_takes_part(command: impl FnOnce() -> Result<Command>) -> Result<()> {
    let port = free_port()?;
    let world = World::in_real_time(&[("erp_host", &format!("http://127.0.0.1:{port}"))]).await?;
    let erp = start(command()?, port, &world).await?;
    let user = world.register(&Generator::new(1).plain());
    let report = world.tick().await?;
    assert_eq!(report["announced"], 1, "it believes our signature: {report}");
    until("the user is linked", async || Ok(world.state_of(&user).await? == "linked")).await?;
    assert_eq!(world.mails(&user), 1);

    // What somebody else has signed is not believed.
    let body = bytes::Bytes::from_static(br#"{"type":"registration.created","data":{}}"#);
    let (parts, body) = signed(OTHER, "msg_other", world.now(), &body)?.into_parts();
    let address = format!("http://127.0.0.1:{}/", erp.port);
    let answer = reqwest::Client::new().post(address).headers(parts.headers).body(body).send().await?;
    assert_eq!(answer.status(), 401);
    Ok(())
}

#[tokio::test]
#[ignore = "needs Python with the package standardwebhooks"]
async fn the_reference_library_for_python_believes_us_and_we_believe_it() -> Result<()> {
    an_erp_takes_part(|| {
        let mut command = Command::new(place("FOREIGN_PYTHON")?);
        command.arg(example("erp.py"));
        Ok(command)
    })
    .await
}

#[tokio::test]
#[ignore = "needs Node.js with the package standardwebhooks"]
async fn the_reference_library_for_javascript_believes_us_and_we_believe_it() -> Result<()> {
    // Node.js looks for packages beside the script.
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("erp.mjs");
    std::fs::copy(example("erp.mjs"), &script)?;
    std::os::unix::fs::symlink(place("FOREIGN_NODE_MODULES")?, folder.path().join("node_modules"))?;
    an_erp_takes_part(|| {
        let mut command = Command::new("node");
        command.arg(&script);
        Ok(command)
    })
    .await
}

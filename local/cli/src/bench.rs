//! `onboarding bench`: how fast and how small all of it is.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
};

use ::bench::{Bench, Case, Line, Plan, Setup, Told};
use anyhow::{Context, Result};
use chrono::Utc;
use clap::Args;

use crate::{
    application,
    command::Outcome,
    screen::{self, ASIDE, GOOD, HEAD, NOTABLE, Progress},
    stop,
};

/// Measure how fast and how small the application is, each figure beside what it is held against.
///
/// The application runs in a process of its own, beside a stand-in shop and a stand-in ERP. Everything is thrown away afterwards.
/// It takes some minutes and up to 3 GB on the disk; with --quick less than a minute. It needs Linux.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onboarding bench
  onboarding bench --quick
  onboarding bench --only tick --only memory
  onboarding bench --write                 writes docs/performance.md

A goal that is missed is shown and is no error: how fast a machine is, is not this program's fault.")]
pub struct Arguments {
    /// The application's manifest.
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    manifest: PathBuf,
    /// Less of everything.
    #[arg(long)]
    quick: bool,
    /// Measure this case only: shop, tick, idle, webhook, start, memory (of the others), sizes; may be repeated.
    #[arg(long, value_name = "CASE")]
    only: Vec<Case>,
    /// Write docs/performance.md next to the manifest.
    #[arg(long)]
    write: bool,
    /// So little of everything that the figures mean nothing: for a test.
    #[arg(long, hide = true, conflicts_with = "quick")]
    smoke: bool,
    #[command(flatten)]
    server: Server,
}

/// What the measuring process says to the native server, which is this program too.
#[derive(Debug, Args)]
struct Server {
    /// Serve as the native server that the application is compared with.
    #[arg(long, hide = true, requires = "listen", requires = "state")]
    native: bool,
    /// Where it listens.
    #[arg(long, hide = true)]
    listen: Option<SocketAddr>,
    /// The folder of its ledger.
    #[arg(long, hide = true)]
    state: Option<PathBuf>,
}

/// Measures.
pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let manifest = application::manifest(&arguments.manifest)?;
    let runtime = tokio::runtime::Runtime::new().context("the threads to measure with")?;
    if let Server { native: true, listen: Some(listen), state: Some(state) } = &arguments.server {
        let listener = TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
        ::bench::native::serve(&manifest, &listener, state, |name| {
            std::env::var(format!("SPIN_VARIABLE_{}", name.to_ascii_uppercase())).ok()
        })?;
        return runtime.block_on(async {
            stop::stdin_closed().await;
            Ok(Outcome::Well)
        });
    }
    application::build(&manifest)?;
    // Compiled once before anything is measured.
    drop(application::load(&arguments.manifest, &manifest)?);
    let setup = Setup {
        program: std::env::current_exe().context("the path of this program")?,
        manifest,
        manifest_path: arguments.manifest.clone(),
        plan: plan(arguments),
    };
    let cases = if arguments.only.is_empty() { &Case::ALL[..] } else { &arguments.only };
    let began = Utc::now();
    let lines = runtime.block_on(async {
        tokio::select! {
            lines = Bench::new(&setup, shown()).run(cases) => lines,
            // Leaving here ends the processes and removes the ledgers.
            () = stop::asked() => anyhow::bail!("ended before all was measured"),
        }
    })?;
    if arguments.write {
        let command = if arguments.quick {
            "cargo run --release -- bench --quick --write"
        } else {
            "cargo run --release -- bench --write"
        };
        let path = setup.manifest.folder.join("docs/performance.md");
        let document = ::bench::document(&lines, command, began)?;
        std::fs::write(&path, document).with_context(|| path.display().to_string())?;
        screen::line(format_args!("\nWritten to {}.", path.display()));
    }
    Ok(Outcome::Well)
}

fn plan(arguments: &Arguments) -> Plan {
    if arguments.smoke {
        Plan::smoke()
    } else if arguments.quick {
        Plan::quick()
    } else {
        Plan::full()
    }
}

/// Shows each line as it comes, under the name of its case, and meanwhile what is measured.
fn shown() -> impl FnMut(Told<'_>) {
    let (mut case, progress) = (None, Progress::new());
    move |told| match told {
        Told::Doing(doing) => progress.show(&format!("{doing} …")),
        Told::Found(line) => {
            progress.clear();
            if case.replace(line.case) != Some(line.case) {
                screen::line(format_args!("\n{HEAD}{}{HEAD:#}", line.case));
            }
            show(line);
        }
    }
}

fn show(line: &Line) {
    let what = screen::column(&line.what, 76);
    let figure = format!("{:>9}", line.figure.to_string());
    match (line.goal, line.is_met()) {
        (Some(goal), Some(true)) => {
            screen::line(format_args!("  {what} {GOOD}{figure}{GOOD:#}  {ASIDE}{goal}{ASIDE:#}"));
        }
        (Some(goal), _) => {
            screen::line(format_args!("  {what} {NOTABLE}{figure}  missed: {goal}{NOTABLE:#}"));
        }
        (None, _) => screen::line(format_args!("  {what} {figure}")),
    }
}

//! `onboarding demo`: the whole way of some registrations, through the real components, and whether it ended well.

pub mod cast;
mod keep;
mod report;
mod stage;
mod story;
mod summary;
mod watch;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use clap::Args;

use crate::{application, command::Outcome, stop};

/// Show the whole way of twelve registrations, and check that each ends well. Start here.
///
/// Builds the components, then serves them beside a stand-in shop and a stand-in ERP on free ports of this machine, with a
/// ledger and secrets of its own that are thrown away afterwards; nothing of yours is touched and no network is needed once the
/// components are built. People register, the application hands them to the ERP, the ERP decides, people follow the link in
/// their mail. The end is checked against what the shop and the ERP saw: approved ones are active with exactly one mail,
/// rejected ones stay inactive without any, no customer was overwritten, nobody was announced twice or locked out.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onboarding demo
  onboarding demo --keep                   leaves all of it running, with commands to try
  onboarding demo --seed 7 --count 100     other people, and more of them
  onboarding -v demo 2> log                with the components' own lines in a file

Exit code 3 means that a registration did not end where it should; its timeline is printed.")]
pub struct Arguments {
    /// The application's manifest.
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    manifest: PathBuf,
    /// Leave everything running after the summary, and print what to try, until Ctrl-C.
    #[arg(long)]
    keep: bool,
    /// Makes the people; the same number makes the same ones.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// How many people register.
    #[arg(long, value_name = "PEOPLE", default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: u16,
    /// How long the shop and the ERP take for each call, at least.
    #[arg(long, value_name = "TIME", default_value = "20ms", value_parser = humantime::parse_duration)]
    latency: Duration,
}

/// Shows it, and says whether it ended well.
pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let manifest = application::manifest(&arguments.manifest)?;
    application::build(&manifest)?;
    let application = application::load(&arguments.manifest, &manifest)?;
    let runtime = tokio::runtime::Runtime::new().context("the threads for the servers")?;
    runtime.block_on(async {
        let cast = cast::invent(arguments.seed, arguments.count);
        let stage = stage::Stage::set(&application, arguments.seed, arguments.latency).await?;
        let told = tokio::select! {
            told = story::tell(&stage, cast) => told?,
            // Leaving here closes the ports and removes the ledger.
            () = stop::asked() => anyhow::bail!("ended before the demo was over"),
        };
        let outcome = summary::show(&stage, &told).await;
        if arguments.keep {
            keep::wait(&stage, &told, arguments.seed).await?;
        }
        stage.clear().await;
        Ok(outcome)
    })
}

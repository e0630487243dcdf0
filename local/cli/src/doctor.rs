//! `onboarding doctor`: examines an installation, and says what to do.

mod prompt;
mod table;

use std::{cell::Cell, collections::BTreeMap, io::IsTerminal, path::PathBuf, time::Duration};

use ::doctor::{Declared, Plan, Settings, World};
use anyhow::{Context, Result, bail};
use chrono::Utc;
use clap::Args;
use runner::Manifest;
use serde::Serialize;
use shared::{
    key::{OriginCode, UserKey},
    settings::{ShopSettings, TickSettings},
};

use crate::{
    application,
    command::Outcome,
    random,
    screen::{self, Progress, WRONG},
};

/// Examine an installation without changing anything, and say what is right, what is wrong and what to do.
///
/// Takes the settings from where `up` takes them, reaches the hosts, and reads the shop's lists to find out how it behaves where
/// its documentation is silent. It shows keys and numbers, and nothing else about people.
///
/// With --erp and --url it sends signed messages of the type `ping`, which mean nothing. With --write-test it finds out what only
/// a write can tell, on a TEST shop and on a user that is given up for it, and asks before each write.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onboarding doctor
  onboarding doctor --erp --url https://onboarding.example.com
  onboarding doctor --json | jq '.findings[] | select(.mark == \"wrong\")'
  onboarding doctor --write-test --origin SHOP --user 5b1f0c1e-0000-4000-8000-000000000001

Marks:
  ok       as it should be
  note     worth knowing; nothing has to be done, or nothing could be told
  warning  it works, and something should be done
  wrong    it does not work before something is done

Exit codes:
  0  nothing is wrong
  1  something is wrong
  2  it could not be carried out; the message says why

docs/going-live.md says when to use it, and explains the fields of --json.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Arguments {
    /// The application's manifest, which declares the settings.
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    manifest: PathBuf,
    /// Print one JSON object for machines instead of a table.
    #[arg(long)]
    json: bool,
    /// Send the ERP a signed `ping`.
    #[arg(long, conflicts_with = "write_test")]
    erp: bool,
    /// Send our own webhook a signed `ping` from outside: scheme and host, before `/erp-webhook`.
    #[arg(long, value_name = "URL", conflicts_with = "write_test")]
    url: Option<String>,
    /// How long one call may take.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = humantime::parse_duration)]
    timeout: Duration,
    /// Find out by writing, on a TEST shop: a host that begins with `test-` or `test.`, or this machine. No option changes that.
    #[arg(long, requires = "origin", requires = "user")]
    write_test: bool,
    /// The origin of the user for --write-test.
    #[arg(long, requires = "write_test")]
    origin: Option<OriginCode>,
    /// The key of the user for --write-test: one that has just registered, and that nobody needs.
    #[arg(long, value_name = "KEY", requires = "write_test")]
    user: Option<UserKey>,
    /// Make the writes of --write-test without asking; needed where there is no terminal.
    #[arg(long, requires = "write_test")]
    yes: bool,
}

/// Examines. The exit codes are the doctor's own.
pub fn run(arguments: &Arguments) -> Outcome {
    examined(arguments).unwrap_or_else(|error| {
        screen::note(format_args!("{WRONG}error:{WRONG:#} {error:#}"));
        Outcome::Unable
    })
}

fn examined(arguments: &Arguments) -> Result<Outcome> {
    let manifest = application::manifest(&arguments.manifest)?;
    let settings = Settings::new(declared(&manifest), environment());
    let (id, sent) = (random::message_id()?, Cell::new(0));
    let next_id = || {
        sent.set(sent.get() + 1);
        format!("{id}-{}", sent.get())
    };
    let progress = Progress::new();
    let tell = |what: &str| if what.is_empty() { progress.clear() } else { progress.show(what) };
    let world = World { now: &Utc::now, id: &next_id, progress: &tell };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the thread for the calls")?;
    let wrong = if let (true, Some(origin), Some(user)) =
        (arguments.write_test, &arguments.origin, &arguments.user)
    {
        let shop = settings.read(ShopSettings::read).context("run doctor without --write-test first")?;
        let tick = settings.read(TickSettings::read).context("run doctor without --write-test first")?;
        let terminal = std::io::stdin().is_terminal();
        if !arguments.yes && !terminal {
            bail!(
                "--write-test asks before each write, and there is no terminal: add --yes to have them made without"
            );
        }
        let mut ask = |what: &doctor::Prompt<'_>| prompt::answer(what, arguments.yes, terminal);
        let test = doctor::write_test(&shop, &tick, (origin, user), arguments.timeout, &world, &mut ask);
        let report = runtime.block_on(test).inspect_err(|_| progress.clear())?;
        progress.clear();
        show_all(arguments.json, &report, || table::of_writes(&report))?;
        report.counts.wrong
    } else {
        let plan = Plan { limit: arguments.timeout, erp: arguments.erp, url: arguments.url.clone() };
        let seen = runtime.block_on(doctor::examine(&settings, &plan, &world));
        progress.clear();
        let seen = seen?;
        show_all(arguments.json, &seen, || table::of_examination(&seen))?;
        seen.counts.wrong
    };
    Ok(if wrong > 0 { Outcome::Ill } else { Outcome::Well })
}

fn show_all(json: bool, all: &impl Serialize, table: impl FnOnce() -> String) -> Result<()> {
    screen::line(if json { serde_json::to_string_pretty(all)? } else { table() });
    Ok(())
}

fn declared(manifest: &Manifest) -> BTreeMap<String, Declared> {
    let variables = manifest.variables.iter();
    variables
        .map(|(name, variable)| {
            (name.clone(), Declared { default: variable.default.clone(), secret: variable.secret })
        })
        .collect()
}

/// What the environment has in text; settings are text.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

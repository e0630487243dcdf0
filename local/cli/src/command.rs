//! The command line, and what its exit codes mean.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::{
    application, backup, bench, demo, doctor, export, logs, restore,
    screen::{self, GOOD, HEAD, WRONG},
    sign, simulate, torture, up,
};

const AFTER: &str = "\
Examples:
  onboarding demo                   shows the whole way of twelve registrations
  onboarding demo --keep            and leaves everything running to look at
  onboarding up                     serves the application at 127.0.0.1:3000
  onboarding up --every 5m /fetch-new-users
  onboarding doctor                 says what is wrong with an installation, and what to do
  onboarding backup ledger.db       copies the ledger while it is in use
  onboarding help up                says more about a command

Settings of the application come from the environment, as with `spin up`:
the variable `origins` of spin.toml is SPIN_VARIABLE_ORIGINS. The demo brings
its own and reads none.

Exit codes:
  0  all is well
  1  it could not be done; the message says why
  2  the command line was not understood
  3  it was done, and a check of the outcome failed
`doctor` has codes of its own: onboarding help doctor";

const ABOUT: &str = "\
New customers from a CloudSuite shop, through the ERP's approval, to an active account: on this machine, without a cloud.";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "onboarding", version, about = ABOUT, after_help = AFTER, max_term_width = 110)]
struct Arguments {
    /// Log more on standard error: -v what happens, -vv in detail. `RUST_LOG` has the last word.
    #[arg(short, long, global = true, action = ArgAction::Count, display_order = 900)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Up(up::Arguments),
    Doctor(doctor::Arguments),
    Sign(sign::Arguments),
    Simulate(simulate::Arguments),
    Torture(torture::Arguments),
    Bench(bench::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Export(export::Arguments),
    Compile(application::Arguments),
}

/// How a command that could be carried out ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Well,
    /// A check of the outcome failed.
    Wrong,
    /// The doctor found something wrong.
    Ill,
    /// The doctor could not examine.
    Unable,
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self::Well => 0,
            Self::Ill => 1,
            Self::Unable => 2,
            Self::Wrong => 3,
        }
    }
}

/// The whole program.
pub fn run() -> ExitCode {
    let matches = styled().get_matches();
    let ended = Arguments::from_arg_matches(&matches)
        .context("the command line was understood and does not fit its own description")
        .and_then(Arguments::carry_out);
    match ended {
        Ok(outcome) => outcome.code().into(),
        Err(error) => {
            screen::note(format_args!("{WRONG}error:{WRONG:#} {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn styled() -> clap::Command {
    let styles = clap::builder::Styles::styled().header(HEAD).usage(HEAD).literal(GOOD).error(WRONG);
    Arguments::command().styles(styles)
}

impl Arguments {
    fn carry_out(self) -> Result<Outcome> {
        let usual = match self.command {
            Command::Up(_) => logs::Usual::Served,
            Command::Demo(_)
            | Command::Doctor(_)
            | Command::Sign(_)
            | Command::Simulate(_)
            | Command::Torture(_)
            | Command::Bench(_)
            | Command::Backup(_)
            | Command::Restore(_)
            | Command::Export(_)
            | Command::Compile(_) => logs::Usual::Quiet,
        };
        logs::start(self.verbose, usual)?;
        match self.command {
            Command::Demo(arguments) => demo::run(&arguments),
            Command::Up(arguments) => up::run(arguments),
            Command::Doctor(arguments) => Ok(doctor::run(&arguments)),
            Command::Sign(arguments) => sign::run(arguments),
            Command::Simulate(arguments) => Ok(simulate::run(&arguments)),
            Command::Torture(arguments) => torture::run(&arguments),
            Command::Bench(arguments) => bench::run(&arguments),
            Command::Backup(arguments) => backup::run(&arguments),
            Command::Restore(arguments) => restore::run(&arguments),
            Command::Export(arguments) => export::run(&arguments),
            Command::Compile(arguments) => application::compile(&arguments),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        styled().debug_assert();
    }

    #[test]
    fn help_teaches_examples_settings_and_exit_codes() {
        let help = styled().render_help().to_string();
        for taught in ["onboarding demo", "SPIN_VARIABLE_", "Exit codes:", "RUST_LOG"] {
            assert!(help.contains(taught), "{taught} is missing in:\n{help}");
        }
        for command in styled().get_subcommands_mut() {
            let help = command.render_long_help().to_string();
            assert!(help.contains("Examples:"), "no examples in:\n{help}");
        }
    }

    #[test]
    fn a_failed_check_is_neither_success_nor_an_error() {
        assert_eq!([Outcome::Well, Outcome::Wrong].map(Outcome::code), [0, 3]);
        assert_eq!([Outcome::Ill, Outcome::Unable].map(Outcome::code), [1, 2], "as `doctor --help` says");
    }
}

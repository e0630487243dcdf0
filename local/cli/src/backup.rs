//! `onboarding backup`: a copy of the ledger.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use ledger_file::Facts;

use crate::{
    command::Outcome,
    screen::{self, GOOD},
};

/// Copy the ledger into a file, while the application uses it.
///
/// The copy is the ledger as it was at one moment: nobody has to stop, and nobody waits for it. It is checked page by page before it
/// gets its name, so a file of that name is a good one. It holds personal data, so only its owner can read it: keep it where the
/// ledger might be kept, and no longer than you keep erased data.
///
/// Copying the file by other means is not enough: what was written last is still in a second file beside it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onboarding backup /var/backups/onboarding/ledger-$(date +%FT%H%M).db
  onboarding backup ledger.db --state /var/lib/onboarding --force
  onboarding backup ledger.db --state /srv/app/.spin      the ledger of Spin itself

Once an hour is a good measure: what is younger is found again when the copy is restored.
docs/backup.md has what that means for the shop and the ERP.")]
pub struct Arguments {
    /// The copy.
    file: PathBuf,
    /// The folder that the ledger is in.
    #[arg(long, value_name = "FOLDER", default_value = ".spin")]
    state: PathBuf,
    /// Replace a file of that name, once the copy is complete and good.
    #[arg(long)]
    force: bool,
}

/// Copies it and says what is in the copy.
pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let facts =
        ledger_file::backup(&ledger_file::in_folder(&arguments.state), &arguments.file, arguments.force)?;
    screen::line(format_args!("{GOOD}{}{GOOD:#} is complete and undamaged.", arguments.file.display()));
    tell(&facts);
    Ok(Outcome::Well)
}

/// What a ledger holds.
pub fn tell(facts: &Facts) {
    let states: Vec<_> =
        facts.registrations.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let states = if states.is_empty() { String::new() } else { format!(": {}", states.join(", ")) };
    screen::line(format_args!("  {} registrations{states}", facts.total()));
    screen::line(format_args!(
        "  {} lines of timelines, {} events in the inbox, {} customers and addresses of ours; tables of version {}",
        facts.lines, facts.events, facts.parties, facts.schema
    ));
}

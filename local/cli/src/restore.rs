//! `onboarding restore`: the ledger's return from a copy.

use std::path::PathBuf;

use anyhow::Result;
use chrono::{SecondsFormat, Utc};
use clap::Args;
use ledger_file::Restored;
use shared::tombstone::RowKey;

use crate::{
    backup,
    command::Outcome,
    random,
    screen::{self, GOOD, HEAD, NOTABLE},
};

/// Put a copy of the ledger in its place, and go on from there.
///
/// Stop the application and whatever calls the tick first. Then start them again as they were: what happened after the copy was made is
/// found again from the shop and the ERP. Nothing is announced under a second id, no mail is sent twice, and no customer is overwritten.
///
/// The ledger that is there now is kept, under a name that is printed. The copy is not touched.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onboarding restore /var/backups/onboarding/ledger-2026-03-02T0900.db
  onboarding restore ledger.db --state /var/lib/onboarding

For a quarter of an hour after it nothing is carried out that was decided before: the ERP is
sent `decisions.wanted` and repeats its decisions, since a later one may be among what is lost.
An ERP that does not know this message has to be told by a person. docs/backup.md says more.")]
pub struct Arguments {
    /// The copy, as `onboarding backup` has made it.
    file: PathBuf,
    /// The folder that the ledger is to be in.
    #[arg(long, value_name = "FOLDER", default_value = ".spin")]
    state: PathBuf,
}

/// Restores it and says what is left to do.
pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let ledger = ledger_file::in_folder(&arguments.state);
    let [half, mut other] = random::numbers()?;
    let restored = ledger_file::restore(&arguments.file, &ledger, Utc::now(), || {
        other = other.wrapping_add(1);
        RowKey::of([half, other])
    })?;
    screen::line(format_args!("{GOOD}{}{GOOD:#} is restored.", ledger.display()));
    backup::tell(&restored.facts);
    if let Some(aside) = &restored.aside {
        screen::line(format_args!(
            "  The ledger that was there is {}. It holds personal data: delete it when nobody needs it.",
            aside.display()
        ));
    }
    tell(&restored);
    Ok(Outcome::Well)
}

/// States of registrations to which something may have happened, and what finds it.
const FOUND: [(&str, &str); 5] = [
    ("seen", "are sent to the ERP, under the ids that they have had if it knows them"),
    ("announced", "wait for a decision, which the ERP may have made"),
    (
        "approved",
        "are carried out in a quarter of an hour, unless the shop shows that they were, or the ERP decides otherwise",
    ),
    ("linked", "are looked up in the shop, which knows who is active"),
    ("stuck", "may have been mended since"),
];

fn tell(restored: &Restored) {
    let (at, taken_at) = (restored.reconciled.restored.at, restored.reconciled.restored.taken_at);
    let spelt = |at: chrono::DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    screen::line(format_args!("\n{HEAD}What has happened after {} is not in it{HEAD:#}", spelt(taken_at)));
    for (state, meaning) in FOUND {
        if let Some((_, count)) = restored.reconciled.states.iter().find(|(known, _)| known == state) {
            screen::line(format_args!("  {count} {state}: {meaning}"));
        }
    }
    screen::line("  Whoever has registered since is found by the next tick.");
    match (&restored.erasures_unknown, restored.reconciled.erased) {
        (None, 0) => {}
        (None, erased) => screen::line(format_args!("  {erased} were erased, and are erased again.")),
        (Some(why), _) => screen::line(format_args!(
            "  {NOTABLE}Who was erased since is back{NOTABLE:#}, because nobody can tell who that was ({why}): erase them again."
        )),
    }
    screen::line(format_args!("\n{HEAD}What is left to do{HEAD:#}"));
    screen::line("  1. Start the application and its scheduler again.");
    screen::line(format_args!(
        "  2. See to it that the ERP repeats its decisions from {} to {}, each under its own id and\n     timestamp. The next tick asks it to by `decisions.wanted`.",
        spelt(restored.reconciled.restored.wanted_since()),
        spelt(at)
    ));
    screen::line("  3. After half an hour look at GET /status and at what is stuck.");
}

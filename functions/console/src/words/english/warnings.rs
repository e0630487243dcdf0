//! What is wrong, and what to do about it.

use chrono::TimeDelta;
use shared::overview::{How, Side, Warning};

use crate::words::listed;

/// A length of time, as one says it.
pub fn span(time: TimeDelta) -> String {
    let (minutes, hours, days) = (time.num_minutes(), time.num_hours(), time.num_days());
    match (minutes, hours, days) {
        (..2, ..) => "a minute".to_owned(),
        (_, ..2, _) => format!("{minutes} minutes"),
        (.., ..2) => format!("{hours} hours"),
        _ => format!("{days} days"),
    }
}

/// What is wrong, and what to do about it.
pub fn warning(warning: &Warning) -> (String, &'static str) {
    match warning {
        Warning::NoTick => (
            "Nothing has been fetched yet.".to_owned(),
            "Let a scheduler call POST /fetch-new-users every few minutes, or press “Fetch now”.",
        ),
        Warning::Ledger { .. } => (
            "The ledger failed in the last run.".to_owned(),
            "Look at the disk that the ledger is on: is it full, or gone? Nothing is lost; the next run goes on.",
        ),
        Warning::Down { side, how, .. } => {
            let side = match side {
                Side::Shop => "The shop",
                Side::Erp => "The ERP",
            };
            (format!("{side} {}", does(*how)), to_do(*how))
        }
        Warning::NoScan { origin } => (
            format!("{origin} has never been read to its end."),
            "Look at the last runs: they say what keeps them from it.",
        ),
        Warning::ScanStale { origin, limit, .. } => (
            format!("{origin} has not been read to its end for more than {}.", span(*limit)),
            "Is the scheduler still calling? If so, the last runs say what keeps them from it.",
        ),
        Warning::Stuck { count: 1, .. } => (
            "One registration is stuck.".to_owned(),
            "It waits for a person: read the reason, mend it in the shop or the ERP, and have it tried again.",
        ),
        Warning::Stuck { count, .. } => (
            format!("{count} registrations are stuck."),
            "They wait for a person: read the reasons, mend them in the shop or the ERP, and have them tried again.",
        ),
        Warning::Undecided { limit, .. } => (
            format!("A registration has been without a decision for more than {}.", span(*limit)),
            "Decide in the ERP, or approve or reject it here.",
        ),
        Warning::InboxWaits { count, .. } => (
            format!("Decisions are stored and not carried out yet: {count}."),
            "The next run carries them out. Is the scheduler still calling?",
        ),
        Warning::NotStarted { origins, waiting } => (
            format!("Nothing of {} is handed to the ERP yet; {waiting} registrations wait.", listed(origins)),
            "Check the number, then start it with POST /start, and the date from which on registrations are handed over.",
        ),
        Warning::DryRun => (
            "This is a dry run: nothing is sent to the shop or the ERP.".to_owned(),
            "Decisions are kept, and carried out when dry_run is switched off.",
        ),
    }
}

fn does(how: How) -> &'static str {
    match how {
        How::NoAnswer => "does not answer.",
        How::KeepsUsOut => "does not let us in.",
        How::Refuses => "refuses what is asked of it.",
        How::Fails => "fails by itself.",
        How::Other => "cannot be worked with.",
    }
}

fn to_do(how: How) -> &'static str {
    match how {
        How::NoAnswer => "Is it up, and is its host set correctly? Each run tries again; nothing is lost.",
        How::KeepsUsOut => "Look at the credentials in the settings: have they lapsed, or were they changed?",
        How::Refuses => "Look at host and path in the settings: an address may have changed.",
        How::Fails => "Tell whoever runs it. Each run tries again; nothing is lost.",
        How::Other => "Look at the last runs: they have what was seen.",
    }
}

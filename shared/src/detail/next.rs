//! What happens next to a registration, as far as the ledger tells.

use chrono::{DateTime, Utc};

use super::Pace;
use crate::{
    ledger::{Entry, Happened, Line, State},
    link::Mail,
    registration::GONE_AFTER,
};

/// What a try was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tries {
    /// To read the person and the profiles in the shop.
    ReadShop,
    /// To hand the registration to the ERP.
    TellErp,
    /// To write what the ERP has decided to the shop.
    CarryOut,
}

/// What happens next. A time is the earliest one: the tick after it does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it is finished.
    Nothing,
    /// Somebody is at it right now.
    BeingWorkedOn {
        /// If whoever it is dies, the next tick goes on after this.
        until: DateTime<Utc>,
    },
    /// Something is done for the first time.
    Does {
        /// What.
        what: Tries,
        /// When.
        at: DateTime<Utc>,
    },
    /// Something has failed, and is tried again.
    Retries {
        /// What.
        what: Tries,
        /// When.
        at: DateTime<Utc>,
        /// How often it has failed in a row.
        failed: u32,
        /// After so many in a row a person takes over.
        most: u32,
        /// So does one if it fails after this.
        gives_up_at: DateTime<Utc>,
    },
    /// The shop has not answered to the link, and is asked what became of it.
    AsksWhatBecameOfLink {
        /// When.
        at: DateTime<Utc>,
    },
    /// The ERP has it and has to decide.
    WaitsForErp {
        /// Since when.
        since: DateTime<Utc>,
        /// When the shop is asked whether the applicant has changed something.
        checked_again_at: DateTime<Utc>,
    },
    /// No ERP is set: it is expected to ask by itself.
    WaitsForErpToAsk {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// The person has to follow the link in the mail.
    WaitsForClick {
        /// Since when.
        since: DateTime<Utc>,
        /// What is known about the mail.
        mail: Mail,
    },
    /// The shop does not find the user. If it still does not then, the registration is gone.
    AsksWhetherGone {
        /// When.
        at: DateTime<Utc>,
    },
    /// A person has to look.
    NeedsPerson {
        /// Why.
        reason: String,
        /// Since when.
        since: DateTime<Utc>,
    },
}

/// What happens next to a registration with these last lines.
#[must_use]
pub fn next(entry: &Entry, lines: &[Line], pace: &Pace, now: DateTime<Utc>) -> Next {
    if let Some(claim) = entry.claim.as_ref().filter(|claim| claim.until > now) {
        return Next::BeingWorkedOn { until: claim.until };
    }
    let since = |what: &[Happened]| {
        let last = lines.iter().rev().find(|line| what.contains(&line.what));
        last.map_or(entry.first_seen, |line| line.at)
    };
    let ends = matches!(entry.state, State::Active | State::Rejected | State::Gone | State::Erased);
    if let (Some(first), false) = (entry.missing_since, ends) {
        return Next::AsksWhetherGone { at: entry.due_at.unwrap_or(first + GONE_AFTER) };
    }
    match entry.state {
        State::Active | State::Rejected | State::Gone | State::Erased => Next::Nothing,
        State::Stuck => Next::NeedsPerson {
            reason: entry.reason.clone().unwrap_or_default(),
            since: since(&[Happened::Stuck]),
        },
        State::Linked if entry.attempts == 0 || entry.due_at.is_none() => match &entry.link {
            Some(link) => Next::WaitsForClick { since: since(&[Happened::Linked]), mail: link.mail },
            None => Next::WaitsForClick { since: since(&[Happened::Linked]), mail: Mail::Unknown },
        },
        State::Announced if entry.due_at.is_none() => {
            let since = since(&[Happened::Announced, Happened::ChangeAnnounced]);
            Next::WaitsForErp { since, checked_again_at: entry.checked_at + pace.recheck_after }
        }
        State::Announced if entry.told == 0 => {
            Next::WaitsForErpToAsk { since: since(&[Happened::Announced]) }
        }
        State::Seen | State::Announced | State::Approved | State::Linked => due(entry, pace, now),
    }
}

/// What is due, or will be.
fn due(entry: &Entry, pace: &Pace, now: DateTime<Utc>) -> Next {
    let at = entry.due_at.unwrap_or(now);
    let what = match entry.state {
        State::Approved => Tries::CarryOut,
        _ if entry.is_to_tell() => Tries::TellErp,
        _ => Tries::ReadShop,
    };
    if entry.attempts > 0 {
        let gives_up_at = entry.failing_since.unwrap_or(now) + pace.retry.period;
        return Next::Retries { what, at, failed: entry.attempts, most: pace.retry.attempts, gives_up_at };
    }
    let unanswered = entry.link.as_ref().is_some_and(|link| !link.settled);
    if what == Tries::CarryOut && unanswered {
        Next::AsksWhatBecameOfLink { at }
    } else {
        Next::Does { what, at }
    }
}

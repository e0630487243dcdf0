//! What a person can do about a registration now, and why not the rest. It is a hint for whoever shows buttons: what is done is judged
//! anew when it is done.

use chrono::{DateTime, Utc};

use crate::ledger::{Entry, State};

/// Why something cannot be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// Somebody is at it until then.
    BeingWorkedOn(DateTime<Utc>),
    /// Its personal data is erased.
    Erased,
    /// Nothing of it has failed.
    NothingFailed,
    /// The user is linked, or a link has been begun: that is not taken back here.
    Linked,
    /// It is rejected already.
    Rejected,
    /// The user can log in, by another hand.
    Active,
    /// The shop no longer has the user.
    Gone,
    /// Its approval is being carried out.
    BeingCarriedOut,
    /// A message about it is stored and not applied yet: the next tick does that.
    MessageWaits,
}

/// What a person can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actions {
    /// Have it tried again.
    pub retry: Result<(), NotNow>,
    /// Approve it by hand.
    pub approve: Result<(), NotNow>,
    /// Reject it.
    pub reject: Result<(), NotNow>,
    /// Have the personal data erased.
    pub erase: Result<(), NotNow>,
}

/// What can be done with an entry. `waits`: whether an event about it is still to be applied.
#[must_use]
pub fn actions(entry: &Entry, waits: bool, now: DateTime<Utc>) -> Actions {
    let held = entry.claim.as_ref().filter(|claim| claim.until > now).map(|claim| claim.until);
    let free = held.map_or(Ok(()), |until| Err(NotNow::BeingWorkedOn(until)));
    Actions {
        retry: match entry.state {
            State::Erased => Err(NotNow::Erased),
            _ => free.and(entry.clone().retried(now).map(drop).ok_or(NotNow::NothingFailed)),
        },
        approve: match entry.state {
            State::Erased => Err(NotNow::Erased),
            State::Gone => Err(NotNow::Gone),
            State::Linked | State::Active if entry.link.is_some() => Err(NotNow::Linked),
            State::Approved => Err(NotNow::BeingCarriedOut),
            State::Seen
            | State::Announced
            | State::Linked
            | State::Active
            | State::Rejected
            | State::Stuck => Ok(()),
        },
        reject: match entry.state {
            State::Erased => Err(NotNow::Erased),
            State::Gone => Err(NotNow::Gone),
            State::Rejected => Err(NotNow::Rejected),
            _ if entry.link.is_some() => Err(NotNow::Linked),
            State::Active | State::Linked => Err(NotNow::Active),
            State::Seen | State::Announced | State::Approved | State::Stuck => Ok(()),
        },
        erase: match entry.state {
            State::Erased => Err(NotNow::Erased),
            _ if held.is_some() => free,
            State::Approved => Err(NotNow::BeingCarriedOut),
            _ if waits => Err(NotNow::MessageWaits),
            State::Seen
            | State::Announced
            | State::Linked
            | State::Active
            | State::Rejected
            | State::Gone
            | State::Stuck => Ok(()),
        },
    }
}

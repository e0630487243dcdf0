//! Erasing one person's data, because somebody asks for it.

use chrono::{DateTime, Utc};

use crate::{
    key::{OriginCode, UserKey},
    ledger::{Entry, Ledger, State},
    sql::{Sql, SqlError},
    tombstone::RowKey,
};

/// How often it is tried again because somebody else changed the row meanwhile.
const TRIES: usize = 5;

/// The setting that has finished registrations erased, and the name under which the timeline has that.
pub const RETENTION_DAYS: &str = "retention_days";

/// Why a decision about an erased registration is not taken.
pub(crate) const ERASED: &str =
    "the registration is erased: it takes a decision again after the person has registered anew";

/// What became of the wish to have somebody erased.
#[derive(Debug)]
pub enum Erasure {
    /// It is erased, now or before. What remains.
    Done(Box<Entry>),
    /// Not now: why, and what to do.
    NotNow(&'static str),
    /// There is no such registration.
    Unknown,
}

/// Erases the personal data of a registration. Erasing it again changes nothing.
///
/// # Errors
/// [`SqlError`]; it is erased or it is not, and may be tried again.
pub async fn erase<S: Sql>(
    ledger: &Ledger<S>,
    origin: &OriginCode,
    user_key: &UserKey,
    caller: &str,
    key: RowKey,
    now: DateTime<Utc>,
) -> Result<Erasure, SqlError> {
    for _ in 0..TRIES {
        let Some(entry) = ledger.entry(origin, user_key).await? else { return Ok(Erasure::Unknown) };
        if entry.state == State::Erased {
            ledger.empty_log().await;
            return Ok(Erasure::Done(Box::new(entry)));
        }
        if let Some(why) = stands_against(&entry, now) {
            return Ok(Erasure::NotNow(why));
        }
        if ledger.has_waiting(origin, user_key).await? {
            return Ok(Erasure::NotNow(
                "a message about it is stored and not carried out yet: erase it after the next tick",
            ));
        }
        let erased = entry.erased(caller, key.clone(), now);
        if let Some(erased) = ledger.erase_all(vec![erased], now).await?.pop() {
            ledger.empty_log().await;
            return Ok(Erasure::Done(Box::new(erased)));
        }
    }
    Err(SqlError("the registration is changed by others all the time".to_owned()))
}

/// What would be left half done.
fn stands_against(entry: &Entry, now: DateTime<Utc>) -> Option<&'static str> {
    if !entry.is_free(now) {
        return Some("it is being worked on at this moment: erase it in a minute");
    }
    match entry.state {
        State::Approved => Some(
            "its approval is being carried out in the shop: erase it when it is linked or stuck, or reject it first",
        ),
        State::Seen
        | State::Announced
        | State::Linked
        | State::Active
        | State::Rejected
        | State::Gone
        | State::Stuck
        | State::Erased => None,
    }
}

//! Going on from a copy of the ledger: everything that happened after the copy was made is found again from the shop and the ERP.
//!
//! The shop shows what was done there, and the ERP is asked to repeat what it has decided. Until it has had the time to, nothing that was
//! decided before is carried out, because a later decision may be among what is lost. What may have been done already is looked for in
//! the shop first: a link that is there counts as made, with its mail; a customer that looks as it is wanted is left as it is.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

use crate::{
    ledger::{Entry, Ledger, Restored, State},
    sql::{Sql, SqlError},
    tombstone::RowKey,
    webhook::TOLERANCE,
};

/// The type of the message that asks the ERP to repeat its decisions.
pub const DECISIONS_WANTED: &str = "decisions.wanted";

/// How long the ERP has for that.
pub const REPEATED_WITHIN: TimeDelta = TimeDelta::minutes(15);

/// Who erases, in the timeline, whom the ledger that was lost had erased.
const BY: &str = "restore";

/// Asks the ERP to repeat its decisions and updates, each under its own id and with its own timestamp.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "DecisionsWantedMessage"))]
pub(crate) struct Message {
    /// What is wanted.
    #[serde(rename = "type")]
    kind: &'static str,
    /// When the ledger was restored.
    #[cfg_attr(feature = "openapi", schemars(with = "DateTime<Utc>"))]
    timestamp: String,
    /// Which decisions.
    data: Data,
}

/// Which decisions are to be repeated.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "DecisionsWantedData"))]
struct Data {
    /// Those that were made after this time.
    #[cfg_attr(feature = "openapi", schemars(with = "DateTime<Utc>"))]
    since: String,
    /// Those that were made before this time.
    #[cfg_attr(feature = "openapi", schemars(with = "DateTime<Utc>"))]
    until: String,
}

/// What is known again, and of whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    /// When the copy was made and came back.
    pub restored: Restored,
    /// How many registrations are in each state.
    pub states: Vec<(String, i64)>,
    /// How many were erased again.
    pub erased: usize,
}

/// Makes a copy of the ledger fit to go on from. `erased` are those that the ledger which it replaces had erased
/// ([`Ledger::erased_since`]); `key` makes a key for the row of one.
///
/// # Errors
/// [`SqlError`]: then the copy is not to be used.
pub async fn reconcile<S: Sql>(
    ledger: &Ledger<S>,
    erased: Vec<Entry>,
    mut key: impl FnMut() -> RowKey,
    now: DateTime<Utc>,
) -> Result<Reconciled, SqlError> {
    let taken_at = ledger.last_noted().await?.map_or(now, |noted| noted.min(now));
    let restored = Restored { at: now, taken_at };
    let message = serde_json::to_string(&wanted(restored)).unwrap_or_default();
    ledger.note_restored(restored, now + REPEATED_WITHIN, (DECISIONS_WANTED, &message)).await?;
    let count = erased.len();
    for entry in erased {
        let entry = match entry.state {
            State::Erased => entry.told_anew(BY),
            // Erased, and registered anew since: the row is to bring the person back.
            _ => Entry { listed_print: Some(String::new()), ..entry }.erased(BY, key(), now),
        };
        ledger.take_erased(entry, now).await?;
    }
    ledger.empty_log().await;
    Ok(Reconciled { restored, states: ledger.states().await?, erased: count })
}

fn wanted(restored: Restored) -> Message {
    let text = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let data = Data { since: text(restored.wanted_since()), until: text(restored.at) };
    Message { kind: DECISIONS_WANTED, timestamp: text(restored.at), data }
}

impl Restored {
    /// From when on decisions are to be repeated: the ERP's clock may be off, and one may have been on its way.
    #[must_use]
    pub fn wanted_since(&self) -> DateTime<Utc> {
        self.taken_at - TOLERANCE
    }

    /// Whether something was decided at such a time that the ledger cannot tell whether it was overtaken or carried out.
    #[must_use]
    pub fn hides(&self, decided_at: DateTime<Utc>) -> bool {
        decided_at <= self.at + TOLERANCE
    }

    /// Whether something may have been written to the shop for a registration without the ledger knowing: by a decision from before the
    /// return, or by any, if the registration was known then without a link, or is known by its decision only. That one may be
    /// repeated by somebody who does not say when it was made.
    #[must_use]
    pub fn may_hide_write(&self, entry: &Entry, decided_at: DateTime<Utc>) -> bool {
        let without_link = entry.link.is_none() && (entry.first_seen <= self.at || entry.row_print.is_none());
        self.hides(decided_at) || without_link
    }

    /// The same of a link. Once there was an attempt since the return, the ledger knows.
    #[must_use]
    pub fn may_hide_link(&self, entry: &Entry, decided_at: DateTime<Utc>) -> bool {
        let tried_since = entry.link.as_ref().is_some_and(|link| link.intended_at >= self.at);
        !tried_since && self.may_hide_write(entry, decided_at)
    }

    /// Until when a decision waits, because a later one may be among what is lost.
    #[must_use]
    pub fn waits_until(&self, decided_at: DateTime<Utc>, doubt_wait: TimeDelta) -> Option<DateTime<Utc>> {
        self.hides(decided_at).then(|| self.at + REPEATED_WITHIN.max(doubt_wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u32) -> DateTime<Utc> {
        format!("2026-03-02T09:{minute:02}:00Z").parse().unwrap()
    }

    fn seen(minute: u32) -> Entry {
        let seen = Entry::seen("SHOP".parse().unwrap(), "u".parse().unwrap(), at(minute));
        Entry { row_print: Some("row".to_owned()), ..seen }
    }

    #[test]
    fn only_what_may_have_happened_unseen_is_in_doubt() {
        let restored = Restored { at: at(30), taken_at: at(0) };
        for (entry, decided, want, why) in [
            (seen(10), 20, true, "known, and decided before the return"),
            (seen(10), 40, true, "known without a link, and decided anew"),
            (seen(40), 20, true, "a decision that the ERP repeats"),
            (seen(40), 40, false, "all of it has happened since"),
            (Entry { row_print: None, ..seen(40) }, 40, true, "a decision that is repeated without its time"),
        ] {
            assert_eq!(restored.may_hide_link(&entry, at(decided)), want, "{why}");
        }
    }

    #[test]
    fn a_decision_from_before_waits_until_later_ones_are_repeated() {
        let restored = Restored { at: at(0), taken_at: at(0) - TimeDelta::hours(1) };
        let wait = TimeDelta::seconds(60);
        assert_eq!(restored.waits_until(at(0), wait), Some(at(15)));
        assert_eq!(
            restored.waits_until(at(0), TimeDelta::minutes(20)),
            Some(at(20)),
            "the shop may be slower"
        );
        assert_eq!(restored.waits_until(at(6), wait), None, "a new one");
    }

    #[test]
    fn the_erp_is_told_which_decisions_to_repeat() {
        let restored = Restored { at: at(30), taken_at: at(10) };
        insta::assert_snapshot!(serde_json::to_string(&wanted(restored)).unwrap(), @r#"{"type":"decisions.wanted","timestamp":"2026-03-02T09:30:00.000Z","data":{"since":"2026-03-02T09:05:00.000Z","until":"2026-03-02T09:30:00.000Z"}}"#);
    }
}

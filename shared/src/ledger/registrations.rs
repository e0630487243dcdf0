//! The statements about registrations.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    Ledger,
    entry::{Claim, DecisionRef, Entry},
    millis, placeholders,
    search::findable_as,
    stored, time,
};
use crate::{
    json,
    key::{OriginCode, UserKey},
    outcome::{self, Outcome},
    registration::Known,
    search::Findable,
    sql::{Columns, Sql, SqlError, Value},
};

/// The place of a due registration among the others: what has not failed yet comes before what has, and of these the longest overdue
/// comes first. What fails again and again must not stand before the others. The default is before all.
#[derive(Debug, Clone, Default)]
pub struct Turn {
    attempts: i64,
    due_at: i64,
    origin: String,
    user_key: String,
}

impl Turn {
    /// The turn of a registration; none for one that is not due.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        Some(Self {
            attempts: entry.attempts.into(),
            due_at: entry.due_at?.timestamp_millis(),
            origin: entry.origin.to_string(),
            user_key: entry.user_key.to_string(),
        })
    }
}

pub(super) const COLUMNS: &str = "origin, user_key, version, state, revision, told, row_print, data_print, message, decision_id, decided_at, \
     link, reason, attempts, failing_since, due_at, checked_at, missing_since, first_seen, claim_token, claim_until, tombstone, \
     listed_print";

/// What a save writes beside [`COLUMNS`].
const WRITTEN_TOO: &str = "changed_at, event, event_actor, event_note, outcome_kind, outcome_body, listed, \
     words, company, findable_as";

const WRITTEN: usize = 33;

/// The columns that a save of a known registration changes: all but its identity and what the scan notes.
const CHANGED: [&str; 28] = [
    "version",
    "state",
    "revision",
    "told",
    "row_print",
    "data_print",
    "message",
    "decision_id",
    "decided_at",
    "link",
    "reason",
    "attempts",
    "failing_since",
    "due_at",
    "checked_at",
    "missing_since",
    "claim_token",
    "claim_until",
    "tombstone",
    "changed_at",
    "event",
    "event_actor",
    "event_note",
    "outcome_kind",
    "outcome_body",
    "words",
    "company",
    "findable_as",
];

fn values(entry: &Entry, now: DateTime<Utc>) -> Result<[Value; WRITTEN], SqlError> {
    let link = entry.link.as_ref().map(serde_json::to_string);
    let link = stored(link.transpose())?;
    let tombstone = stored(entry.tombstone.as_ref().map(serde_json::to_string).transpose())?;
    // Without an id it is the time of a rejection that was taken back.
    let decided_at = entry.decision.as_ref().map(|decision| decision.decided_at).or(entry.taken_back);
    let event = entry.event.as_ref();
    let (outcome, message) = outcome::of(entry, now).unzip();
    let Findable { words, company } = Findable::of(entry);
    Ok([
        entry.origin.as_str().into(),
        entry.user_key.as_str().into(),
        (entry.version + 1).into(),
        entry.state.as_str().into(),
        i64::from(entry.revision).into(),
        i64::from(entry.told).into(),
        entry.row_print.clone().into(),
        entry.data_print.clone().into(),
        entry.message.clone().into(),
        entry.decision.as_ref().map(|decision| decision.id.clone()).into(),
        decided_at.map(|at| at.timestamp_millis()).into(),
        link.into(),
        entry.reason.clone().into(),
        i64::from(entry.attempts).into(),
        entry.failing_since.map(|at| at.timestamp_millis()).into(),
        entry.due_at.map(|at| at.timestamp_millis()).into(),
        millis(entry.checked_at),
        entry.missing_since.map(|at| at.timestamp_millis()).into(),
        millis(entry.first_seen),
        entry.claim.as_ref().map(|claim| claim.token.clone()).into(),
        entry.claim.as_ref().map(|claim| claim.until.timestamp_millis()).into(),
        tombstone.into(),
        // Only a new one writes it: whoever brings it in has it from a list.
        entry.row_print.clone().into(),
        millis(now),
        event.map(|event| event.what.as_str()).into(),
        event.and_then(|event| event.actor.clone()).into(),
        event.and_then(|event| event.note.clone()).into(),
        outcome.map(Outcome::as_str).into(),
        message.into(),
        millis(entry.first_seen),
        words.into(),
        company.into(),
        findable_as(entry).into(),
    ])
}

/// The entry in the next columns of a row, which are [`COLUMNS`].
pub(super) fn entry(row: &mut Columns) -> Result<Entry, SqlError> {
    let origin = stored(row.needed_text()?.parse())?;
    let user_key = stored(row.needed_text()?.parse())?;
    let version = row.needed_number()?;
    let state = stored(row.needed_text()?.parse())?;
    let revision = stored(row.needed_number()?.try_into())?;
    let told = stored(row.needed_number()?.try_into())?;
    let (row_print, data_print, message) = (row.text()?, row.text()?, row.text()?);
    let (decision_id, decided_at) = (row.text()?, row.number()?.map(time).transpose()?);
    let taken_back = decided_at.filter(|_| decision_id.is_none());
    let decision = decision_id.zip(decided_at).map(|(id, decided_at)| DecisionRef { id, decided_at });
    let link = stored(row.text()?.as_deref().map(json::read).transpose())?;
    let reason = row.text()?;
    let attempts = stored(row.needed_number()?.try_into())?;
    let failing_since = row.number()?.map(time).transpose()?;
    let due_at = row.number()?.map(time).transpose()?;
    let checked_at = time(row.needed_number()?)?;
    let missing_since = row.number()?.map(time).transpose()?;
    let first_seen = time(row.needed_number()?)?;
    let claim = row.text()?.zip(row.number()?);
    let claim =
        claim.map(|(token, until)| Ok::<_, SqlError>(Claim { token, until: time(until)? })).transpose()?;
    let tombstone = stored(row.text()?.as_deref().map(json::read).transpose())?;
    let listed_print = row.text()?;
    Ok(Entry {
        origin,
        user_key,
        version,
        state,
        revision,
        told,
        row_print,
        listed_print,
        data_print,
        message,
        decision,
        taken_back,
        link,
        reason,
        attempts,
        failing_since,
        due_at,
        checked_at,
        missing_since,
        first_seen,
        claim,
        tombstone,
        event: None,
    })
}

impl<S: Sql> Ledger<S> {
    /// Stores the entries, each only if the ledger still has the version it was made from. What comes back is stored; an entry that
    /// is missing there was changed by somebody else meanwhile.
    ///
    /// # Errors
    /// [`SqlError`]: then nothing of it is stored.
    pub async fn save_all(&self, entries: Vec<Entry>, now: DateTime<Utc>) -> Result<Vec<Entry>, SqlError> {
        self.save_where("", entries, now).await
    }

    /// The same for those of which a condition holds that begins with `AND`.
    pub(super) async fn save_where(
        &self,
        condition: &str,
        entries: Vec<Entry>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Entry>, SqlError> {
        if entries.is_empty() {
            return Ok(entries);
        }
        let mut parameters = Vec::with_capacity(entries.len() * WRITTEN);
        for entry in &entries {
            parameters.extend(values(entry, now)?);
        }
        let changed = CHANGED.map(|column| format!("{column} = excluded.{column}")).join(", ");
        let statement = format!(
            "INSERT INTO registration ({COLUMNS}, {WRITTEN_TOO}) VALUES {} \
             ON CONFLICT (origin, user_key) DO UPDATE SET {changed} WHERE registration.version = excluded.version - 1 {condition} \
             RETURNING origin, user_key",
            placeholders(entries.len(), WRITTEN)
        );
        let rows = self.sql.run(&statement, parameters).await?;
        let mut known: HashMap<(String, String), Entry> = HashMap::new();
        for entry in entries {
            // Of two for one registration the first is stored, and the second finds another version than its own.
            known.entry((entry.origin.to_string(), entry.user_key.to_string())).or_insert(entry);
        }
        rows.into_iter()
            .map(|row| {
                let mut row = Columns::of(row);
                let key = (row.needed_text()?, row.needed_text()?);
                let mut entry = known
                    .remove(&key)
                    .ok_or_else(|| SqlError("a row came back that was not sent".to_owned()))?;
                entry.version += 1;
                entry.event = None;
                Ok(entry)
            })
            .collect()
    }

    /// Stores one entry; `None` if somebody else has changed it meanwhile.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn save(&self, entry: Entry, now: DateTime<Utc>) -> Result<Option<Entry>, SqlError> {
        Ok(self.save_all(vec![entry], now).await?.pop())
    }

    pub(super) async fn entries_where(
        &self,
        condition: &str,
        parameters: Vec<Value>,
    ) -> Result<Vec<Entry>, SqlError> {
        let statement = format!("SELECT {COLUMNS} FROM registration WHERE {condition}");
        let rows = self.sql.run(&statement, parameters).await?;
        rows.into_iter().map(|row| entry(&mut Columns::of(row))).collect()
    }

    /// One registration.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn entry(&self, origin: &OriginCode, user_key: &UserKey) -> Result<Option<Entry>, SqlError> {
        let parameters = vec![origin.as_str().into(), user_key.as_str().into()];
        Ok(self.entries_where("origin = ?1 AND user_key = ?2", parameters).await?.pop())
    }

    /// Those of the users that are known, by key.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn entries(
        &self,
        origin: &OriginCode,
        user_keys: impl Iterator<Item = &UserKey>,
    ) -> Result<HashMap<UserKey, Entry>, SqlError> {
        let mut parameters = vec![origin.as_str().into()];
        parameters.extend(user_keys.map(|key| Value::from(key.as_str())));
        if parameters.len() == 1 {
            return Ok(HashMap::new());
        }
        let condition = format!("origin = ?1 AND user_key IN {}", placeholders(1, parameters.len() - 1));
        let found = self.entries_where(&condition, parameters).await?;
        Ok(found.into_iter().map(|entry| (entry.user_key.clone(), entry)).collect())
    }

    /// What the tick has to do something about, from the one on whose turn comes after `last`. A claim that lapsed is as good as none.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn due(&self, now: DateTime<Utc>, last: &Turn, most: usize) -> Result<Vec<Entry>, SqlError> {
        let condition = format!(
            "due_at <= ?1 AND (claim_until IS NULL OR claim_until <= ?1) \
             AND (attempts, due_at, origin, user_key) > (?2, ?3, ?4, ?5) \
             ORDER BY attempts, due_at, origin, user_key LIMIT {most}"
        );
        let Turn { attempts, due_at, origin, user_key } = last;
        let parameters = vec![
            millis(now),
            (*attempts).into(),
            (*due_at).into(),
            origin.as_str().into(),
            user_key.as_str().into(),
        ];
        self.entries_where(&condition, parameters).await
    }

    /// Forgets a registration that turned out to be none, with its timeline, unless it was changed meanwhile.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn forget(&self, entry: &Entry) -> Result<(), SqlError> {
        let statement = "DELETE FROM registration WHERE origin = ?1 AND user_key = ?2 AND version = ?3";
        let Entry { origin, user_key, version, .. } = entry;
        let parameters = vec![origin.as_str().into(), user_key.as_str().into(), (*version).into()];
        self.sql.run(statement, parameters).await.map(drop)
    }

    /// Registrations that wait for a decision and were not read since `before`, the longest ago first. One that could not be read the
    /// last time is due by itself, after its pause.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn unread_since(
        &self,
        origin: &OriginCode,
        before: DateTime<Utc>,
        most: usize,
    ) -> Result<Vec<Entry>, SqlError> {
        let condition = format!(
            "origin = ?1 AND state = 'announced' AND checked_at <= ?2 AND attempts = 0 ORDER BY checked_at LIMIT {most}"
        );
        self.entries_where(&condition, vec![origin.as_str().into(), millis(before)]).await
    }

    /// Registrations that a complete scan begun at `scan` did not show, and that were not looked for since `before`.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn absent(
        &self,
        origin: &OriginCode,
        scan: DateTime<Utc>,
        before: DateTime<Utc>,
        most: usize,
    ) -> Result<Vec<Entry>, SqlError> {
        let condition = format!(
            "origin = ?1 AND listed < ?2 AND state IN ('seen', 'announced', 'linked', 'stuck') \
             AND (looked_for IS NULL OR looked_for <= ?3) ORDER BY listed LIMIT {most}"
        );
        self.entries_where(&condition, vec![origin.as_str().into(), millis(scan), millis(before)]).await
    }

    /// Notes that the scan begun at `scan` showed these users, by rows with these fingerprints, and tells which of them are known. It is
    /// no change of state. Of an erased one no plain fingerprint is kept.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn note_listed(
        &self,
        origin: &OriginCode,
        rows: impl Iterator<Item = (&UserKey, &str)>,
        scan: DateTime<Utc>,
    ) -> Result<HashMap<UserKey, Known>, SqlError> {
        let mut parameters: Vec<_> =
            rows.flat_map(|(key, print)| [Value::from(key.as_str()), print.into()]).collect();
        if parameters.is_empty() {
            return Ok(HashMap::new());
        }
        let shown = placeholders(parameters.len() / 2, 2);
        parameters.extend([millis(scan), origin.as_str().into()]);
        let statement = format!(
            "WITH shown (user_key, print) AS (VALUES {shown}) UPDATE registration \
             SET listed = ?, looked_for = NULL, missing_since = NULL, \
             listed_print = CASE WHEN state = 'erased' THEN NULL ELSE shown.print END \
             FROM shown WHERE origin = ? AND registration.user_key = shown.user_key \
             RETURNING registration.user_key, state, row_print, checked_at, tombstone"
        );
        let rows = self.sql.run(&statement, parameters).await?;
        let known = rows.into_iter().map(|row| {
            let mut row = Columns::of(row);
            let user_key = stored(row.needed_text()?.parse())?;
            let state = stored(row.needed_text()?.parse())?;
            let row_print = row.text()?;
            let checked_at = time(row.needed_number()?)?;
            let tombstone = stored(row.text()?.as_deref().map(json::read).transpose())?;
            Ok((user_key, Known { state, row_print, checked_at, tombstone }))
        });
        known.collect()
    }

    /// Notes that these users were looked for by their keys. It is no change of state.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn note_looked_for(
        &self,
        origin: &OriginCode,
        user_keys: impl Iterator<Item = &UserKey>,
        now: DateTime<Utc>,
    ) -> Result<(), SqlError> {
        let mut parameters = vec![millis(now), origin.as_str().into()];
        parameters.extend(user_keys.map(|key| Value::from(key.as_str())));
        if parameters.len() == 2 {
            return Ok(());
        }
        let statement = format!(
            "UPDATE registration SET looked_for = ?1 WHERE origin = ?2 AND user_key IN {}",
            placeholders(1, parameters.len() - 2)
        );
        self.sql.run(&statement, parameters).await.map(drop)
    }
}

//! The statements that make a copy of the ledger fit to go on from, and the mark by which it is known that something may have happened
//! since the copy was made. Nobody else has the ledger open meanwhile: whoever restores works on a file of his own.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Entry, Happened, Ledger, millis, stored, time};
use crate::{
    key::OriginCode,
    sql::{Columns, Sql, SqlError, Value},
};

/// How far the numbers of changes jump: more changes than there can be between a copy and its return, and few enough that a number of
/// JSON holds a million returns. So every cursor that was handed out is behind everything, and whoever has one is shown all of it again.
const AHEAD: i64 = 1_000_000_000;

/// The tables of what holds for minutes only, and for processes that are no more.
const FLEETING: [&str; 4] = ["lease", "rate", "session", "signin_code"];

/// States in which something may have happened since the copy was made.
const OPEN: &str = "state IN ('seen', 'announced', 'approved', 'linked', 'stuck')";

/// A return of the ledger from a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// When it came back.
    pub at: DateTime<Utc>,
    /// When the copy was made, as far as the copy tells: nothing in it is later.
    pub taken_at: DateTime<Utc>,
}

impl<S: Sql> Ledger<S> {
    /// When the ledger last came back from a copy, if ever.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn restored(&self) -> Result<Option<Restored>, SqlError> {
        let rows = self.sql.run("SELECT at, taken_at FROM restored ORDER BY at DESC LIMIT 1", vec![]).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(None) };
        let mut row = Columns::of(row);
        Ok(Some(Restored { at: time(row.needed_number()?)?, taken_at: time(row.needed_number()?)? }))
    }

    /// The latest time that the ledger has noted of anything.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn last_noted(&self) -> Result<Option<DateTime<Utc>>, SqlError> {
        let statement = "SELECT max(at) FROM (SELECT max(changed_at) AS at FROM registration \
             UNION ALL SELECT max(received_at) FROM inbox UNION ALL SELECT max(ended_at) FROM run) AS noted";
        let rows = self.sql.run(statement, vec![]).await?;
        let at = rows.into_iter().next().map(|row| Columns::of(row).number()).transpose()?.flatten();
        at.map(time).transpose()
    }

    /// Makes a copy fit to go on from: nobody holds anything, nothing counts as failed, scans begin anew, cursors begin before all of it,
    /// and what is open says in its timeline that something may be missing. Updates of customers wait until `waits_until`, and `wanted`
    /// is told to the ERP under this `kind`.
    ///
    /// # Errors
    /// [`SqlError`]: then the copy is not to be used.
    pub async fn note_restored(
        &self,
        restored: Restored,
        waits_until: DateTime<Utc>,
        (kind, wanted): (&str, &str),
    ) -> Result<(), SqlError> {
        for table in FLEETING {
            self.sql.run(&format!("DELETE FROM {table}"), vec![]).await?;
        }
        for (statement, parameters) in [
            (
                "UPDATE registration SET claim_token = NULL, claim_until = NULL, attempts = 0, failing_since = NULL \
                 WHERE claim_token IS NOT NULL OR attempts > 0",
                vec![],
            ),
            ("UPDATE outgoing SET attempts = 0, failing_since = NULL WHERE due_at IS NOT NULL", vec![]),
            (
                "UPDATE rewrite SET attempts = 0, failing_since = NULL, due_at = ?1 WHERE due_at IS NOT NULL",
                vec![millis(waits_until)],
            ),
            ("UPDATE registration SET change = change + ?1", vec![AHEAD.into()]),
            ("UPDATE counter SET value = value + ?1 WHERE name = 'change'", vec![AHEAD.into()]),
            (
                "INSERT INTO restored (at, taken_at) VALUES (?1, ?2)",
                vec![millis(restored.at), millis(restored.taken_at)],
            ),
            (
                "INSERT INTO outgoing (receiver, origin, topic, number, kind, body, at, due_at, attempts) \
                 VALUES ('erp', '', '', ?1, ?2, ?3, ?1, ?1, 0)",
                vec![millis(restored.at), kind.into(), wanted.into()],
            ),
        ] {
            self.sql.run(statement, parameters).await?;
        }
        self.begin_scans_anew().await?;
        self.tell_open(restored).await
    }

    /// A page that was the next one then is another one now. The watermarks stay.
    async fn begin_scans_anew(&self) -> Result<(), SqlError> {
        for row in self.sql.run("SELECT origin, list FROM scan", vec![]).await? {
            let mut row = Columns::of(row);
            let (origin, list) = (stored(row.needed_text()?.parse::<OriginCode>())?, row.needed_text()?);
            let scan = self.scan(&origin, &list).await?;
            let scan = super::ScanState {
                watermark: scan.watermark,
                complete_since: scan.complete_since,
                ..super::ScanState::default()
            };
            self.save_scan(&origin, &list, &scan).await?;
        }
        Ok(())
    }

    async fn tell_open(&self, restored: Restored) -> Result<(), SqlError> {
        let statement = format!(
            "UPDATE registration SET version = version + 1, changed_at = ?1, event = ?2, event_actor = NULL, event_note = ?3, \
             outcome_kind = NULL, outcome_body = NULL WHERE {OPEN}"
        );
        let note = format!(
            "from a copy of {}: what happened to it since is asked of the shop and the ERP",
            restored.taken_at.format("%Y-%m-%dT%H:%M:%SZ")
        );
        let parameters = vec![millis(restored.at), Happened::Restored.as_str().into(), note.into()];
        self.sql.run(&statement, parameters).await.map(drop)
    }

    /// Whoever is erased, or was since a time and has registered anew, as the ledger has them now.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn erased_since(&self, since: DateTime<Utc>) -> Result<Vec<Entry>, SqlError> {
        let condition = "state = 'erased' OR EXISTS (SELECT 1 FROM timeline WHERE timeline.origin = registration.origin \
             AND timeline.user_key = registration.user_key AND event = 'erased' AND at >= ?1)";
        // Both clocks may be a little off.
        self.entries_where(condition, vec![millis(since - TimeDelta::hours(1))]).await
    }

    /// Erases whom another ledger has erased: what remains of them is what that one has. What waits about them is erased too.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn take_erased(&self, erased: Entry, now: DateTime<Utc>) -> Result<(), SqlError> {
        let (origin, user_key) = (erased.origin.clone(), erased.user_key.clone());
        if self.entry(&origin, &user_key).await?.is_none() {
            // The triggers that erase are those of a change.
            let stranger =
                Entry { event: None, ..Entry::seen(origin.clone(), user_key.clone(), erased.first_seen) };
            self.save(stranger, now).await?;
        }
        let version = self.entry(&origin, &user_key).await?.map_or(0, |known| known.version);
        self.save(Entry { version, ..erased }, now).await.map(drop)
    }

    /// How many registrations are in each state.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn states(&self) -> Result<Vec<(String, i64)>, SqlError> {
        let rows =
            self.sql.run("SELECT state, count(*) FROM registration GROUP BY state ORDER BY state", vec![]);
        let read = |row: Vec<Value>| {
            let mut row = Columns::of(row);
            Ok((row.needed_text()?, row.needed_number()?))
        };
        rows.await?.into_iter().map(read).collect()
    }
}

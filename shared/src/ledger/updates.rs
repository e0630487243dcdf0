//! The statements about customers that are to be written again. A registration goes on as it is meanwhile, so they have rows of their
//! own: one for each customer, with the latest update of it.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Ledger, millis, stored, time, words::words};
use crate::{
    decision::CustomerUpdate,
    key::{CustomerKey, OriginCode, UserKey},
    retry::{Next, Retry},
    sql::{Columns, Sql, SqlError, Value},
};

words! {
    /// How an update ended.
    Rewritten {
        /// The shop has it.
        Done = "done",
        /// It cannot be written.
        Refused = "refused",
    }
}

/// The latest update of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Its origin.
    pub origin: OriginCode,
    /// The customer.
    pub customer: CustomerKey,
    /// The registration that it was made for.
    pub user_key: UserKey,
    /// The update in the inbox.
    pub event_id: String,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// When the tick has to do something about it.
    pub due_at: Option<DateTime<Utc>>,
    /// Failed tries.
    pub attempts: u32,
    /// When the first of them was.
    pub failing_since: Option<DateTime<Utc>>,
    /// How it ended, if it did.
    pub result: Option<Rewritten>,
    /// Why it was refused, or why the last try failed.
    pub note: Option<String>,
}

const COLUMNS: &str =
    "origin, customer, user_key, event_id, decided_at, due_at, attempts, failing_since, result, note";

impl Rewrite {
    /// An update that has just come.
    #[must_use]
    pub fn of(update: &CustomerUpdate, id: &str, now: DateTime<Utc>) -> Self {
        Self {
            origin: update.origin.clone(),
            customer: update.customer.key.clone(),
            user_key: update.user_key.clone(),
            event_id: id.to_owned(),
            decided_at: update.decided_at,
            due_at: Some(now),
            attempts: 0,
            failing_since: None,
            result: None,
            note: None,
        }
    }

    /// It ended.
    #[must_use]
    pub fn ended(mut self, result: Rewritten, note: Option<String>) -> Self {
        self.due_at = None;
        self.result = Some(result);
        self.note = note;
        self
    }

    /// It failed through nobody's fault here.
    #[must_use]
    pub fn postponed(mut self, words: String, wait: Option<Duration>, retry: Retry) -> Self {
        self.attempts = self.attempts.saturating_add(1);
        let since = *self.failing_since.get_or_insert(retry.now);
        match retry.next(self.attempts, since, wait) {
            Next::Again(at) => {
                self.due_at = Some(at);
                self.note = Some(words);
                self
            }
            Next::GiveUp => {
                let (tries, since) = (self.attempts, since.date_naive());
                let note = format!("given up after {tries} tries in a row since {since:?}: {words}");
                self.ended(Rewritten::Refused, Some(note))
            }
        }
    }
}

fn rewrite(row: Vec<Value>) -> Result<Rewrite, SqlError> {
    let mut row = Columns::of(row);
    Ok(Rewrite {
        origin: stored(row.needed_text()?.parse())?,
        customer: stored(row.needed_text()?.parse())?,
        user_key: stored(row.needed_text()?.parse())?,
        event_id: row.needed_text()?,
        decided_at: time(row.needed_number()?)?,
        due_at: row.number()?.map(time).transpose()?,
        attempts: stored(row.needed_number()?.try_into())?,
        failing_since: row.number()?.map(time).transpose()?,
        result: stored(row.text()?.as_deref().map(str::parse).transpose())?,
        note: row.text()?,
    })
}

impl<S: Sql> Ledger<S> {
    /// Takes an update, unless one that is as late or later is known. Of two at the same time the greater id is the later one.
    /// Returns whether it was taken.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn take_rewrite(&self, new: &Rewrite) -> Result<bool, SqlError> {
        let statement = format!(
            "INSERT INTO rewrite ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, NULL, NULL, NULL) \
             ON CONFLICT (origin, customer) DO UPDATE SET user_key = excluded.user_key, event_id = excluded.event_id, \
             decided_at = excluded.decided_at, due_at = excluded.due_at, attempts = 0, failing_since = NULL, \
             result = NULL, note = NULL \
             WHERE (rewrite.decided_at, rewrite.event_id) < (excluded.decided_at, excluded.event_id) RETURNING customer"
        );
        let parameters = vec![
            new.origin.as_str().into(),
            new.customer.as_str().into(),
            new.user_key.as_str().into(),
            new.event_id.as_str().into(),
            millis(new.decided_at),
            new.due_at.map(|at| at.timestamp_millis()).into(),
        ];
        Ok(!self.sql.run(&statement, parameters).await?.is_empty())
    }

    /// The latest update of a customer.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn rewrite_of(
        &self,
        origin: &OriginCode,
        customer: &CustomerKey,
    ) -> Result<Option<Rewrite>, SqlError> {
        let statement = format!("SELECT {COLUMNS} FROM rewrite WHERE origin = ?1 AND customer = ?2");
        let rows = self.sql.run(&statement, vec![origin.as_str().into(), customer.as_str().into()]).await?;
        rows.into_iter().next().map(rewrite).transpose()
    }

    /// The latest updates of the customers that were made for a registration.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn rewrites_for(
        &self,
        origin: &OriginCode,
        user_key: &UserKey,
    ) -> Result<Vec<Rewrite>, SqlError> {
        let statement =
            format!("SELECT {COLUMNS} FROM rewrite WHERE origin = ?1 AND user_key = ?2 ORDER BY customer");
        let parameters = vec![origin.as_str().into(), user_key.as_str().into()];
        self.sql.run(&statement, parameters).await?.into_iter().map(rewrite).collect()
    }

    /// Updates that are due, what has not failed yet first.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn due_rewrites(&self, now: DateTime<Utc>, most: usize) -> Result<Vec<Rewrite>, SqlError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM rewrite WHERE due_at <= ?1 ORDER BY attempts, due_at, origin, customer LIMIT {most}"
        );
        self.sql.run(&statement, vec![millis(now)]).await?.into_iter().map(rewrite).collect()
    }

    /// Notes how far an update is, unless a later one has taken its place or it has ended.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn note_rewrite(&self, now: &Rewrite) -> Result<(), SqlError> {
        let statement = "UPDATE rewrite SET due_at = ?1, attempts = ?2, failing_since = ?3, result = ?4, note = ?5 \
                         WHERE origin = ?6 AND customer = ?7 AND event_id = ?8 AND due_at IS NOT NULL";
        let parameters = vec![
            now.due_at.map(|at| at.timestamp_millis()).into(),
            i64::from(now.attempts).into(),
            now.failing_since.map(|at| at.timestamp_millis()).into(),
            now.result.map(Rewritten::as_str).into(),
            now.note.clone().into(),
            now.origin.as_str().into(),
            now.customer.as_str().into(),
            now.event_id.as_str().into(),
        ];
        self.sql.run(statement, parameters).await.map(drop)
    }
}

//! The statements about messages to others: outcomes for the ERP, and alerts. The triggers of the schema make them, in the statement
//! that changes what they tell of.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Ledger, millis, placeholders, stored, time, words::words};
use crate::{
    key::{OriginCode, UserKey},
    print::print,
    retry::{Next, Retry},
    sql::{Columns, Sql, SqlError, Value},
};

words! {
    /// Whom a message is for.
    To {
        /// The ERP: how a registration ended.
        Erp = "erp",
        /// Whoever is called when something needs a person.
        Alert = "alert",
    }
}

words! {
    /// How the sending of a message ended.
    Sent {
        /// It was accepted.
        Told = "told",
        /// It was refused, and is not sent again.
        Refused = "refused",
        /// It was tried for too long.
        GivenUp = "given up",
    }
}

/// A message that is not settled yet, or was settled just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    to: To,
    origin: String,
    /// The user that it is about, or the kind of alert.
    topic: String,
    /// Counts within the topic; those before it have to be settled before it is sent.
    number: i64,
    /// What is sent, byte for byte.
    pub body: String,
    attempts: u32,
    failing_since: Option<DateTime<Utc>>,
    due_at: Option<DateTime<Utc>>,
    /// How it ended, if it did.
    pub result: Option<Sent>,
    /// Why it was not accepted, in words.
    pub note: Option<String>,
}

impl Outgoing {
    /// Its `webhook-id`. It is derived from all that it says, so that a ledger that came back from a backup, and counts anew, does not
    /// use it for something else.
    #[must_use]
    pub fn id(&self) -> String {
        let number = self.number.to_string();
        let parts = [&self.origin, &self.topic, &number, &self.body].map(String::as_bytes);
        let prefix = match self.to {
            To::Erp => "out",
            To::Alert => "alert",
        };
        format!("{prefix}_{}", print(&parts))
    }

    /// It was accepted.
    #[must_use]
    pub fn told(self) -> Self {
        self.ended(Sent::Told, None)
    }

    /// The receiver wants none of it.
    #[must_use]
    pub fn refused(self, words: String) -> Self {
        self.ended(Sent::Refused, Some(words))
    }

    fn ended(mut self, result: Sent, note: Option<String>) -> Self {
        self.due_at = None;
        self.result = Some(result);
        self.note = note;
        self
    }

    /// It was not accepted now.
    #[must_use]
    pub fn postponed(mut self, words: String, wait: Option<Duration>, retry: Retry) -> Self {
        self.attempts = self.attempts.saturating_add(1);
        let since = *self.failing_since.get_or_insert(retry.now);
        self.note = Some(words);
        match retry.next(self.attempts, since, wait) {
            Next::Again(at) => self.due_at = Some(at),
            Next::GiveUp => (self.due_at, self.result) = (None, Some(Sent::GivenUp)),
        }
        self
    }
}

/// What became of a message, as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "OutcomeDelivery"))]
pub struct OutgoingLine {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Its type.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schemars(with = "crate::outcome::Outcome"))]
    pub kind: String,
    /// How the sending ended; null while it goes on.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<Sent>"))]
    pub result: Option<String>,
    /// Why it was not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How often it has failed.
    #[serde(skip)]
    pub attempts: u32,
    /// When it is sent, or sent again; nothing once that has ended.
    #[serde(skip)]
    pub due_at: Option<DateTime<Utc>>,
}

fn outgoing(to: To, row: Vec<Value>) -> Result<Outgoing, SqlError> {
    let mut row = Columns::of(row);
    Ok(Outgoing {
        to,
        origin: row.needed_text()?,
        topic: row.needed_text()?,
        number: row.needed_number()?,
        body: row.needed_text()?,
        attempts: stored(row.needed_number()?.try_into())?,
        failing_since: row.number()?.map(time).transpose()?,
        due_at: row.number()?.map(time).transpose()?,
        result: None,
        note: None,
    })
}

impl<S: Sql> Ledger<S> {
    /// Messages that are due, what has not failed yet first. Of each topic at most the first one that is not settled: they arrive in
    /// order.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn due_outgoing(
        &self,
        to: To,
        now: DateTime<Utc>,
        most: usize,
    ) -> Result<Vec<Outgoing>, SqlError> {
        let statement = format!(
            "SELECT origin, topic, number, body, attempts, failing_since, due_at FROM outgoing AS one \
             WHERE receiver = ?1 AND due_at <= ?2 AND NOT EXISTS (SELECT 1 FROM outgoing AS earlier \
             WHERE earlier.receiver = one.receiver AND earlier.origin = one.origin AND earlier.topic = one.topic \
             AND earlier.number < one.number AND earlier.due_at IS NOT NULL) \
             ORDER BY attempts, due_at, origin, topic, number LIMIT {most}"
        );
        let rows = self.sql.run(&statement, vec![to.as_str().into(), millis(now)]).await?;
        rows.into_iter().map(|row| outgoing(to, row)).collect()
    }

    /// Notes what became of messages that were sent. What was settled before stays so. Of an answer about whom is erased meanwhile no
    /// words are kept: nothing would erase them any more.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn note_outgoing(&self, tried: &[Outgoing]) -> Result<(), SqlError> {
        let parameters = tried.iter().flat_map(|one| {
            [
                one.to.as_str().into(),
                one.origin.as_str().into(),
                one.topic.as_str().into(),
                one.number.into(),
                one.due_at.map(|at| at.timestamp_millis()).into(),
                i64::from(one.attempts).into(),
                one.failing_since.map(|at| at.timestamp_millis()).into(),
                one.result.map(Sent::as_str).into(),
                one.note.clone().into(),
            ]
        });
        let parameters: Vec<Value> = parameters.collect();
        if parameters.is_empty() {
            return Ok(());
        }
        let statement = format!(
            "UPDATE outgoing SET due_at = tried.column5, attempts = tried.column6, failing_since = tried.column7, \
             result = tried.column8, note = CASE WHEN NOT EXISTS (SELECT 1 FROM registration \
             WHERE tried.column1 = 'erp' AND registration.origin = tried.column2 AND registration.user_key = tried.column3 \
             AND registration.state = 'erased') THEN tried.column9 END FROM (VALUES {}) AS tried \
             WHERE outgoing.receiver = tried.column1 AND outgoing.origin = tried.column2 \
             AND outgoing.topic = tried.column3 AND outgoing.number = tried.column4 AND outgoing.due_at IS NOT NULL",
            placeholders(tried.len(), 9)
        );
        self.sql.run(&statement, parameters).await.map(drop)
    }

    /// Forgets messages that nobody is to get any more: all that wait, but those of the `kept` types.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn drop_outgoing(&self, to: To, kept: &[&str]) -> Result<(), SqlError> {
        let mut parameters = vec![to.as_str().into()];
        parameters.extend(kept.iter().map(|kind| Value::from(*kind)));
        let but = match kept {
            [] => String::new(),
            kept => format!(" AND kind NOT IN {}", placeholders(1, kept.len())),
        };
        let statement = format!("DELETE FROM outgoing WHERE receiver = ?1 AND due_at IS NOT NULL{but}");
        self.sql.run(&statement, parameters).await.map(drop)
    }

    /// The outcomes of a registration that the ERP is told, the oldest first.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn outcomes(
        &self,
        origin: &OriginCode,
        user_key: &UserKey,
    ) -> Result<Vec<OutgoingLine>, SqlError> {
        let statement = "SELECT at, kind, result, note, attempts, due_at FROM outgoing \
                         WHERE receiver = 'erp' AND origin = ?1 AND topic = ?2 ORDER BY number";
        let rows = self.sql.run(statement, vec![origin.as_str().into(), user_key.as_str().into()]).await?;
        rows.into_iter()
            .map(|row| {
                let mut row = Columns::of(row);
                let at = time(row.needed_number()?)?;
                let (kind, result, note) = (row.needed_text()?, row.text()?, row.text()?);
                let attempts = stored(row.needed_number()?.try_into())?;
                Ok(OutgoingLine {
                    at,
                    kind,
                    result,
                    note,
                    attempts,
                    due_at: row.number()?.map(time).transpose()?,
                })
            })
            .collect()
    }
}

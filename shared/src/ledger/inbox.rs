//! The statements about the inbox: every event from outside, once, before anything is done about it.

use chrono::{DateTime, Utc};

use super::{Ledger, millis, stored, words::words};
use crate::sql::{Columns, Sql, SqlError, Value};

/// An event as it arrives.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its id: only one event has it.
    pub id: String,
    /// The fingerprint of what it says.
    pub print: String,
    /// Who sent it.
    pub actor: String,
    /// What it says.
    pub body: String,
}

/// An event in the inbox.
#[derive(Debug, Clone)]
pub struct KeptEvent {
    /// The event.
    pub letter: Letter,
    /// What became of it; `None` while it is to be applied.
    pub outcome: Option<Applied>,
}

words! {
    /// What became of an event.
    Applied {
        /// The registration follows it.
        Followed = "followed",
        /// A later decision had come already.
        Superseded = "superseded",
        /// It is about nothing here.
        Ignored = "ignored",
        /// It cannot be followed. A repeat is judged anew.
        Refused = "refused",
    }
}

/// What the inbox says to an event.
#[derive(Debug, Clone)]
pub enum Kept {
    /// It is in the inbox, now or from before.
    Yes(KeptEvent),
    /// Another event has this id.
    OtherBody,
}

fn event(row: Vec<Value>) -> Result<KeptEvent, SqlError> {
    let mut row = Columns::of(row);
    let (id, print, actor, body) =
        (row.needed_text()?, row.needed_text()?, row.needed_text()?, row.needed_text()?);
    let outcome = stored(row.text()?.as_deref().map(str::parse).transpose())?;
    Ok(KeptEvent { letter: Letter { id, print, actor, body }, outcome })
}

impl<S: Sql> Ledger<S> {
    /// Stores an event, unless its id is used already. Only what was accepted uses up an id: one that was refused may come again,
    /// mended or not, and is judged anew.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn keep(&self, letter: &Letter, now: DateTime<Utc>) -> Result<Kept, SqlError> {
        let Letter { id, print, actor, body } = letter;
        let parameters = vec![
            id.as_str().into(),
            print.as_str().into(),
            actor.as_str().into(),
            body.as_str().into(),
            millis(now),
        ];
        let statement = "INSERT INTO inbox (id, print, actor, body, received_at) VALUES ($1, $2, $3, $4, $5) \
                         ON CONFLICT (id) DO UPDATE SET print = excluded.print, actor = excluded.actor, \
                         body = excluded.body, received_at = excluded.received_at, outcome = NULL \
                         WHERE inbox.outcome = 'refused' RETURNING id";
        if !self.sql.run(statement, parameters).await?.is_empty() {
            return Ok(Kept::Yes(KeptEvent { letter: letter.clone(), outcome: None }));
        }
        match self.kept(id).await? {
            Some(kept) if kept.letter.print == *print => Ok(Kept::Yes(kept)),
            _ => Ok(Kept::OtherBody),
        }
    }

    /// One event.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn kept(&self, id: &str) -> Result<Option<KeptEvent>, SqlError> {
        let statement = "SELECT id, print, actor, body, outcome FROM inbox WHERE id = $1";
        self.sql.run(statement, vec![id.into()]).await?.into_iter().next().map(event).transpose()
    }

    /// Events that are still to be applied, the oldest first.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn waiting(&self, most: usize) -> Result<Vec<KeptEvent>, SqlError> {
        let statement = format!(
            "SELECT id, print, actor, body, outcome FROM inbox WHERE outcome IS NULL ORDER BY received_at, id LIMIT {most}"
        );
        self.sql.run(&statement, vec![]).await?.into_iter().map(event).collect()
    }

    /// Notes what became of an event. What was noted first stays.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn settle(&self, id: &str, outcome: Applied) -> Result<(), SqlError> {
        let statement = "UPDATE inbox SET outcome = $1 WHERE id = $2 AND outcome IS NULL";
        self.sql.run(statement, vec![outcome.as_str().into(), id.into()]).await.map(drop)
    }
}

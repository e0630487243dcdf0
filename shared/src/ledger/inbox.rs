//! The statements about the inbox: every event from outside, once, before anything is done about it.

use chrono::{DateTime, Utc};

use super::{Ledger, millis, stored, words::words};
use crate::{
    access::SIGNER,
    key::{OriginCode, UserKey},
    sql::{Columns, Sql, SqlError, Value},
};

/// An event as it arrives.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its id: only one event has it.
    pub id: String,
    /// The fingerprint of what it says.
    pub print: String,
    /// Who sent it.
    pub actor: String,
    /// What it says. Empty where it is about nobody, and where it was erased since.
    pub body: String,
    /// The registration that it is about; none for a type that means nothing here.
    pub about: Option<(OriginCode, UserKey)>,
}

impl Letter {
    /// Whether its id is made from what it says, and not given by its sender.
    #[must_use]
    pub fn is_derived(&self) -> bool {
        self.actor != SIGNER && (self.id.starts_with("act_") || self.id.starts_with("dec_"))
    }
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
    /// It is about a registration that is erased: nothing of it is stored.
    Erased,
}

fn event(row: Vec<Value>) -> Result<KeptEvent, SqlError> {
    let mut row = Columns::of(row);
    let (id, print, actor, body) =
        (row.needed_text()?, row.needed_text()?, row.needed_text()?, row.needed_text()?);
    let outcome = stored(row.text()?.as_deref().map(str::parse).transpose())?;
    let about = row.text()?.zip(row.text()?);
    let about = about.map(|(origin, user_key)| Ok((stored(origin.parse())?, stored(user_key.parse())?)));
    let letter = Letter { id, print, actor, body, about: about.transpose()? };
    Ok(KeptEvent { letter, outcome })
}

impl<S: Sql> Ledger<S> {
    /// Stores an event, unless its id is used already. Only what was accepted uses up an id: one that was refused may come again,
    /// mended or not, and is judged anew. The body of one that was erased is not stored again, but a repeat of it is answered.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn keep(&self, letter: &Letter, now: DateTime<Utc>) -> Result<Kept, SqlError> {
        let Letter { id, print, actor, body, about } = letter;
        let parameters = vec![
            id.as_str().into(),
            print.as_str().into(),
            actor.as_str().into(),
            body.as_str().into(),
            millis(now),
            about.as_ref().map(|(origin, _)| origin.as_str()).into(),
            about.as_ref().map(|(_, user_key)| user_key.as_str()).into(),
        ];
        let statement = "INSERT INTO inbox (id, print, actor, body, received_at, origin, user_key) \
                         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM registration \
                         WHERE origin = ?6 AND user_key = ?7 AND state = 'erased') \
                         ON CONFLICT (id) DO UPDATE SET print = excluded.print, actor = excluded.actor, \
                         body = excluded.body, received_at = excluded.received_at, outcome = NULL, \
                         origin = excluded.origin, user_key = excluded.user_key \
                         WHERE inbox.outcome = 'refused' RETURNING id";
        // An event that was refused between the two statements has a free id: it is stored when it is tried again.
        for _ in 0..2 {
            if !self.sql.run(statement, parameters.clone()).await?.is_empty() {
                return Ok(Kept::Yes(KeptEvent { letter: letter.clone(), outcome: None }));
            }
            match self.kept(id).await? {
                None => return Ok(Kept::Erased),
                Some(KeptEvent { outcome: Some(Applied::Refused), .. }) => {}
                Some(kept) if kept.letter.print != *print => return Ok(Kept::OtherBody),
                // What has the same print says the same: the erased body is here again.
                Some(kept) if kept.letter.body.is_empty() => {
                    return Ok(Kept::Yes(KeptEvent { letter: letter.clone(), outcome: kept.outcome }));
                }
                Some(kept) => return Ok(Kept::Yes(kept)),
            }
        }
        Ok(Kept::Erased)
    }

    /// One event.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn kept(&self, id: &str) -> Result<Option<KeptEvent>, SqlError> {
        let statement = "SELECT id, print, actor, body, outcome, origin, user_key FROM inbox WHERE id = ?1";
        self.sql.run(statement, vec![id.into()]).await?.into_iter().next().map(event).transpose()
    }

    /// Events that are still to be applied, the oldest first.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn waiting(&self, most: usize) -> Result<Vec<KeptEvent>, SqlError> {
        let statement = format!(
            "SELECT id, print, actor, body, outcome, origin, user_key FROM inbox WHERE outcome IS NULL ORDER BY received_at, id LIMIT {most}"
        );
        self.sql.run(&statement, vec![]).await?.into_iter().map(event).collect()
    }

    /// Notes what became of an event. What was noted first stays.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn settle(&self, id: &str, outcome: Applied) -> Result<(), SqlError> {
        let statement = "UPDATE inbox SET outcome = ?1 WHERE id = ?2 AND outcome IS NULL";
        self.sql.run(statement, vec![outcome.as_str().into(), id.into()]).await.map(drop)
    }

    /// Notes that an event is refused because there is no registration that it could be about. Without one nobody could have it erased,
    /// so its body goes at once; a repeat brings its own.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn refuse_stranger(&self, id: &str) -> Result<(), SqlError> {
        let statement = "UPDATE inbox SET outcome = ?1, body = '' WHERE id = ?2 AND outcome IS NULL";
        self.sql.run(statement, vec![Applied::Refused.as_str().into(), id.into()]).await.map(drop)
    }
}

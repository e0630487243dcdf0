//! What a person does to a registration by hand. It only changes the ledger: the next tick goes on from there.

use chrono::{DateTime, Utc};

use crate::{
    key::{OriginCode, UserKey},
    ledger::{Entry, Ledger, State},
    sql::{Sql, SqlError},
};

/// How often a change is tried again because somebody else changed the row meanwhile.
const TRIES: usize = 5;

/// What became of a wish to have a registration tried again.
#[derive(Debug)]
pub enum Retried {
    /// It is due now. The registration, as it is now.
    Goes(Box<Entry>),
    /// Nothing of it has failed, or somebody is at it right now.
    Nothing(State),
    /// There is no such registration.
    Unknown,
}

/// Lets a registration that is stuck, or waits after failed tries, go on where it was.
///
/// # Errors
/// [`SqlError`].
pub async fn retry<S: Sql>(
    ledger: &Ledger<S>,
    origin: &OriginCode,
    user_key: &UserKey,
    caller: &str,
    now: DateTime<Utc>,
) -> Result<Retried, SqlError> {
    for _ in 0..TRIES {
        let Some(entry) = ledger.entry(origin, user_key).await? else { return Ok(Retried::Unknown) };
        let state = entry.state;
        let Some(again) = entry.retried(now) else { return Ok(Retried::Nothing(state)) };
        if let Some(saved) = ledger.save(again.by(caller), now).await? {
            return Ok(Retried::Goes(Box::new(saved)));
        }
    }
    Err(SqlError("the registration is changed by others all the time".to_owned()))
}

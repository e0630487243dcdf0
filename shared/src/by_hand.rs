//! What a person does to a registration by hand. It only changes the ledger: the next tick goes on from there.

use chrono::{DateTime, Utc};

use serde::Serialize;

use crate::{
    key::{OriginCode, UserKey},
    ledger::{Change, Entry, Ledger, Shown, State},
    link::Mail,
    parameters::{Parameters, bad},
    problem::Problem,
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

/// How many registrations are read, and changed in one statement, at once.
const BATCH: usize = 100;
/// How many may be changed before the caller is answered.
const MOST: u32 = 2000;

/// Which of the registrations that are stuck are tried again together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    reason: String,
    origin: Option<OriginCode>,
}

/// What became of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GroupRetried {
    /// Registrations that go on now.
    pub retried: u32,
    /// Those that somebody is at or has changed at this moment: they were left alone.
    pub busy: u32,
    /// Those of which nobody knows whether the mail is out. Trying them again sends it, so each is a person's choice of its own.
    pub mail_unknown: u32,
    /// Whether there may be further ones: ask once more.
    pub more: bool,
}

impl Group {
    /// Reads the query `reason=...&origin=...&all=...`. A reason is needed; everything that is stuck takes `all=true`.
    ///
    /// # Errors
    /// 400 with the parameter that is wrong.
    pub fn read(query: Option<&str>) -> Result<Self, Problem> {
        let parameters = Parameters::read(query, &["reason", "origin", "all"])?;
        let all = parameters.parsed::<bool>("all")?.unwrap_or_default();
        let reason = match (parameters.text("reason"), all) {
            (Some(reason), false) => reason.to_lowercase(),
            (None, true) => String::new(),
            (Some(_), true) => return Err(bad("all", "is not for a group with a reason")),
            (None, false) => {
                return Err(bad(
                    "reason",
                    "expected a part of the reason; all=true means everything that is stuck",
                ));
            }
        };
        Ok(Self { reason, origin: parameters.parsed("origin")? })
    }

    fn has(&self, entry: &Entry) -> bool {
        entry.reason.as_ref().is_some_and(|reason| reason.to_lowercase().contains(&self.reason))
    }
}

/// Lets all registrations of a group go on where they were.
///
/// # Errors
/// [`SqlError`]: those before it go on, and the same may be asked again.
pub async fn retry_group<S: Sql>(
    ledger: &Ledger<S>,
    group: &Group,
    caller: &str,
    now: DateTime<Utc>,
) -> Result<GroupRetried, SqlError> {
    let shown = Shown { state: Some(State::Stuck), origin: group.origin.clone() };
    let (mut last, mut done) = (Change::NONE, GroupRetried::default());
    loop {
        let stuck = ledger.changed_after(&shown, last, BATCH).await?;
        let Some(end) = stuck.last().map(|stuck| stuck.change) else { return Ok(done) };
        last = end;
        let members = stuck.into_iter().map(|stuck| stuck.entry).filter(|entry| group.has(entry));
        let (unknown, sure): (Vec<_>, Vec<_>) = members.partition(mail_is_unknown);
        done.mail_unknown += count(unknown.len());
        let found = count(sure.len());
        let again = sure.into_iter().filter_map(|entry| Some(entry.retried(now)?.by(caller))).collect();
        let saved = count(ledger.save_all(again, now).await?.len());
        done.retried += saved;
        done.busy += found - saved;
        if done.retried >= MOST {
            return Ok(GroupRetried { more: true, ..done });
        }
    }
}

fn mail_is_unknown(entry: &Entry) -> bool {
    entry.link.as_ref().is_some_and(|link| link.mail == Mail::Unknown)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

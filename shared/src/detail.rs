//! One registration, for a person who looks at it: who it is, what has happened, what comes next, and what the person can do.

mod actions;
mod next;

use chrono::{DateTime, TimeDelta, Utc};

pub use actions::{Actions, NotNow, actions};
pub use next::{Next, Tries, next};

use crate::{
    entered::Entered,
    key::{OriginCode, UserKey},
    ledger::{Entry, Happened, Ledger, Line, OutgoingLine, Rewrite},
    plausible::{Mark, marks},
    retry::Policy,
    sql::{Sql, SqlError},
};

/// As many failed tries are shown from the first and from the last one.
pub const SHOWN: usize = 20;

/// The settings that say when something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// `retry_attempts` and `retry_for`.
    pub retry: Policy,
    /// `recheck_after`.
    pub recheck_after: TimeDelta,
}

/// A registration, as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// How far it is.
    pub entry: Entry,
    /// What the applicant typed in; nothing, if it could not be read yet, or is erased.
    pub entered: Option<Entered>,
    /// What of it looks wrong.
    pub marks: Vec<Mark>,
    /// What has happened, the oldest first, without the tries that failed.
    pub timeline: Vec<Line>,
    /// The tries that failed, with the words of the shop or the ERP.
    pub failed: Failed,
    /// What the ERP is told of how it ended.
    pub outcomes: Vec<OutgoingLine>,
    /// Updates of its customers.
    pub updates: Vec<Rewrite>,
    /// What comes next.
    pub next: Next,
    /// What a person can do now.
    pub actions: Actions,
}

/// A try that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// When.
    pub at: DateTime<Utc>,
    /// In whose words what went wrong; nothing, if they are erased.
    pub words: Option<String>,
}

/// The tries that failed: the first and the last ones, where there are many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failed {
    /// The first ones.
    pub first: Vec<Try>,
    /// How many there were between them.
    pub left_out: usize,
    /// The last ones.
    pub last: Vec<Try>,
}

impl Failed {
    /// Those of a timeline of which so many lines between the first and the last were not read.
    fn of(mut tries: Vec<Try>, unread: usize) -> Self {
        if unread == 0 && tries.len() <= 2 * SHOWN {
            return Self { first: tries, ..Self::default() };
        }
        let last = tries.split_off(tries.len().saturating_sub(SHOWN));
        let left_out = unread + tries.len().saturating_sub(SHOWN);
        tries.truncate(SHOWN);
        Self { first: tries, left_out, last }
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.first.len() + self.left_out + self.last.len()
    }
}

impl Detail {
    /// Everything about a registration; nothing, if there is none.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn of<S: Sql>(
        ledger: &Ledger<S>,
        origin: &OriginCode,
        user_key: &UserKey,
        pace: &Pace,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, SqlError> {
        let Some(entry) = ledger.entry(origin, user_key).await? else { return Ok(None) };
        let (lines, unread) = ledger.lines(origin, user_key).await?;
        let waits = ledger.has_waiting(origin, user_key).await?;
        let entered = Entered::of(entry.message.as_deref());
        let next = next(&entry, &lines, pace, now);
        // The first line may tell of a try that failed, too: it keeps its place.
        let (failed, timeline): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|line| line.what == Happened::TryFailed);
        let tries = failed.into_iter().map(|line| Try { at: line.at, words: line.note });
        Ok(Some(Self {
            marks: entered.as_ref().map(marks).unwrap_or_default(),
            entered,
            timeline,
            failed: Failed::of(tries.collect(), unread),
            outcomes: ledger.outcomes(origin, user_key).await?,
            updates: ledger.rewrites_for(origin, user_key).await?,
            next,
            actions: actions(&entry, waits, now),
            entry,
        }))
    }
}

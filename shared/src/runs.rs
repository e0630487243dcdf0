//! The last ticks, for people: when they were, what they did, what went wrong.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::{
    json,
    key::OriginCode,
    ledger::{Ledger, Run},
    sql::{Sql, SqlError},
};

/// A tick that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Counts the ticks.
    pub number: i64,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// What it did; nothing, if the report cannot be read.
    pub did: Option<Did>,
    /// What went wrong first, if anything did.
    pub problem: Option<String>,
}

/// What a tick did, as its report says. What a report of another version does not say is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "a report to read: each is an answer of its own")]
pub struct Did {
    /// Whether everything was done; if not, the next tick goes on.
    pub complete: bool,
    /// Whether the shop's lists could be read.
    pub shop_read: bool,
    /// Pages of the shop's lists.
    pub pages: u32,
    /// Rows on them.
    pub rows: u32,
    /// Rows that could not be read.
    pub unreadable_rows: u32,
    /// Registrations seen for the first time.
    pub seen: u32,
    /// Messages that the ERP has accepted.
    pub announced: u32,
    /// Registrations that wait for the start of their origin.
    pub would_announce: u32,
    /// The origins that wait for it.
    pub waits_for_start: Vec<OriginCode>,
    /// Whether nothing was sent, because it was tried out.
    pub dry_run: bool,
    /// Registrations from before `start_from`.
    pub too_old: u32,
    /// Inactive users that are no registrations of ours.
    pub other_inactive: u32,
    /// Users that became active.
    pub active: u32,
    /// Approvals that were carried out, or tried.
    pub approvals: u32,
    /// Decisions that turned out not to be followable.
    pub refused: u32,
    /// Outcomes that the ERP has accepted.
    pub outcomes: u32,
    /// Alerts that were accepted.
    pub alerts: u32,
    /// Outcomes and alerts that were refused or given up.
    pub untold: u32,
    /// Customers that were written again, or tried.
    pub updates: u32,
    /// Registrations that a person has to look at since this tick.
    pub stuck: u32,
    /// Tries that failed and will be repeated.
    pub postponed: u32,
    /// Lists whose pages drifted.
    pub drifted: u32,
    /// Registrations that were erased because `retention_days` are over.
    pub erased: u32,
    /// Whether the shop has failed so often in a row that it was no longer asked.
    pub shop_down: bool,
    /// Whether the ERP has.
    pub erp_down: bool,
    /// What went wrong with the shop or the ERP, each once.
    pub problems: Vec<String>,
    /// What a person should know.
    pub note: Option<String>,
}

impl Tick {
    fn of(run: Run) -> Self {
        let did = json::read(&run.report).ok();
        Self { number: run.number, began_at: run.began_at, ended_at: run.ended_at, did, problem: run.problem }
    }

    /// How long it took.
    #[must_use]
    pub fn took(&self) -> TimeDelta {
        (self.ended_at - self.began_at).max(TimeDelta::zero())
    }
}

/// The last ticks that are kept, the latest first.
///
/// # Errors
/// [`SqlError`].
pub async fn last<S: Sql>(ledger: &Ledger<S>) -> Result<Vec<Tick>, SqlError> {
    Ok(ledger.runs().await?.into_iter().map(Tick::of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_another_version_is_read_as_far_as_it_goes() {
        let run = |report: &str| Run {
            number: 1,
            began_at: DateTime::UNIX_EPOCH + TimeDelta::seconds(5),
            ended_at: DateTime::UNIX_EPOCH,
            report: report.to_owned(),
            problem: None,
        };
        let did = |report| Tick::of(run(report)).did;
        let read = did(r#"{"seen":3,"shop_read":true,"unheard_of":[1],"problems":["x"]}"#).unwrap();
        assert_eq!((read.seen, read.shop_read, read.announced, read.problems.len()), (3, true, 0, 1));
        assert_eq!(did(""), None);
        assert_eq!(Tick::of(run("{}")).took(), TimeDelta::zero(), "the clock was set back");
    }
}

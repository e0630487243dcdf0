//! How everything is, for those who watch: a snapshot of the ledger, and what of it is beyond a limit.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    json,
    key::OriginCode,
    ledger::{Ledger, OriginSnapshot, Restored, Run, State, Waiting},
    settings::WatchSettings,
    sql::{Sql, SqlError},
};

/// How everything is at one time.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The time.
    pub at: DateTime<Utc>,
    /// The origins that are set, and those that the ledger knows.
    pub origins: BTreeMap<OriginCode, OriginSnapshot>,
    /// The inbox.
    pub inbox: Waiting,
    /// The last tick that ended.
    pub last_run: Option<Run>,
    /// The last tick in which something went wrong.
    pub last_bad_run: Option<Run>,
    /// When the ledger came back from a backup, if it did.
    pub restored: Option<Restored>,
}

/// Something beyond a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Beyond {
    /// The setting that has the limit.
    pub limit: &'static str,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<OriginCode>,
    /// What it is, in words.
    pub detail: String,
}

impl Snapshot {
    /// How everything is now. `origins` are there even if the ledger does not know them yet.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn of<S: Sql>(
        ledger: &Ledger<S>,
        origins: &[OriginCode],
        now: DateTime<Utc>,
    ) -> Result<Self, SqlError> {
        let mut known = ledger.origins().await?;
        for origin in origins {
            known.entry(origin.clone()).or_default();
        }
        Ok(Self {
            at: now,
            origins: known,
            inbox: ledger.inbox().await?,
            last_run: ledger.last_run().await?,
            last_bad_run: ledger.last_bad_run().await?,
            restored: ledger.restored().await?,
        })
    }

    /// How long ago it was; nothing for a time to come, which another clock has noted.
    #[must_use]
    pub fn age(&self, of: DateTime<Utc>) -> TimeDelta {
        (self.at - of).max(TimeDelta::zero())
    }

    /// What is beyond the limits that are set.
    #[must_use]
    pub fn beyond(&self, limits: &WatchSettings) -> Vec<Beyond> {
        let scans = limits.origins.iter().filter_map(|origin| {
            let known = self.origins.get(origin);
            let waits = known.is_none_or(|known| known.started.is_none());
            let detail = match known.and_then(|known| known.scanned_at).map(|at| self.age(at)) {
                None if waits => "nothing is announced before POST /start".to_owned(),
                None => "no scan has been complete yet".to_owned(),
                Some(age) if age > limits.scan_max_age => {
                    format!("the last complete scan began {} s ago", age.num_seconds())
                }
                Some(_) => return None,
            };
            Some(Beyond { limit: "scan_max_age", origin: Some(origin.clone()), detail })
        });
        let undecided = self.origins.iter().filter_map(|(origin, known)| {
            let age = self.age(known.undecided_since()?);
            let detail = format!("a registration has been without a decision for {} s", age.num_seconds());
            let beyond = limits.undecided_max_age.is_some_and(|limit| age > limit);
            beyond.then(|| Beyond { limit: "undecided_max_age", origin: Some(origin.clone()), detail })
        });
        let stuck: i64 = self.origins.values().map(|known| known.count(State::Stuck)).sum();
        let stuck = limits.stuck_max.is_some_and(|limit| stuck > limit).then(|| Beyond {
            limit: "stuck_max",
            origin: None,
            detail: format!("{stuck} registrations are stuck"),
        });
        scans.chain(undecided).chain(stuck).collect()
    }
}

/// The answer of `/status`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ApplicationStatus"))]
pub struct Status<'a> {
    /// `ok`, or `alarm` when something is beyond a limit.
    #[serde(rename = "status")]
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = ["ok", "alarm"])))]
    verdict: &'static str,
    /// The time of this answer.
    at: DateTime<Utc>,
    /// What is beyond a limit.
    beyond: &'a [Beyond],
    /// How each origin is.
    origins: Vec<OriginStatus<'a>>,
    /// Decisions that are stored and not applied yet.
    inbox_waiting: i64,
    /// Since the oldest of them came.
    inbox_oldest_seconds: Option<i64>,
    /// The last tick that ended.
    last_tick: Option<TickStatus<'a>>,
    /// The last of the last 100 ticks in which something went wrong.
    last_error: Option<ErrorStatus<'a>>,
    /// When the ledger last came back from a backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    restored: Option<RestoredStatus>,
}

/// A return of the ledger from a backup.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct RestoredStatus {
    /// When it came back.
    at: DateTime<Utc>,
    /// When the backup was made. Of what happened in between, only what shop and ERP have shown since is known.
    taken_at: DateTime<Utc>,
}

/// How one origin is.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct OriginStatus<'a> {
    /// The origin.
    origin: &'a OriginCode,
    /// When it was started: nothing of it is announced before.
    started_at: Option<DateTime<Utc>>,
    /// Who has started it: a token's name, the setting `first_run`, or `upgrade` for what an earlier version had begun.
    started_by: Option<&'a str>,
    /// Since the last complete scan began.
    scan_age_seconds: Option<i64>,
    /// Since the oldest registration without a decision came.
    oldest_undecided_seconds: Option<i64>,
    /// Since the oldest decision that is approved and whose user is not active.
    oldest_approved_seconds: Option<i64>,
    /// Registrations that a person has to look at.
    stuck: i64,
    /// Messages about registrations that the ERP has yet to accept.
    deliveries_waiting: i64,
}

/// A tick that has ended.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct TickStatus<'a> {
    /// Counts the ticks.
    number: i64,
    /// When it began.
    began_at: DateTime<Utc>,
    /// When it ended.
    ended_at: DateTime<Utc>,
    /// What it did.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<crate::tick::Report>"))]
    report: Option<&'a RawValue>,
}

/// What went wrong last.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct ErrorStatus<'a> {
    /// When the tick ended.
    at: DateTime<Utc>,
    /// The tick's number.
    tick: i64,
    /// What went wrong, in words.
    problem: Option<&'a str>,
}

impl<'a> Status<'a> {
    /// What a snapshot shows, with what of it is beyond a limit.
    #[must_use]
    pub fn of(snapshot: &'a Snapshot, beyond: &'a [Beyond]) -> Self {
        let seconds = |at: Option<DateTime<Utc>>| at.map(|at| snapshot.age(at).num_seconds());
        let origins = snapshot.origins.iter().map(|(origin, known)| OriginStatus {
            origin,
            started_at: known.started.as_ref().map(|start| start.at),
            started_by: known.started.as_ref().map(|start| start.by.as_str()),
            scan_age_seconds: seconds(known.scanned_at),
            oldest_undecided_seconds: seconds(known.undecided_since()),
            oldest_approved_seconds: seconds(known.approved_since()),
            stuck: known.count(State::Stuck),
            deliveries_waiting: known.deliveries_waiting,
        });
        Self {
            verdict: if beyond.is_empty() { "ok" } else { "alarm" },
            at: snapshot.at,
            beyond,
            origins: origins.collect(),
            inbox_waiting: snapshot.inbox.count,
            inbox_oldest_seconds: seconds(snapshot.inbox.received_at),
            last_tick: snapshot.last_run.as_ref().map(|run| TickStatus {
                number: run.number,
                began_at: run.began_at,
                ended_at: run.ended_at,
                report: json::text(run.report.as_bytes()).ok(),
            }),
            last_error: snapshot.last_bad_run.as_ref().map(|run| ErrorStatus {
                at: run.ended_at,
                tick: run.number,
                problem: run.problem.as_deref(),
            }),
            restored: snapshot.restored.map(|Restored { at, taken_at }| RestoredStatus { at, taken_at }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Group;

    fn ago(minutes: i64) -> DateTime<Utc> {
        "2026-03-02T09:15:00Z".parse::<DateTime<Utc>>().unwrap() - TimeDelta::minutes(minutes)
    }

    fn snapshot(origin: OriginSnapshot) -> Snapshot {
        let origins = [("SHOP".parse().unwrap(), origin)].into_iter().collect();
        let inbox = Waiting::default();
        Snapshot { at: ago(0), origins, inbox, last_run: None, last_bad_run: None, restored: None }
    }

    #[test]
    fn what_passes_a_limit_is_named_and_what_only_reaches_it_is_not() {
        let limits = WatchSettings {
            origins: vec!["SHOP".parse().unwrap()],
            scan_max_age: TimeDelta::minutes(15),
            undecided_max_age: Some(TimeDelta::minutes(60)),
            stuck_max: Some(2),
        };
        let unlimited = WatchSettings { undecided_max_age: None, stuck_max: None, ..limits.clone() };
        let group =
            |state, count, minutes| (state, Group { count, first_seen: ago(minutes), decided_at: None });
        for (scanned, groups, want, why) in [
            (Some(15), vec![], vec![], "just in time"),
            (Some(-5), vec![], vec![], "by a clock that is ahead"),
            (Some(16), vec![], vec!["scan_max_age"], "the scheduler has stopped"),
            (None, vec![], vec!["scan_max_age"], "it has never worked"),
            (
                Some(1),
                vec![group(State::Announced, 1, 60), group(State::Stuck, 2, 999)],
                vec![],
                "at the limits",
            ),
            (Some(1), vec![group(State::Announced, 1, 61)], vec!["undecided_max_age"], "nobody decides"),
            (
                Some(1),
                vec![group(State::Seen, 1, 61)],
                vec!["undecided_max_age"],
                "it does not reach the ERP",
            ),
            (Some(1), vec![group(State::Linked, 1, 999)], vec![], "decided"),
            (Some(1), vec![group(State::Stuck, 3, 0)], vec!["stuck_max"], "too many"),
        ] {
            let origin = OriginSnapshot {
                scanned_at: scanned.map(ago),
                groups: groups.into_iter().collect(),
                ..OriginSnapshot::default()
            };
            let snapshot = snapshot(origin);
            let named =
                |limits| snapshot.beyond(limits).iter().map(|beyond| beyond.limit).collect::<Vec<_>>();
            assert_eq!(named(&limits), want, "{why}");
            assert!(named(&unlimited).iter().all(|limit| *limit == "scan_max_age"), "{why}");
        }
    }
}

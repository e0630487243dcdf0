//! What a person has to look at. Here it is plain data; whoever shows it has the words.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    alert::{Kind, Known, Topic},
    key::OriginCode,
    ledger::State,
    runs::{Did, Tick},
    settings::WatchSettings,
    watch::Snapshot,
};

/// So many groups of reasons are told apart.
const GROUPS: usize = 5;
/// After this, a decision that is stored and not applied is one that waits: several ticks should have come by.
const INBOX_WAITS: TimeDelta = TimeDelta::minutes(15);

/// The two systems that are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The shop.
    Shop,
    /// The ERP.
    Erp,
}

/// In which way one of them fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// No answer comes.
    NoAnswer,
    /// It does not let us in (401, 403): look at the credentials.
    KeepsUsOut,
    /// It refuses (another 4xx, or a redirect): look at host and path.
    Refuses,
    /// It fails by itself (5xx, 429).
    Fails,
    /// Something else.
    Other,
}

/// Registrations that are stuck for what looks like the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckGroup {
    /// The reason of one of them.
    pub reason: String,
    /// How many they are.
    pub count: usize,
}

/// Something that a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// No tick has ended yet: the scheduler has to call.
    NoTick,
    /// The ledger itself failed in the last tick.
    Ledger {
        /// When the tick ended.
        at: DateTime<Utc>,
        /// What it said.
        problem: String,
    },
    /// The shop or the ERP refuses or does not answer.
    Down {
        /// Which.
        side: Side,
        /// How.
        how: How,
        /// Since when, as far as the ticks that are kept tell.
        since: DateTime<Utc>,
        /// What was seen of it last.
        problem: Option<String>,
    },
    /// An origin has never been read to its end.
    NoScan {
        /// Which.
        origin: OriginCode,
    },
    /// An origin has not been read to its end for too long.
    ScanStale {
        /// Which.
        origin: OriginCode,
        /// When the last complete scan began.
        since: DateTime<Utc>,
        /// `scan_max_age`.
        limit: TimeDelta,
    },
    /// Registrations are stuck.
    Stuck {
        /// How many.
        count: i64,
        /// The most frequent reasons first.
        groups: Vec<StuckGroup>,
    },
    /// A registration has been without a decision for too long.
    Undecided {
        /// Its origin.
        origin: OriginCode,
        /// When it came.
        since: DateTime<Utc>,
        /// `undecided_max_age`.
        limit: TimeDelta,
    },
    /// Decisions are stored and not applied.
    InboxWaits {
        /// How many.
        count: i64,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// Nothing of these origins is announced before they are started.
    NotStarted {
        /// The origins.
        origins: Vec<OriginCode>,
        /// How many registrations wait.
        waiting: u32,
    },
    /// `dry_run` is set: nothing is sent.
    DryRun,
}

/// What a person has to look at, the worst first. `ticks` are the last ones, the latest first; `reasons` are those of what is stuck.
#[must_use]
pub fn warnings(
    snapshot: &Snapshot,
    limits: &WatchSettings,
    ticks: &[Tick],
    alerts: &[(Topic, Known)],
    reasons: &[String],
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let last = ticks.first();
    warnings.extend(last.is_none().then_some(Warning::NoTick));
    warnings.extend(last.and_then(ledger));
    let alert = |kind| {
        let topic = Topic::of(kind, None);
        alerts.iter().find(|(told, _)| *told == topic).and_then(|(_, known)| known.since)
    };
    warnings.extend(down(Side::Shop, ticks, alert(Kind::Shop)));
    warnings.extend(down(Side::Erp, ticks, alert(Kind::Erp)));
    let did = last.and_then(|tick| tick.did.as_ref());
    // Of what is not started, or only tried out, no scan counts, and that is told by itself.
    let idle =
        |origin: &OriginCode| did.is_some_and(|did| did.dry_run || did.waits_for_start.contains(origin));
    for origin in limits.origins.iter().filter(|origin| last.is_some() && !idle(origin)) {
        let limit = limits.scan_max_age;
        match snapshot.origins.get(origin).and_then(|known| known.scanned_at) {
            None => warnings.push(Warning::NoScan { origin: origin.clone() }),
            Some(since) if snapshot.age(since) > limit => {
                warnings.push(Warning::ScanStale { origin: origin.clone(), since, limit });
            }
            Some(_) => {}
        }
    }
    let count = snapshot.origins.values().map(|origin| origin.count(State::Stuck)).sum();
    warnings.extend((count > 0).then(|| Warning::Stuck { count, groups: groups(reasons) }));
    if let Some(limit) = limits.undecided_max_age {
        warnings.extend(snapshot.origins.iter().filter_map(|(origin, known)| {
            let since = known.undecided_since().filter(|since| snapshot.age(*since) > limit)?;
            Some(Warning::Undecided { origin: origin.clone(), since, limit })
        }));
    }
    let waits = snapshot.inbox.received_at.filter(|at| snapshot.age(*at) > INBOX_WAITS);
    warnings.extend(waits.map(|since| Warning::InboxWaits { count: snapshot.inbox.count, since }));
    let waits = did.filter(|did| !did.waits_for_start.is_empty());
    warnings.extend(waits.map(|did| Warning::NotStarted {
        origins: did.waits_for_start.clone(),
        waiting: did.would_announce,
    }));
    warnings.extend(did.filter(|did| did.dry_run).map(|_| Warning::DryRun));
    warnings
}

/// The ledger's own failure, which ends a tick.
fn ledger(tick: &Tick) -> Option<Warning> {
    let problem = tick.problem.as_ref().filter(|problem| problem.starts_with("database: "))?;
    Some(Warning::Ledger { at: tick.ended_at, problem: problem.clone() })
}

/// Whether a tick has found one side well (`Some(true)`), or down; nothing, if it does not tell.
fn found(side: Side, did: &Did) -> Option<bool> {
    match side {
        Side::Shop => Some(did.shop_read && !did.shop_down),
        Side::Erp if did.erp_down => Some(false),
        Side::Erp if did.announced + did.outcomes > 0 => Some(true),
        Side::Erp => did.problems.iter().any(|problem| is_about(side, problem)).then_some(false),
    }
}

/// Whose fault a problem is: the ERP's names it.
fn is_about(side: Side, problem: &str) -> bool {
    problem.contains("the ERP") == (side == Side::Erp)
}

/// A side that the last tick which tells of it has found down, since the first such tick in a row, or since somebody was called.
fn down(side: Side, ticks: &[Tick], called: Option<DateTime<Utc>>) -> Option<Warning> {
    let told = ticks.iter().filter_map(|tick| {
        let did = tick.did.as_ref()?;
        Some((tick, did, found(side, did)?))
    });
    let in_a_row: Vec<_> = told.take_while(|(_, _, well)| !well).collect();
    let ((_, did, _), (first, ..)) = in_a_row.first().zip(in_a_row.last())?;
    let since = called.map_or(first.began_at, |called| called.min(first.began_at));
    let problem = did.problems.iter().find(|problem| is_about(side, problem)).cloned();
    Some(Warning::Down { side, how: problem.as_deref().map_or(How::Other, how), since, problem })
}

/// In which way, by our own words about it (`... answered 401 Unauthorized`, `... gave no answer: ...`).
fn how(problem: &str) -> How {
    if problem.contains("gave no answer") {
        return How::NoAnswer;
    }
    if problem.contains("was redirected") {
        return How::Refuses;
    }
    let status = problem
        .split("answered ")
        .nth(1)
        .and_then(|rest| rest.get(..3))
        .and_then(|status| status.parse().ok());
    match status {
        Some(401 | 403) => How::KeepsUsOut,
        Some(429 | 500..=599) => How::Fails,
        Some(300..=499_u16) => How::Refuses,
        _ => How::Other,
    }
}

/// The reasons in groups. What differs from one registration to the next, as keys and times do, has a digit in it.
fn groups(reasons: &[String]) -> Vec<StuckGroup> {
    let mut groups: BTreeMap<String, StuckGroup> = BTreeMap::new();
    for reason in reasons {
        let same = reason.split_whitespace().filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
        let same = same.collect::<Vec<_>>().join(" ");
        groups.entry(same).or_insert_with(|| StuckGroup { reason: reason.clone(), count: 0 }).count += 1;
    }
    // Put in their places one by one: sorting would bring its own code along.
    let mut largest: Vec<StuckGroup> = Vec::new();
    for group in groups.into_values() {
        let before = |one: &StuckGroup| {
            one.count.cmp(&group.count).reverse().then_with(|| one.reason.cmp(&group.reason)).is_lt()
        };
        largest.insert(largest.partition_point(before), group);
        largest.truncate(GROUPS);
    }
    largest
}

//! The tick: everything that has to be done from time to time, within a time budget, and safe to repeat.
//!
//! 1. Finish what is due: events in the inbox, decisions not yet written to the shop, messages not yet with the ERP.
//! 2. Scan the shop's lists, read what is new, and hand it to the ERP.
//! 3. Look after the rest: who left the list, and who has waited long for a decision.
//! 4. Finish what that has brought, and call a person if something needs one.

mod announce;
mod due;
mod erased;
mod gate;
mod outgoing;
mod rest;
mod starting;
mod walk;
mod words;
mod work;

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashSet},
};

use announce::TOGETHER;
use gate::Gate;
use outgoing::Share;
use starting::begins;
use walk::Walked;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::{
    dry_run::Would,
    fault::Fault,
    key::{OriginCode, UserKey},
    ledger::Entry,
    onboarding::Onboarding,
    registration::Candidates,
    send::SendRequest,
    settings::{AlertSettings, ErpSettings, TickSettings},
    shop::ShopError,
    sql::{Sql, SqlError},
    start::Begins,
};

/// The lease's name, and how long it outlives the budget: calls in flight may take that long.
const LEASE: &str = "tick";
const LEASE_MARGIN: TimeDelta = TimeDelta::seconds(15);

/// After this many faults of an end point in a row, this tick no longer asks it.
const FAULTS: u32 = 3;

/// What a tick did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "TickReport"))]
#[expect(clippy::struct_excessive_bools, reason = "a report to read: each is an answer of its own")]
pub struct Report {
    /// Whether everything was done; if not, the next tick goes on.
    pub complete: bool,
    /// Whether the shop's lists could be read.
    pub shop_read: bool,
    /// Pages of the shop's lists.
    pub pages: u32,
    /// Rows on them.
    pub rows: u32,
    /// Rows that could not be read, and so nobody knows whose they are.
    pub unreadable_rows: u32,
    /// Registrations seen for the first time.
    pub seen: u32,
    /// Messages that the ERP has accepted.
    pub announced: u32,
    /// Registrations that would be announced if their origin were started, or if it were no dry run.
    pub would_announce: u32,
    /// The same by the month in which they registered, on the shop's clock (`2026-03`, or `unknown`).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub would_announce_by_month: BTreeMap<String, u32>,
    /// Origins of which nothing is announced before they are started.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waits_for_start: Vec<OriginCode>,
    /// Registrations from before `start_from`.
    pub too_old: u32,
    /// Inactive users that are no registrations of ours.
    pub other_inactive: u32,
    /// Users that became active.
    pub active: u32,
    /// Approvals that were carried out, or tried.
    pub approvals: u32,
    /// Decisions that were taken in before and turned out not to be followable; the timeline says why.
    pub refused: u32,
    /// Outcomes that the ERP has accepted.
    pub outcomes: u32,
    /// Alerts that were accepted.
    pub alerts: u32,
    /// Outcomes and alerts that were refused or given up.
    pub untold: u32,
    /// Customers that were written again, or tried, after an update.
    pub updates: u32,
    /// Registrations that a person has to look at since this tick.
    pub stuck: u32,
    /// Tries that failed and will be repeated.
    pub postponed: u32,
    /// Lists whose pages drifted, so that they have to be read again.
    pub drifted: u32,
    /// Registrations whose personal data was erased, because `retention_days` are over.
    pub erased: u32,
    /// Whether the shop has failed so often in a row that this tick no longer asked it.
    pub shop_down: bool,
    /// Whether the ERP has.
    pub erp_down: bool,
    /// What went wrong with the shop or the ERP, each once.
    #[cfg_attr(feature = "openapi", schemars(with = "Vec<String>"))]
    pub problems: Vec<Fault>,
    /// What a person should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
    /// Whether it was a dry run, which sends nothing.
    pub dry_run: bool,
    /// What it would have done. It is answered and not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would: Option<Box<Would>>,
}

impl Report {
    /// The report as it may be kept: it is about no single person, so no erasure would find words about one in it.
    fn without_words(&self) -> Self {
        let mut problems: Vec<Fault> = Vec::new();
        for problem in self.problems.iter().map(Fault::without_words) {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        Self { problems, would: None, ..self.clone() }
    }
}

/// How a tick ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It ran.
    Ran(Report),
    /// Another one is running.
    Busy,
}

/// One tick.
struct Tick<'a, H, S> {
    app: &'a Onboarding<H, S>,
    settings: &'a TickSettings,
    erp: Option<&'a ErpSettings>,
    alerts: Option<&'a AlertSettings>,
    token: String,
    ends_at: DateTime<Utc>,
    report: RefCell<Report>,
    begins: BTreeMap<OriginCode, Begins>,
    /// Whom it has counted without storing them: the other list, or the same one read again, shows them again.
    counted: RefCell<HashSet<(OriginCode, UserKey)>>,
    shop: EndPoint,
    /// How many users are being read.
    looking: Cell<usize>,
    /// How many entries are found and not stored yet.
    unstored: Gate,
    erp_end: EndPoint,
    /// The ERP's again, as it takes outcomes: that must not count against announcements.
    outcome_end: EndPoint,
    /// A failed statement stops everything: without the ledger nothing may be done.
    failed: RefCell<Option<SqlError>>,
}

/// What is known of an end point in this tick.
#[derive(Default)]
struct EndPoint {
    /// Faults in a row.
    faults: Cell<u32>,
    /// Whether there were too many of them, and no answer since.
    silent: Cell<bool>,
    /// Whether it has answered at all.
    heard: Cell<bool>,
    /// Its last fault.
    last: RefCell<Option<Fault>>,
}

impl EndPoint {
    /// Whether it is to be left alone.
    fn is_down(&self) -> bool {
        self.faults.get() >= FAULTS
    }

    fn answered(&self) {
        self.begin_anew();
        self.silent.set(false);
        self.heard.set(true);
    }

    fn failed_with(&self, fault: &Fault) {
        *self.last.borrow_mut() = Some(fault.clone());
        self.faults.set(self.faults.get() + 1);
        self.silent.set(self.silent.get() || self.is_down());
    }

    /// It is asked again: what has failed so far may have failed for reasons of its own.
    fn begin_anew(&self) {
        self.faults.set(0);
    }

    /// Notes whether it answered at all; a record's fault is an answer.
    fn note<T>(&self, result: &Result<T, ShopError>) {
        match result.as_ref().err().and_then(ShopError::of_end_point) {
            Some(fault) => self.failed_with(&fault),
            None => self.answered(),
        }
    }
}

/// Runs one tick, unless another one is running.
///
/// # Errors
/// [`SqlError`]: the ledger failed. What was done is stored, and the next tick goes on.
pub async fn tick<H: SendRequest, S: Sql>(
    app: &Onboarding<H, S>,
    settings: &TickSettings,
    erp: Option<&ErpSettings>,
    alerts: Option<&AlertSettings>,
) -> Result<Ended, SqlError> {
    let now = app.now();
    let ends_at = now + settings.time_budget;
    let token = app.claim_token();
    let begins = begins(app, settings).await?;
    if !app.ledger.take_lease(LEASE, &token, ends_at + LEASE_MARGIN, now).await? {
        return Ok(Ended::Busy);
    }
    let tick = Tick {
        app,
        settings,
        erp,
        alerts,
        token,
        ends_at,
        report: RefCell::default(),
        begins,
        counted: RefCell::default(),
        shop: EndPoint::default(),
        looking: Cell::default(),
        unstored: Gate::of(TOGETHER),
        erp_end: EndPoint::default(),
        outcome_end: EndPoint::default(),
        failed: RefCell::default(),
    };
    let ran = tick.run().await;
    let mut report = tick.report.take();
    tick.note_what_waits(&mut report);
    let kept = report.without_words();
    let failure = ran.as_ref().err().map(ToString::to_string);
    let problem = failure.as_deref().or(kept.problems.first().map(|problem| problem.seen.as_str()));
    // A struct of numbers and texts always serialises.
    let told = serde_json::to_string(&kept).unwrap_or_default();
    let noted = app.ledger.note_run(now, app.now(), &told, problem).await;
    app.ledger.give_lease_back(LEASE, &tick.token).await?;
    // A ledger that failed may fail here too: what it said first is what matters.
    ran.and(noted)?;
    Ok(Ended::Ran(report))
}

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    async fn run(&self) -> Result<(), SqlError> {
        // What was raised before comes first: a tick that has much to do may not come to it at its end.
        self.send_alerts().await?;
        self.finish_due().await?;
        // Nobody waits for these as for what is new, but a shop that is slow must not keep them for good.
        self.tell_outcomes(Share::AtOnce).await?;
        // Three messages that fail by themselves must not keep those of today from the ERP.
        self.erp_end.begin_anew();
        let mut walks = Vec::new();
        for origin in &self.app.shop.settings.origins {
            walks.push(self.scan(origin).await?);
        }
        // A list that was read is a better witness than single records, which may fail by themselves. Without one, the shop is not
        // asked for more than what is due.
        let listed = self.report.borrow().pages > 0;
        if listed {
            self.shop.answered();
            self.look_after_rest().await?;
            self.shop.answered();
        }
        // What a dry run has said is still due.
        if !self.is_dry() {
            self.finish_due().await?;
        }
        self.tell_outcomes(Share::All).await?;
        self.erase_finished().await?;
        self.make_words().await?;
        self.count(|report| {
            (report.shop_down, report.erp_down) = (self.shop.silent.get(), self.erp_end.silent.get());
            report.shop_read = !walks.contains(&Walked::Failed);
            report.complete = walks.iter().all(|walk| *walk == Walked::Whole) && !self.is_over();
        });
        self.raise_alerts().await?;
        self.send_alerts().await
    }

    fn is_over(&self) -> bool {
        self.app.now() >= self.ends_at
    }

    /// Whether anything new may be begun.
    fn goes_on(&self) -> bool {
        !self.is_over() && self.failed.borrow().is_none()
    }

    /// The statement's result, or nothing and the end of the tick.
    fn note_failure<T>(&self, result: Result<T, SqlError>) -> Option<T> {
        result.map_err(|error| *self.failed.borrow_mut() = Some(error)).ok()
    }

    fn failure(&self) -> Result<(), SqlError> {
        self.failed.borrow().clone().map_or(Ok(()), Err)
    }

    fn is_dry(&self) -> bool {
        self.app.shop.http.dry().is_some()
    }

    fn candidates(&self, origin: &OriginCode) -> Candidates<'_> {
        let start_from = self.begins(origin).from;
        Candidates { pattern: &self.app.shop.settings.user_key_pattern, start_from }
    }

    /// Counts what became of a failed try: it is due again, or given up.
    fn tried(&self, entry: Entry) -> Entry {
        self.count(|report| match entry.due_at {
            Some(_) => report.postponed += 1,
            None => report.stuck += 1,
        });
        entry
    }

    fn count(&self, count: impl FnOnce(&mut Report)) {
        count(&mut self.report.borrow_mut());
    }

    fn problem(&self, problem: Fault) {
        let mut report = self.report.borrow_mut();
        if report.problems.len() < 10 && !report.problems.contains(&problem) {
            report.problems.push(problem);
        }
    }
}

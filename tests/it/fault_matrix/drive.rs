//! One cell: a registration on its way, with a fault in it.

use std::{convert::Infallible, time::Duration};

use anyhow::{Context as _, Result};
use end_to_end::{Reply, TICK, World};
use http::Method;
use sandbox::{
    Generator,
    erp::Decision,
    fault::{self, On, Times, What},
};
use serde_json::{Value, json};

use super::{
    columns::Fault,
    rows::{Call, Closes, Host, Run},
};

/// The calls of the application have 10 s each.
const BEYOND_THE_CALL_LIMIT: u64 = 11;
/// Ticks that meet the fault, or what it has left behind.
const TICKS_WITH_FAULT: usize = 2;
/// The time before each of them: longer than the first pauses and than `doubt_wait`, and short enough that nobody is gone.
const WITH_FAULT: u64 = 900;
/// Ticks that a registration may take after the fault ended.
const TICKS_AFTER: usize = 6;
/// The time before each of those: longer than any pause.
const AFTER: u64 = 3 * 3600;

/// What was seen of a cell.
pub struct Cell {
    pub call: Call,
    pub fault: Fault,
    /// What the run that met the fault answered.
    pub answered: u16,
    /// The state after that run.
    pub state_at_once: String,
    /// The state when the fault ended.
    pub state_with_fault: String,
    /// What was said about it then.
    pub said: String,
    /// Why a person had to look, if so.
    pub stuck: Option<String>,
    /// Whether a tick answered 503.
    pub loud: bool,
    /// How it ended.
    pub end: String,
    /// Mails to the person.
    pub mails: usize,
    /// What was done that must not be done.
    pub broken: Vec<String>,
}

/// What came of a fault, to be compared with [`super::expected::Outcome`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    AtOnce,
    Recovers,
    Waits,
    Stuck(String),
}

impl Cell {
    /// What came of it.
    pub fn seen(&self) -> Seen {
        let done = done(self.call.run());
        match &self.stuck {
            Some(reason) => Seen::Stuck(reason.clone()),
            None if self.state_at_once == done => Seen::AtOnce,
            None if self.state_with_fault == done => Seen::Recovers,
            None => Seen::Waits,
        }
    }
}

/// The state that a run leads to.
fn done(run: Run) -> &'static str {
    match run {
        Run::Tick => "announced",
        Run::Decision => "linked",
    }
}

/// A registration on its way.
struct Way {
    world: World,
    user: String,
    /// The answers of the application, with what was asked for.
    answers: Vec<(&'static str, u16)>,
    /// The report of the last tick.
    report: Value,
}

pub async fn drive(call: Call, fault: Fault) -> Result<Cell> {
    let world = World::new().await?;
    // Everything in one address: each kind of call is made for one object.
    let registration = Generator::new(1).plain().with_profile("delivery_street1", "");
    let registration = registration.with_profile("delivery_zip", "").with_profile("delivery_city", "");
    let user = world.register(&registration);
    let mut way = Way { world, user, answers: Vec::new(), report: Value::Null };

    if call.run() == Run::Decision {
        way.tick().await?;
    }
    way.begin(call, fault).await;
    way.run(call.run()).await?;
    let answered = way.answers.last().context("the run has answered")?.1;
    let state_at_once = way.state().await?;
    for _ in 0..TICKS_WITH_FAULT {
        way.world.pass(WITH_FAULT);
        way.tick().await?;
    }
    let (state_with_fault, said) = (way.state().await?, way.said().await?);
    let mut broken = way.end_fault(fault, call).await;
    let loud = way.answers.iter().any(|(_, status)| *status == 503);
    let while_faulty = way.answers.len();

    let stuck = way.go_on(call.run()).await?;
    if call.run() == Run::Tick {
        way.run(Run::Decision).await?;
    }
    let (now, user) = (way.world.now(), way.user.clone());
    way.world.shop.lock().click(&user, now);
    way.world.pass(AFTER);
    way.tick().await?;
    let end = way.state().await?;
    let well = |(place, (_, status)): (usize, &(&str, u16))| {
        matches!(status, 200 | 202) || *status == 503 && place < while_faulty
    };
    let bad = way.answers.iter().enumerate().filter(|answer| !well(*answer));
    broken.extend(bad.map(|(_, (what, status))| format!("{what} answered {status}")));
    broken.extend(way.broken_promises());
    let mails = way.world.mails(&user);
    Ok(Cell { call, fault, answered, state_at_once, state_with_fault, said, stuck, loud, end, mails, broken })
}

impl Way {
    /// The fault strikes from now on.
    async fn begin(&self, call: Call, fault: Fault) {
        let script = |what: What, on: On, after: u32, times: Times| {
            let fault = fault::Fault { on, what, after, times };
            match call.host() {
                Host::Shop => self.world.shop.lock().faults.push(fault),
                Host::Erp => self.world.erp.lock().faults.push(fault),
            }
        };
        let times = if fault == Fault::UnauthorizedOnce { Times::Count(1) } else { Times::Always };
        let closing = |on, after| script(What::LastBeforeClosing, on, after, Times::Count(1));
        match (fault.played(call, self.world.now()), call.closes()) {
            (Some(what), _) => script(what, On::call(call.kind()), 0, times),
            (None, Closes::With(before, after)) => closing(On::call(before), after),
            (None, Closes::WithPartiesRead) => closing(On::method(Method::GET).at("/C-"), 1),
            (None, Closes::Before) => match call.host() {
                Host::Shop => self.world.shop.close().await,
                Host::Erp => self.world.erp.close().await,
            },
        }
    }

    /// The fault is mended. A fault that never struck would prove nothing.
    async fn end_fault(&self, fault: Fault, call: Call) -> Vec<String> {
        self.world.shop.open().await;
        self.world.erp.open().await;
        let (mut shop, mut erp) = (self.world.shop.lock(), self.world.erp.lock());
        shop.faults.clear();
        erp.faults.clear();
        let closed_before = fault == Fault::Refused && call.closes() == Closes::Before;
        let struck = closed_before || shop.faults.struck() + erp.faults.struck() > 0;
        if struck { Vec::new() } else { vec!["the fault never struck".to_owned()] }
    }

    async fn run(&mut self, run: Run) -> Result<()> {
        match run {
            Run::Tick => self.tick().await,
            Run::Decision => self.decide().await,
        }
    }

    async fn tick(&mut self) -> Result<()> {
        let tick = self.world.call(Method::POST, "/fetch-new-users", Some(TICK), "");
        let reply = patiently(&self.world, tick).await?;
        self.answers.push(("the tick", reply.status));
        self.report = reply.json;
        Ok(())
    }

    async fn decide(&mut self) -> Result<()> {
        let reply: Reply = patiently(&self.world, self.world.decide(&self.user, Decision::Approve)).await?;
        self.answers.push(("the webhook", reply.status));
        Ok(())
    }

    async fn state(&self) -> Result<String> {
        self.world.state_of(&self.user).await
    }

    /// What a person reads about it: the reason, else the tick's first problem, else the last line of the timeline.
    async fn said(&self) -> Result<String> {
        let status = self.world.status(&self.user).await?;
        let lines = status["timeline"].as_array().cloned().unwrap_or_default();
        let last = lines.last().and_then(|line| line["event"].as_str());
        let said = status["reason"].as_str().or(self.report["problems"][0].as_str()).or(last);
        let said = said.unwrap_or_default();
        let shop = self.world.shop.address().to_string();
        let erp = self.world.erp.address().to_string();
        Ok(said.replace(&shop, "shop.example").replace(&erp, "erp.example"))
    }

    /// Ticks until the run is done. Who is stuck is helped by a person; returns why.
    async fn go_on(&mut self, run: Run) -> Result<Option<String>> {
        let done = done(run);
        let mut stuck = None;
        for _ in 0..TICKS_AFTER {
            match self.state().await? {
                state if state == done => break,
                state if state == "stuck" && stuck.is_none() => {
                    stuck = Some(self.said().await?);
                    self.help(run).await?;
                }
                _ => {}
            }
            self.world.pass(AFTER);
            self.tick().await?;
        }
        Ok(stuck)
    }

    /// What a person can do about a registration that is stuck: the applicant changes a field, or the ERP decides again.
    async fn help(&mut self, run: Run) -> Result<()> {
        match run {
            Run::Tick => {
                let changed = json!({"phone": "+31 30 0000000"}).as_object().cloned().unwrap_or_default();
                let now = self.world.now();
                self.world.shop.lock().edit_user(&self.user, &changed, now);
                Ok(())
            }
            Run::Decision => self.decide().await,
        }
    }

    /// What must hold whatever goes wrong.
    fn broken_promises(&self) -> Vec<String> {
        let (shop, erp) = (self.world.shop.lock(), self.world.erp.lock());
        let mails = shop.mails_to(&self.user).count();
        let created = erp.received_of("registration.created").count();
        let customers = shop.user(&self.user).map_or(0, |user| user.authorised_customers.len());
        let active = shop.user(&self.user).is_some_and(|user| user.active);
        let overwrites = shop.writes().iter().filter(|write| write.overwrites()).count();
        let mut broken = erp.violations().to_vec();
        for (kept, promise) in [
            (active, "the user is not active".to_owned()),
            (mails == 1, format!("{mails} mails")),
            (created == 1, format!("announced {created} times")),
            (customers == 1, format!("linked to {customers} customers")),
            (overwrites == 0, format!("{overwrites} overwritten")),
            (shop.lock_outs().is_empty(), "locked out".to_owned()),
        ] {
            if !kept {
                broken.push(promise);
            }
        }
        broken
    }
}

/// What comes of a request. Whenever one of the calls behind it hangs, time passes until it is given up.
async fn patiently<T>(world: &World, request: impl Future<Output = T>) -> T {
    let reply = tokio::select! {
        reply = request => reply,
        never = let_time_pass(world) => match never {},
    };
    given_up(world).await;
    reply
}

async fn let_time_pass(world: &World) -> Infallible {
    loop {
        tokio::select! {
            () = world.shop.until_a_call_hangs() => {}
            () = world.erp.until_a_call_hangs() => {}
        }
        world.pass(BEYOND_THE_CALL_LIMIT);
        // A component that has set its alarm only now has not been woken: then time passes again.
        let _ = tokio::time::timeout(Duration::from_millis(200), given_up(world)).await;
    }
}

async fn given_up(world: &World) {
    world.shop.until_no_call_hangs().await;
    world.erp.until_no_call_hangs().await;
}

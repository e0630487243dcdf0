//! Everything that one run has: the shop, the ERP, the database, time, chance, and what was done by whom.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use chrono::Utc;
use chrono_tz::Tz;
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use rusqlite::Connection;
use sandbox::{Erp, Shop, erp};
use shared::{
    shop::HeldToken,
    sql::{SqlError, Value},
};

use crate::{
    calls::Calls,
    clock::Clock,
    database, erasure,
    facts::Facts,
    history::History,
    mutation::Mutation,
    plan::{KNOWN, Plan},
    trace::Trace,
    weather::Weather,
};

/// Both sides' signing key.
pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";

/// The world of one run.
pub struct World {
    /// What the seed has in store.
    pub plan: Plan,
    /// The mistake that is tried, if one is.
    pub mutation: Option<Mutation>,
    /// The application's clock and the true time.
    pub clock: Clock,
    /// The shop.
    pub shop: RefCell<Shop>,
    /// The ERP.
    pub erp: RefCell<Erp>,
    /// Every call of the application.
    pub calls: Calls,
    /// What people and clerks did.
    pub facts: Facts,
    /// What the ledger held when.
    pub history: History,
    /// Whether faults have ended.
    pub calm: Cell<bool>,
    /// Whether all is done, and nobody begins anything any more.
    pub over: Cell<bool>,
    lines: Trace,
    rng: RefCell<Xoshiro256PlusPlus>,
    /// Whether the ledger is not there.
    pub down: Cell<bool>,
    /// Counts how often everything that was running has ended at once.
    era: Cell<u64>,
    connection: RefCell<Connection>,
    token: RefCell<HeldToken>,
    processes: Cell<u64>,
    effects: Cell<u64>,
    doom: Option<u64>,
    prepared: Cell<bool>,
}

impl World {
    /// The world at the beginning of a run. With a `doom`, the process dies that is at the so-manieth effect.
    pub fn new(plan: Plan, mutation: Option<Mutation>, doom: Option<u64>, lines: Trace) -> Rc<Self> {
        let secrets = erp::Secrets { incoming: SECRET.to_owned(), outgoing: SECRET.to_owned() };
        let mut shop = Shop::new(plan.seed);
        shop.behaviour = plan.behaviour.clone();
        let policy = if plan.erp_answers { erp::Policy::Mixed(plan.seed) } else { erp::Policy::Manual };
        let mut erp = Erp::new(0, secrets, policy).expect("the key is base64");
        erp.decide_in_answer = true;
        erp.known_customers = KNOWN.map(str::to_owned).into();
        Rc::new(Self {
            clock: Clock::starting(plan.start),
            shop: RefCell::new(shop),
            erp: RefCell::new(erp),
            calls: Calls::default(),
            facts: Facts::default(),
            history: History::default(),
            calm: Cell::default(),
            over: Cell::default(),
            lines,
            rng: RefCell::new(Xoshiro256PlusPlus::seed_from_u64(plan.seed ^ 0x5eed)),
            down: Cell::default(),
            era: Cell::default(),
            connection: RefCell::new(database::new()),
            token: RefCell::default(),
            processes: Cell::default(),
            effects: Cell::default(),
            doom,
            prepared: Cell::default(),
            mutation,
            plan,
        })
    }

    /// The faults of this moment.
    pub fn weather(&self) -> Weather {
        if self.calm.get() { Weather::CALM } else { self.plan.weather }
    }

    /// Whether it happens this time.
    pub fn chance(&self, chance: f64) -> bool {
        chance > 0.0 && self.rng.borrow_mut().random_bool(chance)
    }

    /// A number below `end`, or 0.
    pub fn up_to(&self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.rng.borrow_mut().random_range(0..end) }
    }

    /// Any number.
    pub fn number(&self) -> u64 {
        self.rng.borrow_mut().random()
    }

    /// Waits for some milliseconds below `end`.
    pub async fn wait_up_to(&self, end: u64) {
        let millis = self.up_to(end);
        if millis > 0 {
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
    }

    /// Whether the process that has just had an effect dies of it.
    pub fn strikes(&self) -> bool {
        if self.over.get() {
            return false;
        }
        self.effects.set(self.effects.get() + 1);
        self.doom == Some(self.effects.get()) || self.chance(self.weather().crash)
    }

    /// How many effects there have been.
    pub fn effects(&self) -> u64 {
        self.effects.get()
    }

    /// The number of a new process.
    pub fn next_process(&self) -> u64 {
        self.processes.set(self.processes.get() + 1);
        self.processes.get()
    }

    /// The token that instances hold.
    pub fn token(&self) -> HeldToken {
        self.token.borrow().clone()
    }

    /// An instance has died, and its memory with it.
    pub fn forget_token(&self) {
        self.token.take();
    }

    /// The zone of the shop's stamps.
    pub fn zone(&self) -> Tz {
        self.plan.behaviour.zone
    }

    /// The time on the shop's and the ERP's own clocks.
    pub fn elsewhere(&self) -> chrono::DateTime<Utc> {
        self.clock.right() + self.plan.skew
    }

    /// Adds a line to the trace.
    pub fn trace(&self, who: &str, what: impl FnOnce() -> String) {
        self.lines.line(&self.clock, who, what);
    }

    /// The trace so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lines()
    }

    /// Runs a statement, at once and without fault.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn query(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        database::query(&self.connection.borrow(), statement, parameters)
            .map_err(|error| SqlError(error.to_string()))
    }

    /// Runs statements of the run's own.
    pub fn execute(&self, statements: &str) {
        self.connection.borrow().execute_batch(statements).expect("the run's own statements are right");
    }

    /// The ledger as it is now.
    pub fn copy_of_ledger(&self) -> Connection {
        let mut copy = database::new();
        database::copy(&self.connection.borrow(), &mut copy);
        copy
    }

    /// Puts a copy in the ledger's place. What the judge remembers stays.
    pub fn put_ledger(&self, copy: &Connection) {
        database::copy(copy, &mut self.connection.borrow_mut());
    }

    /// Everything that runs ends at once.
    pub fn end_all_processes(&self) {
        self.era.set(self.era.get() + 1);
        self.forget_token();
    }

    /// The era that it is.
    pub fn era(&self) -> u64 {
        self.era.get()
    }

    /// Adds what the judge remembers and what the mutation changes to the ledger's tables, once they are there.
    pub fn prepare_ledger(&self) {
        if self.prepared.replace(true) {
            return;
        }
        self.execute(erasure::MEMORY);
        if let Some(mutation) = self.mutation {
            self.execute(mutation.schema());
        }
    }

    /// The application's clock jumps, when the plan says so.
    pub async fn jump_as_planned(self: Rc<Self>) {
        for &(at, by) in &self.plan.jumps {
            tokio::time::sleep_until(tokio::time::Instant::now() + at.saturating_sub(self.clock.truth()))
                .await;
            self.trace("clock", || format!("jumps by {} s", by.num_seconds()));
            self.clock.jump(by);
        }
    }

    /// Faults end, and the application's clock is set right.
    pub fn becalm(&self) {
        self.trace("world", || "is calm".to_owned());
        self.calm.set(true);
        self.clock.set_right();
    }

    /// The tick's lease fails.
    pub fn break_lease(&self) {
        // Before the first tick there is no such table, and no lease.
        let _ = self.query("DELETE FROM lease", vec![]);
    }
}

//! What a seed has in store: who registers, who decides what, which shop it is, and what goes wrong when.

mod draw;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use sandbox::{Generator, Registration, shop::behaviour::Behaviour};
use shared::decision::Remedy;

use crate::{facts::Deed, loss::Loss, weather::Weather};
use draw::{MINUTE, behaviour, corrections, jumps, outages, person, seconds};

/// The plan of a run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The seed that it was made from.
    pub seed: u64,
    /// When it begins.
    pub start: DateTime<Utc>,
    /// How far the shop's and the ERP's clocks are ahead of the truth.
    pub skew: TimeDelta,
    /// When the application's clock jumps, and how far.
    pub jumps: Vec<(Duration, TimeDelta)>,
    /// The shop's nature.
    pub behaviour: Behaviour,
    /// The faults.
    pub weather: Weather,
    /// When a whole side is down.
    pub outages: Vec<Outage>,
    /// The people.
    pub people: Vec<Person>,
    /// How long faults last. Afterwards all is calm, and everything has to come right.
    pub turmoil: Duration,
    /// How often the scheduler calls.
    pub every: Duration,
    /// The chance that two ticks are called at once.
    pub two_at_once: f64,
    /// How eagerly a clerk has things tried again.
    pub retries: f64,
    /// How eagerly a clerk has people erased.
    pub erasures: f64,
    /// Whether the tick's lease fails to keep the second one out: safety must not rest on it.
    pub lease_fails: bool,
    /// The settings that differ from run to run.
    pub page_limit: u32,
    /// `concurrency`.
    pub concurrency: u32,
    /// `overlap`.
    pub overlap: TimeDelta,
    /// `time_budget`.
    pub time_budget: Duration,
    /// `doubt_wait`.
    pub doubt_wait: TimeDelta,
    /// `retry_attempts`.
    pub retry_attempts: u32,
    /// `retry_for`.
    pub retry_for: TimeDelta,
    /// Whether a clerk has everything tried again that was given up, once all is calm.
    pub mends: bool,
    /// Whether the ledger is lost and comes back from a copy.
    pub loss: Option<Loss>,
    /// Whether the ERP decides at once, and answers an announcement with its decision.
    pub erp_answers: bool,
}

/// A time in which the shop or the ERP does not answer at all.
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    /// Whether it is the ERP's.
    pub of_erp: bool,
    /// From when.
    pub from: Duration,
    /// Until when.
    pub until: Duration,
}

/// Somebody who registers, and what will be done about it.
#[derive(Debug, Clone)]
pub struct Person {
    /// What is typed in.
    pub registration: Registration,
    /// When.
    pub registers: Duration,
    /// What is done in the shop by hand, so long after the registration.
    pub deeds: Vec<(Duration, Deed)>,
    /// How long the person takes to follow the mail's link, if ever.
    pub clicks: Option<Duration>,
    /// What is decided, one after the other.
    pub decisions: Vec<Planned>,
    /// What is put right, one after the other.
    pub corrections: Vec<Correction>,
}

/// Something to be put right, as soon as the registration is one that can be.
#[derive(Debug, Clone)]
pub struct Correction {
    /// How long after that.
    pub after: Duration,
    /// What.
    pub remedy: Remedy,
    /// The customer of another link.
    pub customer: String,
    /// Whether the others are removed.
    pub remove: bool,
}

/// A decision to come.
#[derive(Debug, Clone)]
pub struct Planned {
    /// How long after the announcement, or after the decision before it.
    pub after: Duration,
    /// Whether it is made without an announcement.
    pub unannounced: bool,
    /// Whether it names the revision that it looked at.
    pub names_revision: bool,
    /// How much earlier it says that it was made.
    pub backdated: TimeDelta,
    /// What it says.
    pub choice: Choice,
}

/// What can be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// This customer.
    Approve(Approve),
    /// No.
    Reject,
    /// The wish of an automation platform to link the user to a customer that exists.
    Wish {
        /// The customer.
        customer: String,
        /// Whether by mail.
        mail: bool,
    },
}

/// The flags of an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the message has them")]
pub struct Approve {
    /// The customer.
    pub customer: String,
    /// Whether the message has the addresses; else they come from the profile.
    pub addresses: bool,
    /// `existing`.
    pub existing: bool,
    /// `activate`.
    pub activate: bool,
    /// `mail`.
    pub mail: bool,
    /// `replace`.
    pub replace: bool,
    /// `overwrite`.
    pub overwrite: bool,
}

/// The customers that clerks have made in the shop before it all began.
pub const KNOWN: [&str; 2] = ["K-1", "K-2"];

/// Both changes of summer time in Amsterdam, and a day without one.
const STARTS: [&str; 3] = ["2026-03-29T00:20:00Z", "2026-10-25T00:20:00Z", "2026-06-02T09:15:00Z"];

impl Plan {
    /// The plan of a seed.
    ///
    /// # Panics
    /// Never: the moments it begins at are written here.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        let start = STARTS[rng.random_range(0..STARTS.len())];
        let summer = start == STARTS[2];
        let turmoil = seconds(rng, 30 * MINUTE..100 * MINUTE);
        let people = rng.random_range(1..=5);
        let mut generator = Generator::new(seed);
        let erp_answers = rng.random_bool(0.2);
        // In some worlds the registrations are all about one customer.
        let shared = if rng.random_bool(0.15) { 0.5 } else { 0.02 };
        let corrects = rng.random_bool(0.4);
        let two_at_once = if rng.random_bool(0.5) { rng.random_range(0.0..1.0) } else { 0.0 };
        Self {
            seed,
            start: start.parse().expect("the moments are written above"),
            skew: if rng.random_bool(0.3) {
                TimeDelta::seconds(rng.random_range(-200..200))
            } else {
                TimeDelta::zero()
            },
            jumps: jumps(rng, turmoil),
            behaviour: behaviour(rng),
            weather: Weather::of(rng),
            outages: outages(rng, turmoil),
            people: (0..people)
                .map(|number| {
                    let person = person(rng, &mut generator, number, (turmoil, shared));
                    let corrections = if corrects { corrections(rng) } else { Vec::new() };
                    let person = Person { corrections, ..person };
                    // The clerks leave most to an ERP that decides by itself.
                    if erp_answers && rng.random_bool(0.6) {
                        Person { decisions: Vec::new(), ..person }
                    } else {
                        person
                    }
                })
                .collect(),
            turmoil,
            every: seconds(rng, 2 * MINUTE..12 * MINUTE),
            two_at_once,
            retries: if rng.random_bool(0.4) { rng.random_range(0.0..0.6) } else { 0.0 },
            lease_fails: rng.random_bool(0.5),
            page_limit: rng.random_range(2..6),
            concurrency: rng.random_range(1..8),
            // At a change of summer time an hour comes twice, so there the overlap has to be longer than that.
            overlap: if summer { TimeDelta::seconds(rng.random_range(0..600)) } else { TimeDelta::hours(3) },
            time_budget: Duration::from_secs(rng.random_range(3..30)),
            doubt_wait: TimeDelta::seconds(rng.random_range(30..90)),
            retry_attempts: if rng.random_bool(0.35) { rng.random_range(2..=10) } else { 200 },
            retry_for: TimeDelta::seconds(if rng.random_bool(0.15) {
                rng.random_range(300..7200)
            } else {
                7 * 86_400
            }),
            mends: rng.random_bool(0.5),
            loss: None,
            erp_answers,
            erasures: if rng.random_bool(0.3) { rng.random_range(0.0..0.3) } else { 0.0 },
        }
    }

    /// The plan of a seed in which the ledger is lost in the middle of it. All clocks go right, and clerks decide: an ERP that only answers
    /// has nothing to repeat. Nobody is erased, since nobody would erase them again.
    #[must_use]
    pub fn with_loss(seed: u64, reconciled: bool) -> Self {
        let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed ^ 0x1055);
        let plan = Self::of(seed);
        let half = plan.turmoil.as_secs() / 2;
        let loss = Loss {
            copied: seconds(rng, 0..half),
            after: seconds(rng, 0..half),
            down: seconds(rng, 2 * MINUTE..10 * MINUTE),
            reconciled,
        };
        let mut generator = Generator::new(seed);
        let people = plan.people.len() as u64;
        let people = (0..people).map(|number| {
            person(rng, &mut generator, u32::try_from(number).unwrap_or_default(), (plan.turmoil, 0.02))
        });
        let people = people.collect();
        Self { loss: Some(loss), jumps: Vec::new(), erp_answers: false, erasures: 0.0, people, ..plan }
    }

    /// A plan without any fault or chance, for who wants to choose the faults: one person for each of the choices.
    ///
    /// # Panics
    /// Never: the moment it begins at is written here.
    #[must_use]
    pub fn quiet(choices: &[Choice]) -> Self {
        let mut generator = Generator::new(1);
        let people = choices.iter().map(|choice| Person {
            registration: generator.plain(),
            registers: Duration::ZERO,
            deeds: Vec::new(),
            clicks: Some(Duration::from_secs(30)),
            decisions: vec![Planned {
                after: Duration::from_secs(10),
                unannounced: false,
                names_revision: true,
                backdated: TimeDelta::zero(),
                choice: choice.clone(),
            }],
            corrections: Vec::new(),
        });
        Self {
            seed: 1,
            start: STARTS[2].parse().expect("the moments are written above"),
            skew: TimeDelta::zero(),
            jumps: Vec::new(),
            behaviour: Behaviour::default(),
            weather: Weather::CALM,
            outages: Vec::new(),
            people: people.collect(),
            turmoil: Duration::from_mins(1),
            every: Duration::from_secs(20),
            two_at_once: 0.0,
            retries: 0.0,
            erasures: 0.0,
            lease_fails: false,
            page_limit: 2,
            concurrency: 4,
            overlap: TimeDelta::hours(3),
            time_budget: Duration::from_secs(25),
            doubt_wait: TimeDelta::seconds(60),
            retry_attempts: 200,
            retry_for: TimeDelta::days(7),
            mends: false,
            loss: None,
            erp_answers: false,
        }
    }
}

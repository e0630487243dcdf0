//! How the parts of a plan are drawn.

use std::time::Duration;

use chrono::TimeDelta;
use rand::{RngExt, rngs::Xoshiro256PlusPlus, seq::IndexedRandom};
use sandbox::{
    Generator,
    shop::behaviour::{
        Behaviour, DateFilter, DirectActivation, InactiveFilter, Link, ListRows, MailTrigger, Order,
        ProfileEdit,
    },
};

use super::{Approve, Choice, Correction, KNOWN, Outage, Person, Planned};
use crate::facts::Deed;
use shared::decision::Remedy;

/// In seconds.
pub const MINUTE: u64 = 60;

pub fn seconds(rng: &mut Xoshiro256PlusPlus, range: std::ops::Range<u64>) -> Duration {
    Duration::from_secs(rng.random_range(range))
}

pub fn jumps(rng: &mut Xoshiro256PlusPlus, turmoil: Duration) -> Vec<(Duration, TimeDelta)> {
    if !rng.random_bool(0.2) {
        return Vec::new();
    }
    let mut jumps: Vec<_> = (0..rng.random_range(1..4))
        .map(|_| (seconds(rng, 0..turmoil.as_secs()), TimeDelta::seconds(rng.random_range(-3600..3600))))
        .collect();
    jumps.sort_by_key(|(at, _)| *at);
    jumps
}

pub fn outages(rng: &mut Xoshiro256PlusPlus, turmoil: Duration) -> Vec<Outage> {
    let count = if rng.random_bool(0.3) { rng.random_range(1..3) } else { 0 };
    (0..count)
        .map(|_| {
            let from = seconds(rng, 0..turmoil.as_secs());
            Outage { of_erp: rng.random_bool(0.5), from, until: from + seconds(rng, MINUTE..40 * MINUTE) }
        })
        .collect()
}

pub fn behaviour(rng: &mut Xoshiro256PlusPlus) -> Behaviour {
    let mut either = |chance: f64| rng.random_bool(chance);
    Behaviour {
        token_seconds: if either(0.3) { 45 } else { 300 },
        date_filter: if either(0.2) { DateFilter::DateOnly } else { DateFilter::WithTime },
        inactive: if either(0.2) { InactiveFilter::Too } else { InactiveFilter::Only },
        order: if either(0.5) { Order::NewestFirst } else { Order::OldestFirst },
        list_rows: if either(0.3) { ListRows::Short } else { ListRows::Full },
        link: if either(0.3) { Link::Extend } else { Link::Replace },
        mail: [MailTrigger::FirstWrite, MailTrigger::State, MailTrigger::Never]
            .choose(rng)
            .copied()
            .filter(|_| rng.random_bool(0.2))
            .unwrap_or(MailTrigger::EachWrite),
        direct: if rng.random_bool(0.1) { DirectActivation::Ignored } else { DirectActivation::Activates },
        registration_after: ["", "active", "new"].choose(rng).copied().unwrap_or_default().to_owned(),
        profile_edit: if rng.random_bool(0.5) { ProfileEdit::ProfileOnly } else { ProfileEdit::TouchesUser },
        ..Behaviour::default()
    }
}

pub fn person(
    rng: &mut Xoshiro256PlusPlus,
    generator: &mut Generator,
    number: u32,
    (turmoil, shared): (Duration, f64),
) -> Person {
    let mut deeds = Vec::new();
    let long = turmoil.as_secs();
    for (chance, deed) in [
        (0.15, Deed::Edits),
        (0.05, Deed::Activates),
        (0.05, Deed::Links(KNOWN[0].to_owned())),
        (0.03, Deed::Links(format!("C-{number}"))),
        (0.03, Deed::Deletes),
    ] {
        if rng.random_bool(chance) {
            deeds.push((seconds(rng, 0..long), deed));
        }
    }
    deeds.sort_by_key(|(after, _)| *after);
    let more = if rng.random_bool(0.3) { rng.random_range(1..3) } else { 0 };
    Person {
        registration: generator.registration(),
        registers: seconds(rng, 0..long * 2 / 3),
        deeds,
        clicks: rng.random_bool(0.8).then(|| seconds(rng, 0..30 * MINUTE)),
        corrections: Vec::new(),
        decisions: (0..=more).map(|_| planned(rng, number, shared)).collect(),
    }
}

pub fn corrections(rng: &mut Xoshiro256PlusPlus) -> Vec<Correction> {
    let remedies = [Remedy::ResendMail, Remedy::Relink, Remedy::Reopen, Remedy::Reopen];
    let drawn = (0..rng.random_range(0..4)).map(|_| Correction {
        after: seconds(rng, 0..15 * MINUTE),
        remedy: remedies.choose(rng).copied().unwrap_or(Remedy::Reopen),
        customer: KNOWN[rng.random_range(0..KNOWN.len())].to_owned(),
        remove: rng.random_bool(0.5),
    });
    drawn.collect()
}

fn planned(rng: &mut Xoshiro256PlusPlus, number: u32, shared: f64) -> Planned {
    Planned {
        after: seconds(rng, 0..20 * MINUTE),
        unannounced: rng.random_bool(0.1),
        names_revision: rng.random_bool(0.5),
        backdated: TimeDelta::seconds(if rng.random_bool(0.1) { rng.random_range(0..1200) } else { 0 }),
        choice: choice(rng, number, shared),
    }
}

fn choice(rng: &mut Xoshiro256PlusPlus, number: u32, shared: f64) -> Choice {
    let own = format!("C-{number}");
    let known = KNOWN[rng.random_range(0..KNOWN.len())].to_owned();
    let plain = Approve {
        customer: own,
        addresses: rng.random_bool(0.5),
        existing: false,
        activate: true,
        mail: true,
        replace: rng.random_bool(0.1),
        overwrite: rng.random_bool(0.05),
    };
    if rng.random_bool(shared) {
        return Choice::Approve(Approve { customer: "C-shared".to_owned(), ..plain });
    }
    match rng.random_range(0..100) {
        0..54 => Choice::Approve(plain),
        54..60 => Choice::Approve(Approve { mail: false, ..plain }),
        60..65 => Choice::Approve(Approve { activate: false, ..plain }),
        65..72 => Choice::Approve(Approve { customer: known, existing: true, ..plain }),
        72..76 => Choice::Approve(Approve { customer: known, ..plain }),
        76..80 => Choice::Approve(Approve { customer: "X-404".to_owned(), existing: true, ..plain }),
        80..84 => Choice::Approve(Approve { customer: format!("D-{number}"), ..plain }),
        84..90 => Choice::Wish { customer: known, mail: rng.random_bool(0.7) },
        _ => Choice::Reject,
    }
}

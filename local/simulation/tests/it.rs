//! The promises, tried over seeds and crash points; and the simulation itself, tried on mistakes that it must find.

use std::{
    ops::{ControlFlow, Range},
    time::Duration,
};

use simulation::{How, Mutation, Plan, backlog::work_off, crash, crash::Points, every_plan, run};

/// What each build tries. `onboarding simulate` tries as many as one wants.
const SEEDS: u64 = 2000;
/// The same for worlds in which the ledger is lost.
const LOSSES: u64 = 1000;

/// What is broken in which seed.
fn broken_among(seeds: Range<u64>, mutation: Option<Mutation>) -> Vec<String> {
    broken_in(seeds, Plan::of, mutation)
}

fn broken_in(
    seeds: Range<u64>,
    plan: impl Fn(u64) -> Plan + Sync,
    mutation: Option<Mutation>,
) -> Vec<String> {
    let mut broken = Vec::new();
    every_plan(seeds, plan, mutation, |seed, ended| {
        if !ended.broken.is_empty() {
            broken.push(format!("seed {seed}: {}", ended.broken.join("; ")));
        }
        ControlFlow::Continue(())
    });
    broken
}

#[test]
fn no_promise_is_broken_in_any_of_two_thousand_seeds() {
    let broken = broken_among(0..SEEDS, None);
    assert!(broken.is_empty(), "replay with `onboarding simulate --replay SEED`:\n{}", broken.join("\n"));
}

#[test]
fn no_promise_is_broken_when_the_ledger_is_lost_and_comes_back_from_a_copy() {
    let broken = broken_in(0..LOSSES, |seed| Plan::with_loss(seed, true), None);
    assert!(
        broken.is_empty(),
        "replay with `onboarding simulate --loss --replay SEED`:\n{}",
        broken.join("\n")
    );
}

#[test]
fn a_copy_that_is_only_put_back_breaks_promises() {
    let found = broken_in(0..200, |seed| Plan::with_loss(seed, false), None).len();
    println!("copied back as it is: found in {found} of 200 seeds");
    assert!(found > 0);
}

#[test]
fn each_known_mistake_is_found() {
    for mutation in Mutation::ALL {
        let found = broken_among(0..200, Some(mutation)).len();
        println!("{}: found in {found} of 200 seeds", mutation.name());
        assert!(found > 0, "{} was not found", mutation.name());
    }
}

#[test]
fn a_seed_always_does_the_same() {
    let traced = || run(Plan::of(25), How { traced: true, ..How::default() }).trace;
    let first = traced();
    assert!(first.len() > 100, "a run has something to tell");
    assert_eq!(first, traced());
}

#[test]
fn one_registration_survives_a_crash_at_any_effect() {
    every_point_holds(&crash::one_registration());
}

#[test]
fn a_page_of_three_survives_a_crash_at_any_effect() {
    every_point_holds(&crash::page_of_three());
}

#[test]
fn another_customer_survives_a_crash_at_any_effect() {
    every_point_holds(&crash::one_relinked());
}

#[test]
fn a_rejection_that_is_taken_back_survives_a_crash_at_any_effect() {
    every_point_holds(&crash::one_reopened());
}

#[test]
fn a_second_mail_survives_a_crash_at_any_effect_or_is_left_to_a_person() {
    let points = every_point_holds(&crash::one_mailed_again());
    assert!((1..5).contains(&points.in_doubt), "{points:?}");
}

fn every_point_holds(plan: &Plan) -> Points {
    let points = crash::every_point(plan);
    println!("{} crash points", points.tried);
    assert!(points.tried > 50, "only {} effects: the plan does not go the whole way", points.tried);
    assert!(points.broken.is_empty(), "{:#?}", points.broken);
    points
}

/// A call takes 50 ms, so two calls for each of 20,000 at 16 at once are more than a minute.
#[test]
fn a_backlog_is_worked_off_over_several_ticks_that_keep_to_their_budget() {
    let (budget, grace) = (Duration::from_secs(25), Duration::from_secs(2));
    let worked = work_off(20_000, budget);
    println!("{worked:?}");
    assert!(worked.ticks.len() > 2, "one tick cannot do it: {worked:?}");
    assert!(worked.ticks.iter().all(|tick| *tick <= budget + grace), "a tick overran: {worked:?}");
    assert_eq!((worked.announced, worked.repeated), (20_000, 0), "each exactly once");
}

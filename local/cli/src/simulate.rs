//! `onboarding simulate`: the whole logic in a simulated world that loses, doubles, delays and kills.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use clap::Args;
use simulation::{Ended, How, Mutation, Plan, crash, every_plan, run as play};

use crate::{
    command::Outcome,
    screen::{self, ASIDE, GOOD, Progress, WRONG},
};

/// After so many seeds that break a promise nobody needs another one.
const ENOUGH: usize = 10;

/// How often the progress is shown anew.
const SHOWN: Duration = Duration::from_millis(200);

/// Try the promises in simulated worlds, one for each seed.
///
/// A seed makes a shop, people, clerks and faults: what is lost, late, doubled, refused or killed. The real logic runs in it on a
/// real `SQLite`, and a judge who knows the whole truth compares what the shop, the ERP and the ledger hold with the promises. The
/// same seed always does the same.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onboarding simulate                          ten thousand seeds
  onboarding simulate --seeds 1000000          as many as you like
  onboarding simulate --replay 85              what happens in one of them, line by line
  onboarding simulate --mutation no-claim      in how many a known mistake is found
  onboarding simulate --loss                   the ledger is lost and comes back from a copy
  onboarding simulate --crash-points           a process dies at every effect in turn

Exit code 3 means that a promise was broken, or that a mistake was not found; the seed is printed.")]
pub struct Arguments {
    /// How many seeds to try.
    #[arg(long, value_name = "COUNT", default_value_t = 10_000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    from: u64,
    /// Try a mistake that has to be found. Its names are those of docs/guarantees.md; another name lists them.
    #[arg(long, value_name = "NAME")]
    mutation: Option<Mutation>,
    /// Play this one seed and print what happens.
    #[arg(long, value_name = "SEED", conflicts_with_all = ["seeds", "from", "crash_points"])]
    replay: Option<u64>,
    /// In each world the ledger is lost in the middle of it, and an older copy takes its place.
    #[arg(long, conflicts_with = "crash_points")]
    loss: bool,
    /// Instead of seeds: let the process die at every single effect of two quiet runs in turn.
    #[arg(long, conflicts_with_all = ["seeds", "from", "mutation"])]
    crash_points: bool,
}

/// Simulates, and says whether the promises hold.
pub fn run(arguments: &Arguments) -> Outcome {
    match (arguments.replay, arguments.crash_points) {
        (Some(seed), _) => replay(arguments, seed),
        (None, true) => crash_points(),
        (None, false) => search(arguments),
    }
}

fn plan(arguments: &Arguments, seed: u64) -> Plan {
    if arguments.loss { Plan::with_loss(seed, true) } else { Plan::of(seed) }
}

fn replay(arguments: &Arguments, seed: u64) -> Outcome {
    let how = How { mutation: arguments.mutation, traced: true, ..How::default() };
    let ended = play(plan(arguments, seed), how);
    for line in &ended.trace {
        screen::line(line);
    }
    report(seed, &ended);
    verdict(ended.broken.is_empty())
}

fn crash_points() -> Outcome {
    let mut whole = true;
    for (what, plan) in
        [("one registration", crash::one_registration()), ("a page of three", crash::page_of_three())]
    {
        let points = crash::every_point(&plan);
        screen::line(format_args!("{what}: {} crash points, {} broken", points.tried, points.broken.len()));
        for (point, broken) in &points.broken {
            screen::line(format_args!("  {WRONG}effect {point}{WRONG:#}: {}", broken.join("; ")));
        }
        whole &= points.broken.is_empty();
    }
    verdict(whole)
}

fn search(arguments: &Arguments) -> Outcome {
    let (progress, began) = (Progress::new(), Instant::now());
    let (mut tried, mut broken, mut effects, mut shown) = (0_u64, 0_usize, 0_u64, began);
    every_plan(
        arguments.from..arguments.from.saturating_add(arguments.seeds),
        |seed| plan(arguments, seed),
        arguments.mutation,
        |seed, ended| {
            tried += 1;
            effects += ended.effects;
            if !ended.broken.is_empty() {
                broken += 1;
                if arguments.mutation.is_none() {
                    progress.clear();
                    report(seed, ended);
                }
            }
            if shown.elapsed() > SHOWN {
                shown = Instant::now();
                let speed =
                    tried * 1000 / u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
                progress.show(&format!("{tried} of {} seeds, {speed} a second", arguments.seeds));
            }
            if arguments.mutation.is_none() && broken == ENOUGH {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    );
    progress.clear();
    let took = began.elapsed().as_secs_f64();
    let found =
        if arguments.mutation.is_some() { "the mistake is found in" } else { "a promise is broken in" };
    screen::line(format_args!("{tried} seeds, {effects} effects in {took:.1} s: {found} {broken}"));
    verdict(arguments.mutation.is_some() == (broken > 0))
}

fn report(seed: u64, ended: &Ended) {
    if ended.broken.is_empty() {
        screen::line(format_args!("{GOOD}seed {seed}{GOOD:#}: every promise holds"));
        return;
    }
    screen::line(format_args!("{WRONG}seed {seed}{WRONG:#}: {}", ended.broken.join("; ")));
    screen::line(format_args!("{ASIDE}replay it with: onboarding simulate --replay {seed}{ASIDE:#}"));
}

fn verdict(well: bool) -> Outcome {
    if well { Outcome::Well } else { Outcome::Wrong }
}

//! Many seeds at once, on all cores.

use std::{
    num::NonZero,
    ops::{ControlFlow, Range},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
};

use crate::{Ended, How, Mutation, Plan, run};

/// Runs the plan of every seed. `each` hears of every run, in the order in which they end, and may break off.
pub fn every_plan(
    seeds: Range<u64>,
    plan: impl Fn(u64) -> Plan + Sync,
    mutation: Option<Mutation>,
    mut each: impl FnMut(u64, &Ended) -> ControlFlow<()>,
) {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicU64::new(seeds.start);
    // A few results wait at most, so that whoever breaks off is heard soon.
    let (results, ended) = mpsc::sync_channel(cores);
    thread::scope(|scope| {
        for _ in 0..cores {
            let (results, next, plan) = (results.clone(), &next, &plan);
            scope.spawn(move || {
                let mine = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                for seed in mine.take_while(|seed| *seed < seeds.end) {
                    let ended = run(plan(seed), How { mutation, ..How::default() });
                    if results.send((seed, ended)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(results);
        for (seed, ended) in ended {
            if each(seed, &ended).is_break() {
                break;
            }
        }
    });
}

//! The last ticks, and what each has done.

use askama::Template;
use host::{Reply, Visit};
use http::{HeaderMap, StatusCode};
use shared::{
    access::Scope,
    runs::{self, Did, Tick},
};

use crate::{
    frame::Frame,
    page,
    when::{Clock, When},
    words::{RunsWords, Words},
};

#[derive(Template)]
#[template(path = "runs.html")]
struct Page<'a> {
    frame: &'a Frame,
    w: &'static Words,
    may_tick: bool,
    runs: Vec<Ran>,
}

/// A run, in words.
struct Ran {
    number: i64,
    began_at: When,
    took: String,
    tone: &'static str,
    result: &'static str,
    problems: Vec<String>,
    read: String,
    counts: Vec<(&'static str, u32)>,
}

pub async fn show(headers: &HeaderMap, visit: &Visit, frame: &Frame, clock: Clock) -> Reply {
    let ticks = runs::last(&visit.ledger).await.map_err(|error| host::unavailable(&error))?;
    let page = Page {
        frame,
        w: frame.w,
        may_tick: visit.has(Scope::Tick),
        runs: ticks.into_iter().map(|tick| Ran::of(tick, clock)).collect(),
    };
    Ok(page::page(headers, StatusCode::OK, &page))
}

impl Ran {
    fn of(tick: Tick, clock: Clock) -> Self {
        let words = &clock.w.runs;
        let took = took(tick.took().num_milliseconds(), clock.w);
        // What cannot be read was written by another version: that it ran is known.
        let did = tick.did.unwrap_or_default();
        let (tone, result) = match (&tick.problem, did.complete) {
            (Some(_), _) => ("bad", words.failed),
            (None, true) => ("good", words.complete),
            (None, false) => ("warn", words.incomplete),
        };
        let mut problems: Vec<_> = tick.problem.into_iter().collect();
        for problem in did.problems.iter().chain(&did.note) {
            if !problems.contains(problem) {
                problems.push(problem.clone());
            }
        }
        Self {
            number: tick.number,
            began_at: clock.show(tick.began_at),
            took,
            tone,
            result,
            problems,
            read: (words.pages)(did.pages, did.rows),
            counts: counts(&did, words),
        }
    }
}

/// What there was to count.
fn counts(did: &Did, words: &RunsWords) -> Vec<(&'static str, u32)> {
    let all = [
        (words.new, did.seen),
        (words.to_erp, did.announced),
        (words.would, did.would_announce),
        (words.decisions, did.approvals),
        (words.refused, did.refused),
        (words.active, did.active),
        (words.told, did.outcomes),
        (words.updated, did.updates),
        (words.alerts, did.alerts),
        (words.stuck, did.stuck),
        (words.again, did.postponed),
        (words.erased, did.erased),
        (words.given_up, did.untold),
        (words.unreadable, did.unreadable_rows),
        (words.drifted, did.drifted),
    ];
    all.into_iter().filter(|(_, count)| *count > 0).collect()
}

/// A time in seconds, with one decimal below ten.
fn took(millis: i64, w: &Words) -> String {
    let point = if w.code == "nl" { ',' } else { '.' };
    if millis < 10_000 {
        format!("{}{point}{} s", millis / 1000, millis % 1000 / 100)
    } else {
        format!("{} s", millis / 1000)
    }
}

//! The last ticks, and what each has done.

use askama::Template;
use host::{Reply, Visit};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};
use shared::{access::Scope, ledger::Run};

use crate::{
    frame::Frame,
    page,
    when::{Clock, When},
    words::Words,
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
    counts: Vec<(&'static str, i64)>,
}

pub async fn show(headers: &HeaderMap, visit: &Visit, frame: &Frame, clock: Clock) -> Reply {
    let runs = visit.ledger.last_runs().await.map_err(|error| host::unavailable(&error))?;
    let page = Page {
        frame,
        w: frame.w,
        may_tick: visit.has(Scope::Tick),
        runs: runs.into_iter().map(|run| Ran::of(run, clock)).collect(),
    };
    Ok(page::page(headers, StatusCode::OK, &page))
}

impl Ran {
    /// A run by its report, which an older version may have written: what is not there is not shown.
    fn of(run: Run, clock: Clock) -> Self {
        let words = &clock.w.runs;
        let report: Map<String, Value> = serde_json::from_str(&run.report).unwrap_or_default();
        let number = |field: &str| report.get(field).and_then(Value::as_i64).unwrap_or_default();
        let is = |field: &str| report.get(field).and_then(Value::as_bool).unwrap_or_default();
        let (tone, result) = match (&run.problem, is("complete")) {
            (Some(_), _) => ("bad", words.failed),
            (None, true) => ("good", words.complete),
            (None, false) => ("warn", words.incomplete),
        };
        let mut problems: Vec<_> = run.problem.into_iter().collect();
        for problem in report.get("problems").and_then(Value::as_array).into_iter().flatten() {
            let problem = problem.as_str().unwrap_or_default();
            if !problems.iter().any(|known| known == problem) {
                problems.push(problem.to_owned());
            }
        }
        problems.extend(report.get("note").and_then(Value::as_str).map(str::to_owned));
        let counts = report.keys().filter_map(|field| {
            let count = number(field);
            (clock.w.counted)(field).filter(|_| count > 0).map(|words| (words, count))
        });
        Self {
            number: run.number,
            began_at: clock.show(run.began_at),
            took: took((run.ended_at - run.began_at).num_milliseconds(), clock.w),
            tone,
            result,
            problems,
            read: (words.pages)(number("pages"), number("rows")),
            counts: counts.collect(),
        }
    }
}

/// A time in seconds, with one decimal below ten.
fn took(millis: i64, w: &Words) -> String {
    let point = if w.code == "nl" { ',' } else { '.' };
    if millis < 10_000 { format!("{}{point}{} s", millis / 1000, millis % 1000 / 100) } else { format!("{} s", millis / 1000) }
}

//! How everything is, at a glance.

use askama::Template;
use host::{Reply, Visit};
use http::{HeaderMap, StatusCode};
use shared::{
    ledger::State,
    search::{self, Query},
    settings::ConsoleSettings,
    watch::Snapshot,
};

use crate::{
    frame::Frame,
    list::Shown,
    page,
    when::{Clock, When},
    words::Words,
};

/// As many of those that were changed last are shown.
const LATEST: usize = 8;

#[derive(Template)]
#[template(path = "overview.html")]
struct Page<'a> {
    frame: &'a Frame,
    w: &'static Words,
    warnings: Vec<Warned>,
    last_run: Option<When>,
    is_empty: bool,
    steps: Vec<Step>,
    besides: Vec<Side>,
    days: String,
    durations: String,
    median: String,
    latest: Vec<Shown>,
}

/// Something that is wrong, in words.
struct Warned {
    tone: &'static str,
    what: String,
    to_do: String,
    since: Option<When>,
    words: Option<String>,
    link: Option<(&'static str, &'static str)>,
}

/// A step of the way.
struct Step {
    state: State,
    href: String,
    count: i64,
    waits: &'static str,
    /// Of a hundred, how many have come this far.
    reach: i64,
    reached_words: String,
}

/// A state beside the way.
struct Side {
    state: State,
    href: String,
    count: i64,
}

/// The way, in its order.
const WAY: [State; 5] = [State::Seen, State::Announced, State::Approved, State::Linked, State::Active];
const BESIDES: [State; 4] = [State::Stuck, State::Rejected, State::Gone, State::Erased];

pub async fn show(
    headers: &HeaderMap,
    visit: &Visit,
    settings: &ConsoleSettings,
    frame: &Frame,
    clock: Clock,
) -> Reply {
    let failed = |error| host::unavailable(&error);
    let w = frame.w;
    let snapshot = Snapshot::of(&visit.ledger, &settings.watch.origins, clock.now).await.map_err(failed)?;
    let query = Query { limit: LATEST, ..Query::read(None, clock.zone)? };
    let latest = search::page(&visit.ledger, &query).await.map_err(failed)?;
    let count = |state| snapshot.origins.values().map(|origin| origin.count(state)).sum::<i64>();
    let all: i64 = State::ALL.iter().map(|state| count(*state)).sum();
    let page = Page {
        frame,
        w,
        warnings: vec![],
        last_run: snapshot.last_run.as_ref().map(|run| clock.show(run.ended_at)),
        is_empty: all == 0,
        steps: steps(&WAY.map(count), w),
        besides: BESIDES.map(|state| Side { state, href: href(state), count: count(state) }).into(),
        days: String::new(),
        durations: String::new(),
        median: String::new(),
        latest: latest.rows.into_iter().map(|row| Shown::of(row, clock)).collect(),
    };
    Ok(page::page(headers, StatusCode::OK, &page))
}

fn href(state: State) -> String {
    format!("/console/registrations?state={state}")
}

/// The steps of the way, from how many are at each.
fn steps(counts: &[i64; 5], w: &Words) -> Vec<Step> {
    let all = counts.iter().sum::<i64>();
    let steps = WAY.into_iter().zip(0..).map(|(state, at): (State, usize)| {
        let reached = counts[at..].iter().sum();
        Step {
            state,
            href: href(state),
            count: counts[at],
            waits: (w.overview.waits_for)(state),
            reach: reached * 100 / all.max(1),
            reached_words: (w.overview.reached)(reached, all),
        }
    });
    steps.collect()
}

//! How everything is, at a glance.

use askama::Template;
use host::{Reply, Visit};
use http::{HeaderMap, StatusCode};
use shared::{
    ledger::State,
    overview::{Overview, Warning},
    search::{self, Query},
    settings::ConsoleSettings,
};

use crate::{
    chart,
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
    to_do: &'static str,
    since: Option<When>,
    /// In the words in which it was seen.
    seen: Vec<String>,
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
    let (w, failed) = (frame.w, |error| host::unavailable(&error));
    let overview = Overview::of(&visit.ledger, &settings.watch, clock.zone, clock.now).await;
    let overview = overview.map_err(failed)?;
    let query = Query { limit: LATEST, ..Query::read(None, clock.zone)? };
    let latest = search::page(&visit.ledger, &query).await.map_err(failed)?;
    let count = |state| overview.count(state);
    let median = overview.took.median.map(|median| (w.overview.median)(&(w.span)(median)));
    let page = Page {
        frame,
        w,
        is_empty: overview.total() == 0,
        steps: steps(&WAY.map(count), w),
        besides: BESIDES.map(|state| Side { state, href: href(state), count: count(state) }).into(),
        days: chart::days(&overview.days, w),
        durations: chart::durations(overview.took.buckets, w),
        median: median.unwrap_or_else(|| w.overview.none_yet.to_owned()),
        last_run: overview.last_tick.as_ref().map(|tick| clock.show(tick.ended_at)),
        warnings: overview.warnings.iter().map(|warning| Warned::of(warning, clock)).collect(),
        latest: latest.rows.into_iter().map(|row| Shown::of(row, clock)).collect(),
    };
    Ok(page::page(headers, StatusCode::OK, &page))
}

impl Warned {
    fn of(warning: &Warning, clock: Clock) -> Self {
        let (what, to_do) = (clock.w.warning)(warning);
        let words = &clock.w.overview;
        let (since, seen, link) = match warning {
            Warning::NoTick => (None, vec![], Some(("/console/runs", words.look_runs))),
            Warning::Ledger { at, problem } => (Some(*at), vec![problem.clone()], None),
            Warning::Down { since, problem, .. } => {
                let seen = problem.iter().cloned().collect();
                (Some(*since), seen, Some(("/console/runs", words.look_runs)))
            }
            Warning::NoScan { .. } | Warning::NotStarted { .. } | Warning::DryRun => {
                (None, vec![], Some(("/console/runs", words.look_runs)))
            }
            Warning::ScanStale { since, .. } | Warning::InboxWaits { since, .. } => {
                (Some(*since), vec![], Some(("/console/runs", words.look_runs)))
            }
            Warning::Stuck { groups, .. } => {
                let seen =
                    groups.iter().map(|group| format!("{} × {}", group.count, clock.w.said(&group.reason)));
                (None, seen.collect(), Some(("/console/registrations?state=stuck", words.look_stuck)))
            }
            Warning::Undecided { since, .. } => {
                let link = "/console/registrations?state=seen,announced&sort=-first_seen";
                (Some(*since), vec![], Some((link, words.look_undecided)))
            }
        };
        Self { tone: tone(warning), what, to_do, since: since.map(|at| clock.show(at)), seen, link }
    }
}

fn tone(warning: &Warning) -> &'static str {
    match warning {
        Warning::Ledger { .. } | Warning::Down { .. } | Warning::ScanStale { .. } | Warning::Stuck { .. } => {
            "bad"
        }
        Warning::NoTick
        | Warning::NoScan { .. }
        | Warning::Undecided { .. }
        | Warning::InboxWaits { .. }
        | Warning::NotStarted { .. }
        | Warning::DryRun => "warn",
    }
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

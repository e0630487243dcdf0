//! Charts, drawn on the server: each is a picture with a title, and a table with the same numbers.

use askama::Template;
use chrono::{Datelike as _, NaiveDate};

use shared::overview::Day;

use crate::words::Words;

const WIDTH: i64 = 640;
const HEIGHT: i64 = 190;
/// Where the bars stand: below are the days.
const BASE: i64 = 166;
/// Where the bars begin: to the left are the numbers.
const LEFT: i64 = 34;
/// The room above the highest bar.
const TOP: i64 = 10;

#[derive(Template)]
#[template(path = "days.svg", escape = "html")]
struct Days<'a> {
    w: &'a Words,
    width: i64,
    height: i64,
    base: i64,
    left: i64,
    summary: String,
    lines: Vec<Line>,
    bars: Vec<Bar>,
    table: Vec<(String, i64, i64)>,
}

struct Line {
    y: i64,
    label: i64,
}

/// Two bars beside one another.
struct Bar {
    x: i64,
    step: i64,
    half: i64,
    one: i64,
    two: i64,
    title: String,
    label: String,
    labelled: bool,
}

/// Registrations and activations per day.
pub fn days(days: &[Day], w: &Words) -> String {
    let most = days.iter().map(|day| day.registered.max(day.activated)).max().unwrap_or_default();
    let top = round_up(most);
    let height = |count: i64| count * (BASE - TOP) / top;
    let count = i64::try_from(days.len()).unwrap_or(1).max(1);
    let step = (WIDTH - LEFT) / count;
    let named = |date: NaiveDate| format!("{} {}", date.day(), w.months[date.month0() as usize]);
    let bars = days.iter().zip(0..).map(|(day, at)| Bar {
        x: LEFT + at * step,
        step,
        half: (step - 4) / 2,
        one: height(day.registered),
        two: height(day.activated),
        title: format!(
            "{}: {} {}, {} {}",
            named(day.date),
            day.registered,
            w.overview.registrations,
            day.activated,
            w.overview.activations
        ),
        label: named(day.date),
        // The last day is labelled, and each seventh before it.
        labelled: (count - 1 - at) % 7 == 0,
    });
    let sum = |what: fn(&Day) -> i64| days.iter().map(what).sum::<i64>();
    let chart = Days {
        w,
        width: WIDTH,
        height: HEIGHT,
        base: BASE,
        left: LEFT,
        summary: format!(
            "{}: {} {}, {} {}",
            w.overview.per_day,
            sum(|day| day.registered),
            w.overview.registrations,
            sum(|day| day.activated),
            w.overview.activations
        ),
        lines: [0, top / 2, top].map(|label| Line { y: BASE - height(label), label }).into(),
        bars: bars.collect(),
        table: days.iter().rev().map(|day| (named(day.date), day.registered, day.activated)).collect(),
    };
    drawn(&chart)
}

#[derive(Template)]
#[template(path = "durations.html")]
struct Durations<'a> {
    w: &'a Words,
    bars: Vec<Share>,
}

struct Share {
    label: &'static str,
    count: i64,
    width: i64,
}

/// How many took how long, by the buckets that the words name.
pub fn durations(counts: [i64; 6], w: &Words) -> String {
    let most = counts.into_iter().max().unwrap_or_default().max(1);
    let bars = w.overview.buckets.into_iter().zip(counts);
    let bars = bars.map(|(label, count)| Share { label, count, width: count * 100 / most });
    drawn(&Durations { w, bars: bars.collect() })
}

/// The next even number of the kind 2, 4, 6, 8, 10, 20, 40 ... that is not less.
fn round_up(most: i64) -> i64 {
    let mut unit = 1;
    loop {
        if let Some(fits) = [2, 4, 6, 8].into_iter().map(|part| part * unit).find(|part| *part >= most) {
            return fits;
        }
        unit *= 10;
    }
}

fn drawn(chart: &impl Template) -> String {
    // Writing into a String cannot fail.
    chart.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_a_round_number_that_has_a_half() {
        for (most, want) in [(0, 2), (1, 2), (3, 4), (7, 8), (9, 20), (12, 20), (41, 60), (99, 200)] {
            assert_eq!(round_up(most), want, "{most}");
        }
    }
}

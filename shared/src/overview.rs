//! How everything is, at a glance: how many are how far, how many come each day, how long it takes, and what a person has to look at.

mod took;
mod warning;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

pub use took::{BUCKETS, CLASSES, Took};
pub use warning::{How, Side, StuckGroup, Warning, warnings};

use crate::{
    ledger::{Ledger, State, Tallied, Tally},
    runs::{self, Tick},
    settings::WatchSettings,
    sql::{Sql, SqlError},
    time::midnight,
    watch::Snapshot,
};

/// So many days are shown.
const DAYS: u64 = 30;
/// As many of the registrations that are stuck are looked at to tell the reasons.
const REASONS: usize = 1000;

/// One day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Which, in the zone that was asked for.
    pub date: NaiveDate,
    /// Registrations that came.
    pub registered: i64,
    /// Users that could log in for the first time.
    pub activated: i64,
}

/// Everything at a glance.
#[derive(Debug, Clone)]
pub struct Overview {
    /// When.
    pub at: DateTime<Utc>,
    /// How many are how far, in the order of the way.
    pub states: Vec<(State, i64)>,
    /// The last thirty days, today last.
    pub days: Vec<Day>,
    /// How long those took that became active in these days.
    pub took: Took,
    /// What a person has to look at, the worst first.
    pub warnings: Vec<Warning>,
    /// The last tick.
    pub last_tick: Option<Tick>,
}

impl Overview {
    /// How everything is now, by the days of `zone`.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn of<S: Sql>(
        ledger: &Ledger<S>,
        limits: &WatchSettings,
        zone: Tz,
        now: DateTime<Utc>,
    ) -> Result<Self, SqlError> {
        let snapshot = Snapshot::of(ledger, &limits.origins, now).await?;
        let today = now.with_timezone(&zone).date_naive();
        let first = today.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(today);
        let tallies = ledger.tallies(midnight(first, zone)).await?;
        let ticks = runs::last(ledger).await?;
        let reasons = ledger.stuck_reasons(REASONS).await?;
        Ok(Self {
            at: now,
            states: states(&snapshot),
            days: days(&tallies, first, today, zone),
            took: Took::of(&tallies),
            warnings: warnings(&snapshot, limits, &ticks, &ledger.alerts().await?, &reasons),
            last_tick: ticks.into_iter().next(),
        })
    }

    /// How many are in a state.
    #[must_use]
    pub fn count(&self, state: State) -> i64 {
        self.states.iter().find(|(known, _)| *known == state).map_or(0, |(_, count)| *count)
    }

    /// How many there are in all.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.states.iter().map(|(_, count)| count).sum()
    }
}

fn states(snapshot: &Snapshot) -> Vec<(State, i64)> {
    let count = |state| snapshot.origins.values().map(|origin| origin.count(state)).sum();
    State::ALL.iter().map(|state| (*state, count(*state))).collect()
}

/// The days from the first to the last one, also those on which nothing was.
fn days(tallies: &[Tally], first: NaiveDate, last: NaiveDate, zone: Tz) -> Vec<Day> {
    let mut days: Vec<_> = first
        .iter_days()
        .take_while(|date| *date <= last)
        .map(|date| Day { date, registered: 0, activated: 0 })
        .collect();
    for tally in tallies {
        let date = tally.at.with_timezone(&zone).date_naive();
        // What a clock that is ahead has counted is shown when it comes.
        let Some(day) = days.iter_mut().find(|day| day.date == date) else { continue };
        match tally.what {
            Tallied::Registered => day.registered += tally.count,
            Tallied::Activated => day.activated += tally.count,
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_the_zone_also_when_its_clock_changes() {
        let tally = |at: &str, what| Tally { at: at.parse().unwrap(), what, took: 0, count: 1 };
        let tallies = [
            tally("2026-03-28T22:45:00Z", Tallied::Registered),
            tally("2026-03-28T23:00:00Z", Tallied::Registered),
            tally("2026-03-29T21:45:00Z", Tallied::Activated),
            tally("2026-03-29T22:00:00Z", Tallied::Activated),
            tally("2026-04-09T22:00:00Z", Tallied::Activated),
        ];
        let day = |date: &str| date.parse::<NaiveDate>().unwrap();
        let days = days(&tallies, day("2026-03-28"), day("2026-03-31"), Tz::Europe__Amsterdam);
        let counted: Vec<_> = days.iter().map(|day| (day.registered, day.activated)).collect();
        assert_eq!(counted, [(1, 0), (1, 1), (0, 1), (0, 0)]);
    }
}

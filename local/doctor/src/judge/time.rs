//! The shop's times, which name no zone: which one they may be in, and how much of a filter's value counts.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use shared::time::ShopTime;

use crate::{
    facts::{OriginFacts, a_second_later},
    finding::{Check, Finding},
    list::Row,
    probe::Probe,
};

/// The setting `shop_time_zone`.
pub const ZONE: Check = Check { id: "shop_time_zone", what: "zone of the shop's times" };
/// A time in `create_date__gte`.
pub const FILTER: Check = Check { id: "filter.created_time", what: "time in create_date__gte" };

/// How far clocks and a call on its way may be off.
const SLACK: TimeDelta = TimeDelta::minutes(2);
/// A registration that is newer than this tells the zone: another one would be off by an hour or more, or half of one.
const FRESH: TimeDelta = TimeDelta::minutes(25);

/// What the newest registration says about the zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zone {
    /// It fits the zone that is set, so long ago.
    Fits(TimeDelta),
    /// It would be in the future, by so much. These zones would do.
    Ahead(TimeDelta, Vec<Tz>),
    /// It is so old that it would fit other zones as well.
    Old(TimeDelta),
    /// Nobody has registered.
    Nobody,
}

/// Compares the newest registration with the shop's clock.
#[must_use]
pub fn zone(newest: Option<ShopTime>, shop_now: DateTime<Utc>, set: Tz) -> Zone {
    let Some(newest) = newest else { return Zone::Nobody };
    let age = |zone| ShopTime::at(shop_now, zone).since(newest);
    let ago = age(set);
    if ago < -SLACK {
        let fresh = |zone: &Tz| (-SLACK..=FRESH).contains(&age(*zone));
        return Zone::Ahead(-ago, TZ_VARIANTS.into_iter().filter(fresh).collect());
    }
    if ago <= FRESH { Zone::Fits(ago.max(TimeDelta::zero())) } else { Zone::Old(ago) }
}

/// How `create_date__gte` takes a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimePart {
    /// To the second, in the zone of the times that are shown.
    Counts,
    /// Earlier ones of the same day are listed as well.
    Coarse,
    /// Not even the one with exactly this time is found: it is taken for another moment.
    Shifted,
    /// It cannot be told, and why.
    Unknown(&'static str),
}

/// What asking for the newest registration by its own time brings, and asking for a second later.
#[must_use]
pub fn time_part(facts: &OriginFacts) -> TimePart {
    let Some((newest, key)) = &facts.newest else { return TimePart::Unknown("nobody has registered") };
    if facts.answers.page(Probe::NotYetCreated).is_some_and(|page| page.total() > 0) {
        return TimePart::Unknown("the filter does nothing");
    }
    let later = a_second_later(*newest);
    let (Some(since), Some(after)) =
        (facts.answers.page(Probe::Since(*newest)), facts.answers.page(Probe::Since(later)))
    else {
        return TimePart::Unknown("the call brought no list");
    };
    // Whoever registers meanwhile is later than both.
    let before = |row: &Row| row.created.is_some_and(|created| created < *newest) || row.key == *key;
    if !since.goes_on() && since.rows.iter().all(|row| row.key != *key) {
        TimePart::Shifted
    } else if after.rows.iter().any(before) {
        TimePart::Coarse
    } else {
        TimePart::Counts
    }
}

/// What it all means.
pub fn findings(facts: &OriginFacts, set: Tz) -> [Finding; 2] {
    let newest = facts.newest.as_ref().map(|(time, _)| *time);
    [of_zone(&zone(newest, facts.shop_now, set), set), of_filter(time_part(facts))]
}

fn of_zone(zone: &Zone, set: Tz) -> Finding {
    match zone {
        Zone::Fits(ago) => {
            Finding::ok(ZONE, format!("{set} fits: the newest registration is {} old", in_words(*ago)))
        }
        Zone::Ahead(by, zones) => {
            let found = format!("in {set} the newest registration would be {} in the future", in_words(*by));
            // Aliases and the zones of far islands only confuse, where the vendor's own are among them.
            let near = |name: &&str| name.starts_with("Europe/") || *name == "UTC";
            let all: Vec<_> = zones.iter().map(|zone| zone.name()).collect();
            let near: Vec<_> = all.iter().copied().filter(near).collect();
            let names = if near.is_empty() { all } else { near };
            let advice = if names.is_empty() {
                "register a test user and run this again at once: then the zone can be told".to_owned()
            } else {
                format!(
                    "set SPIN_VARIABLE_SHOP_TIME_ZONE to the one of these where the shop is: {}",
                    names.join(", ")
                )
            };
            Finding::wrong(ZONE, found, advice)
        }
        Zone::Old(ago) => {
            Finding::note(ZONE, format!("cannot be told: the newest registration is {} old", in_words(*ago)))
                .advising("register a test user and run this again within 20 minutes")
        }
        Zone::Nobody => Finding::note(ZONE, "cannot be told: nobody has registered")
            .advising("register a test user and run this again within 20 minutes"),
    }
}

fn of_filter(part: TimePart) -> Finding {
    match part {
        TimePart::Counts => {
            Finding::ok(FILTER, "counts to the second, in the zone of the times that are shown")
        }
        TimePart::Coarse => Finding::note(
            FILTER,
            "earlier ones are listed as well: only the date counts, or its zone is another one; a run reads a few rows more",
        ),
        TimePart::Shifted => Finding::warning(
            FILTER,
            "the newest registration is not found by its own time: filter values are in another zone than the times shown",
            "keep overlap at 3h or more: it covers the difference, and the second list has no date",
        ),
        TimePart::Unknown(why) => Finding::note(FILTER, format!("cannot be told: {why}")),
    }
}

/// A time in its two largest units.
fn in_words(time: TimeDelta) -> String {
    let (days, hours, minutes) = (time.num_days(), time.num_hours() % 24, time.num_minutes() % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{} s", time.num_seconds()),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_registration_tells_the_zone_while_it_is_fresh() {
        // In March, Amsterdam is an hour ahead of UTC.
        let now: DateTime<Utc> = "2026-03-02T09:15:00Z".parse().unwrap();
        let (amsterdam, utc) = (Tz::Europe__Amsterdam, Tz::UTC);
        for (newest, set, want, why) in [
            ("2026-03-02T10:11:00", amsterdam, Zone::Fits(TimeDelta::minutes(4)), "four minutes ago"),
            ("2026-03-02T10:16:00", amsterdam, Zone::Fits(TimeDelta::zero()), "clocks are off a little"),
            ("2026-03-02T09:11:00", utc, Zone::Fits(TimeDelta::minutes(4)), "the shop writes UTC"),
            ("2026-03-02T09:11:00", amsterdam, Zone::Old(TimeDelta::minutes(64)), "or it was an hour ago"),
            (
                "2026-02-02T09:11:00",
                amsterdam,
                Zone::Old(TimeDelta::minutes(64) + TimeDelta::days(28)),
                "long ago",
            ),
        ] {
            assert_eq!(zone(Some(newest.parse().unwrap()), now, set), want, "{why}");
        }
        let ahead = zone(Some("2026-03-02T10:11:00".parse().unwrap()), now, utc);
        let Zone::Ahead(by, zones) = ahead else { panic!("{ahead:?}") };
        assert_eq!(by, TimeDelta::minutes(56));
        assert!(zones.contains(&amsterdam) && !zones.contains(&utc) && !zones.contains(&Tz::Europe__London));
        assert_eq!(zone(None, now, utc), Zone::Nobody);
    }
}

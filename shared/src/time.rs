//! The shop's time stamps, which carry no zone.
//!
//! "New user registration without activation in CloudSuite" shows ISO 8601 with microseconds and without zone or offset. Which zone is
//! meant is not documented, so it is a setting, and a stamp is never turned into UTC: only the other direction has one answer.

use std::{fmt, str::FromStr};

use chrono::{
    DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Timelike, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A point in the shop's own, zone-less time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShopTime(NaiveDateTime);

/// When a day begins in a zone. Where the clock is put forward at midnight, it begins an hour later.
#[must_use]
pub fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN);
    let begins = |local| zone.from_local_datetime(&local).earliest();
    let begins = begins(local).or_else(|| begins(local.checked_add_signed(TimeDelta::hours(1))?));
    begins.map_or_else(|| local.and_utc(), |at| at.to_utc())
}

/// A text that is neither `2026-02-03T08:15:30.123456` nor `2026-02-03`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a time such as 2026-02-03T08:15:30 or a date such as 2026-02-03, without a zone")]
pub struct BadTime;

impl ShopTime {
    /// What the shop's clock shows at `moment`.
    #[must_use]
    pub fn at(moment: DateTime<Utc>, zone: Tz) -> Self {
        Self(moment.with_timezone(&zone).naive_local())
    }

    /// Its month, as `2026-03`.
    #[must_use]
    pub fn month(self) -> String {
        format!("{:04}-{:02}", self.0.year(), self.0.month())
    }

    /// As much earlier on the shop's clock.
    #[must_use]
    pub fn earlier(self, by: TimeDelta) -> Self {
        Self(self.0.checked_sub_signed(by).unwrap_or(NaiveDateTime::MIN))
    }

    /// How long after `other` this is on the shop's clock; negative if it is before.
    #[must_use]
    pub fn since(self, other: Self) -> TimeDelta {
        self.0.signed_duration_since(other.0)
    }

    /// As the shop's filters take it: whole seconds, rounded down.
    #[must_use]
    pub fn filter_value(self) -> impl fmt::Display {
        Self(self.0.with_nanosecond(0).unwrap_or(self.0))
    }
}

impl fmt::Display for ShopTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // chrono's `Debug` is ISO 8601 with a T, and a fraction where there is one; its format strings would cost 10 kB.
        fmt::Debug::fmt(&self.0, f)
    }
}

impl FromStr for ShopTime {
    type Err = BadTime;

    fn from_str(text: &str) -> Result<Self, BadTime> {
        text.parse::<NaiveDateTime>()
            .ok()
            .or_else(|| text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0))
            .map(Self)
            .ok_or(BadTime)
    }
}

impl TryFrom<String> for ShopTime {
    type Error = BadTime;

    fn try_from(text: String) -> Result<Self, BadTime> {
        text.parse()
    }
}

impl From<ShopTime> for String {
    fn from(time: ShopTime) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_shops_clock_jumps_at_both_changes_of_summer_time() {
        for (moment, want) in [
            ("2026-03-29T00:59:59Z", "2026-03-29T01:59:59"),
            ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00"),
            ("2026-10-25T00:59:59Z", "2026-10-25T02:59:59"),
            ("2026-10-25T01:00:00Z", "2026-10-25T02:00:00"),
        ] {
            assert_eq!(ShopTime::at(utc(moment), Tz::Europe__Amsterdam).to_string(), want, "{moment}");
        }
    }

    #[test]
    fn a_time_with_a_zone_is_refused_rather_than_guessed() {
        for given in ["2026-02-03T08:15:30Z", "2026-02-03T08:15:30+01:00", "yesterday", ""] {
            assert_eq!(given.parse::<ShopTime>(), Err(BadTime), "{given}");
        }
    }

    fn survives(time: ShopTime) -> Result<(), TestCaseError> {
        prop_assert_eq!(time.to_string().parse(), Ok(time));
        prop_assert_eq!(serde_json::from_value(serde_json::to_value(time).unwrap()).ok(), Some(time));
        let second: ShopTime = time.filter_value().to_string().parse().unwrap();
        prop_assert!(
            second <= time && time < second.earlier(TimeDelta::seconds(-2)),
            "{} for {}",
            second,
            time
        );
        Ok(())
    }

    proptest! {
        #[test]
        fn a_time_survives_its_own_text(
            days in prop_oneof![-700_000_i32..2_900_000, -96_000_000_i32..95_000_000],
            second in 0_u32..86_400,
            nanos in prop_oneof![0_u32..1_000_000_000, (0_u32..1_000_000).prop_map(|micros| micros * 1000)],
        ) {
            let date = NaiveDate::from_epoch_days(days).unwrap();
            survives(ShopTime(date.and_time(chrono::NaiveTime::from_num_seconds_from_midnight_opt(second, nanos).unwrap())))?;
        }

        #[test]
        fn a_text_is_refused_or_is_a_time_that_survives(
            text in prop_oneof![
                "[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}(T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,12})?)?",
                "2026-(03-29|10-25)T0[0-3]:[0-5][0-9]:60(\\.[0-9]{1,9})?",
                ".{0,30}",
            ],
        ) {
            if let Ok(time) = text.parse() {
                survives(time)?;
            }
        }
    }
}

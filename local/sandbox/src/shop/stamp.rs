//! The shop's timestamps: zone-less, with microseconds, as in the examples of "New user registration without activation in
//! `CloudSuite`".

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use super::behaviour::DateFilter;

/// The shop stores microseconds.
pub fn stored(now: DateTime<Utc>) -> DateTime<Utc> {
    now.trunc_subsecs(6)
}

pub fn written(at: DateTime<Utc>, zone: Tz) -> Value {
    Value::String(at.with_timezone(&zone).naive_local().format("%Y-%m-%dT%H:%M:%S%.6f").to_string())
}

pub fn written_or_null(at: Option<DateTime<Utc>>, zone: Tz) -> Value {
    at.map_or(Value::Null, |at| written(at, zone))
}

/// A filter value: a date, a date-time in the shop's zone, or one with an offset. `None` if it is none of them.
pub fn filter(text: &str, zone: Tz, precision: DateFilter) -> Option<DateTime<Utc>> {
    let local = if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        instant.with_timezone(&zone).naive_local()
    } else if let Ok(date) = text.parse::<NaiveDate>() {
        date.and_time(NaiveTime::MIN)
    } else {
        text.replacen(' ', "T", 1).parse::<NaiveDateTime>().ok()?
    };
    let local = match precision {
        DateFilter::WithTime => local,
        DateFilter::DateOnly => local.date().and_time(NaiveTime::MIN),
    };
    Some(instant(local, zone))
}

/// A local time that comes twice means the first one; one that the clocks skip means an hour later.
fn instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    zone.from_local_datetime(&local)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest())
        .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

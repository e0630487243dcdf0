//! A moment, as a page shows it: in the shop's zone, until a script puts it into the reader's.

use std::fmt;

use askama::filters::HtmlSafe;
use chrono::{DateTime, Datelike as _, SecondsFormat, Timelike as _, Utc};
use chrono_tz::{OffsetName as _, Tz};

use crate::words::Words;

/// How a page shows moments.
#[derive(Clone, Copy)]
pub struct Clock {
    pub zone: Tz,
    pub now: DateTime<Utc>,
    pub w: &'static Words,
}

impl Clock {
    /// A moment as this page shows it.
    pub fn show(self, at: DateTime<Utc>) -> When {
        When { at, clock: self }
    }
}

/// A moment.
#[derive(Clone, Copy)]
pub struct When {
    at: DateTime<Utc>,
    clock: Clock,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Clock { zone, now, w } = self.clock;
        let local = self.at.with_timezone(&zone);
        let month = w.months[local.month0() as usize];
        let machine = self.at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let (day, year) = (local.day(), local.year());
        let (hour, minute, second) = (local.hour(), local.minute(), local.second());
        let exact = format!("{day} {month} {year} {hour:02}:{minute:02}:{second:02} {zone}");
        write!(f, r#"<time datetime="{machine}" title="{exact}">{day} {month}"#)?;
        if year != now.with_timezone(&zone).year() {
            write!(f, " {year}")?;
        }
        let name = local.offset().abbreviation().unwrap_or_default();
        write!(f, " {hour:02}:{minute:02} {name}</time>")
    }
}

// Numbers, names of months, and names of zones.
impl HtmlSafe for When {}

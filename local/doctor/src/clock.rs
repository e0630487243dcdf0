//! How far this machine's clock is from another's.

use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, header::DATE};

use crate::finding::{Check, Finding};

/// This machine's clock against the shop's.
pub const CLOCK: Check = Check { id: "clock", what: "clock, against the shop's" };

/// More than this should be put right: retries, claims and the watermark go by the clock.
const NOTABLE: TimeDelta = TimeDelta::seconds(30);
/// More than this is fatal: signed messages are refused by then.
const FATAL: TimeDelta = TimeDelta::minutes(5);

/// What the other side's clock said.
#[must_use]
pub fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let text = headers.get(DATE)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(text).ok().map(|date| date.to_utc())
}

/// The difference between our clock, at the moment of the answer, and the date that the answer carries.
#[must_use]
pub fn judge(ours: DateTime<Utc>, theirs: Option<DateTime<Utc>>) -> Finding {
    let Some(theirs) = theirs else {
        return Finding::note(CLOCK, "the shop's answers carry no date, so it cannot be told");
    };
    // The date has whole seconds, rounded down.
    let off = (ours - theirs - TimeDelta::milliseconds(500)).num_seconds();
    let direction = if off > 0 { "ahead" } else { "behind" };
    let found = format!("{} s {direction}", off.abs());
    let advice = "set this machine's clock by a time server (NTP), or ask the shop's host to";
    match TimeDelta::seconds(off.abs()) {
        difference if difference > FATAL => Finding::wrong(CLOCK, found, advice),
        difference if difference > NOTABLE => Finding::warning(CLOCK, found, advice),
        _ if off.abs() <= 1 => Finding::ok(CLOCK, "the same"),
        _ => Finding::ok(CLOCK, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Mark;

    #[test]
    fn half_a_minute_is_tolerated_and_five_minutes_are_not() {
        let ours: DateTime<Utc> = "2026-03-02T09:15:00Z".parse().unwrap();
        for (seconds, mark, words) in [
            (0, Mark::Ok, "the same"),
            (20, Mark::Ok, "behind"),
            (-20, Mark::Ok, "ahead"),
            (60, Mark::Warning, "60 s behind"),
            (-60, Mark::Warning, "59 s ahead"),
            (400, Mark::Wrong, "400 s behind"),
            (-400, Mark::Wrong, "399 s ahead"),
        ] {
            let finding = judge(ours, Some(ours + TimeDelta::seconds(seconds)));
            assert_eq!(finding.mark, mark, "{seconds}: {}", finding.found);
            assert!(finding.found.contains(words), "{seconds}: {}", finding.found);
        }
        assert_eq!(judge(ours, None).mark, Mark::Note);
    }
}

//! How everything is, in the text formats of Prometheus (0.0.4) and `OpenMetrics` (1.0.0).

use std::fmt::{self, Write as _};

use crate::{
    ledger::{OriginSnapshot, Run, State},
    watch::Snapshot,
};

/// The format of a scrape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Prometheus, text 0.0.4: what every collector reads.
    Prometheus,
    /// `OpenMetrics` 1.0.0, for those that ask for it.
    OpenMetrics,
}

impl Format {
    /// The format that the header `Accept` asks for.
    #[must_use]
    pub fn accepted(accept: &str) -> Self {
        let wanted = accept.split(',').any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let named =
                parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/openmetrics-text"));
            named && !parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        });
        if wanted { Self::OpenMetrics } else { Self::Prometheus }
    }

    /// The media type of it.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// What of a kind of number is told before its samples.
struct Family {
    /// Without the prefix of all names, and without the `_total` of a counter.
    name: &'static str,
    kind: Kind,
    help: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gauge,
    /// A gauge whose name ends with its unit.
    Seconds,
    Counter,
}

const PREFIX: &str = "cloudsuite_onboarding_";

/// The value of a label: only these three characters are written otherwise.
struct Label<'a>(&'a str);

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '\\' => f.write_str("\\\\"),
            '"' => f.write_str("\\\""),
            '\n' => f.write_str("\\n"),
            plain => f.write_char(plain),
        })
    }
}

struct Text {
    format: Format,
    text: String,
}

impl Text {
    /// Adds a family with its samples, each with its labels; nothing if there are none.
    fn add<'a>(
        &mut self,
        family: &Family,
        samples: impl IntoIterator<Item = (Vec<(&'static str, &'a str)>, f64)>,
    ) {
        let Family { name, kind, help } = family;
        let (type_name, total) = match (kind, self.format) {
            (Kind::Counter, Format::Prometheus) => ("counter", "_total"),
            (Kind::Counter, Format::OpenMetrics) => ("counter", ""),
            (Kind::Gauge | Kind::Seconds, _) => ("gauge", ""),
        };
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        // Writing into a String cannot fail.
        let _ = writeln!(self.text, "# TYPE {PREFIX}{name}{total} {type_name}");
        if *kind == Kind::Seconds && self.format == Format::OpenMetrics {
            let _ = writeln!(self.text, "# UNIT {PREFIX}{name} seconds");
        }
        let _ = writeln!(self.text, "# HELP {PREFIX}{name}{total} {help}");
        let suffix = if *kind == Kind::Counter { "_total" } else { "" };
        for (labels, value) in samples {
            let labels: Vec<_> =
                labels.iter().map(|(name, value)| format!("{name}=\"{}\"", Label(value))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(self.text, "{PREFIX}{name}{suffix}{labels} {value}");
        }
    }
}

/// A snapshot as text.
#[must_use]
pub fn text(snapshot: &Snapshot, format: Format) -> String {
    let mut text = Text { format, text: String::new() };
    let per_state = snapshot.origins.iter().flat_map(|(origin, known)| {
        let labels = move |state: State| vec![("origin", origin.as_str()), ("state", state.as_str())];
        State::ALL.iter().map(move |state| (labels(*state), float(known.count(*state))))
    });
    text.add(&REGISTRATIONS, per_state);

    let ages = |family: &Family, text: &mut Text, of: fn(&OriginSnapshot) -> Option<_>| {
        let samples = snapshot.origins.iter().filter_map(|(origin, known)| {
            let age = snapshot.age(of(known)?);
            Some((vec![("origin", origin.as_str())], float(age.num_seconds())))
        });
        text.add(family, samples);
    };
    ages(&SCAN_AGE, &mut text, |known| known.scanned_at);
    ages(&UNDECIDED_AGE, &mut text, OriginSnapshot::undecided_since);
    ages(&APPROVED_AGE, &mut text, OriginSnapshot::approved_since);
    let waiting = snapshot
        .origins
        .iter()
        .map(|(origin, known)| (vec![("origin", origin.as_str())], float(known.deliveries_waiting)));
    text.add(&DELIVERIES_WAITING, waiting);
    text.add(&INBOX_WAITING, [(vec![], float(snapshot.inbox.count))]);

    let last = snapshot.last_run.as_ref();
    text.add(&TICKS, [(vec![], last.map_or(0.0, |run| float(run.number)))]);
    let one = |of: fn(&Run) -> f64| last.map(|run| (vec![], of(run)));
    text.add(&LAST_TICK, one(|run| float(run.ended_at.timestamp())));
    text.add(&DURATION, one(|run| float((run.ended_at - run.began_at).num_milliseconds()) / 1000.0));
    text.add(&FAULTY, one(|run| f64::from(u8::from(run.problem.is_some()))));
    if format == Format::OpenMetrics {
        text.text.push_str("# EOF\n");
    }
    text.text
}

/// The formats know only floating point; counts and seconds stay far below 2^53, up to which it is exact.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn float(number: i64) -> f64 {
    number as f64
}

const REGISTRATIONS: Family =
    Family { name: "registrations", kind: Kind::Gauge, help: "Registrations in the ledger, by state." };
const SCAN_AGE: Family = Family {
    name: "scan_age_seconds",
    kind: Kind::Seconds,
    help: "Time since the last complete scan of the shop's lists began; absent before the first.",
};
const UNDECIDED_AGE: Family = Family {
    name: "oldest_undecided_age_seconds",
    kind: Kind::Seconds,
    help: "Time since the oldest registration without a decision was first seen.",
};
const APPROVED_AGE: Family = Family {
    name: "oldest_approved_age_seconds",
    kind: Kind::Seconds,
    help: "Time since the oldest approval whose user is not active yet.",
};
const DELIVERIES_WAITING: Family = Family {
    name: "deliveries_waiting",
    kind: Kind::Gauge,
    help: "Messages about registrations that the ERP has yet to accept.",
};
const INBOX_WAITING: Family = Family {
    name: "inbox_waiting",
    kind: Kind::Gauge,
    help: "Decisions that are stored and not applied yet.",
};
const TICKS: Family = Family { name: "ticks", kind: Kind::Counter, help: "Ticks that ended." };
const LAST_TICK: Family = Family {
    name: "last_tick_timestamp_seconds",
    kind: Kind::Seconds,
    help: "When the last tick ended, since 1970.",
};
const DURATION: Family =
    Family { name: "last_tick_duration_seconds", kind: Kind::Seconds, help: "How long the last tick took." };
const FAULTY: Family = Family {
    name: "last_tick_faulty",
    kind: Kind::Gauge,
    help: "1 if something went wrong in the last tick, else 0.",
};

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::ledger::{Group, Waiting};

    fn snapshot() -> Snapshot {
        let at = "2026-03-02T09:15:00Z".parse().unwrap();
        let origin = OriginSnapshot {
            groups: [(
                State::Announced,
                Group { count: 3, first_seen: at - TimeDelta::minutes(2), decided_at: None },
            )]
            .into(),
            scanned_at: Some(at - TimeDelta::seconds(61)),
            started: None,
            deliveries_waiting: 1,
        };
        let run = Run {
            number: 7,
            began_at: at - TimeDelta::milliseconds(1500),
            ended_at: at,
            report: "{}".to_owned(),
            problem: None,
        };
        let origins = [("A\"\\B".parse().unwrap(), origin)].into_iter().collect();
        Snapshot {
            at,
            origins,
            inbox: Waiting::default(),
            last_run: Some(run),
            last_bad_run: None,
            restored: None,
        }
    }

    #[test]
    fn a_snapshot_is_written_in_either_format() {
        insta::assert_snapshot!(text(&snapshot(), Format::OpenMetrics));
        let plain = text(&snapshot(), Format::Prometheus);
        assert!(plain.contains("# TYPE cloudsuite_onboarding_ticks_total counter\n"), "{plain}");
        assert!(plain.contains("\ncloudsuite_onboarding_ticks_total 7\n"), "{plain}");
        assert!(!plain.contains("# EOF") && !plain.contains("# UNIT"), "{plain}");
    }

    #[test]
    fn open_metrics_is_for_those_who_ask_for_it() {
        for (accept, want) in [
            (
                "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5",
                Format::OpenMetrics,
            ),
            ("text/plain, Application/OpenMetrics-Text", Format::OpenMetrics),
            ("application/openmetrics-text; q=0, */*", Format::Prometheus),
            ("*/*", Format::Prometheus),
            ("", Format::Prometheus),
        ] {
            assert_eq!(Format::accepted(accept), want, "{accept}");
        }
    }

    #[test]
    fn a_label_holds_any_text_on_one_line() {
        assert_eq!(Label("a\\b\"c\nd é").to_string(), "a\\\\b\\\"c\\nd é");
    }
}

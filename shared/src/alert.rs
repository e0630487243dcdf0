//! Calling a person: what is wrong now, what somebody was called about before, and which messages follow.
//!
//! A message is for people: its `text` is what Slack, Mattermost and a Teams workflow show. What a program wants to know stands under
//! `alert`; other fields at the top have meanings of their own there (`type` in Mattermost), so there are none.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

use crate::{
    brief::brief,
    key::OriginCode,
    ledger::{StuckOne, words},
};

/// Nobody is called about the same thing more often, but to say that it is over.
pub const QUIET: TimeDelta = TimeDelta::minutes(15);
/// The most registrations that one message lists.
const LISTED: usize = 10;

words! {
    /// What somebody is called about.
    Kind {
        /// Registrations that a person has to look at.
        Stuck = "stuck",
        /// An origin that has not been read completely for too long.
        ScanStale = "scan_stale",
        /// The shop refuses, or does not answer.
        Shop = "shop",
        /// The ERP does.
        Erp = "erp",
    }
}

/// What is wrong, or was: the kind of it, and the origin where it is about one (else empty).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Topic {
    /// The origin.
    pub origin: String,
    /// The [`Kind`], as a word.
    pub kind: String,
}

impl Topic {
    /// A topic.
    #[must_use]
    pub fn of(kind: Kind, origin: Option<&OriginCode>) -> Self {
        let origin = origin.map(ToString::to_string).unwrap_or_default();
        Self { origin, kind: kind.as_str().to_owned() }
    }
}

/// What somebody was told about a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Counts the messages about it.
    pub number: i64,
    /// Since when it is wrong; `None` once it is over.
    pub since: Option<DateTime<Utc>>,
    /// When the last message was made.
    pub told_at: DateTime<Utc>,
}

/// How a topic is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Now {
    /// All is well.
    Well,
    /// It was not looked at.
    Unknown,
    /// Wrong, in words of ours: what others say may be about a person, and nothing here tells whom.
    Wrong(String),
    /// Registrations are stuck: how many in all, and those that nobody was called about.
    Stuck(i64, Vec<StuckOne>),
}

/// A topic, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What it is about.
    pub kind: Kind,
    /// The origin, where it is about one.
    pub origin: Option<OriginCode>,
    /// How it is.
    pub now: Now,
}

/// A message that is to be sent, and what is known once it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// What it is about.
    pub topic: Topic,
    /// What somebody was told by then.
    pub now: Known,
    /// The message.
    pub body: String,
    /// The registrations that the message lists, with their reasons.
    pub listed: Vec<StuckOne>,
}

/// What a message says about its topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AlertChange"))]
#[serde(rename_all = "snake_case")]
enum Change {
    /// It is wrong since now.
    Began,
    /// Further registrations are stuck.
    More,
    /// It is well again.
    Over,
}

/// Which messages follow from how things are, what was told before, and the time.
#[must_use]
pub fn raise(conditions: &[Condition], known: &[(Topic, Known)], at: DateTime<Utc>) -> Vec<Raised> {
    let raised = conditions.iter().filter_map(|condition| {
        let topic = Topic::of(condition.kind, condition.origin.as_ref());
        let before = known.iter().find(|(told, _)| *told == topic).map(|(_, known)| known);
        let since = before.and_then(|known| known.since);
        // A clock that was set back does not silence anybody for longer.
        let quiet = before.is_some_and(|known| (known.told_at..known.told_at + QUIET).contains(&at));
        let change = match (&condition.now, since) {
            (Now::Unknown, _) | (Now::Well, None) | (Now::Wrong(_), Some(_)) => return None,
            (Now::Well, Some(_)) => Change::Over,
            (Now::Stuck(_, fresh), Some(_)) if fresh.is_empty() => return None,
            (_, _) if quiet => return None,
            (Now::Stuck(..), Some(_)) => Change::More,
            (Now::Wrong(_) | Now::Stuck(..), None) => Change::Began,
        };
        let now = Known {
            number: before.map_or(1, |known| known.number + 1),
            since: (change != Change::Over).then_some(since.unwrap_or(at)),
            told_at: at,
        };
        let body = condition.message(change, now.number, since.unwrap_or(at), at);
        Some(Raised { topic, now, body, listed: condition.listed().to_vec() })
    });
    raised.collect()
}

/// A message that calls somebody.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AlertMessage"))]
pub(crate) struct Message<'a> {
    /// The message for people, as chats show it.
    text: String,
    /// The same for programs.
    alert: Alert<'a>,
}

/// What somebody is called about, for programs.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub(crate) struct Alert<'a> {
    /// What it is about.
    #[cfg_attr(feature = "openapi", schemars(with = "Kind"))]
    kind: &'static str,
    /// The origin, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a OriginCode>,
    /// Whether it begins, goes on with more, or is over.
    change: Change,
    /// Kind, origin and number together name a message once.
    number: i64,
    /// Since when it is wrong, or was.
    #[cfg_attr(feature = "openapi", schemars(with = "DateTime<Utc>"))]
    since: String,
    /// When the message was made.
    #[cfg_attr(feature = "openapi", schemars(with = "DateTime<Utc>"))]
    at: String,
    /// How many registrations are stuck in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    stuck: Option<i64>,
    /// The first ten of those that nobody was called about yet.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    registrations: &'a [StuckOne],
}

impl Condition {
    fn message(&self, change: Change, number: i64, since: DateTime<Utc>, at: DateTime<Utc>) -> String {
        let stuck = match &self.now {
            Now::Stuck(count, _) => Some(*count),
            Now::Well | Now::Unknown | Now::Wrong(_) => None,
        };
        let stamp = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
        let alert = Alert {
            kind: self.kind.as_str(),
            origin: self.origin.as_ref(),
            change,
            number,
            since: stamp(since),
            at: stamp(at),
            stuck,
            registrations: self.listed(),
        };
        // A struct of texts and numbers always serialises.
        serde_json::to_string(&Message { text: plain(&self.text(&stamp(since))), alert }).unwrap_or_default()
    }

    /// The registrations that a message has room for.
    fn listed(&self) -> &[StuckOne] {
        match &self.now {
            Now::Stuck(_, fresh) => &fresh[..fresh.len().min(LISTED)],
            Now::Well | Now::Unknown | Now::Wrong(_) => &[],
        }
    }

    fn text(&self, since: &str) -> String {
        let origin = self.origin.as_ref().map(ToString::to_string).unwrap_or_default();
        match (&self.now, self.kind) {
            (Now::Stuck(count, fresh), _) => listed(*count, fresh),
            (Now::Wrong(words), _) => brief(words),
            (_, Kind::Stuck) => {
                format!("No registration is stuck any more, for the first time since {since}")
            }
            (_, Kind::ScanStale) => {
                format!("Origin {origin} is read completely again; it was not since {since}")
            }
            (_, Kind::Shop) => format!("The shop answers again; it did not since {since}"),
            (_, Kind::Erp) => format!("The ERP answers again; it did not since {since}"),
        }
    }
}

/// The first few of those that are stuck, each with its reason.
fn listed(count: i64, fresh: &[StuckOne]) -> String {
    let mut text = match fresh.len() {
        1 => "1 registration is stuck".to_owned(),
        some => format!("{some} registrations are stuck"),
    };
    // Writing into a String cannot fail.
    if i64::try_from(fresh.len()).is_ok_and(|fresh| fresh < count) {
        let _ = write!(text, ", {count} in all");
    }
    for StuckOne { origin, user_key, reason, .. } in fresh.iter().take(LISTED) {
        let _ = write!(text, "\n{origin} {user_key}: {}", brief(reason));
    }
    if let Some(more) = fresh.len().checked_sub(LISTED).filter(|more| *more > 0) {
        let _ = write!(text, "\nand {more} more");
    }
    text
}

/// Others' words in a chat must neither call everybody (`<!channel>`, `@all`) nor hide where a link leads.
fn plain(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›").replace('@', "＠")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        "2026-03-02T09:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
    }

    fn stuck(count: usize, fresh: usize) -> Now {
        let one = |number| StuckOne {
            origin: "SHOP".to_owned(),
            user_key: format!("u{number}"),
            reason: "the shop says <!channel>".to_owned(),
            version: 1,
        };
        Now::Stuck(i64::try_from(count).unwrap(), (0..fresh).map(one).collect())
    }

    fn condition(kind: Kind, now: Now) -> Condition {
        Condition { kind, origin: None, now }
    }

    /// Plays what is seen minute by minute, and says what is told when.
    fn told(seen: &[(i64, Now)], kind: Kind) -> Vec<(i64, Change)> {
        let mut known: Vec<(Topic, Known)> = Vec::new();
        let mut told = Vec::new();
        for (minute, now) in seen {
            for raised in raise(&[condition(kind, now.clone())], &known, at(*minute)) {
                let message: serde_json::Value = serde_json::from_str(&raised.body).unwrap();
                assert_eq!(message["alert"]["number"], raised.now.number);
                let change = match message["alert"]["change"].as_str() {
                    Some("began") => Change::Began,
                    Some("more") => Change::More,
                    _ => Change::Over,
                };
                told.push((*minute, change));
                known = vec![(raised.topic, raised.now)];
            }
        }
        told
    }

    #[test]
    fn one_message_when_it_begins_and_one_when_it_is_over() {
        let wrong = || Now::Wrong("the shop answered 503".to_owned());
        for (seen, want, why) in [
            (vec![(0, Now::Well), (5, Now::Well)], vec![], "all is well"),
            (
                vec![(0, wrong()), (5, wrong()), (60, wrong()), (65, Now::Well), (70, Now::Well)],
                vec![(0, Change::Began), (65, Change::Over)],
                "it lasts an hour",
            ),
            (
                vec![(0, wrong()), (5, Now::Unknown), (10, Now::Well)],
                vec![(0, Change::Began), (10, Change::Over)],
                "who was not asked is neither well nor ill",
            ),
            (
                vec![
                    (0, wrong()),
                    (5, Now::Well),
                    (10, wrong()),
                    (15, Now::Well),
                    (20, wrong()),
                    (30, wrong()),
                ],
                vec![(0, Change::Began), (5, Change::Over), (20, Change::Began)],
                "what comes and goes is not told each time",
            ),
        ] {
            assert_eq!(told(&seen, Kind::Shop), want, "{why}");
        }
    }

    #[test]
    fn five_hundred_that_become_stuck_at_once_are_one_message() {
        let seen = [
            (0, stuck(500, 500)),
            (5, stuck(500, 0)),
            (10, stuck(501, 1)),
            (15, stuck(502, 2)),
            (20, stuck(502, 0)),
            (25, Now::Well),
        ];
        assert_eq!(told(&seen, Kind::Stuck), [(0, Change::Began), (15, Change::More), (25, Change::Over)]);
    }

    #[test]
    fn a_message_is_short_plain_text_and_says_the_same_to_programs() {
        let condition = condition(Kind::Stuck, stuck(12, 12));
        let body = condition.message(Change::Began, 1, at(0), at(0));
        let message: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(message.as_object().unwrap().keys().collect::<Vec<_>>(), ["alert", "text"]);
        assert_eq!(message["alert"]["registrations"].as_array().unwrap().len(), LISTED);
        let text = message["text"].as_str().unwrap();
        assert!(
            text.starts_with("12 registrations are stuck\nSHOP u0: the shop says ‹!channel›\n"),
            "{text}"
        );
        assert!(text.ends_with("\nand 2 more"), "{text}");
    }
}

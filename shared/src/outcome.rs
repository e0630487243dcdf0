//! How it ended, as the ERP is told: linked, active, or waiting for a person.
//!
//! The message is made from the registration as it is stored, and stored in the same statement. So none is lost, and none tells of a
//! change that did not happen.

use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::{
    key::{CustomerKey, OriginCode, UserKey},
    ledger::{Entry, Happened, State, words},
    link::Mail,
};

words! {
    /// The type of a message about an outcome.
    Outcome {
        /// The user is linked, and has to follow the mail's link.
        Linked = "registration.linked",
        /// The user can log in.
        Activated = "registration.activated",
        /// A person has to look at it.
        Stuck = "registration.stuck",
        /// A decision or update that was taken in before cannot be followed.
        Refused = "decision.refused",
    }
}

/// Which outcomes the ERP is told: `all`, `none`, or their types, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcomes(pub Vec<Outcome>);

impl FromStr for Outcomes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self(Outcome::ALL.to_vec())),
            "none" => Ok(Self(Vec::new())),
            list => {
                let listed = list.split(',').map(|word| word.trim().parse());
                let expected = |_| format!("expected all, none, or some of {}", types());
                listed.collect::<Result<_, String>>().map(Self).map_err(expected)
            }
        }
    }
}

fn types() -> String {
    Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect::<Vec<_>>().join(", ")
}

/// A message about how it ended.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "OutcomeMessage"))]
pub(crate) struct Message<'a> {
    /// What has happened.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schemars(with = "Outcome"))]
    kind: &'static str,
    /// When it has happened.
    #[cfg_attr(feature = "openapi", schemars(with = "DateTime<Utc>"))]
    timestamp: String,
    /// The registration that it has happened to.
    data: Data<'a>,
}

/// A registration, by its keys, and how it ended.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "OutcomeData"))]
struct Data<'a> {
    /// The origin that the registration is in.
    origin: &'a OriginCode,
    /// The key of its user.
    user_key: &'a UserKey,
    /// The revision of what the applicant entered last.
    revision: u32,
    /// The decision that it follows from, if there is one.
    decision_id: Option<&'a str>,
    /// The customers of the last attempt to link.
    customer_keys: &'a [CustomerKey],
    /// What is known about the activation mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<Mail>,
    /// Why a person has to look at it, or why the decision cannot be followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// What the ERP is to be told of a change that is about to be stored, and the message. Nothing, if the ERP has neither heard of the
/// registration nor decided about it: then somebody else brought it here.
#[must_use]
pub(crate) fn of(entry: &Entry, now: DateTime<Utc>) -> Option<(Outcome, String)> {
    let event = entry.event.as_ref()?;
    let decision = event.about.as_deref().or(entry.decision.as_ref().map(|decision| decision.id.as_str()));
    let outcome = match (event.what, entry.state) {
        (Happened::Linked, State::Linked) => Outcome::Linked,
        (Happened::Linked | Happened::Active, State::Active) => Outcome::Activated,
        (Happened::Stuck, State::Stuck) => Outcome::Stuck,
        // A decision that was taken in and has nobody to be about.
        (Happened::Gone, State::Gone) if entry.decision.is_some() && !entry.is_linked() => Outcome::Refused,
        // One that was refused at once has been answered so.
        (Happened::Conflict | Happened::UpdateRefused, _) if event.about.is_some() => Outcome::Refused,
        _ => return None,
    };
    if entry.told == 0 && decision.is_none() {
        return None;
    }
    let link = entry.link.as_ref();
    let data = Data {
        origin: &entry.origin,
        user_key: &entry.user_key,
        revision: entry.revision,
        decision_id: decision,
        customer_keys: link.map_or(&[], |link| &link.customers),
        mail: link.map(|link| link.mail),
        reason: match outcome {
            Outcome::Linked | Outcome::Activated => None,
            Outcome::Stuck => entry.reason.as_deref(),
            Outcome::Refused => event.note.as_deref(),
        },
    };
    let timestamp = now.to_rfc3339_opts(SecondsFormat::Millis, true);
    // A struct of texts and numbers always serialises.
    let message = serde_json::to_string(&Message { kind: outcome.as_str(), timestamp, data });
    Some((outcome, message.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::DecisionRef;

    fn now() -> DateTime<Utc> {
        "2026-03-02T09:15:00Z".parse().unwrap()
    }

    fn told() -> Entry {
        let entry = Entry::seen("SHOP".parse().unwrap(), "u".parse().unwrap(), now());
        Entry { told: 1, revision: 1, ..entry }
    }

    fn kind(entry: &Entry) -> Option<Outcome> {
        of(entry, now()).map(|(kind, _)| kind)
    }

    #[test]
    fn what_was_brought_about_is_told_and_what_goes_on_is_not() {
        let linked = told().settled(State::Linked).telling(Happened::Linked, None);
        let both = told().settled(State::Active).telling(Happened::Linked, None);
        for (entry, want, why) in [
            (linked, Some(Outcome::Linked), "linked"),
            (both, Some(Outcome::Activated), "linked, and active already"),
            (told().active(), Some(Outcome::Activated), "active"),
            (told().stuck("why"), Some(Outcome::Stuck), "stuck"),
            (told().announced(), None, "announced"),
            (told().telling(Happened::Conflict, None), None, "answered with 409"),
            (told().telling(Happened::Conflict, None).about("m"), Some(Outcome::Refused), "refused later"),
            (told().stuck("why").announced(), None, "a stuck one that was delivered"),
        ] {
            assert_eq!(kind(&entry), want, "{why}");
        }
    }

    #[test]
    fn who_was_never_told_of_it_hears_nothing_unless_it_was_decided() {
        let unknown = Entry { told: 0, ..told() };
        assert_eq!(kind(&unknown.clone().active()), None);
        let decided = DecisionRef { id: "m".to_owned(), decided_at: now() };
        assert_eq!(kind(&Entry { decision: Some(decided), ..unknown }.active()), Some(Outcome::Activated));
    }

    #[test]
    fn a_decision_that_is_spent_is_named_all_the_same() {
        let (_, message) = of(&told().changed_since("m7"), now()).unwrap();
        insta::assert_snapshot!(message, @r#"{"type":"registration.stuck","timestamp":"2026-03-02T09:15:00.000Z","data":{"origin":"SHOP","user_key":"u","revision":1,"decision_id":"m7","customer_keys":[],"reason":"the applicant has changed the data since it was reviewed: review and decide again"}}"#);
    }

    #[test]
    fn the_setting_is_all_none_or_a_list() {
        for (text, want) in [
            ("all", Some(4)),
            ("none", Some(0)),
            ("registration.linked, registration.stuck", Some(2)),
            ("linked", None),
            ("", None),
            ("all,none", None),
        ] {
            assert_eq!(text.parse::<Outcomes>().ok().map(|wanted| wanted.0.len()), want, "{text}");
        }
    }
}

//! A decision that is sent to the address of its registration, by a caller with a token instead of a signature. It is the ERP's
//! message, of which the time and what the address says may be left out.

use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use http::StatusCode;
use serde_json::{Map, Value};

use super::{APPROVED, Decision, Event, REJECTED, value};
use crate::{
    key::{OriginCode, UserKey},
    ledger::Letter,
    print::print,
    problem::Problem,
};

/// The most characters of an `Idempotency-Key`.
const KEY_LIMIT: usize = 255;

/// The caller's own name for a request: what comes twice under one is one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl FromStr for IdempotencyKey {
    type Err = Problem;

    /// Reads the header, which may be in quotes.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let key = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        if (1..=KEY_LIMIT).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Self(key.to_owned()));
        }
        let detail = format!("expected 1 to {KEY_LIMIT} ASCII characters without blanks");
        Err(Problem::new(StatusCode::BAD_REQUEST, "malformed-header", detail).at("Idempotency-Key"))
    }
}

impl IdempotencyKey {
    /// The id of the event that `caller` has named so.
    pub(super) fn id(&self, caller: &str) -> String {
        format!("key_{}", print(&[caller.as_bytes(), self.0.as_bytes()]))
    }
}

/// Reads a decision that `caller` has sent to the address of a registration, and makes the event of it that the inbox keeps. Its id is
/// derived from the caller and the key, or from the caller and what was sent, so that the same is one event however often it comes.
///
/// # Errors
/// The problem, with the path of the field that is wrong.
pub fn read_addressed(
    body: &[u8],
    origin: &OriginCode,
    user_key: &UserKey,
    caller: &str,
    key: Option<&IdempotencyKey>,
    now: DateTime<Utc>,
) -> Result<(Letter, Decision), Problem> {
    let Value::Object(mut event) = value(body)? else {
        return Err(malformed("expected an object"));
    };
    // Sorted by keys and without blanks: how it was written does not make it another one.
    let sent = serde_json::to_string(&event).unwrap_or_default();
    let print_of = print(&[origin.as_str().as_bytes(), user_key.as_str().as_bytes(), sent.as_bytes()]);
    let id = match key {
        Some(key) => key.id(caller),
        None => format!("dec_{}", print(&[caller.as_bytes(), print_of.as_bytes()])),
    };
    if !matches!(event.get("type").and_then(Value::as_str), Some(APPROVED | REJECTED)) {
        return Err(malformed(format!("expected {APPROVED} or {REJECTED}")).at("type"));
    }
    event.entry("timestamp").or_insert_with(|| now.to_rfc3339_opts(SecondsFormat::Millis, true).into());
    if let Value::Object(data) = event.entry("data").or_insert_with(|| Map::new().into()) {
        for (name, ours) in [("origin", origin.as_str()), ("user_key", user_key.as_str())] {
            let given = data.entry(name).or_insert_with(|| ours.into());
            if given != ours {
                let detail = "is another one than in the address: leave it out, or mend one of them";
                return Err(malformed(detail).at(format!("data.{name}")));
            }
        }
    }
    let body = Value::Object(event).to_string();
    let Event::Decision(decision) = Event::read(body.as_bytes())? else {
        return Err(malformed("expected a decision").at("type"));
    };
    let about = Some((origin.clone(), user_key.clone()));
    Ok((Letter { id, print: print_of, actor: caller.to_owned(), body, about }, *decision))
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed-body", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Verdict;

    fn read(body: &str, caller: &str, key: Option<&str>) -> Result<(Letter, Decision), Problem> {
        let now = "2026-03-02T09:15:00Z".parse().unwrap();
        let key = key.map(|key| key.parse().unwrap());
        read_addressed(
            body.as_bytes(),
            &"SHOP".parse().unwrap(),
            &"u".parse().unwrap(),
            caller,
            key.as_ref(),
            now,
        )
    }

    #[test]
    fn what_the_address_says_and_the_time_may_be_left_out() {
        let (letter, decision) = read(r#"{"type":"registration.rejected"}"#, "anna", None).unwrap();
        assert_eq!((decision.origin.as_str(), decision.user_key.as_str()), ("SHOP", "u"));
        assert_eq!(decision.verdict, Verdict::Reject(None));
        assert_eq!(decision.decided_at.to_string(), "2026-03-02 09:15:00 UTC");
        assert_eq!(letter.actor, "anna");
        assert!(
            matches!(Event::read_kept(letter.body.as_bytes()), Ok(Event::Decision(kept)) if *kept == decision)
        );
    }

    #[test]
    fn one_caller_saying_the_same_or_using_one_key_makes_one_event() {
        let id = |body, caller, key| read(body, caller, key).unwrap().0.id;
        let plain = r#"{"type":"registration.rejected","data":{"reason":"x"}}"#;
        let spelt = r#"{ "data": {"reason": "\u0078"}, "type": "registration.rejected" }"#;
        let other = r#"{"type":"registration.rejected","data":{"reason":"y"}}"#;
        assert_eq!(id(plain, "anna", None), id(spelt, "anna", None));
        assert_ne!(id(plain, "anna", None), id(other, "anna", None));
        assert_ne!(id(plain, "anna", None), id(plain, "bert", None));
        assert_eq!(id(plain, "anna", Some("k-1")), id(other, "anna", Some("\"k-1\"")));
        assert_ne!(id(plain, "anna", Some("k-1")), id(plain, "anna", Some("k-2")));
        assert_ne!(id(plain, "anna", Some("k-1")), id(plain, "bert", Some("k-1")));
        let print = |body, key| read(body, "anna", key).unwrap().0.print;
        assert_ne!(print(plain, Some("k-1")), print(other, Some("k-1")), "so that the second is refused");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        for (body, want) in [
            ("[]", None),
            ("{", None),
            ("{}", Some("type")),
            (r#"{"type":"user.activate","data":{}}"#, Some("type")),
            (r#"{"type":"registration.rejected","data":{"origin":"OTHER"}}"#, Some("data.origin")),
            (r#"{"type":"registration.rejected","data":{"user_key":7}}"#, Some("data.user_key")),
            (r#"{"type":"registration.rejected","data":[]}"#, Some("data")),
            (r#"{"type":"registration.rejected","timestamp":"soon"}"#, Some("timestamp")),
            (r#"{"type":"customer.approved","data":{"customer":{}}}"#, Some("data.customer")),
        ] {
            let problem = read(body, "anna", None).unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.field()), (400, want), "{body}");
        }
        for key in ["", "\"\"", "a b", "é", &"x".repeat(256)] {
            assert_eq!(key.parse::<IdempotencyKey>().unwrap_err().field(), Some("Idempotency-Key"), "{key}");
        }
    }
}

//! What can go wrong with the shop, sorted by what the caller does about it.

use std::{num::IntErrorKind, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Response, StatusCode, header};
use serde_json::Value;

use crate::{brief::brief, fault::Fault, json, send::NoAnswer, settings::Slash};

/// The longest that a `Retry-After` is followed: nobody means to stop the other side for good.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// Why the shop did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShopError {
    /// Nothing came back. A write may have happened: read before repeating it.
    #[error("the shop gave {0}")]
    NoAnswer(#[from] NoAnswer),
    /// The end point's fault, whatever the record: stop asking it for a while.
    #[error("{fault}")]
    EndPoint {
        /// What happened.
        fault: Fault,
        /// How long the shop asks to wait, when it says so.
        retry_after: Option<Duration>,
    },
    /// The record's fault: the shop's own words about it. Repeating it changes nothing.
    #[error("{0}")]
    Refused(String),
    /// The record's fault as well: a 2xx whose body is not what was asked for.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
}

impl ShopError {
    /// Sorts an answer that is neither 2xx nor an expected 404. `what` names the call in words.
    pub(crate) fn of_answer(what: &str, answer: &Response<Bytes>, now: DateTime<Utc>) -> Self {
        let status = answer.status();
        match status {
            StatusCode::BAD_REQUEST
            | StatusCode::CONFLICT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY => Self::Refused(
                words(answer).unwrap_or_else(|| format!("{what} was refused with {status} and no reason")),
            ),
            _ => Self::EndPoint {
                fault: Fault::seen(format!("{what} answered {status}")).saying(words(answer)),
                retry_after: retry_after(answer.headers(), now),
            },
        }
    }

    /// A redirect, which is never followed: a write would lose its method or its body on the way.
    pub(crate) fn of_redirect(what: &str, asked: &str, location: &str, slash: Slash) -> Self {
        let target = location
            .split_once("://")
            .map_or(location, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
        let target = target.split('?').next().unwrap_or_default();
        let only_slash = target.trim_end_matches('/') == asked.trim_end_matches('/') && target != asked;
        let fault = if only_slash {
            let other = if target.ends_with('/') { "always" } else { "never" };
            Fault::seen(format!(
                "{what} was redirected to the same address {} a slash: set trailing_slash to {other} (it is {slash:?})",
                if target.ends_with('/') { "with" } else { "without" }
            ))
        } else {
            Fault::seen(format!("{what} was redirected, check cloudsuite_host")).saying(brief(location))
        };
        fault.into()
    }

    /// The end point's fault; `None` if it is the record's.
    #[must_use]
    pub fn of_end_point(&self) -> Option<Fault> {
        match self {
            Self::NoAnswer(no_answer) => Some(Fault::seen(format!("the shop gave {no_answer}"))),
            Self::EndPoint { fault, .. } => Some(fault.clone()),
            Self::Refused(_) | Self::Unreadable(_) => None,
        }
    }
}

/// One after which the shop does not say how long to wait.
impl From<Fault> for ShopError {
    fn from(fault: Fault) -> Self {
        Self::EndPoint { fault, retry_after: None }
    }
}

/// How long `Retry-After` asks to wait: seconds, or a date (RFC 9110, 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => u64::MAX,
        Err(_) => {
            let date = DateTime::parse_from_rfc2822(text).ok()?;
            u64::try_from((date.with_timezone(&Utc) - now).num_seconds()).ok()?
        }
    };
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

/// The other side's words in a JSON error: `detail`, or field errors as `street: This field is required.` An HTML page has none
/// that a person wants to read.
pub(crate) fn words(answer: &Response<Bytes>) -> Option<String> {
    let body = json::value(answer.body()).ok()?;
    let mut said = Vec::new();
    collect(&body, "", &mut said);
    (!said.is_empty()).then(|| brief(&said.join("; ")))
}

fn collect(value: &Value, name: &str, said: &mut Vec<String>) {
    match value {
        Value::String(text) if matches!(name, "" | "detail" | "non_field_errors" | "error_description") => {
            said.push(text.clone());
        }
        Value::String(text) => said.push(format!("{name}: {text}")),
        Value::Array(items) => items.iter().for_each(|item| collect(item, name, said)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| collect(value, name, said)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &'static str) -> Response<Bytes> {
        Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap()
    }

    #[test]
    fn an_answer_is_sorted_by_what_to_do_about_it() {
        for (status, body, want) in [
            (
                400,
                r#"{"street":["This field is required."],"zip":["Too long."]}"#,
                "street: This field is required.; zip: Too long.",
            ),
            (422, "<html>", "a call was refused with 422 Unprocessable Entity and no reason"),
            (403, r#"{"detail":"No permission."}"#, "a call answered 403 Forbidden: No permission."),
            (502, "<html>Bad gateway</html>", "a call answered 502 Bad Gateway"),
        ] {
            let error = ShopError::of_answer("a call", &answer(status, body), DateTime::UNIX_EPOCH);
            assert_eq!(error.to_string(), want);
            assert_eq!(matches!(error, ShopError::Refused(_)), matches!(status, 400 | 422), "{status}");
        }
    }

    #[test]
    fn a_redirect_that_differs_by_a_slash_names_the_setting() {
        let say = |location| {
            ShopError::of_redirect("the user list", "/api/user", location, Slash::Never).to_string()
        };
        assert!(say("https://shop.example/api/user/").contains("set trailing_slash to always"));
        assert!(say("/api/user/").contains("set trailing_slash to always"));
        assert!(say("/api/user/?limit=1").contains("set trailing_slash to always"));
        assert!(say("https://login.example/").contains("check cloudsuite_host"));
    }

    #[test]
    fn waiting_is_asked_for_in_seconds_or_until_a_date() {
        let now = "2026-03-02T09:15:00Z".parse().unwrap();
        let day = Some(86_400);
        for (given, want) in [
            ("120", Some(120)),
            ("Mon, 02 Mar 2026 09:16:00 GMT", Some(60)),
            ("Mon, 02 Mar 2026 09:14:00 GMT", None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", day),
            ("86401", day),
            (&"9".repeat(1 << 20), day),
            ("-1", None),
            ("", None),
            ("soon", None),
        ] {
            let headers = [(header::RETRY_AFTER, given.parse().unwrap())].into_iter().collect();
            assert_eq!(retry_after(&headers, now), want.map(Duration::from_secs), "{given:.40}");
        }
    }
}

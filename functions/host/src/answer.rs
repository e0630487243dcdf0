//! Answers as the functions give them: JSON, always.

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Map, Value};
use shared::{
    conditional::Tag,
    dry_run::{DryRun, LoggedCall, Would},
    inbox::Outcome,
    key::{OriginCode, UserKey},
    notice::Notice,
    problem::{MEDIA_TYPE, Problem},
    route,
    status::{Verdict, verdict},
    trace::{REQUEST_ID, RequestId},
};
use spin_sdk::http::{FullBody, Request};

use crate::packed::Packed;

const JSON: &str = "application/json";
/// When to come back if nothing better is known, in seconds: a ledger that is busy is free by then, and a shop that is down may be up.
const RETRY_AFTER: u64 = 30;

/// An answer of a function.
pub type Answer = Response<FullBody<Bytes>>;

/// A JSON answer.
#[must_use]
pub fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    of(status, JSON, serialised(body))
}

/// What an answer adds to the line that is logged about it.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Noted {
    /// What became of a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    /// What was done, in numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Map<String, Value>>,
    /// What a dry run would have sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    would: Vec<LoggedCall>,
}

/// The answer to a decision about a registration. One that is accepted but not carried out yet says where to look for it, and in a dry
/// run what carrying it out would have done.
///
/// # Errors
/// The problem, when the decision was not accepted.
pub fn outcome(
    outcome: &Outcome,
    about: Option<&(OriginCode, UserKey)>,
    dry: Option<&DryRun>,
) -> Result<Answer, Problem> {
    let (status, verdict) = verdict(outcome)?;
    let verdict = Verdict { would: dry.map(DryRun::would), ..verdict };
    let mut answer = match (status, about) {
        (StatusCode::ACCEPTED, Some((origin, user_key))) => accepted(origin, user_key, &verdict),
        _ => json(status, &verdict),
    };
    let would = verdict.would.as_ref().map(Would::logged).unwrap_or_default();
    answer.extensions_mut().insert(Noted { outcome: Some(verdict.outcome), counts: None, would });
    Ok(answer)
}

/// An answer that is a report. Its numbers are logged, and of its lists how long they are: its texts may be other people's words.
#[must_use]
pub fn counted(status: StatusCode, report: &impl Serialize, would: Option<&Would>) -> Answer {
    let counts = match shared::json::of(report) {
        Value::Object(fields) => fields.into_iter().filter_map(|(name, value)| match value {
            Value::Number(_) | Value::Bool(_) => Some((name, value)),
            Value::Array(items) => Some((name, items.len().into())),
            Value::Null | Value::String(_) | Value::Object(_) => None,
        }),
        // A report is an object.
        _ => return json(status, report),
    };
    let mut counted = Map::new();
    // One by one: collecting them would sort them first, and bring the code for it along.
    counted.extend(counts);
    let mut answer = json(status, report);
    let would = would.map(Would::logged).unwrap_or_default();
    answer.extensions_mut().insert(Noted { outcome: None, counts: Some(counted), would });
    answer
}

/// The answer to a read, which is not sent again to whoever says that it has it.
#[must_use]
pub fn read(request: &Request, body: &impl Serialize) -> Answer {
    let body = serialised(body);
    unless_known(request, &Tag::of(&body), "private, no-cache", || body)
}

/// JSON that is the same for everybody for as long as this version runs. Caches may keep it for an hour.
#[must_use]
pub fn published(request: &Request, json: Packed) -> Answer {
    unless_known(request, &Tag::of(json.0), "public, max-age=3600", || json.unpacked())
}

fn unless_known(request: &Request, tag: &Tag, caching: &'static str, body: impl FnOnce() -> Bytes) -> Answer {
    let mut answer = if tag.is_known(request.headers()) {
        bare(StatusCode::NOT_MODIFIED)
    } else {
        of(StatusCode::OK, JSON, body())
    };
    answer.headers_mut().extend(tag.header().map(|tag| (header::ETAG, tag)));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    answer
}

/// The answer to what is accepted and goes on later: it says where to look for it.
#[must_use]
pub fn accepted(origin: &OriginCode, user_key: &UserKey, body: &impl Serialize) -> Answer {
    let mut answer = json(StatusCode::ACCEPTED, body);
    // Percent-encoded segments are always a header value.
    let location = HeaderValue::from_str(&route::path(origin, user_key)).ok();
    answer.headers_mut().extend(location.map(|location| (header::LOCATION, location)));
    answer
}

/// An answer that is text.
#[must_use]
pub fn text(status: StatusCode, media_type: &'static str, text: impl Into<Bytes>) -> Answer {
    of(status, media_type, text.into())
}

/// Sends a browser on to another page, which it gets by GET.
#[must_use]
pub fn see_other(to: &str) -> Answer {
    let mut answer = bare(StatusCode::SEE_OTHER);
    // Whoever builds the address encodes it.
    answer.headers_mut().extend(HeaderValue::from_str(to).ok().map(|to| (header::LOCATION, to)));
    answer
}

/// Leads a browser back to a page that tells what has come of what was sent.
#[must_use]
pub fn told(page: &str, notice: Notice) -> Answer {
    let mut answer = see_other(&format!("{page}?notice={notice}"));
    answer.extensions_mut().insert(Noted { outcome: Some(notice.as_str()), ..Noted::default() });
    answer
}

/// Leads a browser to the page for signing in, and from there to another one.
#[must_use]
pub fn sign_in(to: &str) -> Answer {
    see_other(&format!("/console/signin?to={}", utf8_percent_encode(to, NON_ALPHANUMERIC)))
}

pub(crate) fn problem(problem: &Problem) -> Answer {
    let mut answer = of(problem.status(), MEDIA_TYPE, serialised(problem));
    answer.headers_mut().extend(problem.header().cloned());
    answer
}

/// The answer to OPTIONS, from the refusal of it: which methods there are.
pub(crate) fn options(refused: &Problem) -> Answer {
    let mut answer = bare(StatusCode::NO_CONTENT);
    answer.headers_mut().extend(refused.header().cloned());
    answer
}

/// What every answer has.
pub(crate) fn complete(answer: &mut Answer, method: &Method, id: &RequestId) {
    if method == Method::HEAD {
        *answer.body_mut() = FullBody::new(Bytes::new());
    }
    let unavailable = answer.status() == StatusCode::SERVICE_UNAVAILABLE;
    let headers = answer.headers_mut();
    // An id is plain ASCII.
    headers.extend(HeaderValue::from_str(id.as_str()).ok().map(|id| (REQUEST_ID, id)));
    if unavailable {
        headers.entry(header::RETRY_AFTER).or_insert(HeaderValue::from(RETRY_AFTER));
    }
}

fn serialised(body: &impl Serialize) -> Bytes {
    // Our own answers are structs of texts and numbers, which always serialise.
    serde_json::to_vec(body).unwrap_or_default().into()
}

fn of(status: StatusCode, media_type: &'static str, body: Bytes) -> Answer {
    let mut answer = bare(status);
    *answer.body_mut() = FullBody::new(body);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer
}

fn bare(status: StatusCode) -> Answer {
    let mut answer = Response::new(FullBody::new(Bytes::new()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

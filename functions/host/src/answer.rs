//! Answers as the functions give them: JSON, always.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use shared::{
    inbox::Outcome,
    key::{OriginCode, UserKey},
    problem::{MEDIA_TYPE, Problem},
    route,
    status::verdict,
};
use spin_sdk::http::FullBody;

/// An answer of a function.
pub type Answer = Response<FullBody<Bytes>>;

/// A JSON answer.
#[must_use]
pub fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    typed(status, "application/json", body)
}

/// The answer to a decision about a registration. One that is accepted but not carried out yet says where to look for it.
///
/// # Errors
/// The problem, when the decision was not accepted.
pub fn outcome(outcome: &Outcome, about: Option<&(OriginCode, UserKey)>) -> Result<Answer, Problem> {
    let (status, verdict) = verdict(outcome)?;
    Ok(match (status, about) {
        (StatusCode::ACCEPTED, Some((origin, user_key))) => accepted(origin, user_key, &verdict),
        _ => json(status, &verdict),
    })
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
pub fn text(status: StatusCode, media_type: &'static str, text: String) -> Answer {
    whole(status, media_type, text.into_bytes())
}

pub(crate) fn problem(problem: &Problem) -> Answer {
    let mut answer = typed(problem.status(), MEDIA_TYPE, problem);
    if problem.status() == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(allowed) = problem.allowed() {
        answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    }
    answer
}

fn typed(status: StatusCode, media_type: &'static str, body: &impl Serialize) -> Answer {
    // Our own answers are structs of texts and numbers, which always serialise.
    whole(status, media_type, serde_json::to_vec(body).unwrap_or_default())
}

fn whole(status: StatusCode, media_type: &'static str, body: Vec<u8>) -> Answer {
    let mut answer = Response::new(FullBody::new(Bytes::from(body)));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

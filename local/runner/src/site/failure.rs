//! The answer for a component that gave none, because it trapped or could not be started. A component that is well answers for itself.

use std::fmt;
use std::hash::{BuildHasher, RandomState};

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use wasmtime_wasi_http::WasiBody;

use super::plain;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What leads from the answer to the line in the log.
pub(super) struct RequestId(String);

impl RequestId {
    /// The caller's, if it is short and plain, else a random one.
    pub fn of(headers: &HeaderMap) -> Self {
        let plain = |id: &&str| {
            (1..=64).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(plain);
        // The keys of hash tables are random.
        let random = || format!("{:016x}", RandomState::new().hash_one(()));
        Self(given.map_or_else(random, str::to_owned))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line of JSON, as functions write them.
pub(super) fn line(id: &RequestId, route: &str, cause: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() { c } else { ' ' };
    // Of plain ASCII, `Debug` escapes what JSON does, and in the same way.
    let (route, cause): (String, String) =
        (route.chars().map(plain).collect(), cause.chars().map(plain).collect());
    format!(r#"{{"request_id":"{id}","route":{route:?},"status":500,"cause":{cause:?}}}"#)
}

/// 500, as a problem by RFC 9457 that tells nothing of the inside.
pub(super) fn answer(id: &RequestId) -> Response<WasiBody> {
    let text = format!(
        r#"{{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"it failed within: try again, and look for the request's id in the log","instance":"urn:request:{id}"}}"#
    );
    let mut answer = plain(StatusCode::INTERNAL_SERVER_ERROR, &text);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.extend(HeaderValue::from_str(&id.0).ok().map(|id| (REQUEST_ID, id)));
    answer
}

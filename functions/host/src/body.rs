//! The body of a request: JSON, not too large, and not too slow.

use std::time::Duration;

use bytes::Bytes;
use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use shared::problem::Problem;
use spin_sdk::http::Request;

use crate::alarm;

/// The largest body that a caller may send: 1 MiB.
const LIMIT: usize = 1024 * 1024;
/// How long it may take to send it. An instance is held as long, and 1 MiB in 15 s is 560 kbit/s.
const PATIENCE: Duration = Duration::from_secs(15);

/// Reads the whole body.
///
/// # Errors
/// 415 when it says that it is something else than JSON, 413 for more than 1 MiB, 408 when it takes longer than 15 s, 400 when it
/// breaks off.
pub async fn body(request: Request) -> Result<(HeaderMap, Bytes), Problem> {
    let (parts, body) = request.into_parts();
    if !is_json(&parts.headers) {
        let detail = "send JSON, uncompressed, with the content type application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail));
    }
    match alarm::within(PATIENCE, Limited::new(body, LIMIT).collect()).await {
        Some(Ok(body)) => Ok((parts.headers, body.to_bytes())),
        Some(Err(error)) if error.is::<LengthLimitError>() => {
            let detail = format!("the body may have at most {LIMIT} bytes");
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail))
        }
        Some(Err(_)) => Err(Problem::new(StatusCode::BAD_REQUEST, "malformed-body", "the body broke off")),
        None => {
            let detail = format!("the body has to be here within {} s", PATIENCE.as_secs());
            Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", detail))
        }
    }
}

/// A type that is not said may be JSON; one that is said has to be.
fn is_json(headers: &HeaderMap) -> bool {
    let plain = headers.get(CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    plain
        && headers.get(CONTENT_TYPE).is_none_or(|given| {
            let essence = given.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
            let essence = essence.trim_ascii().to_ascii_lowercase();
            essence == b"application/json"
                || essence.starts_with(b"application/") && essence.ends_with(b"+json")
        })
}

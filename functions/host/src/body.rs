//! The body of a request: JSON or a form, not too large, and not too slow.

use std::{pin::pin, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use http_body::Body;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use shared::problem::Problem;
use spin_sdk::http::Request;

use crate::alarm;

/// The largest body that a caller may send: 1 MiB.
const LIMIT: usize = 1024 * 1024;
/// The largest form: 64 KiB. The longest of ours has some twenty lines.
const FORM_LIMIT: usize = 64 * 1024;
/// How long it may take to send it. An instance is held as long, and 1 MiB in 15 s is 560 kbit/s.
const PATIENCE: Duration = Duration::from_secs(15);

/// Reads the whole body.
///
/// # Errors
/// 415 when it says that it is something else than JSON, 413 for more than 1 MiB, 408 when it takes longer than 15 s, 400 when it
/// breaks off.
pub async fn body(request: Request) -> Result<(HeaderMap, Bytes), Problem> {
    if !is_json(request.headers()) {
        let detail = "send JSON, uncompressed, with the content type application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail));
    }
    whole(request, LIMIT).await
}

/// Reads a form that a browser sends, as text: `a=b&c=d`.
///
/// # Errors
/// 415 when it says that it is something else, 413 for more than 64 KiB, 408 and 400 as [`body`].
pub async fn form(request: Request) -> Result<(HeaderMap, String), Problem> {
    if essence(request.headers()).as_deref() != Some(b"application/x-www-form-urlencoded") {
        let detail = "send a form with the content type application/x-www-form-urlencoded";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-form", detail));
    }
    let (headers, body) = whole(request, FORM_LIMIT).await?;
    // What is not ASCII is written in percent signs.
    let text = String::from_utf8(body.into());
    let text =
        text.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "malformed-body", "the form is not UTF-8"))?;
    Ok((headers, text))
}

async fn whole(request: Request, limit: usize) -> Result<(HeaderMap, Bytes), Problem> {
    let (parts, body) = request.into_parts();
    match alarm::within(PATIENCE, gathered(body, limit)).await {
        Some(Ok(body)) => Ok((parts.headers, body)),
        Some(Err(error)) if error.is::<LengthLimitError>() => {
            let detail = format!("the body may have at most {limit} bytes");
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail))
        }
        Some(Err(_)) => Err(Problem::new(StatusCode::BAD_REQUEST, "malformed-body", "the body broke off")),
        None => {
            let detail = format!("the body has to be here within {} s", PATIENCE.as_secs());
            Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", detail))
        }
    }
}

/// The whole of a body in one piece. Each piece comes in 16 KiB of memory, however few bytes of it are used, so none is kept: a sender
/// of single bytes would fill the instance with them, and take along whoever shares it.
///
/// # Errors
/// [`LengthLimitError`], or what broke it off.
pub(crate) async fn gathered<B>(
    body: B,
    limit: usize,
) -> Result<Bytes, Box<dyn std::error::Error + Send + Sync>>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
{
    let (mut body, mut whole) = (pin!(Limited::new(body, limit)), BytesMut::new());
    while let Some(frame) = body.frame().await {
        if let Ok(piece) = frame?.into_data() {
            whole.extend_from_slice(&piece);
        }
    }
    Ok(whole.freeze())
}

/// A type that is not said may be JSON; one that is said has to be.
fn is_json(headers: &HeaderMap) -> bool {
    let plain = headers.get(CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    plain
        && essence(headers).is_none_or(|essence| {
            essence == b"application/json"
                || essence.starts_with(b"application/") && essence.ends_with(b"+json")
        })
}

/// The type that is said, without its parameters.
fn essence(headers: &HeaderMap) -> Option<Vec<u8>> {
    let given = headers.get(CONTENT_TYPE)?.as_bytes();
    let essence = given.split(|byte| *byte == b';').next().unwrap_or_default();
    Some(essence.trim_ascii().to_ascii_lowercase())
}

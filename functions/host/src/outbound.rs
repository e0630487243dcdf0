//! Outbound HTTP: the port to the network, as Spin offers it.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::CONTENT_LENGTH};
use http_body_util::LengthLimitError;
use shared::{
    send::{ANSWER_LIMIT, NoAnswer, SendRequest},
    trace::Trace,
};
use spin_sdk::http::FullBody;
use wasip3::http::types::ErrorCode;

use crate::{alarm, body::gathered};

/// How long one call may take, with the whole of its answer. A claim in the ledger lives several times as long.
const CALL: Duration = Duration::from_secs(10);

/// Spin's outbound HTTP, on behalf of one request. It follows no redirect.
#[derive(Debug, Clone, Copy)]
pub struct Outbound {
    trace: Trace,
    ends_at: Option<Instant>,
}

impl Outbound {
    pub(crate) fn of(trace: Trace) -> Self {
        Self { trace, ends_at: None }
    }

    /// The same, but no call goes on for longer than `time` from now.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self { ends_at: Some(Instant::now() + time), ..self }
    }
}

impl SendRequest for Outbound {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        self.trace.mark(request.headers_mut());
        let left = self.ends_at.map(|end| end.saturating_duration_since(Instant::now()));
        let limit = left.map_or(CALL, |left| left.min(CALL));
        let answer = alarm::within(limit, exchange(request)).await;
        answer.unwrap_or_else(|| Err(NoAnswer(format!("nothing came within {} s", limit.as_secs()))))
    }
}

async fn exchange(mut request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
    if !request.body().is_empty() {
        // Without it the body goes out in chunks, which not every ERP's server can read.
        let length = HeaderValue::from(request.body().len());
        request.headers_mut().insert(CONTENT_LENGTH, length);
    }
    let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
    let answer = spin_sdk::http::send(request.map(FullBody::new))
        .await
        .map_err(|error| NoAnswer(format!("{host}: {}", in_words(&error))))?;
    let (parts, body) = answer.into_parts();
    let body = gathered(body, ANSWER_LIMIT)
        .await
        .map_err(|error| NoAnswer(format!("{host}: {}", broken_off(&*error))))?;
    Ok(Response::from_parts(parts, body))
}

/// Why only a part of the answer is there.
fn broken_off(error: &(dyn std::error::Error + 'static)) -> &'static str {
    if error.is::<LengthLimitError>() { "the answer is too long" } else { "the answer broke off" }
}

/// The usual ways of getting no answer, as a person would say them.
fn in_words(error: &ErrorCode) -> String {
    match error {
        ErrorCode::ConnectionRefused => "the connection was refused".to_owned(),
        ErrorCode::DnsError(_) | ErrorCode::DnsTimeout => "the name was not found".to_owned(),
        ErrorCode::ConnectionTimeout => "the connection was not made in time".to_owned(),
        // Spin's runtime has the second for a connection that ends without an answer.
        ErrorCode::ConnectionTerminated | ErrorCode::HttpProtocolError => {
            "the connection was closed without an answer".to_owned()
        }
        ErrorCode::HttpRequestDenied => "the host is not among the allowed outbound hosts".to_owned(),
        other => other.to_string(),
    }
}

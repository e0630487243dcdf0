//! Outbound HTTP: the port to the network, as Spin offers it.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{HeaderValue, Request, Response, header::CONTENT_LENGTH};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use shared::send::{ANSWER_LIMIT, NoAnswer, SendRequest};
use spin_sdk::http::FullBody;
use wasip3::http::types::ErrorCode;

/// How long one call may take, with the whole of its answer. A claim in the ledger lives several times as long.
const CALL: Duration = Duration::from_secs(10);

/// Spin's outbound HTTP. It follows no redirect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outbound {
    ends_at: Option<Instant>,
}

impl Outbound {
    /// The same, but no call goes on for longer than `time` from now.
    #[must_use]
    pub fn within(time: Duration) -> Self {
        Self { ends_at: Some(Instant::now() + time) }
    }
}

impl SendRequest for Outbound {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        let left = self.ends_at.map(|end| end.saturating_duration_since(Instant::now()));
        let limit = left.map_or(CALL, |left| left.min(CALL));
        let call = std::pin::pin!(exchange(request));
        let alarm = std::pin::pin!(async {
            // The SDK sends a body from work that it spawns, which is first looked at when this task is woken: let it begin now.
            spin_sdk::wit_bindgen::yield_async().await;
            spin_sdk::time::sleep(limit).await;
        });
        match select(call, alarm).await {
            Either::Left((answer, _)) => answer,
            Either::Right(((), _)) => Err(NoAnswer(format!("nothing came within {} s", limit.as_secs()))),
        }
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
    let body = Limited::new(body, ANSWER_LIMIT)
        .collect()
        .await
        .map_err(|error| NoAnswer(format!("{host}: {}", broken_off(&*error))))?;
    Ok(Response::from_parts(parts, body.to_bytes()))
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

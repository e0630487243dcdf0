//! Messages to the application: each stays until a 2xx, always with the same id and the same body.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderValue, Method, Request, Uri, header::CONTENT_TYPE};
use serde_json::Value;

use super::sign::{SignError, sign};

/// The path of the application that takes decisions.
pub const WEBHOOK_PATH: &str = "/erp-webhook";

/// A message to the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its `webhook-id`.
    pub id: String,
    /// Its body, which never changes.
    pub body: Bytes,
    /// When it is due next.
    pub due: DateTime<Utc>,
    /// How often it was sent.
    pub attempts: u32,
    /// The last status that came back.
    pub status: Option<u16>,
}

impl Outgoing {
    /// Whether the application has taken it.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

#[derive(Debug, Clone, Default)]
pub struct Outbox {
    messages: BTreeMap<String, Outgoing>,
}

impl Outbox {
    pub fn push(&mut self, id: &str, message: &Value, due: DateTime<Utc>) {
        let body = Bytes::from(message.to_string());
        let outgoing = Outgoing { id: id.to_owned(), body, due, attempts: 0, status: None };
        self.messages.insert(id.to_owned(), outgoing);
    }

    pub fn messages(&self) -> impl Iterator<Item = &Outgoing> {
        self.messages.values()
    }

    pub fn get_mut(&mut self, id: &str) -> Option<&mut Outgoing> {
        self.messages.get_mut(id)
    }

    pub fn due(&self, now: DateTime<Utc>) -> Vec<String> {
        let due = self.messages.values().filter(|outgoing| !outgoing.ended() && outgoing.due <= now);
        due.map(|outgoing| outgoing.id.clone()).collect()
    }

    /// Makes every message due that was made since a time, whether it was taken or not; older ones stay as they are.
    pub fn repeat_since(&mut self, now: DateTime<Utc>, since: DateTime<Utc>) {
        for outgoing in self.messages.values_mut() {
            let message: Value = serde_json::from_slice(&outgoing.body).unwrap_or_default();
            let made = message["timestamp"].as_str().and_then(|made| made.parse::<DateTime<Utc>>().ok());
            if made.is_some_and(|made| made >= since) {
                (outgoing.due, outgoing.status) = (now, None);
            }
        }
    }

    /// The request that carries a message now, and the next attempt put off.
    pub fn send(
        &mut self,
        id: &str,
        secret: &str,
        now: DateTime<Utc>,
        again_after: TimeDelta,
    ) -> Option<Result<Request<Bytes>, SignError>> {
        let outgoing = self.messages.get_mut(id)?;
        outgoing.attempts += 1;
        outgoing.due = now + again_after;
        Some(signed(secret, id, now, &outgoing.body))
    }
}

/// A signed POST to [`WEBHOOK_PATH`].
///
/// # Errors
///
/// If the message cannot be signed.
pub fn signed(secret: &str, id: &str, now: DateTime<Utc>, body: &Bytes) -> Result<Request<Bytes>, SignError> {
    let mut request = Request::new(body.clone());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static(WEBHOOK_PATH);
    *request.headers_mut() = sign(secret, id, now.timestamp(), body)?;
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(request)
}

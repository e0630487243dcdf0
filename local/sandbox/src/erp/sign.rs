//! Signatures by Standard Webhooks 1.0.0, made by its official crate.
//!
//! The crate checks a message against the system's clock, which a pure library must not read; so a message is verified
//! here by signing it again.

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue};
use standardwebhooks::{
    HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook, WebhookError,
};

/// How far a message's clock may be off. The specification asks for a limit and names none; this is the usual one.
const TOLERANCE_SECONDS: i64 = 300;

/// Why a message cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The secret is not base64, or the body not UTF-8.
    #[error("the message cannot be signed")]
    Webhook(#[from] WebhookError),
    /// The id cannot stand in a header.
    #[error("the id cannot stand in a header")]
    Id(#[from] http::header::InvalidHeaderValue),
}

/// Why a message is refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// One of the three headers is missing or unreadable.
    #[error("the header {0} is missing or unreadable")]
    Header(&'static str),
    /// The clock is off by more than five minutes.
    #[error("the timestamp {0} is more than five minutes off")]
    Clock(i64),
    /// No signature of the list fits.
    #[error("no signature fits")]
    Signature,
    /// The message cannot be signed here, so that nothing can fit.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// The three headers of a message. `timestamp` is in Unix seconds, the secret has the form `whsec_...`.
///
/// # Errors
///
/// If the secret is not base64, the body not UTF-8 or the id no header value.
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> Result<HeaderMap, SignError> {
    let signature = Webhook::new(secret).and_then(|webhook| webhook.sign(id, timestamp, body))?;
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static(HEADER_WEBHOOK_ID), HeaderValue::from_str(id)?);
    headers.insert(HeaderName::from_static(HEADER_WEBHOOK_TIMESTAMP), HeaderValue::from(timestamp));
    headers.insert(HeaderName::from_static(HEADER_WEBHOOK_SIGNATURE), HeaderValue::from_str(&signature)?);
    Ok(headers)
}

/// Checks a message, and gives its `webhook-id`.
///
/// # Errors
///
/// Why the message is not to be trusted.
pub fn verify<'a>(
    secret: &str,
    now: DateTime<Utc>,
    headers: &'a HeaderMap,
    body: &[u8],
) -> Result<&'a str, Refusal> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).ok_or(Refusal::Header(name));
    let id = header(HEADER_WEBHOOK_ID)?;
    let signatures = header(HEADER_WEBHOOK_SIGNATURE)?;
    let timestamp: i64 =
        header(HEADER_WEBHOOK_TIMESTAMP)?.parse().map_err(|_| Refusal::Header(HEADER_WEBHOOK_TIMESTAMP))?;
    if now.timestamp().abs_diff(timestamp) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(Refusal::Clock(timestamp));
    }
    let expected = sign(secret, id, timestamp, body)?;
    let expected = expected.get(HEADER_WEBHOOK_SIGNATURE).and_then(|value| value.to_str().ok());
    // Not in constant time: nobody attacks a stand-in.
    if signatures.split(' ').any(|signature| Some(signature) == expected) {
        Ok(id)
    } else {
        Err(Refusal::Signature)
    }
}

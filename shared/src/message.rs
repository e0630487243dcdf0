//! A message on its way to somebody: Standard Webhooks 1.0.0, at least once, always under the same id and with the same bytes.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Request, Response, StatusCode, header};

use crate::{
    fault::Fault,
    send::{NoAnswer, SendRequest},
    settings::Receiver,
    shop::{error_words, wait_asked_for},
    webhook,
};

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDelivered {
    /// Nothing came back, or the end point is at fault. It may have arrived; it is sent again, under the same id.
    #[error("{fault}")]
    Later {
        /// What happened.
        fault: Fault,
        /// How long the receiver asks to wait, when it says so.
        retry_after: Option<Duration>,
    },
    /// The receiver refuses this one message: its own words.
    #[error("refused: {0}")]
    Refused(String),
}

/// The request that brings a message, signed if the receiver has a key.
///
/// # Errors
/// The receiver's address is none.
pub fn request(
    to: &Receiver,
    id: &str,
    message: &str,
    now: DateTime<Utc>,
) -> Result<Request<Bytes>, http::Error> {
    let timestamp = now.timestamp();
    let mut request = Request::post(&to.address)
        .header(header::CONTENT_TYPE, "application/json")
        .header(webhook::ID, id)
        .header(webhook::TIMESTAMP, timestamp);
    if let Some(key) = &to.key {
        request = request.header(webhook::SIGNATURE, key.sign(id, timestamp, message.as_bytes()));
    }
    request.body(Bytes::copy_from_slice(message.as_bytes()))
}

/// Sends a message. The body of the answer comes back.
///
/// # Errors
/// [`NotDelivered`].
pub async fn deliver(
    http: &impl SendRequest,
    to: &Receiver,
    id: &str,
    message: &str,
    now: DateTime<Utc>,
) -> Result<Bytes, NotDelivered> {
    let later = |seen| NotDelivered::Later { fault: Fault::seen(seen), retry_after: None };
    let request = request(to, id, message, now)
        .map_err(|error| later(format!("the address of {}: {error}", to.name)))?;
    match http.send(request).await {
        Ok(answer) => accepted(to, answer, now),
        Err(error @ NoAnswer(_)) => Err(later(format!("{} gave {error}", to.name))),
    }
}

/// Any 2xx is accepted, and so is 409: the receiver has had it before.
fn accepted(to: &Receiver, answer: Response<Bytes>, now: DateTime<Utc>) -> Result<Bytes, NotDelivered> {
    match answer.status() {
        status if status.is_success() || status == StatusCode::CONFLICT => Ok(answer.into_body()),
        status @ (StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNPROCESSABLE_ENTITY) => Err(NotDelivered::Refused(
            error_words(&answer).unwrap_or_else(|| format!("{status}, without a reason")),
        )),
        status => Err(NotDelivered::Later {
            fault: Fault::seen(format!("{} answered {status}", to.name)),
            retry_after: wait_asked_for(answer.headers(), now),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_sorted_by_whose_fault_it_is() {
        let to = Receiver { name: "the ERP", address: "https://erp.example/".to_owned(), key: None };
        let sorted = |status: u16| {
            let answer = Response::builder().status(status).body(Bytes::new()).unwrap();
            match accepted(&to, answer, DateTime::UNIX_EPOCH) {
                Ok(_) => "accepted",
                Err(NotDelivered::Refused(_)) => "refused",
                Err(NotDelivered::Later { .. }) => "later",
            }
        };
        for (status, want) in [
            (200, "accepted"),
            (202, "accepted"),
            (409, "accepted"),
            (400, "refused"),
            (413, "refused"),
            (422, "refused"),
            (301, "later"),
            (401, "later"),
            (404, "later"),
            (410, "later"),
            (429, "later"),
            (503, "later"),
        ] {
            assert_eq!(sorted(status), want, "{status}");
        }
    }
}

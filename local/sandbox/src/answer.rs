//! What a stand-in does with a request.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};

/// What happens to a call. All but [`Answer::Respond`] need a transport, which [`crate::serve`] is.
#[derive(Debug, Clone)]
pub enum Answer {
    /// An ordinary answer.
    Respond(Response<Bytes>),
    /// The answer, held back for a while.
    Slow {
        /// What is answered in the end.
        response: Response<Bytes>,
        /// How long it is held back.
        wait: Duration,
    },
    /// The connection is closed in the middle of the answer's body.
    Cut {
        /// The answer whose headers, with the full `content-length`, are sent.
        response: Response<Bytes>,
        /// How many bytes of its body arrive.
        bytes: usize,
    },
    /// The answer, and blanks behind its body, so many that no client means to take them all.
    Padded {
        /// The answer without the blanks.
        response: Response<Bytes>,
        /// How long the body is with them, in bytes.
        bytes: u64,
    },
    /// The answer; after it the port is closed.
    LastBeforeClosing(Response<Bytes>),
    /// The connection is closed before a byte is answered.
    Drop,
    /// Nothing is ever answered.
    Hang,
}

impl Answer {
    /// The answer as a client sees it that waits long enough, or `None` if it never gets a whole one.
    #[must_use]
    pub fn response(self) -> Option<Response<Bytes>> {
        match self {
            Self::Respond(response) | Self::LastBeforeClosing(response) | Self::Slow { response, .. } => {
                Some(response)
            }
            Self::Padded { .. } | Self::Cut { .. } | Self::Drop | Self::Hang => None,
        }
    }

    /// The status that is sent, if one is.
    pub(crate) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Respond(response)
            | Self::LastBeforeClosing(response)
            | Self::Slow { response, .. }
            | Self::Padded { response, .. }
            | Self::Cut { response, .. } => Some(response.status()),
            Self::Drop | Self::Hang => None,
        }
    }
}

/// A stand-in that takes calls: the shop or the ERP.
pub trait StandIn: Send + 'static {
    /// Takes one call at the time `now`.
    fn take(&mut self, now: DateTime<Utc>, request: Request<Bytes>) -> Answer;
}

/// A JSON answer.
pub(crate) fn json_answer(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An error of the form `{"detail": "..."}`.
pub(crate) fn detail(status: StatusCode, text: &str) -> Response<Bytes> {
    json_answer(status, &json!({ "detail": text }))
}

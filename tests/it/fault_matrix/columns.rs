//! The columns: what can go wrong with a call, and how the stand-in plays it.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use sandbox::fault::What;

use super::rows::{Call, Host};

/// A fault of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    ErrorPage,
    BadGateway,
    Unavailable,
    TooManySeconds,
    TooManyDate,
    UnauthorizedOnce,
    Unauthorized,
    FieldErrors,
    NotFound,
    Redirect,
    Refused,
    ClosedBefore,
    ClosedWithin,
    TimeOut,
    MalformedJson,
    EmptyBody,
    HtmlPage,
    HugeBody,
    AnswerLost,
}

/// What `Retry-After` asks for, in seconds.
const WAIT: u32 = 120;

/// More than six times as much as the application takes.
const HUGE: u64 = 50 * 1024 * 1024;

/// What a refusal says; it has to show where a person looks.
pub const REFUSAL: &str = "street: This field is required.";

impl Fault {
    pub const ALL: [Self; 19] = [
        Self::ErrorPage,
        Self::BadGateway,
        Self::Unavailable,
        Self::TooManySeconds,
        Self::TooManyDate,
        Self::UnauthorizedOnce,
        Self::Unauthorized,
        Self::FieldErrors,
        Self::NotFound,
        Self::Redirect,
        Self::Refused,
        Self::ClosedBefore,
        Self::ClosedWithin,
        Self::TimeOut,
        Self::MalformedJson,
        Self::EmptyBody,
        Self::HtmlPage,
        Self::HugeBody,
        Self::AnswerLost,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::ErrorPage => "500, HTML page",
            Self::BadGateway => "502",
            Self::Unavailable => "503, `Retry-After`",
            Self::TooManySeconds => "429, seconds",
            Self::TooManyDate => "429, date",
            Self::UnauthorizedOnce => "401 once",
            Self::Unauthorized => "401 always",
            Self::FieldErrors => "400, field errors",
            Self::NotFound => "404",
            Self::Redirect => "redirect",
            Self::Refused => "connection refused",
            Self::ClosedBefore => "closed before the answer",
            Self::ClosedWithin => "closed within the answer",
            Self::TimeOut => "time-out",
            Self::MalformedJson => "2xx, malformed JSON",
            Self::EmptyBody => "2xx, empty body",
            Self::HtmlPage => "2xx, HTML page",
            Self::HugeBody => "2xx, 50 MB",
            Self::AnswerLost => "done, answer lost",
        }
    }

    /// What the stand-in does instead of answering; `None` if there is nothing left that could.
    pub fn played(self, call: Call, now: DateTime<Utc>) -> Option<What> {
        Some(match self {
            Self::ErrorPage => What::Answer(page(StatusCode::INTERNAL_SERVER_ERROR)),
            Self::BadGateway => What::status(StatusCode::BAD_GATEWAY, ""),
            Self::Unavailable => retry_after(StatusCode::SERVICE_UNAVAILABLE),
            Self::TooManySeconds => What::too_many(WAIT),
            Self::TooManyDate => What::too_many_until(now + TimeDelta::seconds(WAIT.into())),
            Self::UnauthorizedOnce | Self::Unauthorized => {
                What::status(StatusCode::UNAUTHORIZED, r#"{"detail":"Invalid token."}"#)
            }
            Self::FieldErrors => {
                What::status(StatusCode::BAD_REQUEST, r#"{"street":["This field is required."]}"#)
            }
            Self::NotFound => What::status(StatusCode::NOT_FOUND, r#"{"detail":"Not found."}"#),
            Self::Redirect => What::redirect(StatusCode::FOUND, "https://elsewhere.example/"),
            Self::Refused => return None,
            Self::ClosedBefore => What::CloseBeforeAnswer,
            Self::ClosedWithin => What::CloseMidBody(1),
            Self::TimeOut => What::Hang,
            Self::MalformedJson => What::AppliedThen(Response::new(Bytes::from_static(br#"{"key": "#))),
            Self::EmptyBody => What::AppliedThen(Response::new(Bytes::new())),
            Self::HtmlPage => match call.host() {
                // A page for people, such as "down for maintenance": the shop behind it has heard nothing.
                Host::Shop => What::Answer(page(StatusCode::OK)),
                // Any 2xx of the ERP means that it has the message, in whatever form it says so.
                Host::Erp => What::AppliedThen(page(StatusCode::OK)),
            },
            Self::HugeBody => What::Padded(HUGE),
            Self::AnswerLost => What::AppliedButAnswerLost,
        })
    }
}

fn page(status: StatusCode) -> Response<Bytes> {
    let mut page = Response::new(Bytes::from_static(b"<!DOCTYPE html><title>Shop</title>"));
    *page.status_mut() = status;
    page.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    page
}

fn retry_after(status: StatusCode) -> What {
    match What::too_many(WAIT) {
        What::Answer(mut response) => {
            *response.status_mut() = status;
            What::Answer(response)
        }
        other => other,
    }
}

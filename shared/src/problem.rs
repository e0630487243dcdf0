//! What a caller is told when something is wrong: problem details by RFC 9457.

use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::Serialize;

use crate::trace::RequestId;

/// How the names of problems and of requests begin.
const NAMESPACE: &str = "urn:cloudsuite-onboarding:";

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem: what is wrong, where, and what to do about it. Boxed, because almost every result may be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

/// What is wrong, where, and what to do about it (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Problem"))]
pub(crate) struct Details {
    /// A stable name of the kind of problem, as a URN.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: &'static str,
    /// The status as a number.
    status: u16,
    /// What is wrong with this request, and what to do.
    detail: String,
    /// The field that is wrong, by its JSON path (`data.customer.key`).
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The request that it is about, as a URN: its id leads to the line in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    /// A header that goes with it.
    #[serde(skip)]
    header: Option<(HeaderName, HeaderValue)>,
    /// What is behind it, for the log only.
    #[serde(skip)]
    cause: Option<String>,
}

impl Problem {
    /// A problem named `kind` (lower case, hyphens), answered with `status`.
    #[must_use]
    pub fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind: format!("{NAMESPACE}{kind}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            field: None,
            instance: None,
            header: None,
            cause: None,
        }))
    }

    /// The same, with the path of the field that is wrong.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// The same, and what is behind it. The caller is not told.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// A path that names no registration, or none that is known.
    #[must_use]
    pub fn no_registration() -> Self {
        let detail = "no such registration: /registrations/{origin}/{user_key}";
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// The same, met by the request with this id.
    #[must_use]
    pub fn during(mut self, request: &RequestId) -> Self {
        self.0.instance = Some(format!("{NAMESPACE}request:{}", request.as_str()));
        self
    }

    /// A method other than those that are allowed here (`GET, HEAD`, as the header `Allow` has them).
    #[must_use]
    pub fn method(allowed: &'static str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", format!("use {allowed}"))
            .with(ALLOW, HeaderValue::from_static(allowed))
    }

    /// Somebody who has not shown who it is, by the scheme `challenge`. It is the same whatever was missing or wrong.
    #[must_use]
    pub fn stranger(kind: &str, challenge: &'static str, detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, kind, detail)
            .with(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
    }

    /// Something that may be tried again after `seconds`.
    #[must_use]
    pub fn later(self, seconds: u64) -> Self {
        self.with(RETRY_AFTER, HeaderValue::from(seconds))
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }

    /// The header that goes with it.
    #[must_use]
    pub fn header(&self) -> Option<&(HeaderName, HeaderValue)> {
        self.0.header.as_ref()
    }

    /// What is behind it, for a log line.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The status to answer with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The name of the kind of problem, for a log line. The detail may hold what a caller sent, and stays out of it.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// What is wrong, for who caused it.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The field that is wrong, for a log line.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }
}

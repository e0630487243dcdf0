//! What a caller is told when something is wrong: problem details by RFC 9457.

use http::StatusCode;
use serde::Serialize;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem: what is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
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
    /// The method to use instead. It goes into the header `Allow`.
    #[serde(skip)]
    allowed: Option<&'static str>,
}

impl Problem {
    /// A problem named `kind` (lower case, hyphens), answered with `status`.
    #[must_use]
    pub fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:cloudsuite-onboarding:{kind}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            field: None,
            allowed: None,
        }
    }

    /// The same, with the path of the field that is wrong.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// A method other than the only one that is allowed.
    #[must_use]
    pub fn method(allowed: &'static str) -> Self {
        let detail = format!("use {allowed}");
        let problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail);
        Self { allowed: Some(allowed), ..problem }
    }

    /// A path that names no registration, or none that is known.
    #[must_use]
    pub fn no_registration() -> Self {
        let detail = "no such registration: /registrations/{origin}/{user_key}";
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// The method to use instead, if that is the problem.
    #[must_use]
    pub fn allowed(&self) -> Option<&'static str> {
        self.allowed
    }

    /// The status to answer with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The name of the kind of problem, for a log line. The detail may hold what a caller sent, and stays out of it.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The field that is wrong, for a log line.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }
}

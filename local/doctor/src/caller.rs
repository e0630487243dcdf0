//! Calls to the shop's API, and what each came to.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use serde_json::Value;
use shared::secret::Secret;
use tokio::sync::Semaphore;

use crate::network::{Failure, Network};

/// Why a call did not bring JSON. No words of the shop are kept: they may repeat a person's data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No answer.
    #[error("{0}")]
    Failure(#[from] Failure),
    /// A redirect, to this place.
    #[error("redirected to {to}")]
    Redirect {
        /// Where to.
        to: String,
    },
    /// Another status than 2xx.
    #[error("{status}{}", named(.fields.as_deref()))]
    Status {
        /// The status.
        status: StatusCode,
        /// The names of the fields in the answer, if it is a JSON object.
        fields: Option<Vec<String>>,
    },
    /// A 2xx with a page for people.
    #[error("a page for people (HTML), and not the API")]
    Page,
    /// A 2xx that is no JSON, or not what was asked for.
    #[error("an answer that is not JSON of the form expected")]
    Unreadable,
}

fn named(fields: Option<&[String]>) -> String {
    match fields {
        Some(fields) if !fields.is_empty() => format!(", with JSON that names {}", fields.join(", ")),
        Some(_) | None => String::new(),
    }
}

/// Calls the shop with one token, a limited number of calls at once.
pub struct Caller<'a> {
    network: &'a Network,
    host: &'a str,
    token: Secret,
    seats: Semaphore,
    calls: AtomicUsize,
    throttled: AtomicUsize,
    limits: Mutex<BTreeSet<String>>,
}

impl<'a> Caller<'a> {
    /// For the shop at `host`.
    #[must_use]
    pub fn new(network: &'a Network, host: &'a str, token: Secret, at_once: usize) -> Self {
        Self {
            network,
            host,
            token,
            seats: Semaphore::new(at_once),
            calls: AtomicUsize::new(0),
            throttled: AtomicUsize::new(0),
            limits: Mutex::default(),
        }
    }

    /// Reads `path`, with its query.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn get(&self, path: &str) -> Result<Value, Trouble> {
        self.call(Method::GET, path, None).await
    }

    /// The same, of a path that nobody else holds.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn get_owned(&self, path: String) -> Result<Value, Trouble> {
        self.get(&path).await
    }

    /// One call. A body goes as JSON.
    ///
    /// # Errors
    /// [`Trouble`]; a write may have been carried out all the same.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Trouble> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.host))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token.reveal()))
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.map(|body| Bytes::from(body.to_string())).unwrap_or_default())
            .map_err(|error| Failure::Broken(error.to_string()))?;
        // The semaphore is never closed.
        let _seat = self.seats.acquire().await.ok();
        self.calls.fetch_add(1, Ordering::Relaxed);
        let answer = self.network.exchange(request).await?;
        self.note_limits(&answer);
        read(&answer)
    }

    fn note_limits(&self, answer: &Response<Bytes>) {
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            self.throttled.fetch_add(1, Ordering::Relaxed);
        }
        let names = answer.headers().keys().map(header::HeaderName::as_str);
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.extend(
            names.filter(|name| name.contains("ratelimit") || name.contains("rate-limit")).map(str::to_owned),
        );
    }

    /// How many calls were made.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// How many of them were one too many.
    pub fn throttled(&self) -> usize {
        self.throttled.load(Ordering::Relaxed)
    }

    /// The headers about limits that the shop sends.
    pub fn limits(&self) -> Vec<String> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

/// What an answer came to.
pub(crate) fn read(answer: &Response<Bytes>) -> Result<Value, Trouble> {
    let status = answer.status();
    let json = || serde_json::from_slice::<Value>(answer.body());
    if status.is_redirection() {
        let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("nowhere");
        return Err(Trouble::Redirect { to: to.split('?').next().unwrap_or_default().to_owned() });
    }
    if !status.is_success() {
        let fields = json().ok().and_then(|body| {
            Some(body.as_object()?.keys().take(20).map(|name| name.chars().take(40).collect()).collect())
        });
        return Err(Trouble::Status { status, fields });
    }
    if answer.body().trim_ascii_start().starts_with(b"<") {
        return Err(Trouble::Page);
    }
    if answer.body().is_empty() {
        return Ok(Value::Null);
    }
    json().map_err(|_| Trouble::Unreadable)
}

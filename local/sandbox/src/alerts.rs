//! The stand-in for whoever is called when something needs a person: a chat's incoming webhook, such as Slack's or Mattermost's.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    Answer, StandIn,
    answer::json_answer,
    erp::verify,
    fault::{Call, Faults},
};

/// An alert that came in, once for each `webhook-id`.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Its `webhook-id`.
    pub id: String,
    /// When it came first.
    pub at: DateTime<Utc>,
    /// What people read.
    pub text: String,
    /// What programs read.
    pub alert: Value,
    body: Bytes,
}

/// The stand-in: its whole state, in a value.
#[derive(Debug, Clone, Default)]
pub struct Alerts {
    /// The script of faults; its calls are [`Call::Message`].
    pub faults: Faults,
    secret: Option<String>,
    received: Vec<Alert>,
    repeats: u64,
    violations: Vec<String>,
}

impl Alerts {
    /// Nobody was called yet. With a secret, every alert has to be signed with it.
    #[must_use]
    pub fn new(secret: Option<&str>) -> Self {
        Self { secret: secret.map(str::to_owned), ..Self::default() }
    }

    /// The alerts that came in, oldest first, without repeats.
    #[must_use]
    pub fn received(&self) -> &[Alert] {
        &self.received
    }

    /// How often an alert came again with the same id and body.
    #[must_use]
    pub fn repeats(&self) -> u64 {
        self.repeats
    }

    /// What the application did that it must not do, in words.
    #[must_use]
    pub fn violations(&self) -> &[String] {
        &self.violations
    }

    fn carry_out(&mut self, now: DateTime<Utc>, request: &Request<Bytes>) -> Response<Bytes> {
        let refuse = |status, why: &str| json_answer(status, &json!({ "error": why }));
        if request.method() != Method::POST {
            return refuse(StatusCode::METHOD_NOT_ALLOWED, "only POST");
        }
        let id = request.headers().get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
        if let Some(secret) = &self.secret
            && let Err(refusal) = verify(secret, now, request.headers(), request.body())
        {
            return refuse(StatusCode::UNAUTHORIZED, &refusal.to_string());
        }
        if let Some(known) = self.received.iter().find(|known| known.id == id) {
            if known.body == request.body() {
                self.repeats += 1;
                return json_answer(StatusCode::OK, &json!({}));
            }
            self.violations.push(format!("{id} came again with another body"));
            return refuse(StatusCode::CONFLICT, "the same webhook-id with another body");
        }
        let message: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        // What else stands at the top means something else to each chat.
        let fields: Vec<_> =
            message.as_object().into_iter().flatten().map(|(field, _)| field.as_str()).collect();
        let text = message["text"].as_str().filter(|text| !text.trim().is_empty());
        let (Some(text), ["alert", "text"]) = (text, &fields[..]) else {
            self.violations.push(format!("{id} is not of the form text, alert: {message}"));
            return refuse(StatusCode::BAD_REQUEST, "text and alert are wanted");
        };
        let (id, text, alert) = (id.to_owned(), text.to_owned(), message["alert"].clone());
        self.received.push(Alert { id, at: now, text, alert, body: request.body().clone() });
        json_answer(StatusCode::OK, &json!({}))
    }
}

impl StandIn for Alerts {
    fn take(&mut self, now: DateTime<Utc>, request: Request<Bytes>) -> Answer {
        let target = request.uri().path().to_owned();
        match self.faults.strike(Call::Message, request.method(), &target) {
            None => Answer::Respond(self.carry_out(now, &request)),
            Some(what) => what.play(|| self.carry_out(now, &request)),
        }
    }
}

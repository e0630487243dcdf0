//! The stand-in ERP: takes announced registrations, and decides.

mod decide;
pub mod message;
mod outbox;
mod outcome;
mod policy;
mod sign;
mod view;

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    Answer, StandIn,
    answer::json_answer,
    fault::{Call, Faults},
    journal::{Journal, Line},
};
pub use message::{Approval, Rejection};
use outbox::Outbox;
pub use outbox::{Outgoing, WEBHOOK_PATH, signed};
pub use outcome::{DECISIONS_WANTED, OUTCOMES};
pub use policy::{Decision, Policy};
pub use sign::{Refusal, SignError, sign, verify};

/// The secrets of both directions, each of the form `whsec_...`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// The application signs with it what it sends here.
    pub incoming: String,
    /// The ERP signs its decisions with it.
    pub outgoing: String,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(..)")
    }
}

/// A message that came in, once for each `webhook-id`.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// Its `webhook-id`.
    pub id: String,
    /// When it came first.
    pub at: DateTime<Utc>,
    /// Its `type`.
    pub kind: String,
    /// Its `data`.
    pub data: Value,
    body: Bytes,
    answer: Value,
}

/// A registration as the ERP knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Announced {
    /// The `webhook-id` under which it was created.
    pub id: String,
    /// When it was created.
    pub at: DateTime<Utc>,
    /// The newest data.
    pub data: Value,
    /// The decision, if there is one.
    pub decision: Option<Decision>,
    /// The number that it has as a customer, if it was approved.
    pub customer: Option<String>,
    decisions: u32,
}

/// The stand-in ERP: its whole state, in a value.
#[derive(Debug, Clone)]
pub struct Erp {
    /// How it decides by itself.
    pub policy: Policy,
    /// How long [`Policy::Mixed`] thinks at most.
    pub thinking: TimeDelta,
    /// How long it waits before it sends a decision again that got no 2xx.
    pub again_after: TimeDelta,
    /// Whether a decision that is made at once goes into the answer to the announcement, instead of a message of its own.
    pub decide_in_answer: bool,
    /// When the application came back from a copy of its ledger, if it did: what it had sent before, it may send again in other words.
    pub ledger_lost_at: Option<DateTime<Utc>>,
    /// What it answers to outcomes, if it is one that does not know them.
    pub answer_to_outcomes: Option<StatusCode>,
    /// Customers who are in the shop already; those whose approval was taken are added.
    pub known_customers: Vec<String>,
    /// The script of faults; its calls are [`Call::Message`].
    pub faults: Faults,
    /// What was called.
    pub journal: Journal,
    secrets: Secrets,
    next_customer: u64,
    registrations: BTreeMap<(String, String), Announced>,
    received: Vec<Received>,
    by_id: BTreeMap<String, usize>,
    repeats: u64,
    violations: Vec<String>,
    outbox: Outbox,
}

impl Erp {
    /// An ERP that knows nobody. The seed gives its first customer number: 20417 and up.
    ///
    /// # Errors
    ///
    /// If a secret is not base64.
    pub fn new(seed: u64, secrets: Secrets, policy: Policy) -> Result<Self, SignError> {
        for secret in [&secrets.incoming, &secrets.outgoing] {
            sign(secret, "check", 0, b"")?;
        }
        Ok(Self {
            policy,
            thinking: TimeDelta::zero(),
            again_after: TimeDelta::seconds(30),
            decide_in_answer: false,
            ledger_lost_at: None,
            answer_to_outcomes: None,
            known_customers: Vec::new(),
            faults: Faults::default(),
            journal: Journal::default(),
            secrets,
            next_customer: 20_417 + seed % 100 * 100_000,
            registrations: BTreeMap::new(),
            received: Vec::new(),
            by_id: BTreeMap::new(),
            repeats: 0,
            violations: Vec::new(),
            outbox: Outbox::default(),
        })
    }

    /// Takes one call at the time `now`, on any path.
    pub fn handle(&mut self, now: DateTime<Utc>, request: Request<Bytes>) -> Answer {
        let target = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
        let call = if request.method() == Method::POST { Call::Message } else { Call::Other };
        let answer = match self.faults.strike(call, request.method(), &target) {
            None => Answer::Respond(self.carry_out(now, &request)),
            Some(what) => what.play(|| self.carry_out(now, &request)),
        };
        let (parts, _) = request.into_parts();
        let traceparent =
            parts.headers.get("traceparent").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (method, status) = (parts.method, answer.status());
        self.journal.write(Line { at: now, call, method, target, traceparent, status });
        answer
    }

    fn carry_out(&mut self, now: DateTime<Utc>, request: &Request<Bytes>) -> Response<Bytes> {
        if request.method() != Method::POST {
            return refuse(StatusCode::METHOD_NOT_ALLOWED, "only POST");
        }
        let body = request.body();
        let id = match verify(&self.secrets.incoming, now, request.headers(), body) {
            Ok(id) => id,
            Err(refusal) => return refuse(StatusCode::UNAUTHORIZED, &refusal.to_string()),
        };
        if let Some(known) = self.by_id.get(id).and_then(|place| self.received.get(*place)) {
            if known.body == body {
                self.repeats += 1;
                return json_answer(StatusCode::OK, &known.answer);
            }
            if self.ledger_lost_at.is_none_or(|lost| known.at > lost) {
                self.violations.push(format!("{id} came again with another body"));
            }
            return refuse(StatusCode::CONFLICT, "the same webhook-id with another body");
        }
        let message: Value = serde_json::from_slice(body).unwrap_or_default();
        let (Some(kind), Some(_), Some(data)) =
            (message["type"].as_str(), message["timestamp"].as_str(), message["data"].as_object())
        else {
            self.violations.push(format!("{id} is not of the form type, timestamp, data"));
            return refuse(StatusCode::BAD_REQUEST, "type, timestamp and data are wanted");
        };
        let data = Value::Object(data.clone());
        if kind == DECISIONS_WANTED {
            self.repeat_since(now, data["since"].as_str().unwrap_or_default());
        }
        let missing = missing(&data);
        if OUTCOMES.contains(&kind) {
            if let Some(status) = self.answer_to_outcomes {
                return refuse(status, "unknown type");
            }
            self.violations.extend(self.faults_of_outcome(id, kind, &message));
        } else if matches!(kind, "registration.created" | "registration.updated") {
            if !missing.is_empty() {
                self.violations.push(format!("{id} lacks {}", missing.join(", ")));
                return refuse(StatusCode::UNPROCESSABLE_ENTITY, &format!("missing: {}", missing.join(", ")));
            }
            self.announce(now, id, kind, &data);
        }
        let answer = self.think(now, kind, &data).unwrap_or_else(|| json!({}));
        self.by_id.insert(id.to_owned(), self.received.len());
        let (id, kind, body) = (id.to_owned(), kind.to_owned(), body.clone());
        self.received.push(Received { id, at: now, kind, data, body, answer: answer.clone() });
        json_answer(StatusCode::OK, &answer)
    }

    /// Somebody has the person erased here too. What was received stays in [`Erp::received`], for who looks at the whole.
    pub fn erase(&mut self, origin: &str, user_key: &str) {
        self.registrations.remove(&(origin.to_owned(), user_key.to_owned()));
    }

    /// Notes a registration, and what is wrong with its coming now.
    fn announce(&mut self, now: DateTime<Utc>, id: &str, kind: &str, data: &Value) {
        let key = key_of(data);
        let known = self.registrations.get_mut(&key);
        match (kind, known) {
            ("registration.created", None) => {}
            ("registration.created", Some(known)) => {
                self.violations.push(format!("{} was created as {} and again as {id}", key.1, known.id));
                known.data = data.clone();
                return;
            }
            (_, Some(known)) => {
                if data["revision"].as_u64() <= known.data["revision"].as_u64() {
                    self.violations.push(format!("{id} updates {} without a higher revision", key.1));
                }
                known.data = data.clone();
                return;
            }
            (_, None) => self.violations.push(format!("{id} updates {}, which was never created", key.1)),
        }
        let announced = Announced {
            id: id.to_owned(),
            at: now,
            data: data.clone(),
            decision: None,
            customer: None,
            decisions: 0,
        };
        self.registrations.insert(key, announced);
    }
}

fn key_of(data: &Value) -> (String, String) {
    let text = |field: &str| data[field].as_str().unwrap_or_default().to_owned();
    (text("origin"), text("user_key"))
}

/// The fields that every registration has to have by the agreed form, and this one lacks.
fn missing(data: &Value) -> Vec<&'static str> {
    const FIELDS: [&str; 10] = [
        "origin",
        "user_key",
        "revision",
        "registered_at",
        "time_zone",
        "person",
        "company",
        "invoice_address",
        "delivery_address",
        "profiles",
    ];
    FIELDS.into_iter().filter(|field| data.get(*field).is_none()).collect()
}

fn refuse(status: StatusCode, why: &str) -> Response<Bytes> {
    json_answer(status, &json!({ "error": why }))
}

impl StandIn for Erp {
    fn take(&mut self, now: DateTime<Utc>, request: Request<Bytes>) -> Answer {
        self.handle(now, request)
    }
}

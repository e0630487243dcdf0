//! Decisions, and their way to the application.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;
use serde_json::Value;

use super::{Approval, Decision, Erp, Rejection, key_of};

impl Erp {
    /// Lets the policy decide about a registration that is new or has changed. Gives what goes into the answer.
    pub(super) fn think(&mut self, now: DateTime<Utc>, kind: &str, data: &Value) -> Option<Value> {
        if !matches!(kind, "registration.created" | "registration.updated") {
            return None;
        }
        let (origin, user_key) = key_of(data);
        let (decision, due) = self.policy.decide(&user_key, &self.known_customers, now, self.thinking)?;
        let (id, message) = self.conclude(due, &origin, &user_key, decision)?;
        if self.decide_in_answer && due <= now {
            return Some(message);
        }
        self.outbox.push(&id, &message, due);
        None
    }

    /// Makes the message of a decision. Who has a number keeps it, however often the decision changes.
    fn conclude(
        &mut self,
        at: DateTime<Utc>,
        origin: &str,
        user_key: &str,
        decision: Decision,
    ) -> Option<(String, Value)> {
        let known = self.registrations.get_mut(&(origin.to_owned(), user_key.to_owned()))?;
        known.decisions += 1;
        let id = format!("dec_{}_{}", known.id, known.decisions);
        let mut number = || {
            known.customer.clone().unwrap_or_else(|| {
                self.next_customer += 1;
                format!("C-{}", self.next_customer - 1)
            })
        };
        let approval = |customer: &str| Approval::new(origin, user_key, customer).with_announced(&known.data);
        let (message, customer) = match &decision {
            Decision::Approve => {
                let customer = number();
                (approval(&customer).message(at), Some(customer))
            }
            Decision::ApproveWithoutMail => {
                let customer = number();
                let approval = Approval { mail: Some(false), ..approval(&customer) };
                (approval.message(at), Some(customer))
            }
            Decision::Existing(customer) => {
                let approval = Approval { existing: Some(true), addresses: Vec::new(), ..approval(customer) };
                (approval.message(at), Some(customer.clone()))
            }
            Decision::Reject(reason) => {
                let revision = known.data["revision"].as_u64();
                (Rejection { revision, ..Rejection::new(origin, user_key, reason) }.message(at), None)
            }
        };
        known.customer = customer.or(known.customer.take());
        known.decision = Some(decision);
        Some((id, message))
    }

    /// A clerk decides: gives the signed request, which also comes due again until it is answered with 2xx. `None` if the
    /// registration was never announced.
    pub fn decide(
        &mut self,
        now: DateTime<Utc>,
        origin: &str,
        user_key: &str,
        decision: Decision,
    ) -> Option<Request<Bytes>> {
        let (id, message) = self.conclude(now, origin, user_key, decision)?;
        self.outbox.push(&id, &message, now);
        self.send(now, &id)
    }

    /// Any message, signed and then treated like a decision. `None` if the id cannot stand in a header.
    pub fn post(&mut self, now: DateTime<Utc>, id: &str, message: &Value) -> Option<Request<Bytes>> {
        self.outbox.push(id, message, now);
        self.send(now, id)
    }

    /// The signed requests that are due, for the application's [`super::WEBHOOK_PATH`]. Each comes due again unless
    /// [`Erp::answered`] reports a 2xx: with the same id and body, and a new timestamp and signature.
    pub fn due(&mut self, now: DateTime<Utc>) -> Vec<Request<Bytes>> {
        let ids = self.outbox.due(now);
        ids.iter().filter_map(|id| self.send(now, id)).collect()
    }

    /// Makes all decisions since a time due again, each as it was: the application has asked for them. Those that were in an answer become
    /// messages of their own.
    pub(super) fn repeat_since(&mut self, now: DateTime<Utc>, since: &str) {
        let Ok(since) = since.parse::<DateTime<Utc>>() else { return };
        for received in &self.received {
            if received.answer["timestamp"].is_string() {
                self.outbox.push(&format!("{}.again", received.id), &received.answer, now);
            }
        }
        self.outbox.repeat_since(now, since);
    }

    /// Reports what the application answered to a message; `None` if nothing.
    pub fn answered(&mut self, id: &str, status: Option<u16>) {
        let Some(outgoing) = self.outbox.get_mut(id) else { return };
        // What was taken once stays taken, however a repeat of it ends.
        if outgoing.ended() {
            return;
        }
        outgoing.status = status;
        if !outgoing.ended() {
            return;
        }
        let message: Value = serde_json::from_slice(&outgoing.body).unwrap_or_default();
        if let Some(customer) = message["data"]["customer"]["key"].as_str()
            && !self.known_customers.iter().any(|known| known == customer)
        {
            self.known_customers.push(customer.to_owned());
        }
    }

    /// Makes a message due again although it was taken: a sender may always repeat.
    pub fn repeat(&mut self, now: DateTime<Utc>, id: &str) -> Option<Request<Bytes>> {
        self.send(now, id)
    }

    fn send(&mut self, now: DateTime<Utc>, id: &str) -> Option<Request<Bytes>> {
        self.outbox.send(id, &self.secrets.outgoing, now, self.again_after)?.ok()
    }
}

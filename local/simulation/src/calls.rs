//! Every call of the application, as it truly went: what the promises are judged by.

use std::{cell::RefCell, time::Duration};

use chrono::{DateTime, Utc};
use http::{Method, StatusCode};
use serde_json::Value;
use shared::link::Link;

use crate::target::Target;

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who made it.
    pub process: String,
    /// What it was about.
    pub target: Target,
    /// The user that it was about, if it was about one: a profile's owner too.
    pub user: Option<String>,
    /// How.
    pub method: Method,
    /// What was sent.
    pub body: Value,
    /// How much of the ledger's history lay before it.
    pub after: usize,
    /// The link that the ledger held then, when it changes a user.
    pub link: Option<Link>,
    /// When it was sent, in true time.
    pub sent: Duration,
    /// When it was sent, by the application's clock.
    pub sent_shown: DateTime<Utc>,
    /// When it was carried out, in true time and by the application's clock; more than once if it arrived more than once.
    pub done: Vec<(Duration, DateTime<Utc>)>,
    /// How many activation mails it brought about when it arrived first. What arrives a second time is the network's doing.
    pub mails: usize,
    /// What came back, if anything came in time.
    pub heard: Option<StatusCode>,
    /// Whether what came back could not be read.
    pub garbled: bool,
    /// The decision that the ERP answered with, if it did.
    pub answer: Value,
    /// When nobody waited for it any more, in true time and by the application's clock.
    pub ended: Option<(Duration, DateTime<Utc>)>,
}

impl Call {
    /// Whether it was under way at the same time as another one.
    pub fn overlaps(&self, other: &Self) -> bool {
        let before = |one: &Self, other: &Self| one.ended.is_some_and(|(ended, _)| ended <= other.sent);
        !before(self, other) && !before(other, self)
    }

    /// Whether it was a write that wants a claim. An outcome has its id and its order, and needs none.
    pub fn writes(&self) -> bool {
        self.method != Method::GET && !matches!(self.target, Target::Token | Target::Outcome(_))
    }

    /// Whether it changed a user, or tried to.
    pub fn links(&self) -> bool {
        self.method == Method::PATCH
    }

    /// The decision behind the link.
    pub fn decision(&self) -> Option<&String> {
        self.link.as_ref()?.decision.as_ref()
    }

    /// When the ERP decided what it answered with.
    pub fn answer_decided_at(&self) -> Option<DateTime<Utc>> {
        self.answer["timestamp"].as_str()?.parse().ok()
    }

    /// Whether it asked for the activation mail.
    pub fn triggers(&self) -> bool {
        self.links() && self.body["registration"] == "new" && self.body["active"] == false
    }

    /// The customers that it gave the user.
    pub fn customers(&self) -> Vec<&str> {
        self.body["authorised_customers"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether the other side found fault with the record.
    pub fn is_refused(&self) -> bool {
        self.heard.is_some_and(|status| matches!(status.as_u16(), 400 | 409 | 413 | 415 | 422))
    }

    /// Whether it failed through no fault of the record: another try may succeed.
    pub fn failed(&self) -> bool {
        // Not to have a user, a customer or an address is an answer.
        let may_lack = !self.writes()
            && matches!(self.target, Target::User(_) | Target::Customer(_) | Target::Address(_));
        match self.heard {
            None => true,
            Some(StatusCode::NOT_FOUND) if may_lack => false,
            Some(status) => !status.is_success() && !self.is_refused(),
        }
    }

    /// Whether it arrived twice, or after its sender had stopped waiting for it: that is the network's doing.
    pub fn strayed(&self) -> bool {
        self.done.len() > 1
            || self.ended.is_some_and(|(ended, _)| self.done.iter().any(|(done, _)| *done > ended))
    }
}

/// All of them, in the order in which they were sent.
#[derive(Default)]
pub struct Calls(RefCell<Vec<Call>>);

impl Calls {
    /// A call is sent; its number.
    pub fn begin(&self, call: Call) -> usize {
        self.0.borrow_mut().push(call);
        self.0.borrow().len() - 1
    }

    /// More about a call becomes known.
    pub fn note(&self, number: usize, note: impl FnOnce(&mut Call)) {
        note(&mut self.0.borrow_mut()[number]);
    }

    /// Everything so far.
    pub fn all(&self) -> Vec<Call> {
        self.0.borrow().clone()
    }
}

//! Every call of the application, as it truly went: what the promises are judged by.

use std::{cell::RefCell, time::Duration};

use chrono::{DateTime, Utc};
use http::Method;

use crate::target::Target;

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who made it.
    pub process: String,
    /// What it was about.
    pub target: Target,
    /// How.
    pub method: Method,
    /// When it was sent, in true time.
    pub sent: Duration,
    /// When it was sent, by the application's clock.
    pub sent_shown: DateTime<Utc>,
    /// When it was carried out, in true time and by the application's clock; more than once if it arrived more than once.
    pub done: Vec<(Duration, DateTime<Utc>)>,
    /// How many activation mails it brought about when it arrived first. What arrives a second time is the network's doing.
    pub mails: usize,
    /// When nobody waited for it any more.
    pub ended: Option<Duration>,
}

impl Call {
    /// Whether it was under way at the same time as another one.
    pub fn overlaps(&self, other: &Self) -> bool {
        let before = |one: &Self, other: &Self| one.ended.is_some_and(|ended| ended <= other.sent);
        !before(self, other) && !before(other, self)
    }

    /// Whether it was a write that wants a claim. An outcome has its id and its order, and needs none.
    pub fn writes(&self) -> bool {
        self.method != Method::GET && !matches!(self.target, Target::Token | Target::Outcome(_))
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

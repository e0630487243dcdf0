//! What happened, in words, for who replays a seed. Nothing is put into words while nobody reads.

use std::cell::RefCell;

use crate::clock::{Clock, spelt};

/// The lines so far; none are kept unless somebody wants them.
#[derive(Default)]
pub struct Trace(Option<RefCell<Vec<String>>>);

impl Trace {
    /// A trace that is kept.
    pub fn kept() -> Self {
        Self(Some(RefCell::default()))
    }

    /// Adds a line.
    pub fn line(&self, clock: &Clock, who: &str, what: impl FnOnce() -> String) {
        if let Some(lines) = &self.0 {
            lines.borrow_mut().push(format!("{} {who:<13} {}", spelt(clock.truth()), what()));
        }
    }

    /// All lines.
    pub fn lines(&self) -> Vec<String> {
        self.0.as_ref().map(|lines| lines.borrow().clone()).unwrap_or_default()
    }
}

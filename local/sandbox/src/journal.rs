//! What was called, in order.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use http::{Method, StatusCode};

use crate::fault::Call;

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When it came.
    pub at: DateTime<Utc>,
    /// Its kind.
    pub call: Call,
    /// Its method.
    pub method: Method,
    /// Its path and query, as they came.
    pub target: String,
    /// The header `traceparent`, as it came.
    pub traceparent: Option<String>,
    /// The status that was answered; `None` if nothing was.
    pub status: Option<StatusCode>,
}

/// The calls, the oldest forgotten beyond [`Journal::limit`]. Bodies are not kept here, so no secret is.
#[derive(Debug, Clone)]
pub struct Journal {
    /// How many lines are kept; 0 keeps none.
    pub limit: usize,
    lines: VecDeque<Line>,
    total: u64,
}

impl Default for Journal {
    fn default() -> Self {
        Self { limit: 200_000, lines: VecDeque::new(), total: 0 }
    }
}

impl Journal {
    /// All lines that are kept, oldest first.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter()
    }

    /// The lines of one kind of call.
    pub fn of(&self, call: Call) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.call == call)
    }

    /// How many lines of one kind are kept.
    #[must_use]
    pub fn count(&self, call: Call) -> usize {
        self.of(call).count()
    }

    /// How many calls ever came, whether kept or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Forgets all lines; the total stays.
    pub fn clear(&mut self) {
        self.lines.clear();
    }

    pub(crate) fn write(&mut self, line: Line) {
        self.total += 1;
        if self.limit == 0 {
            return;
        }
        while self.lines.len() >= self.limit {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }
}

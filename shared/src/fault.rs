//! What went wrong with another system, with its words apart from ours.

use std::fmt;

use serde::{Serialize, Serializer};

/// What went wrong with another system. What it says about that may hold a person's data, as a database's error repeats the value
/// that it is about: so it is shown to whoever asks now, and stored only where an erasure finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What happened, in words of ours: the call, the status. It may be kept.
    pub seen: String,
    /// What the other side said.
    said: Option<String>,
}

impl Fault {
    /// One about which the other side has said nothing.
    #[must_use]
    pub fn seen(seen: impl Into<String>) -> Self {
        Self { seen: seen.into(), said: None }
    }

    /// With the other side's words.
    #[must_use]
    pub fn saying(mut self, words: impl Into<Option<String>>) -> Self {
        self.said = words.into();
        self
    }

    /// With where it happened.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.seen = format!("{place}: {}", self.seen);
        self
    }

    /// What of it may be kept.
    #[must_use]
    pub fn without_words(&self) -> Self {
        Self::seen(self.seen.clone())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.seen)?;
        self.said.as_ref().map_or(Ok(()), |said| write!(f, ": {said}"))
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

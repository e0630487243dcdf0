//! What was found: a mark, what was looked at, what it was like, and what to do.

use serde::Serialize;
use shared::key::OriginCode;

/// How a finding is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// As it should be.
    Ok,
    /// Worth knowing; nothing has to be done, or nothing could be told.
    Note,
    /// It works, and something should be done all the same.
    Warning,
    /// It does not work before something is done.
    Wrong,
}

/// A check, as machines and people know it. The id is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// The stable id.
    pub id: &'static str,
    /// What is looked at.
    pub what: &'static str,
}

/// One line of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check's stable id.
    pub id: String,
    /// The origin, where the check is made for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// How it is meant.
    pub mark: Mark,
    /// What was looked at.
    pub what: String,
    /// What it was like.
    pub found: String,
    /// What to do, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    fn new(check: Check, mark: Mark, found: impl Into<String>, advice: Option<String>) -> Self {
        let Check { id, what } = check;
        Self { id: id.to_owned(), origin: None, mark, what: what.to_owned(), found: found.into(), advice }
    }

    /// As it should be.
    pub fn ok(check: Check, found: impl Into<String>) -> Self {
        Self::new(check, Mark::Ok, found, None)
    }

    /// Worth knowing.
    pub fn note(check: Check, found: impl Into<String>) -> Self {
        Self::new(check, Mark::Note, found, None)
    }

    /// It works, and something should be done.
    pub fn warning(check: Check, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(check, Mark::Warning, found, Some(advice.into()))
    }

    /// It does not work before something is done.
    pub fn wrong(check: Check, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(check, Mark::Wrong, found, Some(advice.into()))
    }

    /// With what may be done about it.
    #[must_use]
    pub fn advising(self, advice: impl Into<String>) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }

    /// The same check of one subject among several: its name becomes part of the id, and of what is shown.
    #[must_use]
    pub fn about(self, name: &str) -> Self {
        Self { id: format!("{}.{name}", self.id), what: format!("{} {name}", self.what), ..self }
    }

    /// About one origin.
    #[must_use]
    pub fn in_origin(self, origin: &OriginCode) -> Self {
        Self { origin: Some(origin.to_string()), ..self }
    }
}

/// A number of things in words: `1 row`, `2 rows`.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

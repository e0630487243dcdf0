//! What is asked of the doctor, and the form of what it says.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    finding::{Finding, Mark},
    question::Question,
};

/// What to examine.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How long one call may take.
    pub limit: Duration,
    /// Whether the ERP is sent a ping.
    pub erp: bool,
    /// Where the application is reached from outside, if its webhook is to be sent a ping.
    pub url: Option<String>,
}

/// Time and chance.
pub struct World<'a> {
    /// The time.
    pub now: &'a dyn Fn() -> DateTime<Utc>,
    /// A new id for a message.
    pub id: &'a dyn Fn() -> String,
    /// Told what is being looked at.
    pub progress: &'a dyn Fn(&str),
}

/// All that was found.
#[derive(Debug, Clone, Serialize)]
pub struct Examination {
    /// The version of this form. It grows when a field changes its meaning or goes away.
    pub version: u32,
    /// When it began.
    pub at: DateTime<Utc>,
    /// How many findings there are of each mark.
    pub counts: Counts,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What the shop's documentation leaves open, and what is known of it now.
    pub questions: Vec<Question>,
    /// How many calls the shop was sent.
    pub calls: usize,
    /// How long it took.
    pub milliseconds: u64,
}

/// How many findings there are of each mark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// As it should be.
    pub ok: usize,
    /// Worth knowing.
    pub note: usize,
    /// It works, and something should be done.
    pub warning: usize,
    /// It does not work before something is done.
    pub wrong: usize,
}

impl Counts {
    pub(crate) fn of(findings: &[Finding]) -> Self {
        let count = |mark| findings.iter().filter(|finding| finding.mark == mark).count();
        Self {
            ok: count(Mark::Ok),
            note: count(Mark::Note),
            warning: count(Mark::Warning),
            wrong: count(Mark::Wrong),
        }
    }
}

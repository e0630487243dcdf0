//! What is watched, and from when on it is an alarm.

use chrono::TimeDelta;

use super::{BadSetting, Variables};
use crate::key::OriginCode;

/// The limits of `/status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchSettings {
    /// `origins`: those that have to be scanned.
    pub origins: Vec<OriginCode>,
    /// `scan_max_age`: how long ago the last complete scan may have begun.
    pub scan_max_age: TimeDelta,
    /// `undecided_max_age`: how long a registration may be without a decision.
    pub undecided_max_age: Option<TimeDelta>,
    /// `stuck_max`: how many registrations may be stuck.
    pub stuck_max: Option<i64>,
}

impl WatchSettings {
    /// The variables that it reads.
    pub const NAMES: [&str; 4] = ["origins", "scan_max_age", "undecided_max_age", "stuck_max"];

    /// Reads and checks the settings.
    ///
    /// # Errors
    /// The first setting that is missing or malformed.
    pub fn read(variables: &Variables<'_>) -> Result<Self, BadSetting> {
        let is_set = |name| !variables.text(name).is_empty();
        let undecided = "undecided_max_age";
        Ok(Self {
            origins: variables.list("origins")?,
            scan_max_age: variables.period("scan_max_age")?,
            undecided_max_age: if is_set(undecided) { Some(variables.period(undecided)?) } else { None },
            stuck_max: if is_set("stuck_max") {
                Some(variables.number("stuck_max", 0, 1_000_000)?)
            } else {
                None
            },
        })
    }
}

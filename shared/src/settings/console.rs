//! What the console shows, and when it says that something happens.

use chrono_tz::Tz;

use super::{BadSetting, Variables, WatchSettings, retry_policy};
use crate::detail::Pace;

/// The settings of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleSettings {
    /// What is watched: the same limits as those of `/status`.
    pub watch: WatchSettings,
    /// `shop_time_zone`: times are shown in it, where the browser does not show them in its own.
    pub zone: Tz,
    /// When failed tries and open registrations come up again.
    pub pace: Pace,
}

impl ConsoleSettings {
    /// The variables that it reads.
    pub const NAMES: [&str; 8] = [
        "origins",
        "scan_max_age",
        "undecided_max_age",
        "stuck_max",
        "shop_time_zone",
        "retry_attempts",
        "retry_for",
        "recheck_after",
    ];

    /// Reads and checks the settings.
    ///
    /// # Errors
    /// The first setting that is missing or malformed.
    pub fn read(variables: &Variables<'_>) -> Result<Self, BadSetting> {
        Ok(Self {
            watch: WatchSettings::read(variables)?,
            zone: variables.zone("shop_time_zone")?,
            pace: Pace { retry: retry_policy(variables)?, recheck_after: variables.period("recheck_after")? },
        })
    }
}

//! Time. The scheduler's own time is the truth; what the application reads may be off, and may jump.

use std::{cell::Cell, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// The application's clock, and the true time beside it.
pub struct Clock {
    base: DateTime<Utc>,
    began: Instant,
    off: Cell<TimeDelta>,
}

impl Clock {
    /// A clock that is right, at `base`. It stands on the runtime's paused time, which only moves when everybody waits.
    pub fn starting(base: DateTime<Utc>) -> Self {
        Self { base, began: Instant::now(), off: Cell::default() }
    }

    /// How long the run has lasted. Whatever is compared is compared by this.
    pub fn truth(&self) -> Duration {
        self.began.elapsed()
    }

    /// The true time of day.
    pub fn right(&self) -> DateTime<Utc> {
        self.base + self.truth()
    }

    /// What the application's clock shows.
    pub fn shown(&self) -> DateTime<Utc> {
        self.right() + self.off.get()
    }

    /// The application's clock jumps.
    pub fn jump(&self, by: TimeDelta) {
        self.off.set(self.off.get() + by);
    }

    /// The application's clock is right from now on.
    pub fn set_right(&self) {
        self.off.set(TimeDelta::zero());
    }
}

/// As a trace shows it: `+01:02:03.004`.
pub fn spelt(at: Duration) -> String {
    let (seconds, millis) = (at.as_secs(), at.subsec_millis());
    format!("+{:02}:{:02}:{:02}.{millis:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

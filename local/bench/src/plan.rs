//! How much of everything is measured.

use std::time::Duration;

/// How much of everything is measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// New registrations in a tick, one tick each.
    pub ticks: Vec<usize>,
    /// New registrations in the tick whose time on the processor counts.
    pub busy_tick: usize,
    /// What a call to the shop or the ERP takes in a tick.
    pub latency: Duration,
    /// Registrations that are finished, in the ledger of an idle tick.
    pub history: usize,
    /// Idle ticks that are timed.
    pub idle_ticks: usize,
    /// How long each stream of calls goes on.
    pub load: Duration,
    /// How often each measurement beside the native server is made.
    pub rounds: usize,
    /// Connections that decisions come on.
    pub connections: Vec<usize>,
    /// What a call to the shop takes beside the decisions.
    pub shop_latencies: Vec<Duration>,
    /// The most decisions in one stream.
    pub decisions: usize,
    /// Starts with a warm cache.
    pub starts: usize,
}

impl Plan {
    /// All of it; some minutes.
    #[must_use]
    pub fn full() -> Self {
        Self {
            ticks: vec![1000, 5000, 20_000],
            busy_tick: 5000,
            latency: Duration::from_millis(50),
            history: 1_000_000,
            idle_ticks: 15,
            load: Duration::from_secs(5),
            rounds: 3,
            connections: vec![16, 256],
            shop_latencies: vec![Duration::ZERO, Duration::from_millis(200)],
            decisions: 4000,
            starts: 9,
        }
    }

    /// Enough to see the ratios; less than a minute.
    #[must_use]
    pub fn quick() -> Self {
        Self {
            ticks: vec![200, 1000],
            busy_tick: 1000,
            history: 50_000,
            idle_ticks: 5,
            load: Duration::from_millis(1500),
            rounds: 1,
            decisions: 1000,
            starts: 3,
            ..Self::full()
        }
    }

    /// Enough to see that it can be measured.
    #[must_use]
    pub fn smoke() -> Self {
        Self {
            ticks: vec![5],
            busy_tick: 5,
            latency: Duration::from_millis(1),
            history: 100,
            idle_ticks: 1,
            load: Duration::from_millis(100),
            connections: vec![2],
            shop_latencies: vec![Duration::ZERO],
            decisions: 10,
            starts: 1,
            ..Self::quick()
        }
    }
}

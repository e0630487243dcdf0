//! What is measured.

mod idle;
mod shop;
mod sizes;
mod start;
mod tick;
mod webhook;

use std::{fmt, str::FromStr};

use anyhow::Result;

use crate::bench::Bench;

/// One thing to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// How much the stand-in shop carries: it must not be what is measured.
    Shop,
    /// A tick over many new registrations, against what its calls alone would take.
    Tick,
    /// A tick that finds nothing new, with little and with much history.
    Idle,
    /// Decisions, beside a native server.
    Webhook,
    /// The way to the first answer, and instances.
    Start,
    /// Memory in all of it.
    Memory,
    /// The components' files.
    Sizes,
}

impl Case {
    /// All, in the order in which they are measured.
    pub const ALL: [Self; 7] =
        [Self::Shop, Self::Tick, Self::Idle, Self::Webhook, Self::Start, Self::Memory, Self::Sizes];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Tick => "tick",
            Self::Idle => "idle",
            Self::Webhook => "webhook",
            Self::Start => "start",
            Self::Memory => "memory",
            Self::Sizes => "sizes",
        }
    }

    pub(crate) async fn measure(self, bench: &mut Bench<'_>) -> Result<()> {
        match self {
            Self::Shop => shop::measure(bench).await,
            Self::Tick => tick::measure(bench).await,
            Self::Idle => idle::measure(bench).await,
            Self::Webhook => webhook::measure(bench).await,
            Self::Start => start::measure(bench).await,
            // What the others have seen.
            Self::Memory => {
                bench.tell_memory();
                Ok(())
            }
            Self::Sizes => sizes::measure(bench),
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Case {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|case| case.as_str() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            format!("expected one of {names}")
        })
    }
}

//! One line of the result: what was measured, what came out, and what was hoped for.

use std::{fmt, time::Duration};

use crate::case::Case;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// How many times as much as something else.
    Ratio(f64),
    /// A time.
    Time(Duration),
    /// An amount of memory or a size, in bytes.
    Bytes(u64),
    /// So many in a second.
    PerSecond(f64),
    /// So many of something.
    Count(f64),
}

/// What a figure is hoped to be. It is of the same kind as the figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// So much, or less.
    AtMost(Figure),
    /// So much, or more.
    AtLeast(Figure),
}

/// One line of the result.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The case that it belongs to.
    pub case: Case,
    /// What was measured.
    pub what: String,
    /// What came out.
    pub figure: Figure,
    /// What was hoped for.
    pub goal: Option<Goal>,
}

impl Figure {
    #[expect(clippy::cast_precision_loss, reason = "it is only compared with a goal")]
    fn size(self) -> f64 {
        match self {
            Self::Ratio(value) | Self::PerSecond(value) | Self::Count(value) => value,
            Self::Time(time) => time.as_secs_f64(),
            Self::Bytes(bytes) => bytes as f64,
        }
    }
}

impl Goal {
    fn is_met_by(self, figure: Figure) -> bool {
        match self {
            Self::AtMost(most) => figure.size() <= most.size(),
            Self::AtLeast(least) => figure.size() >= least.size(),
        }
    }
}

impl Line {
    /// Whether the goal is met; `None` without one.
    #[must_use]
    pub fn is_met(&self) -> Option<bool> {
        self.goal.map(|goal| goal.is_met_by(self.figure))
    }
}

impl fmt::Display for Figure {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Ratio(value) => write!(f, "{value:.2}"),
            Self::Count(value) if value.fract() == 0.0 => write!(f, "{value:.0}"),
            Self::Count(value) => write!(f, "{value:.1}"),
            Self::PerSecond(value) => write!(f, "{value:.0}/s"),
            Self::Time(time) if time < Duration::from_millis(1) => {
                write!(f, "{:.0} µs", time.as_secs_f64() * 1e6)
            }
            Self::Time(time) if time < Duration::from_millis(100) => {
                write!(f, "{:.1} ms", time.as_secs_f64() * 1e3)
            }
            Self::Time(time) if time < Duration::from_secs(1) => {
                write!(f, "{:.0} ms", time.as_secs_f64() * 1e3)
            }
            Self::Time(time) => write!(f, "{:.1} s", time.as_secs_f64()),
            Self::Bytes(bytes) if bytes < 1_000_000 => write!(f, "{:.0} kB", bytes as f64 / 1e3),
            Self::Bytes(bytes) => write!(f, "{:.1} MB", bytes as f64 / 1e6),
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(figure) => write!(f, "at most {figure}"),
            Self::AtLeast(figure) => write!(f, "at least {figure}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_its_unit_and_three_digits_or_so() {
        for (figure, want) in [
            (Figure::Ratio(0.714), "0.71"),
            (Figure::Time(Duration::from_nanos(73_400)), "73 µs"),
            (Figure::Time(Duration::from_micros(4_260)), "4.3 ms"),
            (Figure::Time(Duration::from_millis(800)), "800 ms"),
            (Figure::Time(Duration::from_millis(63_250)), "63.2 s"),
            (Figure::Bytes(699_123), "699 kB"),
            (Figure::Bytes(36_400_000), "36.4 MB"),
            (Figure::PerSecond(10_432.4), "10432/s"),
            (Figure::Count(12.0), "12"),
            (Figure::Count(12.25), "12.2"),
        ] {
            assert_eq!(figure.to_string(), want);
        }
    }

    #[test]
    fn a_goal_is_met_from_its_own_side() {
        let line = |goal| Line { case: Case::Tick, what: String::new(), figure: Figure::Ratio(1.0), goal };
        assert_eq!(line(None).is_met(), None);
        assert_eq!(line(Some(Goal::AtMost(Figure::Ratio(1.03)))).is_met(), Some(true));
        assert_eq!(line(Some(Goal::AtLeast(Figure::Ratio(1.03)))).is_met(), Some(false));
    }
}

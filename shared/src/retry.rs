//! When a failed try is repeated, and when a person takes over. Time and chance come in as values.
//!
//! The pause doubles with each failure up to an hour, and is drawn at random from all of it ("full jitter"): what failed together
//! does not come back together.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// The longest first pause after a failed try; it doubles with each further one.
pub const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(15);
/// The longest pause.
pub const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

/// How long it is tried by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// `retry_attempts`: after this many failures in a row a person takes over.
    pub attempts: u32,
    /// `retry_for`: so does one when the first of them is as long ago.
    pub period: TimeDelta,
}

/// What a failure is judged by: the policy, the time of it, and chance.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// The policy.
    pub policy: Policy,
    /// When the try failed.
    pub now: DateTime<Utc>,
    /// Any number, each as likely as the others.
    pub chance: u64,
}

/// What follows a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another try, not before this time.
    Again(DateTime<Utc>),
    /// None: a person has to look.
    GiveUp,
}

impl Retry {
    /// What follows the last of `failures` in a row, the first of which was at `since`. `asked` is how long the other side asks to
    /// wait: the later of that and our own pause counts.
    #[must_use]
    pub fn next(&self, failures: u32, since: DateTime<Utc>, asked: Option<Duration>) -> Next {
        if failures >= self.policy.attempts || self.now - since >= self.policy.period {
            return Next::GiveUp;
        }
        let asked = asked.and_then(|asked| TimeDelta::from_std(asked).ok()).unwrap_or_default();
        Next::Again(self.now + self.pause(failures).max(asked))
    }

    /// A pause after so many failures, between nothing and the longest that is due by then.
    fn pause(&self, failures: u32) -> TimeDelta {
        let doubled = failures.saturating_sub(1).min(16);
        let longest = (FIRST_PAUSE * (1 << doubled)).min(LONGEST_PAUSE).num_milliseconds();
        // The upper half of the product is spread evenly over 0..=longest.
        let drawn = (i128::from(self.chance) * i128::from(longest + 1)) >> u64::BITS;
        TimeDelta::milliseconds(i64::try_from(drawn).unwrap_or(longest))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POLICY: Policy = Policy { attempts: 200, period: TimeDelta::days(7) };

    fn now() -> DateTime<Utc> {
        "2026-03-02T09:15:00Z".parse().unwrap()
    }

    fn retry(chance: u64) -> Retry {
        Retry { policy: POLICY, now: now(), chance }
    }

    #[test]
    fn the_pause_lies_between_nothing_and_a_bound_that_doubles_up_to_an_hour() {
        for (failures, bound, why) in [
            (1, 15, "the first pause"),
            (2, 30, "doubled"),
            (5, 240, "and again"),
            (8, 1920, "the last one below the cap"),
            (9, 3600, "the cap"),
            (199, 3600, "it does not overflow"),
        ] {
            assert_eq!(retry(0).next(failures, now(), None), Next::Again(now()), "{why}");
            let last = now() + TimeDelta::seconds(bound);
            assert_eq!(retry(u64::MAX).next(failures, now(), None), Next::Again(last), "{why}");
            let middle = now() + TimeDelta::milliseconds(bound * 500);
            assert_eq!(retry(1 << 63).next(failures, now(), None), Next::Again(middle), "{why}");
        }
    }

    #[test]
    fn what_the_other_side_asks_for_counts_when_it_is_later() {
        for (asked, chance, want, why) in [
            (120, u64::MAX, 120, "it asks for more than our pause"),
            (10, u64::MAX, 15, "our pause is longer"),
            (10, 0, 10, "chance never goes below what it asks"),
        ] {
            let next = retry(chance).next(1, now(), Some(Duration::from_secs(asked)));
            assert_eq!(next, Next::Again(now() + TimeDelta::seconds(want)), "{why}");
        }
    }

    #[test]
    fn after_so_many_failures_or_so_long_a_time_it_is_given_up() {
        let (days, second) = (TimeDelta::days(7), TimeDelta::seconds(1));
        for (failures, age, given_up, why) in [
            (199, TimeDelta::zero(), false, "one failure is left"),
            (200, TimeDelta::zero(), true, "the last one"),
            (201, TimeDelta::zero(), true, "the limit was lowered meanwhile"),
            (2, days - second, false, "a second is left"),
            (2, days, true, "the first failure is long ago"),
            (2, -second, false, "a clock that went back proves nothing"),
        ] {
            let next = retry(7).next(failures, now() - age, None);
            assert_eq!(next == Next::GiveUp, given_up, "{why}");
        }
    }

    proptest! {
        #[test]
        fn no_chance_leaves_the_bounds(chance: u64, failures in 1_u32..200) {
            let Next::Again(at) = retry(chance).next(failures, now(), None) else { panic!("given up") };
            prop_assert!((now()..=now() + LONGEST_PAUSE).contains(&at));
        }
    }
}

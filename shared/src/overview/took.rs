//! How long it took from coming to being active.
//!
//! Times are counted in classes, so that no list of times has to be kept or sorted. The median lies within its class as if the times in
//! there were spread evenly: that is as exact as a tick that comes every few minutes can tell.

use chrono::TimeDelta;

use crate::ledger::{Tallied, Tally};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Where each class but the first begins, in seconds. The schema has them too; a test compares.
pub const CLASSES: [i64; 14] = [
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    16 * HOUR,
    DAY,
    2 * DAY,
    3 * DAY,
    5 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
];

/// Where each bucket that people see ends; the last one has no end.
pub const BUCKETS: [TimeDelta; 5] =
    [TimeDelta::hours(1), TimeDelta::hours(4), TimeDelta::days(1), TimeDelta::days(3), TimeDelta::days(7)];

/// How long it took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Took {
    /// How many there are.
    pub count: i64,
    /// Half of them took no longer; nothing, if there are none.
    pub median: Option<TimeDelta>,
    /// How many are in each of [`BUCKETS`], and in the last one.
    pub buckets: [i64; BUCKETS.len() + 1],
}

impl Took {
    pub(super) fn of(tallies: &[Tally]) -> Self {
        let mut classes = [0; CLASSES.len() + 1];
        for tally in tallies.iter().filter(|tally| tally.what == Tallied::Activated) {
            classes[tally.took.min(CLASSES.len())] += tally.count;
        }
        let mut buckets = [0; BUCKETS.len() + 1];
        for (class, count) in classes.iter().enumerate() {
            let begins = begin(class);
            buckets[BUCKETS.iter().take_while(|end| begins >= **end).count()] += count;
        }
        Self { count: classes.iter().sum(), median: median(&classes), buckets }
    }
}

/// Where a class begins.
fn begin(class: usize) -> TimeDelta {
    TimeDelta::seconds(class.checked_sub(1).map_or(0, |before| CLASSES[before]))
}

fn median(classes: &[i64]) -> Option<TimeDelta> {
    let half: i64 = classes.iter().sum::<i64>();
    let mut before = 0;
    for (class, count) in classes.iter().enumerate().filter(|(_, count)| **count > 0) {
        if (before + count) * 2 >= half {
            let begins = begin(class);
            // The last class has no end.
            let length =
                CLASSES.get(class).map_or(TimeDelta::zero(), |end| TimeDelta::seconds(*end) - begins);
            let share = i32::try_from((half - before * 2) * 1000 / (count * 2)).unwrap_or(1000);
            return Some(begins + length / 1000 * share);
        }
        before += count;
    }
    None
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn took(classes: &[(usize, i64)]) -> Took {
        let tally =
            |&(took, count)| Tally { at: DateTime::UNIX_EPOCH, what: Tallied::Activated, took, count };
        let mut tallies: Vec<_> = classes.iter().map(tally).collect();
        tallies.push(Tally { what: Tallied::Registered, count: 99, ..tally(&(0, 0)) });
        Took::of(&tallies)
    }

    #[test]
    fn each_class_lies_in_one_bucket() {
        let all: Vec<_> = (0..=CLASSES.len()).map(|class| (class, 1)).collect();
        assert_eq!(took(&all).buckets, [3, 2, 3, 2, 2, 3]);
        for bucket in BUCKETS {
            assert!(CLASSES.contains(&bucket.num_seconds()), "{bucket}");
        }
    }

    #[test]
    fn half_of_them_took_no_longer_than_the_median() {
        assert_eq!(took(&[]).median, None);
        for (classes, want, why) in [
            (&[(2, 1)][..], TimeDelta::minutes(45), "the middle of its class"),
            (&[(0, 1), (7, 1)], TimeDelta::minutes(15), "the end of the first half"),
            (&[(0, 10), (3, 11)], TimeDelta::seconds(3600 + 163), "at the beginning of the second half"),
            (&[(14, 3)], TimeDelta::days(30), "at least"),
        ] {
            let median = took(classes).median.unwrap();
            assert!((median - want).abs() <= TimeDelta::seconds(4), "{why}: {median}");
        }
    }
}

//! Nothing is given up before its time: after as many tries as are set, or as long, and each of them failed in the world.

use chrono::{DateTime, Utc};

use super::case::Case;
use crate::history::Held;

/// Whether a registration that was given up had to be.
pub fn is_due(case: &Case<'_>, held: &Held) -> bool {
    let plan = &case.world.plan;
    // The change that gave it up, and the last one before the first failure.
    let begins = |place: &usize| {
        let reason = |place: usize| case.course[place].1.reason.as_ref();
        reason(*place) == held.reason.as_ref() && (*place == 0 || reason(*place - 1) != reason(*place))
    };
    let Some(end) = (0..case.course.len()).rev().find(begins) else { return false };
    let (until, held) = case.course[end];
    let begin = case.course[..end].iter().rposition(|(_, one)| one.attempts == 0);
    let after = begin.map_or(0, |begin| case.course[begin].0);
    let failed = case
        .calls
        .iter()
        .filter(|call| call.failed() && case.concerns(call) && call.after >= after && call.after <= until);
    let often = held.attempts >= u64::from(plan.retry_attempts);
    let since = held.failing_since.and_then(DateTime::<Utc>::from_timestamp_millis);
    let now = case.changes[until].shown;
    let long = since.is_some_and(|since| now - since >= plan.retry_for);
    (often || long) && failed.count() as u64 >= held.attempts
}

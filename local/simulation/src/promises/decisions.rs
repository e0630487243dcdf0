//! Every decision is taken, and followed unless something stands against it.

use std::time::Duration;

use http::StatusCode;
use shared::key::CustomerKey;

use super::{
    case::{Case, Decision},
    stuck::CHANGED_SINCE,
};
use crate::{erasure::erased, facts::Deed, history::Held, world::World};

/// Whoever decides is heard: at the latest when all is calm, each decision is in the inbox. One with a text that is too long is turned
/// away at the door.
pub fn taken(world: &World, decisions: &[Decision]) -> Vec<String> {
    let posted = world.facts.posted();
    // A decision about somebody who is erased is refused, and not stored.
    let fit = posted.iter().filter(|posted| {
        !erased(world, posted.message.user()) && (posted.accepted || !posted.message.is_excessive())
    });
    let lost = fit.filter(|posted| {
        !decisions.iter().any(|one| one.id == posted.id || posted.message.is_same_wish(&one.message))
    });
    lost.map(|posted| {
        let answered = if posted.accepted { "answered with 2xx" } else { "never taken" };
        format!("{} was {answered}, and is not in the inbox", posted.id)
    })
    .collect()
}

/// What became of each decision has a cause.
pub fn judge(case: &Case<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    for decision in &case.decisions {
        let (id, fair) = (&decision.id, |outcome, fair: &dyn Fn(usize) -> bool| {
            case.settled(&decision.id, outcome).is_some_and(fair)
        });
        match decision.outcome.as_deref() {
            Some("followed")
                if !fair("followed", &|then| {
                    stood(case, decision, then) || is_spent(case, decision, then)
                }) =>
            {
                broken.push(format!("{id} is said to be followed, and never counted"));
            }
            // A correction is spent as soon as another decision counts, and nobody waits with it until there is none to correct.
            Some("superseded" | "refused") if decision.message.remedy().is_some() => {}
            // One that was carried out and taken back before that was noted.
            Some("superseded") if is_taken_back(case, decision) => {}
            Some("superseded") if !fair("superseded", &|then| is_superseded(case, decision, then)) => {
                broken.push(format!("{id} is superseded, and no later decision counted"));
            }
            Some("refused") if !fair("refused", &|then| is_contradicted(case, decision, then)) => {
                broken.push(format!("{id} is refused, and nothing contradicts it"));
            }
            // What is left in the inbox is told of elsewhere.
            _ => {}
        }
    }
    broken.extend(order(case));
    broken
}

fn stood(case: &Case<'_>, decision: &Decision, then: usize) -> bool {
    case.course.iter().any(|(at, held)| *at < then && held.decision.as_ref() == Some(&decision.id))
}

fn is_superseded(case: &Case<'_>, decision: &Decision, then: usize) -> bool {
    case.decisions.iter().any(|other| other.is_later(decision) && stood(case, other, then))
}

/// A decision on a revision that has passed ends with the question to decide again.
fn is_spent(case: &Case<'_>, decision: &Decision, then: usize) -> bool {
    case.course.iter().any(|(at, held)| *at < then && spends(case, decision, *at, held))
}

fn spends(case: &Case<'_>, decision: &Decision, at: usize, held: &Held) -> bool {
    held.reason.as_deref() == Some(CHANGED_SINCE)
        && decision.message.revision().is_some_and(|seen| seen < held.revision)
        && case.did_by(case.at(at), |deed| *deed == Deed::Edits)
}

/// A later decision takes an earlier one's place, and never the other way round; none is dropped but for a change of the data.
fn order(case: &Case<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    for pair in case.course.windows(2) {
        let [(_, before), (at, after)] = pair else { continue };
        if before.decision == after.decision {
            continue;
        }
        let known = |id: &Option<String>| id.as_ref().and_then(|id| case.decision(id));
        match (known(&before.decision), known(&after.decision)) {
            // Who puts a decision right comes after it, whatever the clocks say.
            (Some(before), Some(after))
                if before.is_later(after) && after.message.after() != Some(&before.id) =>
            {
                broken.push(format!("{} took the place of {}, which is later", after.id, before.id));
            }
            (Some(before), None)
                if !case.decisions.iter().any(|one| spends(case, one, *at, after))
                    && !is_taken_back(case, before) =>
            {
                broken.push(format!("{} was dropped", before.id));
            }
            _ => {}
        }
    }
    broken
}

/// Whether it was a rejection that somebody wanted to take back.
fn is_taken_back(case: &Case<'_>, rejection: &Decision) -> bool {
    let mut reopenings = case.reopenings.iter();
    rejection.message.rejects() && reopenings.any(|one| one.message.after() == Some(&rejection.id))
}

/// Whether something stood against it when it was refused: what was begun, or the shop's word about the user.
fn is_contradicted(case: &Case<'_>, decision: &Decision, then: usize) -> bool {
    let at = case.at(then);
    let Some(held) = case.before(then) else { return is_about_nobody(case, decision, at) };
    let Some(link) = &held.link else { return false };
    let message = &decision.message;
    let mut wanted = message.customers();
    let mut linked: Vec<_> = link.customers.iter().map(CustomerKey::as_str).collect();
    wanted.sort_unstable();
    linked.sort_unstable();
    message.rejects() || wanted != linked && !message.replaces()
}

/// The shop has said that it does not have the user; or the wish is about somebody who is no open registration, or whom the shop
/// does not show well enough to know.
fn is_about_nobody(case: &Case<'_>, decision: &Decision, then: Duration) -> bool {
    let mut read = case.about().filter(|call| !call.writes() && call.sent <= then);
    let no_registration = |deed: &Deed| matches!(deed, Deed::Activates | Deed::Links(_) | Deed::Clicks);
    let wish = decision.message.is_wish();
    read.any(|call| call.heard == Some(StatusCode::NOT_FOUND) || wish && call.garbled)
        || wish && case.did_by(then, no_registration)
}

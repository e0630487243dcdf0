//! Gone is who was deleted, and nobody else; and who was deleted does not linger.

use chrono::TimeDelta;
use http::StatusCode;
use shared::{ledger::State, registration::GONE_AFTER};

use super::case::Case;
use crate::{facts::Deed, history::held, world::World};

/// What lies between the time at which the application looks at its clock and the call, such as a new token, at most.
const BEFORE_THE_CALL: TimeDelta = TimeDelta::seconds(30);

/// Judges who is gone and who is not.
pub fn judge(case: &Case<'_>) -> Option<String> {
    let (held, user) = (case.held.as_ref()?, &case.user);
    match (held.state, is_unnoticed(case.world, user)) {
        (State::Gone, true) => Some(format!("{user} is gone, and the shop lists it")),
        (state, true) => Some(format!("{user} was deleted, and is {state}")),
        (State::Gone, false) if !was_deleted(case.world, user) && !denied(case) => {
            Some(format!("{user} is gone, and the shop has not said so twice"))
        }
        (_, false) => None,
    }
}

fn was_deleted(world: &World, user: &str) -> bool {
    world.facts.deeds(user).iter().any(|(_, deed)| *deed == Deed::Deletes)
}

/// Whether somebody was deleted whose registration the ledger holds as open, or is held as gone and listed by the shop. Both are
/// noticed in the end: by a clock that was ahead, not before it is as late as that.
pub fn is_unnoticed(world: &World, user: &str) -> bool {
    let shop = world.shop.borrow();
    let Some(held) = held(world, user) else { return false };
    match held.state {
        State::Gone => shop.user(user).is_some_and(|user| !user.active && user.registration == "new"),
        State::Active | State::Rejected | State::Erased => false,
        State::Seen | State::Announced | State::Approved | State::Linked | State::Stuck => {
            was_deleted(world, user)
        }
    }
}

/// Whether the shop said "not found" twice, an hour apart by the application's clock.
fn denied(case: &Case<'_>) -> bool {
    let denials: Vec<_> =
        case.about().filter(|call| !call.writes() && call.heard == Some(StatusCode::NOT_FOUND)).collect();
    denials.iter().any(|first| {
        let again = denials.iter().filter_map(|call| call.ended);
        again.into_iter().any(|(_, shown)| shown - first.sent_shown >= GONE_AFTER - BEFORE_THE_CALL)
    })
}

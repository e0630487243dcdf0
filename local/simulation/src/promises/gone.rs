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
    let deleted = case.did(|deed| *deed == Deed::Deletes);
    if is_wrongly_gone(case.world, user) {
        return Some(format!("{user} is gone, and the shop lists it"));
    }
    match held.state {
        State::Gone if !deleted && !denied(case) => {
            Some(format!("{user} is gone, and the shop has not said so twice"))
        }
        State::Seen | State::Announced | State::Approved | State::Linked | State::Stuck if deleted => {
            Some(format!("{user} was deleted, and is {}", held.state))
        }
        _ => None,
    }
}

/// Whether the ledger holds somebody as gone whom the shop lists as an open registration.
pub fn is_wrongly_gone(world: &World, user: &str) -> bool {
    let shop = world.shop.borrow();
    let listed = shop.user(user).is_some_and(|user| !user.active && user.registration == "new");
    listed && held(world, user).is_some_and(|held| held.state == State::Gone)
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

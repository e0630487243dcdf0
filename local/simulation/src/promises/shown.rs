//! The decision that counts is what the shop shows, or a person knows why not.

use sandbox::shop::behaviour::DirectActivation;
use shared::ledger::State;

use super::case::{Case, Decision};
use crate::history::Held;

/// Judges where a registration has ended by the decision that counts.
pub fn judge(case: &Case<'_>) -> Option<String> {
    let held = case.held.as_ref()?;
    let (user, state) = (&case.user, held.state);
    let Some(decision) = held.decision.as_ref().and_then(|id| case.decision(id)) else {
        return undecided(case, held);
    };
    match state {
        State::Rejected if decision.message.rejects() => unwanted(case),
        State::Linked | State::Active if !decision.message.rejects() => short_of(case, held, decision),
        // Both have to have a cause, which is judged by itself.
        State::Stuck | State::Gone | State::Erased => None,
        State::Seen
        | State::Announced
        | State::Approved
        | State::Rejected
        | State::Linked
        | State::Active => Some(format!("{user} is {state} after {}", decision.id)),
    }
}

/// Nobody has decided, or what was decided is spent.
fn undecided(case: &Case<'_>, held: &Held) -> Option<String> {
    let fair = match held.state {
        State::Seen | State::Announced | State::Stuck | State::Gone | State::Erased => true,
        State::Active => case.was_active_by(case.world.clock.truth()),
        State::Approved | State::Linked | State::Rejected => false,
    };
    (!fair).then(|| format!("{} is {}, and no decision counts", case.user, held.state))
}

/// Nothing is written to the shop for a rejection.
fn unwanted(case: &Case<'_>) -> Option<String> {
    let linked = case.patches().any(|call| !call.done.is_empty());
    linked.then(|| format!("{} is rejected, and was linked", case.user))
}

/// What the decision wants and the shop does not show.
fn short_of(case: &Case<'_>, held: &Held, decision: &Decision) -> Option<String> {
    let shop = case.world.shop.borrow();
    // Deleted since: then it is gone when that is noticed, or finished before.
    let shown = shop.user(&case.user)?;
    let linked = held
        .link
        .as_ref()
        .is_some_and(|link| link.is_known() && link.decision.as_ref() == Some(&decision.id));
    // Stuck before it was linked, and able to log in: somebody else has brought it there, which ends it.
    if !linked && held.state == State::Active && case.was_active_by(case.world.clock.truth()) {
        return None;
    }
    // A correction is none for who can log in.
    let corrects = decision.message.remedy().is_some();
    if corrects && held.state == State::Active && case.was_active_by(case.world.clock.truth()) {
        return None;
    }
    let (message, user) = (&decision.message, &case.user);
    let has = |key: &str| shown.authorised_customers.iter().any(|has| has == key);
    if let Some(missing) = message.customers().into_iter().find(|key| !has(key)) {
        return (!overwritten(case, decision))
            .then(|| format!("{user} is {}, and not linked to {missing}", held.state));
    }
    let kept = shown.authorised_customers.iter().find(|key| {
        message.replaces() && !message.customers().contains(&key.as_str()) && !case.linked_by_hand(key)
    });
    if let Some(kept) = kept {
        return (!overwritten(case, decision)).then(|| format!("{user} is still linked to {kept}"));
    }
    let activates = case.world.plan.behaviour.direct == DirectActivation::Activates;
    (activates && message.activates() && !shown.active && !overwritten(case, decision))
        .then(|| format!("{user} is linked by {}, and not active", decision.id))
}

/// Whether an earlier call arrived after the decision's own: that is the network's doing.
fn overwritten(case: &Case<'_>, decision: &Decision) -> bool {
    let own = case.patches().filter(|call| call.decision() == Some(&decision.id));
    let own = own.filter_map(|call| call.done.first()).map(|(done, _)| *done).min();
    case.patches().any(|call| {
        call.decision() != Some(&decision.id)
            && call.strayed()
            && call.done.iter().any(|(done, _)| own.is_none_or(|own| *done > own))
    })
}

//! A person looks only at what needs a person: each reason has its own cause, which the judge finds in the world.

use sandbox::{Odd, shop::behaviour::Link as LinkNature};
use shared::{decision::Remedy, ledger::State};

use super::{
    case::{Case, belongs, names},
    given_up,
};
use crate::{
    calls::Call, facts::Deed, history::Held, message::Message, office::GIVEN_UP, plan::KNOWN, target::Target,
};

/// Decided on what is no longer there.
pub const CHANGED_SINCE: &str =
    "the applicant has changed the data since it was reviewed: review and decide again";
/// An answer to an announcement that means to decide, and nobody can tell what.
pub const DOUBTFUL_ANSWER: &str = "the ERP's answer to ";

/// Whether the world has given cause for a reason.
type Cause = fn(&Case<'_>, &Held, &str) -> bool;

/// How each reason is told from the others, and what may cause it. The words of others may hold anything, so they come last.
const CAUSES: [(&str, Cause); 17] = [
    (GIVEN_UP, |case, held, _| given_up::is_due(case, held)),
    (CHANGED_SINCE, changed),
    (DOUBTFUL_ANSWER, |case, _, reason| {
        let mut answers = case.calls.iter().filter(|call| call.user.as_ref() == Some(&case.user));
        let unread = reason.contains("cannot be read");
        answers.any(|call| {
            unread && Message(call.answer.clone()).is_excessive() || !unread && is_from_the_future(call)
        })
    }),
    (" exists in the shop already", exists),
    ("was written for another registration", held_by_another),
    (" does not exist in the shop", lacks),
    ("the user is no open registration", no_registration),
    ("linked elsewhere, mail unknown", linked_elsewhere),
    ("linked before, mail unknown", linked_before),
    ("the user has no profile to take them from", |case, _, _| case.odd == Some(Odd::NoProfile)),
    ("the shop has no profile for this user", |case, _, _| case.odd == Some(Odd::NoProfile)),
    ("the shop kept the customers", kept),
    (" is unreadable: ", |case, _, _| garbled(case, |target| !matches!(target, Target::Profile(_)))),
    ("the profile is not a JSON object", |case, _, _| {
        garbled(case, |target| matches!(target, Target::Profile(_)))
    }),
    ("the ERP refused the registration: ", |case, _, _| {
        let told = Target::Message(case.user.clone());
        case.calls.iter().any(|call| call.target == told && call.is_refused())
    }),
    ("authorised_customers: Object with key=", |case, _, reason| {
        case.did(|deed| matches!(deed, Deed::Links(key) if reason.contains(&format!("key={key} "))))
    }),
    (": This ", |case, _, reason| {
        let refused = case.calls.iter().any(|call| call.writes() && call.is_refused() && case.concerns(call));
        // What the applicant left blank, the shop does not take for an address.
        refused && (reason == "name: This is refused." || case.odd == Some(Odd::Blank))
    }),
];

/// Nobody is stuck without a cause.
pub fn judge(case: &Case<'_>) -> Option<String> {
    let held = case.held.as_ref().filter(|held| held.state == State::Stuck)?;
    let reason = held.reason.clone().unwrap_or_default();
    (!is_excused(case, held)).then(|| format!("{} is stuck for no reason of the world: {reason}", case.user))
}

/// Whoever has lost the memory of a customer of his own must know it again.
pub fn takes_its_own_for_foreign(case: &Case<'_>) -> Option<String> {
    let held = case.held.as_ref().filter(|held| held.state == State::Stuck)?;
    let reason = held.reason.as_deref().filter(|reason| reason.contains(" exists in the shop already"))?;
    (!exists(case, held, reason))
        .then(|| format!("{} is stuck for a customer of its own: {reason}", case.user))
}

/// Whether a registration is stuck, and for a cause.
pub fn is_excused(case: &Case<'_>, held: &Held) -> bool {
    let reason = held.reason.as_deref().unwrap_or_default();
    let known = CAUSES.iter().find(|(words, _)| reason.contains(words));
    held.state == State::Stuck && known.is_some_and(|(_, caused)| caused(case, held, reason))
}

/// Whether a reading of such a thing came back broken.
fn garbled(case: &Case<'_>, of: fn(&Target) -> bool) -> bool {
    case.calls.iter().any(|call| call.garbled && !call.writes() && of(&call.target) && case.concerns(call))
}

/// Edited, and decided by one who had looked at an earlier revision.
fn changed(case: &Case<'_>, held: &Held, _: &str) -> bool {
    let seen = |revision: u64| revision < held.revision;
    case.did(|deed| *deed == Deed::Edits)
        && case.decisions.iter().any(|decision| decision.message.revision().is_some_and(seen))
}

/// The clerks' own, another registration's, or perhaps the registration's own that it has written otherwise before.
fn exists(case: &Case<'_>, _: &Held, reason: &str) -> bool {
    let key = reason.split(' ').nth(1).unwrap_or_default();
    let naming = case.decisions.iter().filter(|decision| names(&decision.message, key));
    let written = case.calls.iter().any(|call| call.writes() && is_party(call, key));
    KNOWN.iter().any(|known| belongs(key, known))
        || others(case, key)
        || written && (naming.count() > 1 || case.did(|deed| *deed == Deed::Edits))
}

fn is_party(call: &Call, key: &str) -> bool {
    matches!(&call.target, Target::Customer(of) | Target::Address(of) if of == key)
}

/// Whether a decision about somebody else has this customer or address written.
fn others(case: &Case<'_>, key: &str) -> bool {
    case.everybodys.iter().any(|decision| {
        decision.message.user() != case.user
            && !decision.message.is_existing()
            && names(&decision.message, key)
    })
}

fn held_by_another(case: &Case<'_>, _: &Held, _: &str) -> bool {
    let mine = case.decisions.iter().flat_map(|decision| decision.message.customers());
    mine.into_iter().any(|customer| others(case, customer))
}

/// A wish about a user whom somebody had activated or linked before anybody knew it.
fn no_registration(case: &Case<'_>, held: &Held, _: &str) -> bool {
    let wish =
        held.decision.as_ref().and_then(|id| case.decision(id)).is_some_and(|one| one.message.is_wish());
    wish && case.did(|deed| matches!(deed, Deed::Activates | Deed::Links(_)))
}

/// It really does not.
fn lacks(case: &Case<'_>, _: &Held, reason: &str) -> bool {
    let key = reason.split(' ').nth(1).unwrap_or_default();
    case.world.shop.borrow().customer(key).is_none()
}

/// The user's customers changed by another hand than that of the attempt of which no answer came.
fn linked_elsewhere(case: &Case<'_>, held: &Held, _: &str) -> bool {
    let Some(link) = &held.link else { return false };
    let other = |call: &Call| {
        !call.done.is_empty() && call.link.as_ref().is_some_and(|one| one.attempt != link.attempt)
    };
    case.did(|deed| matches!(deed, Deed::Links(_))) || case.patches().any(other)
}

/// A mail for somebody who had the customers before: by a clerk, by an earlier call, or because it was sent once more.
fn linked_before(case: &Case<'_>, held: &Held, reason: &str) -> bool {
    let Some(link) = &held.link else { return false };
    let again = held.decision.as_ref().and_then(|id| case.decision(id));
    let again = again.is_some_and(|one| one.message.remedy() == Some(Remedy::ResendMail));
    link.adds_nobody() && (again || linked_elsewhere(case, held, reason))
}

/// Only a shop that extends its list keeps what was to go; or a clerk has linked it since.
fn kept(case: &Case<'_>, held: &Held, _: &str) -> bool {
    let wanted = held.decision.as_ref().and_then(|id| case.decision(id));
    wanted.is_some_and(|decision| decision.message.replaces())
        && (case.world.plan.behaviour.link == LinkNature::Extend
            || case.did(|deed| matches!(deed, Deed::Links(_))))
}

/// Whether the ERP's answer was a decision that the application's clock had not come to.
fn is_from_the_future(call: &Call) -> bool {
    let Some((decided, (_, shown))) = call.answer_decided_at().zip(call.ended) else { return false };
    decided > shown + shared::webhook::TOLERANCE
}

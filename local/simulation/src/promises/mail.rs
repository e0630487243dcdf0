//! One activation mail for each decision that asks for one, and none that nobody asked for.

use chrono::TimeDelta;
use sandbox::shop::behaviour::MailTrigger;
use shared::{decision::Remedy, ledger::State, link::Mail};

use super::case::{Case, Decision};
use crate::{facts::Deed, history::Held};

/// Not more than were asked for, not fewer, and none that is only said to be sent.
pub fn judge(case: &Case<'_>) -> Vec<String> {
    let mut broken: Vec<_> = twice(case).into_iter().chain(untrue(case)).collect();
    broken.extend(missing(case));
    broken
}

/// Between the intent and the call lies a statement, which the doubt is counted from.
const BEFORE_THE_CALL: TimeDelta = TimeDelta::seconds(1);

/// As many mails as were asked for. A request that the shop carries out after `doubt_wait`, by the application's clock, cannot be
/// known of: a limit.
pub fn twice(case: &Case<'_>) -> Option<String> {
    let triggers = case.patches().filter(|call| call.mails > 0).count();
    let doubt = case.world.plan.doubt_wait - BEFORE_THE_CALL;
    let late = case.patches().any(|call| call.done.iter().any(|(_, shown)| *shown - call.sent_shown > doubt));
    // Such a shop sends a mail for the link alone, too.
    let any_link = case.world.plan.behaviour.mail == MailTrigger::State;
    let asked = case.decisions.iter().filter(|decision| {
        let counted = case.course.iter().any(|(_, held)| held.decision.as_ref() == Some(&decision.id));
        counted && (decision.message.wants_mail() || any_link && !decision.message.rejects())
    });
    // Whoever retries in doubt asks for another one.
    let again = case.deeds.iter().filter(|(_, deed)| *deed == Deed::RetriesInDoubt).count();
    let asked = asked.count() + again;
    (triggers > asked && !late)
        .then(|| format!("{} was sent {triggers} mails, and {asked} were asked for", case.user))
}

/// Whoever is linked for a decision that asks for a mail, and could not log in before, has it.
fn missing(case: &Case<'_>) -> Vec<String> {
    let linked = case.course.iter().filter(|(_, held)| matches!(held.state, State::Linked | State::Active));
    let missing = linked.filter_map(|(place, held)| {
        let decision = case.decision(held.decision.as_ref()?)?;
        let wanting = decision.message.wants_mail() && !case.was_active_by(case.at(*place));
        (wanting && !presumed(case, held, decision) && !mailed(case, decision, *place))
            .then_some(&decision.id)
    });
    let mut missing: Vec<_> = missing.collect();
    missing.dedup();
    missing
        .iter()
        .map(|id| format!("{} is linked by {id}, and its mail was not triggered", case.user))
        .collect()
}

/// Linked by hand to the very customer while no answer came, nobody can tell whether the call arrived: a limit.
fn presumed(case: &Case<'_>, held: &Held, decision: &Decision) -> bool {
    let silent = held.link.as_ref().is_some_and(|link| link.mail == Mail::Presumed);
    silent && decision.message.customers().iter().all(|key| case.linked_by_hand(key))
}

/// Whether the mail was triggered for this decision, or for an earlier one about the same customers: one is enough for them.
fn mailed(case: &Case<'_>, decision: &Decision, place: usize) -> bool {
    // Who wants it once more wants another one.
    let again = decision.message.remedy().is_some();
    let is_same = |id: &String| {
        *id == decision.id
            || !again
                && case.decisions.iter().any(|one| {
                    let same = one.message.customers() == decision.message.customers();
                    same && !one.is_later(decision) && (one.id == *id || took_over(case, one, id))
                })
    };
    let mut triggers = case.patches().filter(|call| call.triggers() && call.decision().is_some_and(is_same));
    let done = triggers.any(|call| call.done.iter().any(|(done, _)| *done <= case.at(place)));
    let sends = matches!(case.world.plan.behaviour.mail, MailTrigger::EachWrite | MailTrigger::FirstWrite);
    let sent = || case.world.shop.borrow().mails_to(&case.user).next().is_some();
    done && (!sends || sent())
}

/// Whether another customer was linked after the decision `id`: a mail that was out then is for that one too.
fn took_over(case: &Case<'_>, relink: &Decision, id: &str) -> bool {
    relink.message.remedy() == Some(Remedy::Relink)
        && relink.message.after().is_some_and(|after| {
            after == id || case.decision(after).is_some_and(|one| took_over(case, one, id))
        })
}

/// The ledger says that a mail was sent only if one was. Linked by hand to the very customer meanwhile, or made active while the call
/// was on its way, nobody can tell: limits.
fn untrue(case: &Case<'_>) -> Option<String> {
    let link = case.held.as_ref().filter(|held| held.state == State::Linked)?.link.as_ref()?;
    let by_hand = link.customers.iter().all(|key| case.linked_by_hand(key.as_str()));
    let mut triggers = case
        .patches()
        .filter(|call| call.triggers() && call.link.as_ref().is_some_and(|one| one.attempt == link.attempt));
    let overtaken = triggers.any(|call| call.done.first().is_some_and(|(done, _)| case.was_active_by(*done)));
    if case.world.plan.behaviour.mail != MailTrigger::EachWrite || by_hand || overtaken {
        return None;
    }
    let said = link.is_known() && link.mail != Mail::NotWanted;
    let sent = case.world.shop.borrow().mails_to(&case.user).next().is_some();
    (said && !sent).then(|| format!("the ledger says that {} was sent a mail, and none was", case.user))
}

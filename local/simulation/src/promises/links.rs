//! Every change of a user is what the decision asked for that counted when it was set out on.

use shared::link::Link;

use super::case::{Case, Decision};
use crate::{calls::Call, facts::Deed, history::Held};

/// Judges each.
pub fn judge(case: &Case<'_>) -> Vec<String> {
    let faults = case.patches().filter_map(|call| Some((call, fault(case, call)?)));
    faults.map(|(call, fault)| format!("{} changed {} {fault}", call.process, case.user)).collect()
}

fn fault(case: &Case<'_>, call: &Call) -> Option<String> {
    let Some(decision) = call.decision().and_then(|id| case.decision(id)) else {
        return Some("for no decision".to_owned());
    };
    let (message, id) = (&decision.message, &decision.id);
    if !counted(case, call, decision) {
        return Some(format!("for {id}, which did not count"));
    }
    if call.triggers() && !message.wants_mail() || call.body["active"] == true && !message.activates() {
        return Some(format!("to {}, which {id} does not ask for", call.body));
    }
    let given = call.customers();
    let all = message.customers().iter().all(|key| given.contains(key));
    let others = given.iter().filter(|key| !message.customers().contains(key));
    let kept = others.clone().all(|key| !message.replaces() && had(case, call, key));
    (!all || !kept).then(|| format!("to {given:?}, which {id} does not ask for"))
}

/// Whether the decision was the one that counted when the intent was stored.
fn counted(case: &Case<'_>, call: &Call, decision: &Decision) -> bool {
    let Some(link) = &call.link else { return false };
    let same = |(at, held): &&(usize, &Held)| {
        let is = |one: &Link| (one.attempt, one.intended_at) == (link.attempt, link.intended_at);
        *at < call.after && held.link.as_ref().is_some_and(is)
    };
    case.course.iter().find(same).is_some_and(|(_, held)| held.decision.as_ref() == Some(&decision.id))
}

/// Whether the user had a customer before: by a clerk, or by an earlier call.
fn had(case: &Case<'_>, call: &Call, customer: &str) -> bool {
    let by_hand = case.did_by(call.sent, |deed| matches!(deed, Deed::Links(key) if key == customer));
    by_hand
        || case
            .patches()
            .any(|one| one.sent < call.sent && !one.done.is_empty() && one.customers().contains(&customer))
}

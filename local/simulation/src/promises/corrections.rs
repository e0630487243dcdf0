//! What is put right is put right once, and only for whom it can be.

use shared::{decision::Remedy, ledger::State};

use super::case::{Case, Decision, decisions, reopenings};
use crate::{erasure::erased, facts::Corrected, history::Held, world::World};

/// What was answered with 2xx is in the inbox, and nothing of it waits once all is calm.
pub fn taken(world: &World) -> Vec<String> {
    let (kept, reopenings) = (decisions(world), reopenings(world));
    let all: Vec<_> = kept.iter().chain(&reopenings).collect();
    let accepted = world.facts.corrections().into_iter().filter(|(_, how)| *how == Corrected::Accepted);
    let lost = accepted.filter(|(id, _)| !all.iter().any(|one| one.id == *id && one.outcome.is_some()));
    lost.map(|(id, _)| format!("{id} was answered with 2xx, and is not carried out")).collect()
}

/// Whether somebody is named here whose rejection was taken back: who rejects what was never sent is asked about it like one who knows it.
pub fn excuses(world: &World, violation: &str) -> bool {
    violation.contains("which was never created")
        && reopenings(world).iter().any(|one| violation.contains(one.message.user()))
}

/// Each is followed once: a link or a mail for whom the ledger holds as linked, a question for whom it holds as rejected.
pub fn judge(case: &Case<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    if erased(case.world, &case.user) {
        return broken;
    }
    let corrections = case.decisions.iter().copied().filter(|one| one.message.remedy().is_some());
    for one in corrections {
        let begun = begun(case, |held| held.decision.as_ref() == Some(&one.id));
        if begun.iter().any(|before| before.state != State::Linked) {
            broken.push(format!("{} was begun for {}, who was not linked", one.id, case.user));
        }
        if begun.len() > 1 {
            broken.push(format!("{} was begun {} times", one.id, begun.len()));
        }
        let mails = case.patches().filter(|call| call.decision() == Some(&one.id) && call.triggers());
        let mails = mails.filter(|call| call.mails > 0).count();
        if one.message.remedy() == Some(Remedy::Relink) && mails > 0 {
            broken.push(format!("{} is about a customer, and brought about a mail", one.id));
        }
    }
    for one in &case.reopenings {
        let taken_back = |pair: &[(usize, &Held)]| {
            let [(_, before), (_, after)] = pair else { return false };
            before.state == State::Rejected
                && before.decision.as_deref() == one.message.after()
                && after.decision.is_none()
        };
        let times = case.course.windows(2).filter(|pair| taken_back(pair)).count();
        if times != usize::from(is_followed(one)) {
            broken.push(format!(
                "{} is {:?}, and its rejection was taken back {times} times",
                one.id, one.outcome
            ));
        }
    }
    broken
}

fn is_followed(one: &Decision) -> bool {
    one.outcome.as_deref() == Some("followed")
}

/// How the ledger held the registration right before it first did as `so` says, each time that it began to.
fn begun<'a>(case: &Case<'a>, so: impl Fn(&Held) -> bool) -> Vec<&'a Held> {
    let mut begun = Vec::new();
    for pair in case.course.windows(2) {
        if let [(_, before), (_, after)] = pair
            && !so(before)
            && so(after)
        {
            begun.push(*before);
        }
    }
    begun
}

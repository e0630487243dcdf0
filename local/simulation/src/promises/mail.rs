//! No activation mail twice for one request, and no active customer locked out.

use chrono::TimeDelta;
use http::Method;
use sandbox::shop::behaviour::MailTrigger;

use super::about;
use crate::{calls::Call, facts::Deed, world::World};

pub fn judge(world: &World, calls: &[Call]) -> Vec<String> {
    let mut broken = Vec::new();
    for (user, _) in world.facts.people() {
        broken.extend(twice(world, calls, &user));
        broken.extend(untrue(world, &user));
    }
    broken.extend(locked_out(world, calls));
    broken
}

/// Between the intent and the call lies a statement, which the doubt is counted from.
const BEFORE_THE_CALL: TimeDelta = TimeDelta::seconds(1);

/// As many mails as were asked for. A request that the shop carries out after `doubt_wait`, by the application's clock, cannot be
/// known of: a limit.
fn twice(world: &World, calls: &[Call], user: &str) -> Option<String> {
    let patches: Vec<_> = about(calls, user).filter(|call| call.method == Method::PATCH).collect();
    let triggers = patches.iter().filter(|call| call.mails > 0).count();
    let doubt = world.plan.doubt_wait - BEFORE_THE_CALL;
    let late = patches.iter().any(|call| call.done.iter().any(|(_, shown)| *shown - call.sent_shown > doubt));
    let posted = world.facts.posted();
    let asked = posted.iter().filter(|posted| posted.user == user).filter(|posted| {
        // Such a shop sends a mail for the link alone, too.
        posted.wants_mail()
            || world.plan.behaviour.mail == MailTrigger::State && !posted.customers().is_empty()
    });
    // Whoever retries in doubt asks for another one.
    let again = world.facts.deeds(user).iter().filter(|(_, deed)| *deed == Deed::RetriesInDoubt).count();
    let asked = asked.count() + again;
    (triggers > asked && !late)
        .then(|| format!("{user} was sent {triggers} mails, and {asked} were asked for"))
}

/// The ledger says that a mail was sent only if one was. Linked by hand to the very customer meanwhile, nobody can tell: a limit.
fn untrue(world: &World, user: &str) -> Option<String> {
    let by_hand = world.facts.deeds(user).iter().any(|(_, deed)| matches!(deed, Deed::Links(_)));
    if world.plan.behaviour.mail != MailTrigger::EachWrite || by_hand {
        return None;
    }
    let statement = "SELECT 1 FROM registration WHERE user_key = $1 AND state = 'linked' \
                     AND json_extract(link, '$.mail') IN ('confirmed', 'presumed')";
    let said = world.query(statement, vec![user.into()]).is_ok_and(|rows| !rows.is_empty());
    let sent = world.shop.borrow().mails_to(user).next().is_some();
    (said && !sent).then(|| format!("the ledger says that {user} was sent a mail, and none was"))
}

/// Who became active before the application read the user is never set inactive. After that reading nobody can tell: a limit.
fn locked_out(world: &World, calls: &[Call]) -> Vec<String> {
    let shop = world.shop.borrow();
    let locked = shop.lock_outs().iter().filter(|out| {
        let by = about(calls, &out.user).find(|call| {
            let at = |done: &std::time::Duration| world.plan.start + *done + world.plan.skew;
            call.method == Method::PATCH && call.done.iter().any(|(done, _)| at(done) == out.at)
        });
        let Some(by) = by else { return true };
        let reads = about(calls, &out.user)
            .filter(|call| call.method == Method::GET && call.process == by.process && call.sent < by.sent);
        let read = reads.filter_map(|call| call.done.first()).map(|(done, _)| *done).max();
        let activated = world
            .facts
            .deeds(&out.user)
            .into_iter()
            .filter_map(|(at, deed)| matches!(deed, Deed::Clicks | Deed::Activates).then_some(at));
        // An activation of the application's own, by an earlier decision, counts too.
        let own = about(calls, &out.user).filter(|call| call.method == Method::PATCH && call.sent < by.sent);
        let own = own.flat_map(|call| call.done.iter().map(|(done, _)| *done));
        !activated.chain(own).any(|at| read.is_none_or(|read| at >= read))
    });
    locked.map(|out| format!("the active user {} was made inactive", out.user)).collect()
}

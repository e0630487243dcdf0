//! The promises, as a judge who knows the whole truth sees them. Each is explained in docs/guarantees.md, with its limits.

mod ledger;
mod mail;
mod outcomes;
mod parties;
mod registrations;

use std::rc::Rc;

use shared::ledger::CLAIM_LIFE;

use crate::{calls::Call, target::Target, world::World};

pub use registrations::watch;

/// What was broken in the whole run, in words.
pub async fn judge(world: &Rc<World>) -> Vec<String> {
    let calls = world.calls.all();
    let mut broken = world.facts.broken();
    broken.extend(world.erp.borrow().violations().iter().cloned());
    broken.extend(one_writer(world, &calls));
    broken.extend(mail::judge(world, &calls));
    broken.extend(parties::judge(world, &calls));
    broken.extend(ledger::judge(world));
    broken.extend(outcomes::judge(world));
    broken.extend(registrations::judge(world).await);
    broken
}

/// One writer per registration: no two processes write for the same user, or the same object, at the same time. A clock that jumps
/// forward ends a claim before its time; that is a limit.
fn one_writer(world: &World, calls: &[Call]) -> Vec<String> {
    let mut broken = Vec::new();
    let writes: Vec<_> = calls.iter().filter(|call| call.writes()).collect();
    for (place, one) in writes.iter().enumerate() {
        let same = writes[place + 1..].iter().filter(|other| {
            other.target == one.target && other.process != one.process && other.overlaps(one)
        });
        for other in same {
            // The claim was renewed right before the call.
            let claimed = one.sent.saturating_sub(CLAIM_LIFE.to_std().unwrap_or_default());
            let jumped = world.plan.jumps.iter().any(|(at, _)| (claimed..=other.sent).contains(at));
            if !jumped {
                broken.push(format!("{} and {} both write {:?}", one.process, other.process, one.target));
            }
        }
    }
    broken
}

/// The calls about one user, reads and writes.
fn about<'a>(calls: &'a [Call], user: &str) -> impl Iterator<Item = &'a Call> {
    let target = Target::User(user.to_owned());
    calls.iter().filter(move |call| call.target == target)
}

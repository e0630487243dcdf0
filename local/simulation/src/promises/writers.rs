//! One writer per registration: no two processes write for the same user, or the same object, at the same time.

use shared::ledger::CLAIM_LIFE;

use crate::{calls::Call, world::World};

/// A clock that jumps forward ends a claim before its time; that is a limit.
pub fn judge(world: &World, calls: &[Call]) -> Vec<String> {
    let mut broken = Vec::new();
    let writes: Vec<_> = calls.iter().filter(|call| call.writes()).collect();
    for (place, one) in writes.iter().enumerate() {
        let same = writes[place + 1..].iter().filter(|other| {
            other.target == one.target && other.process != one.process && other.overlaps(one)
        });
        for other in same {
            // The claim was renewed right before the call.
            let claimed = one.sent.saturating_sub(CLAIM_LIFE.to_std().unwrap_or_default());
            // That it is set right in the end is a jump as well.
            let mut jumps = world.plan.jumps.iter().map(|(at, _)| *at).chain([world.plan.turmoil]);
            let jumped = !world.plan.jumps.is_empty() && jumps.any(|at| (claimed..=other.sent).contains(&at));
            if !jumped {
                broken.push(format!("{} and {} both write {:?}", one.process, other.process, one.target));
            }
        }
    }
    broken
}

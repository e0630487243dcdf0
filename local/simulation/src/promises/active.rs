//! No active customer locked out.

use http::Method;

use crate::{calls::Call, facts::Deed, target::Target, world::World};

/// Who became active before the application read the user is never set inactive. After that reading nobody can tell: a limit.
pub fn judge(world: &World, calls: &[Call]) -> Vec<String> {
    let shop = world.shop.borrow();
    let locked = shop.lock_outs().iter().filter(|out| {
        let target = Target::User(out.user.clone());
        let about = || calls.iter().filter(|call| call.target == target);
        let by = about().find(|call| {
            let at = |done: &std::time::Duration| world.plan.start + *done + world.plan.skew;
            call.links() && call.done.iter().any(|(done, _)| at(done) == out.at)
        });
        let Some(by) = by else { return true };
        let reads = about()
            .filter(|call| call.method == Method::GET && call.process == by.process && call.sent < by.sent);
        let read = reads.filter_map(|call| call.done.first()).map(|(done, _)| *done).max();
        let activated = world
            .facts
            .deeds(&out.user)
            .into_iter()
            .filter_map(|(at, deed)| matches!(deed, Deed::Clicks | Deed::Activates).then_some(at));
        // An activation of the application's own, by an earlier decision, counts too.
        let own = about().filter(|call| call.links() && call.sent < by.sent);
        let own = own.flat_map(|call| call.done.iter().map(|(done, _)| *done));
        !activated.chain(own).any(|at| read.is_none_or(|read| at >= read))
    });
    locked.map(|out| format!("the active user {} was made inactive", out.user)).collect()
}

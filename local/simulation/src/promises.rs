//! The promises, as a judge who knows the whole truth sees them. Each is explained in docs/guarantees.md, with its limits.

mod active;
mod answers;
mod case;
mod corrections;
mod decisions;
mod erased;
mod given_up;
mod gone;
mod ledger;
mod links;
mod mail;
mod outcomes;
mod parties;
mod reach;
mod shown;
mod stuck;
mod writers;

use shared::ledger::State;

use crate::{erasure::erased, world::World};

use case::{Case, decisions};

pub use gone::is_unnoticed;
pub use reach::watch;

/// What was broken in a run in which the ledger was lost. What it had noted in the lost time is not there to be judged by, so this is
/// about what shop and ERP have, and about how it ended.
pub fn judge_after_loss(world: &World) -> Vec<String> {
    let (calls, changes) = (world.calls.all(), world.history.all());
    let mut broken = world.facts.broken();
    broken.extend(world.erp.borrow().violations().iter().cloned());
    broken.extend(writers::judge(world, &calls));
    let decisions = decisions(world);
    broken.extend(parties::judge(world, &calls, &decisions));
    broken.extend(ledger::judge(world));
    broken.extend(active::judge(world, &calls));
    broken.extend(decisions::taken(world, &decisions));
    for (user, odd) in world.facts.people() {
        let case = Case::of(world, user, odd, (&calls, &changes, &decisions));
        // A limit: who was linked without a mail in the lost time looks like one who was sent it.
        let without_mail =
            case.decisions.iter().any(|one| !one.message.rejects() && !one.message.wants_mail());
        if without_mail {
            broken.extend(mail::twice(&case));
        } else {
            broken.extend(mail::judge(&case));
        }
        broken.extend(gone::judge(&case));
        broken.extend(stuck::takes_its_own_for_foreign(&case));
        // Limits: who was linked before the loss by a wish is no open registration any more when that is repeated; and a rejection
        // that was refused because of the link is followed when it is.
        let state = case.held.as_ref().map(|held| held.state);
        if matches!(state, None | Some(State::Rejected)) && linked_only_before(&case) {
            continue;
        }
        broken.extend(reach::judge(&case));
        broken.extend(shown::judge(&case));
    }
    broken
}

/// Whether the user was linked before the ledger came back, and not since.
fn linked_only_before(case: &Case<'_>) -> bool {
    let back = case.world.plan.loss.map(|loss| loss.copied + loss.after + loss.down).unwrap_or_default();
    let mut done = case.patches().flat_map(|call| &call.done).peekable();
    done.peek().is_some() && done.all(|(done, _)| *done <= back)
}

/// What was broken in the whole run, in words.
pub fn judge(world: &World) -> Vec<String> {
    let (calls, changes) = (world.calls.all(), world.history.all());
    let mut broken = world.facts.broken();
    broken.extend(
        world
            .erp
            .borrow()
            .violations()
            .iter()
            .filter(|told| !erased::excuses(world, told) && !corrections::excuses(world, told))
            .cloned(),
    );
    broken.extend(writers::judge(world, &calls));
    let decisions = decisions(world);
    broken.extend(parties::judge(world, &calls, &decisions));
    broken.extend(ledger::judge(world));
    broken.extend(outcomes::judge(world));
    broken.extend(active::judge(world, &calls));
    broken.extend(decisions::taken(world, &decisions));
    broken.extend(corrections::taken(world));
    for (user, odd) in world.facts.people() {
        // What was decided and told is erased with the person.
        if erased(world, &user) {
            broken.extend(erased::judge(world, &user, &calls, &changes));
            continue;
        }
        let case = Case::of(world, user, odd, (&calls, &changes, &decisions));
        broken.extend(reach::judge(&case));
        broken.extend(answers::judge(&case));
        broken.extend(decisions::judge(&case));
        broken.extend(corrections::judge(&case));
        broken.extend(shown::judge(&case));
        broken.extend(links::judge(&case));
        broken.extend(mail::judge(&case));
        broken.extend(stuck::judge(&case));
        broken.extend(gone::judge(&case));
    }
    broken
}

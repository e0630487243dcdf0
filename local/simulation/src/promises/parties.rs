//! No existing party overwritten, no customer created twice.

use http::Method;
use sandbox::shop::{Subject, Write};

use super::case::{Decision, names};
use crate::{calls::Call, facts::Deed, office::MARK, plan::KNOWN, target::Target, world::World};

/// Judges what was written by who had it written.
pub fn judge(world: &World, calls: &[Call], decisions: &[Decision]) -> Vec<String> {
    let shop = world.shop.borrow();
    let mut broken = Vec::new();
    let created = shop.customers().filter(|(key, _)| !KNOWN.contains(&key.as_str()));
    for (key, _) in created {
        if !decisions.iter().any(|decision| decision.message.customers().contains(&key.as_str())) {
            broken.push(format!("customer {key} was made, and nobody decided so"));
        }
    }
    let (writes, decided) = (shop.writes(), |write: &Write| -> Vec<&Decision> {
        decisions.iter().filter(|decision| wrote(world, decision, write)).collect()
    });
    for write in writes.iter().filter(|write| write.overwrites()) {
        let made = writes
            .iter()
            .find(|first| first.subject == write.subject && first.key == write.key && first.before.is_none());
        let owners = made.map(decided).unwrap_or_default();
        let mine = decided(write);
        let is_own =
            |decision: &&&Decision| owners.iter().any(|own| own.message.user() == decision.message.user());
        let own = mine.iter().any(|decision| is_own(&decision));
        let allowed = mine.iter().any(|decision| decision.message.overwrites());
        if !own && !allowed {
            broken.push(format!("{:?} {} of somebody else was overwritten", write.subject, write.key));
        }
        if own && !allowed {
            broken.extend(twice(world, calls, decisions, write));
        }
    }
    broken
}

/// Whether the write may be this decision's. What a clerk decides is marked; addresses that come from the profile are the
/// applicant's own words.
fn wrote(world: &World, decision: &Decision, write: &Write) -> bool {
    let message = &decision.message;
    if message.rejects() || message.is_existing() || !names(message, &write.key) {
        return false;
    }
    match write.body[MARK].as_str() {
        Some(user) => user == message.user(),
        None if write.subject == Subject::Address && !message.has_addresses() => {
            let shop = world.shop.borrow();
            let profiles = shop.user(message.user()).map(|user| user.profiles.clone());
            // One who was deleted has left no words to compare.
            profiles.is_none_or(|profiles| {
                let mut profiles = profiles.iter().filter_map(|id| shop.profile(*id));
                profiles.any(|profile| {
                    [("street1", "zip"), ("delivery_street1", "delivery_zip")].iter().any(|(street, zip)| {
                        let same = |field: &str, own: &str| {
                            text(&write.body[field]) == text(profile.fields.get(own).unwrap_or_default())
                        };
                        same("street", street) && same("zip", zip)
                    })
                })
            })
        }
        // The ERP's own decisions are not marked, and each has a customer of its own.
        None => message.0["data"]["customer"].get(MARK).is_none() || !message.has_addresses(),
    }
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap_or_default().trim()
}

/// Our own is written again for a later decision, or when the applicant has changed what it is made from.
fn twice(world: &World, calls: &[Call], decisions: &[Decision], write: &Write) -> Option<String> {
    let mut naming = decisions.iter().filter(|decision| names(&decision.message, &write.key));
    let (Some(only), None) = (naming.next(), naming.next()) else { return None };
    let edited = world.facts.deeds(only.message.user()).iter().any(|(_, deed)| *deed == Deed::Edits);
    let same = write.before.as_ref().is_some_and(|before| contains(before, &write.body));
    (same && !edited && !strayed(calls, &write.key))
        .then(|| format!("{:?} {} was written twice with the same body", write.subject, write.key))
}

/// Whether all that is sent stands there already. The mark is not kept.
fn contains(before: &serde_json::Value, body: &serde_json::Value) -> bool {
    body.as_object().is_some_and(|body| {
        body.iter().all(|(field, value)| field == MARK || before.get(field) == Some(value))
    })
}

/// Whether a write arrived twice, or after its sender had stopped waiting for it: that is the network's doing.
fn strayed(calls: &[Call], key: &str) -> bool {
    let target = [Target::Customer(key.to_owned()), Target::Address(key.to_owned())];
    let mut puts = calls.iter().filter(|call| call.method == Method::PUT && target.contains(&call.target));
    puts.any(Call::strayed)
}

//! No existing party overwritten, no customer created twice.

use http::Method;

use crate::{
    calls::Call,
    facts::{Deed, Posted},
    target::Target,
    world::World,
};

pub fn judge(world: &World, calls: &[Call]) -> Vec<String> {
    let shop = world.shop.borrow();
    let posted = world.facts.posted();
    let mut broken = Vec::new();
    let created = shop.customers().filter(|(key, _)| !crate::plan::KNOWN.contains(&key.as_str()));
    for (key, _) in created {
        if !posted.iter().any(|posted| posted.customers().contains(&key.as_str())) {
            broken.push(format!("customer {key} was made, and nobody decided so"));
        }
    }
    for write in shop.writes().iter().filter(|write| write.overwrites()) {
        let mine: Vec<&Posted> = posted
            .iter()
            .filter(|posted| posted.customers().iter().any(|customer| belongs(&write.key, customer)))
            .collect();
        let foreign = crate::plan::KNOWN.iter().any(|known| belongs(&write.key, known));
        let allowed = mine.iter().any(|posted| posted.overwrites());
        if foreign && !allowed {
            broken.push(format!("{:?} {} of somebody else was overwritten", write.subject, write.key));
        }
        // Our own is written again for a later decision, or when the applicant has changed what it is made from.
        let [only] = mine[..] else { continue };
        let edited = world.facts.deeds(&only.user).iter().any(|(_, deed)| *deed == Deed::Edits);
        let same = write.before.as_ref().is_some_and(|before| contains(before, &write.body));
        if same && !foreign && !allowed && !edited && !strayed(calls, &write.key) {
            broken.push(format!("{:?} {} was written twice with the same body", write.subject, write.key));
        }
    }
    broken
}

/// Addresses have the customer's key and something after it.
fn belongs(key: &str, customer: &str) -> bool {
    key.strip_prefix(customer).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn contains(before: &serde_json::Value, body: &serde_json::Value) -> bool {
    body.as_object().is_some_and(|body| body.iter().all(|(field, value)| before.get(field) == Some(value)))
}

/// Whether a write arrived twice, or after its sender had stopped waiting for it: that is the network's doing.
fn strayed(calls: &[Call], key: &str) -> bool {
    let target = [Target::Customer(key.to_owned()), Target::Address(key.to_owned())];
    calls.iter().filter(|call| call.method == Method::PUT && target.contains(&call.target)).any(|call| {
        call.done.len() > 1 || call.ended.is_some_and(|ended| call.done.iter().any(|(done, _)| *done > ended))
    })
}

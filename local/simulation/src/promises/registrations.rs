//! Every registration reaches the ERP, every accepted decision reaches the shop, and no watermark passes anybody.

use std::rc::Rc;

use sandbox::Odd;
use shared::{
    ledger::{Entry, Ledger, State},
    sql::Value,
    time::ShopTime,
};

use crate::{
    database::Statements,
    facts::{Deed, Posted},
    process::run,
    world::World,
};

pub async fn judge(world: &Rc<World>) -> Vec<String> {
    let read = run(world, "judge", async |process| {
        let ledger = Ledger::open(Statements(process)).await?;
        let origin = "SHOP".parse().expect("an origin");
        let mut entries = Vec::new();
        for (user, odd) in world.facts.people() {
            let entry = ledger.entry(&origin, &user.parse().expect("the shop's own key")).await?;
            entries.push((user, odd, entry));
        }
        Ok::<_, shared::sql::SqlError>(entries)
    });
    match read.await {
        Some(Ok(entries)) => {
            entries.into_iter().flat_map(|(user, odd, entry)| one(world, &user, odd, entry)).collect()
        }
        other => vec![format!("the ledger cannot be read: {:?}", other.map(|read| read.map(|_| ())))],
    }
}

fn one(world: &World, user: &str, odd: Option<Odd>, entry: Option<Entry>) -> Vec<String> {
    let mut broken = Vec::new();
    let deeds = world.facts.deeds(user);
    let by_hand =
        deeds.iter().any(|(_, deed)| matches!(deed, Deed::Activates | Deed::Links(_) | Deed::Deletes));
    let told = world.erp.borrow().registration("SHOP", user).is_some();
    let Some(entry) = entry else {
        if !by_hand {
            broken.push(format!("{user} registered, and the ledger does not know it"));
        }
        return broken;
    };
    let stuck = entry.state == State::Stuck;
    let answered_for = by_hand || entry.decision.is_some() || stuck && excused(world, user, odd, &entry);
    if !told && !answered_for {
        broken.push(format!("{user} never reached the ERP; it is {}", entry.state));
    }
    if entry.told > 0 && !told {
        broken.push(format!("the ledger says that the ERP knows {user}, and it does not"));
    }
    if stuck && !excused(world, user, odd, &entry) {
        broken.push(format!(
            "{user} is stuck for no reason of the world: {}",
            entry.reason.clone().unwrap_or_default()
        ));
    }
    broken.extend(decided(world, user, &entry, by_hand));
    broken
}

/// The latest decision that was followed is what the shop shows.
fn decided(world: &World, user: &str, entry: &Entry, by_hand: bool) -> Option<String> {
    let posted = world.facts.posted();
    let mine: Vec<_> = posted.iter().filter(|posted| posted.user == user).collect();
    let lost = mine
        .iter()
        .find(|one| one.accepted && outcome(world, one).as_deref() == Some("refused") && mine.len() == 1);
    // A shop that says "not found" for the user while it answers for the origin is believed.
    if let (Some(lost), false) = (lost, by_hand || world.facts.is_denied(user)) {
        return Some(format!("{} was answered with 2xx and refused afterwards", lost.id));
    }
    let edited = world.facts.deeds(user).iter().any(|(_, deed)| matches!(deed, Deed::Edits));
    // A decision on a revision that has passed is spent, and does not stand in the way of an older one.
    let spent = |one: &Posted| edited && !one.message["data"]["revision"].is_null();
    // One whose answer was lost counts too: it is in the inbox.
    let followed =
        mine.iter().filter(|one| !one.is_wish() && outcome(world, one).as_deref() == Some("followed"));
    let latest = followed.max_by_key(|one| (one.decided_at.timestamp(), one.id.clone()))?;
    // A wish of the platform may have come later; which counts is told by the ledger.
    if mine.iter().any(|one| one.is_wish() || spent(one)) {
        return None;
    }
    let shop = world.shop.borrow();
    let has = shop.user(user).map(|user| user.authorised_customers.clone()).unwrap_or_default();
    let wanted = latest.customers();
    match entry.state {
        State::Linked | State::Active if !wanted.is_empty() && !by_hand => {
            let missing = wanted.iter().find(|key| !has.iter().any(|has| has == *key))?;
            Some(format!("{user} is {}, and not linked to {missing}", entry.state))
        }
        State::Linked | State::Active | State::Stuck | State::Gone => None,
        State::Rejected if wanted.is_empty() => None,
        // A decision on what is no longer there is spent; the change was announced.
        State::Announced if edited => None,
        state => Some(format!("{user} is {state} after {}", latest.id)),
    }
}

fn outcome(world: &World, posted: &Posted) -> Option<String> {
    let rows =
        world.query("SELECT outcome FROM inbox WHERE id = $1", vec![posted.id.as_str().into()]).ok()?;
    match rows.into_iter().flatten().next()? {
        Value::Text(text) => Some(text),
        Value::Null | Value::Integer(_) => None,
    }
}

/// Whether the world has given cause for what the ledger says: a person looks only at what needs a person.
fn excused(world: &World, user: &str, odd: Option<Odd>, entry: &Entry) -> bool {
    let reason = entry.reason.clone().unwrap_or_default();
    let deeds = world.facts.deeds(user);
    let posted = world.facts.posted();
    let mine: Vec<_> = posted.iter().filter(|posted| posted.user == user).collect();
    let did = |wanted: fn(&Deed) -> bool| deeds.iter().any(|(_, deed)| wanted(deed));
    let edited = did(|deed| matches!(deed, Deed::Edits));
    let by_hand = did(|deed| matches!(deed, Deed::Activates | Deed::Links(_) | Deed::Clicks));
    let shares = mine.iter().any(|one| one.customers().contains(&"C-shared"));
    let asks_for =
        |keys: &[&str]| mine.iter().any(|one| one.customers().iter().any(|key| keys.contains(key)));
    let spoilt = world.facts.is_spoilt(user);
    for (words, cause) in [
        ("the applicant has changed the data", edited),
        ("exists in the shop already", asks_for(&crate::plan::KNOWN) || shares || mine.len() > 1 || edited),
        ("was written for another registration", shares),
        ("does not exist in the shop", asks_for(&["X-404"]) || spoilt),
        ("linked elsewhere, mail unknown", by_hand || mine.len() > 1),
        ("no profile", odd == Some(Odd::NoProfile) || spoilt),
        ("the shop kept", mine.iter().any(|one| one.replaces())),
    ] {
        if reason.contains(words) {
            return cause;
        }
    }
    // What is left are the shop's and the ERP's own words.
    spoilt || odd.is_some() || by_hand
}

/// After a tick: no watermark has passed a registration that the ledger does not know. Earlier than the overlap nobody looks again.
pub fn watch(world: &World) {
    let statement = "SELECT json_extract(state, '$.watermark') FROM scan WHERE list = 'created'";
    let Ok(rows) = world.query(statement, vec![]) else { return };
    let Some(Value::Text(text)) = rows.into_iter().flatten().next() else { return };
    let Ok(watermark) = text.parse::<ShopTime>() else { return };
    let from = watermark.earlier(world.plan.overlap);
    let shop = world.shop.borrow();
    for user in shop.users() {
        let candidate = !user.active && user.registration == "new" && user.authorised_customers.is_empty();
        let created = ShopTime::at(user.created, world.zone());
        let known = || {
            let known =
                world.query("SELECT 1 FROM registration WHERE user_key = $1", vec![user.key.as_str().into()]);
            known.is_ok_and(|rows| !rows.is_empty())
        };
        if candidate && created < from && !known() {
            world.facts.breaks(format!(
                "the watermark {watermark} has passed {}, who registered at {created}",
                user.key
            ));
        }
    }
}

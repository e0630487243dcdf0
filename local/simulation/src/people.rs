//! The people who register, and what clerks do in the shop by hand.

use std::{rc::Rc, time::Duration};

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    corrections,
    facts::Deed,
    office,
    plan::{KNOWN, Person},
    world::World,
};

/// How often somebody looks whether what they wait for has come.
pub const LOOK: Duration = Duration::from_mins(1);

/// What clerks have made in the shop before it all begins.
pub fn prepare(world: &World) {
    let now = world.elsewhere();
    let mut shop = world.shop.borrow_mut();
    for key in KNOWN {
        let body = json!({"key": key, "code": key, "name": "Known before", "active": true, "blocked": false, "vat_numbers": []});
        let put = shop.put_customer("SHOP", &body, now);
        assert!(put.status().is_success(), "the shop takes {key}");
    }
    shop.clear_writes();
}

/// One person, from the registration on.
pub async fn live(world: Rc<World>, index: usize) {
    let person = &world.plan.people[index];
    sleep(person.registers).await;
    let user = world.shop.borrow_mut().register(&person.registration, world.elsewhere());
    let profiles = world.shop.borrow().user(&user).map(|user| user.profiles.clone()).unwrap_or_default();
    world.facts.registers(&user, person.registration.odd, &profiles);
    world.trace("person", || format!("{user} registers ({:?})", person.registration.odd));
    tokio::join!(
        deeds(&world, &user, &person.deeds),
        click(&world, &user, person),
        office::decide(&world, &user, &person.decisions),
        corrections::correct(&world, &user, &person.corrections)
    );
}

async fn deeds(world: &World, user: &str, deeds: &[(Duration, Deed)]) {
    let mut passed = Duration::ZERO;
    for (after, deed) in deeds {
        sleep(after.saturating_sub(passed)).await;
        passed = *after;
        let now = world.elsewhere();
        let done = {
            let mut shop = world.shop.borrow_mut();
            match deed {
                Deed::Edits => shop.edit_profile(user, &object(json!({"city": "Elsewhere"})), now),
                Deed::Activates => shop.activate_by_hand(user, now),
                Deed::Links(customer) => shop.link_by_hand(user, customer, now),
                Deed::Deletes => shop.delete_user(user),
                Deed::Clicks | Deed::RetriesInDoubt => false,
            }
        };
        if done {
            world.trace("clerk", || format!("{deed:?} {user}"));
            world.facts.did(world.clock.truth(), user, deed.clone());
        }
    }
}

async fn click(world: &World, user: &str, person: &Person) {
    let Some(after) = person.clicks else { return };
    while world.shop.borrow().mails_to(user).next().is_none() {
        if world.over.get() {
            return;
        }
        sleep(LOOK).await;
    }
    sleep(after).await;
    if world.shop.borrow_mut().click(user, world.elsewhere()) {
        world.trace("person", || format!("{user} clicks"));
        world.facts.did(world.clock.truth(), user, Deed::Clicks);
    }
}

fn object(value: Value) -> sandbox::Object {
    match value {
        Value::Object(fields) => fields,
        _ => sandbox::Object::new(),
    }
}

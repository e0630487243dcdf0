//! Who is due has one turn in a tick, and nobody stands in the way of others.

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    Generator,
    fault::{Call, Fault, On, What},
};
use shared::ledger::State;

use crate::world::World;

fn always(call: Call) -> Fault {
    Fault::always(On::call(call), What::status(StatusCode::BAD_GATEWAY, "<html>"))
}

#[tokio::test]
async fn approvals_that_wait_for_a_dead_shop_do_not_hide_deliveries_behind_them() {
    let world = World::new();
    let mut approved = Vec::new();
    for seed in 0..70 {
        approved.push(world.register(&Generator::new(seed).plain()));
    }
    world.tick().await;
    world.net.shop.borrow_mut().faults.push(always(Call::UserGet));
    for (number, user) in approved.iter().enumerate() {
        world.post(&format!("m{number}"), &world.approval(user, &format!("C-{number}"))).await;
    }
    world.net.erp.borrow_mut().faults.push(always(Call::Message));
    let waiting = world.register(&Generator::new(100).plain());
    world.tick().await;
    assert_eq!(world.state(&waiting).await, State::Seen);

    // All the approvals are due before it.
    world.net.erp.borrow_mut().faults.clear();
    world.net.shop.borrow_mut().faults.push(always(Call::UserList));
    world.pass(TimeDelta::hours(2));
    let report = world.tick().await;
    assert_eq!(world.state(&waiting).await, State::Announced, "{report:?}");
}

#[tokio::test]
async fn messages_that_fail_by_themselves_do_not_keep_those_of_today_from_the_erp() {
    let world = World::new();
    world.net.erp.borrow_mut().faults.push(always(Call::Message));
    for seed in 0..5 {
        world.register(&Generator::new(seed).plain());
    }
    let report = world.tick().await;
    assert!(report.erp_down, "{report:?}");

    // The five fail first, and the one of today comes after them.
    world.net.erp.borrow_mut().faults.clear();
    for _ in 0..3 {
        let fault = Fault::once(On::call(Call::Message), What::status(StatusCode::BAD_GATEWAY, "<html>"));
        world.net.erp.borrow_mut().faults.push(fault);
    }
    let today = world.register(&Generator::new(10).plain());
    world.pass(TimeDelta::minutes(1));
    let report = world.tick().await;
    assert_eq!(world.state(&today).await, State::Announced, "{report:?}");
    assert!(!report.erp_down, "it has answered since");
}

#[tokio::test]
async fn who_left_the_list_and_could_not_be_asked_for_in_time_is_asked_for_by_the_next_tick() {
    let mut world = World::new();
    let users: Vec<_> = (0..12).map(|seed| world.register(&Generator::new(seed).plain())).collect();
    world.tick().await;
    for user in &users {
        world.net.shop.borrow_mut().activate_by_hand(user.as_str(), world.now());
    }
    world.set("time_budget", "6s");
    world.set("concurrency", "1");
    world.set("erp_outcomes", "none");
    world.net.second_per_call.set(true);
    for _ in 0..5 {
        world.pass(TimeDelta::minutes(1));
        let began = world.now();
        world.tick().await;
        assert!(world.now() - began <= TimeDelta::seconds(8), "it keeps to its budget");
    }
    for user in &users {
        assert_eq!(world.state(user).await, State::Active);
    }
}

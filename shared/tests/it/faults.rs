//! A shop or an ERP that is down is left alone, and a record that fails by itself delays no other.

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    Generator,
    erp::Decision,
    fault::{Call, Fault, On, What},
    shop::behaviour::Order,
};
use shared::{key::UserKey, ledger::State};

use crate::world::World;

fn bad_gateway(on: On) -> Fault {
    Fault::always(on, What::status(StatusCode::BAD_GATEWAY, "<html>"))
}

impl World {
    fn spoil(&self, on: On) {
        self.net.shop.borrow_mut().faults.push(bad_gateway(on));
    }

    fn several(&self, seeds: std::ops::Range<u64>) -> Vec<UserKey> {
        seeds.map(|seed| self.register(&Generator::new(seed).plain())).collect()
    }
}

#[tokio::test]
async fn records_that_always_fail_delay_no_others_within_the_tick() {
    // The failing ones come before all others of their list, or after them.
    for order in [Order::OldestFirst, Order::NewestFirst] {
        let mut world = World::new();
        world.net.shop.borrow_mut().behaviour.order = order;
        world.set("concurrency", "1");
        world.set("page_limit", "3");
        let (approved, waiting) = (world.several(0..4), world.several(30..33));
        world.tick().await;
        for user in &approved {
            world.spoil(On::call(Call::UserGet).at(user.as_str()));
            world.decide(user, Decision::Approve).await;
        }
        world.net.shop.borrow_mut().faults.clear();
        let [poisoned @ .., last] = &approved[..] else { panic!() };
        for user in poisoned.iter().chain(&waiting) {
            world.spoil(On::call(Call::UserGet).at(user.as_str()));
        }
        let fresh = world.several(10..13);
        for user in &fresh {
            let profile = world.net.shop.borrow().user(user.as_str()).unwrap().profiles[0];
            world.spoil(On::call(Call::Profile).at(&format!("/{profile}/")));
        }
        world.pass(TimeDelta::hours(2));
        let others = world.several(20..24);

        let report = world.tick().await;
        assert!(report.complete && !report.shop_down, "{order:?} {report:?}");
        for (users, want, why) in [
            (poisoned, State::Approved, "it fails"),
            (&waiting, State::Announced, "it cannot be read again"),
            (std::slice::from_ref(last), State::Linked, "what fails was before it"),
            (&fresh, State::Seen, "it fails, and is not lost"),
            (&others, State::Announced, "failing profiles are none of its business"),
        ] {
            for user in users {
                assert_eq!(world.state(user).await, want, "{order:?}: {why}");
            }
        }
    }
}

#[tokio::test]
async fn a_shop_that_is_down_is_asked_a_few_times_and_the_report_says_so() {
    let world = World::new();
    let users = world.several(0..30);
    assert!(!world.tick().await.shop_down);
    world.spoil(On::any());
    for user in &users[..15] {
        world.decide(user, Decision::Approve).await;
    }
    for minutes in [1, 61, 200] {
        world.pass(TimeDelta::minutes(minutes));
        world.net.shop.borrow_mut().journal.clear();
        let report = world.tick().await;
        assert!(report.shop_down && !report.erp_down && !report.shop_read, "{report:?}");
        let calls = world.net.shop.borrow().journal.lines().count();
        // Four calls at a time: those in flight after the third failure end as well. And each list is asked for once.
        assert!((3..=8).contains(&calls), "{calls} calls");
    }
    world.net.shop.borrow_mut().faults.clear();
    world.pass(TimeDelta::minutes(61));
    assert!(!world.tick().await.shop_down);
    assert_eq!(world.state(&users[0]).await, State::Linked);
}

#[tokio::test]
async fn an_erp_that_is_down_is_asked_a_few_times_and_the_report_says_so() {
    let world = World::new();
    world.several(0..30);
    world.net.erp.borrow_mut().faults.push(bad_gateway(On::any()));
    for _ in 0..3 {
        world.net.erp.borrow_mut().journal.clear();
        let report = world.tick().await;
        assert!(report.erp_down && !report.shop_down && report.shop_read, "{report:?}");
        let calls = world.net.erp.borrow().journal.lines().count();
        assert!((3..=8).contains(&calls), "{calls} calls");
        world.pass(TimeDelta::minutes(61));
    }
    world.net.erp.borrow_mut().faults.clear();
    assert!(!world.tick().await.erp_down);
}

#[tokio::test]
async fn a_waiting_registration_that_cannot_be_read_is_asked_for_less_and_less() {
    let (world, _) = World::announced().await;
    let on = On::call(Call::UserGet);
    world.net.shop.borrow_mut().faults.push(Fault::always(on, What::status(StatusCode::BAD_GATEWAY, "x")));
    world.pass(TimeDelta::minutes(61));
    world.net.shop.borrow_mut().journal.clear();
    for _ in 0..24 {
        world.tick().await;
        world.pass(TimeDelta::minutes(5));
    }
    let asked = world.net.shop.borrow().journal.count(Call::UserGet);
    assert!((2..15).contains(&asked), "asked {asked} times in two hours");
}

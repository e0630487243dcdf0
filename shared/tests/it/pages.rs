//! A 2xx is believed only when the shop said it.

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    erp::Decision,
    fault::{Call, Fault, On, What},
    shop::Subject,
};
use shared::ledger::State;

use crate::world::World;

const PAGE: &str = "\n<!DOCTYPE html><title>Down for maintenance</title>";

fn always(world: &World, call: Call, body: &'static str) {
    let fault = Fault::always(On::call(call), What::status(StatusCode::OK, body));
    world.net.shop.borrow_mut().faults.push(fault);
}

#[tokio::test]
async fn a_page_for_people_in_place_of_an_answer_is_waited_out() {
    for call in [
        Call::UserGet,
        Call::Profile,
        Call::CustomerGet,
        Call::AddressGet,
        Call::CustomerPut,
        Call::AddressPut,
        Call::UserPatch,
    ] {
        let (world, user) = World::announced().await;
        always(&world, call, PAGE);
        world.decide(&user, Decision::Approve).await;
        let entry = world.entry(&user).await;
        assert_eq!(entry.state, State::Approved, "{call:?}: {:?}", entry.reason);
        assert!(entry.reason.unwrap().contains("200 OK with a page for people"), "{call:?}");

        world.net.shop.borrow_mut().faults.clear();
        world.pass(TimeDelta::hours(2));
        world.tick().await;
        assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1), "{call:?}");
        let subjects: Vec<_> = world.net.shop.borrow().writes().iter().map(|write| write.subject).collect();
        assert_eq!(subjects, [Subject::Customer, Subject::Address, Subject::User], "{call:?}");
    }
}

#[tokio::test]
async fn an_unreadable_look_at_a_customer_or_address_does_not_pass_for_one_that_exists() {
    for (call, words) in [
        (Call::CustomerGet, "the shop's customer is unreadable"),
        (Call::AddressGet, "the shop's address is unreadable"),
    ] {
        for body in ["", r#"{"key": "#] {
            let (world, user) = World::announced().await;
            always(&world, call, body);
            world.decide(&user, Decision::Approve).await;
            let entry = world.entry(&user).await;
            assert_eq!(entry.state, State::Stuck, "{body:?}");
            assert!(entry.reason.unwrap().contains(words), "{body:?}");
        }
    }
}

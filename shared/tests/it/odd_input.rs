//! Values that nobody sends on purpose, on their whole way through.

use http::Response;
use sandbox::{
    Generator,
    fault::{Call, Fault, On, What},
};
use serde_json::json;
use shared::{inbox::Outcome, ledger::State};

use crate::world::World;

#[tokio::test]
async fn control_characters_reach_the_erp_and_the_shop_as_they_were_typed_in() {
    let world = World::new();
    let user = world.register(&Generator::new(1).plain());
    let name = "A\u{0}B\u{1f}\u{7f}\u{202e}\u{feff}C";
    let odd = serde_json::from_value(json!({ "name": name })).unwrap();
    world.net.shop.borrow_mut().edit_profile(user.as_str(), &odd, world.now());
    assert_eq!(world.tick().await.announced, 1);
    let told = world.net.erp.borrow().registration("SHOP", user.as_str()).unwrap().data.clone();
    assert_eq!(told["company"]["name"], name);

    let mut message = world.approval(&user, "C-1");
    message["data"]["customer"].as_object_mut().unwrap().remove("name");
    world.post("msg_1", &message).await;
    assert_eq!(world.state(&user).await, State::Linked);
    assert_eq!(world.net.shop.borrow().customer("C-1").unwrap().body["name"], name);
}

#[tokio::test]
async fn a_decision_of_long_ago_is_kept_with_its_time() {
    for time in [
        "-262143-01-01T00:00:00Z",
        "-262143-01-02T00:00:00+23:59",
        "0000-01-01T00:00:00Z",
        "2016-12-31T23:59:60Z",
    ] {
        let (world, user) = World::announced().await;
        let mut message = world.approval(&user, "C-1");
        message["timestamp"] = time.into();
        let outcome = world.post("msg_1", &message).await;
        assert!(
            matches!(&outcome, Outcome::Stands(entry) if entry.state == State::Linked),
            "{time}: {outcome:?}"
        );
        world.tick().await;
        assert_eq!(world.mails(&user), 1, "{time}");
    }
}

#[tokio::test]
async fn a_key_that_leaves_no_room_for_the_names_of_addresses_is_stuck_with_the_reason() {
    let (world, user) = World::announced().await;
    let mut message = world.approval(&user, &"x".repeat(128));
    message["data"].as_object_mut().unwrap().remove("addresses");
    world.post("msg_1", &message).await;
    let entry = world.entry(&user).await;
    assert_eq!(entry.state, State::Stuck);
    assert!(entry.reason.as_ref().unwrap().ends_with("a key has at most 128 bytes"), "{:?}", entry.reason);
    assert_eq!(world.net.shop.borrow().writes().len(), 0);
}

#[tokio::test]
async fn an_answer_of_a_mebibyte_of_text_fills_neither_report_nor_reason() {
    let world = World::new();
    let user = world.register(&Generator::new(1).plain());
    let long = "x".repeat(1 << 20);
    let row = json!({ "results": [{ "key": user.as_str(), "active": long }] }).to_string();
    let odd = |call, body: String| Fault::always(On::call(call), What::Answer(Response::new(body.into())));
    world.net.shop.borrow_mut().faults.push(odd(Call::UserList, row));
    let report = world.tick().await;
    assert!(
        report.problems.len() == 1 && report.problems[0].to_string().len() < 500,
        "{} bytes",
        report.problems[0].to_string().len()
    );

    world.net.shop.borrow_mut().faults.clear();
    let profile = json!({ "name": [long] }).to_string();
    world.net.shop.borrow_mut().faults.push(odd(Call::Profile, profile));
    world.tick().await;
    let entry = world.entry(&user).await;
    assert!(entry.state == State::Stuck && entry.reason.unwrap().len() < 500);
}

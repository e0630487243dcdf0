//! Faults, decisions and second thoughts that meet: each of these was wrong once.

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    Generator, Odd,
    erp::{Decision, Rejection},
    fault::{Call, Fault, On, What},
    shop::behaviour::{Link, Order},
};
use shared::{
    decision::ActivateUser,
    ledger::{Kept, State},
};

use crate::world::World;

fn min(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}
fn shop_fault(world: &World, f: Fault) {
    world.net.shop.borrow_mut().faults.push(f);
}

#[tokio::test]
async fn what_was_never_told_and_is_closed_does_not_keep_the_tick_busy() {
    let world = World::new();
    world
        .net
        .erp
        .borrow_mut()
        .faults
        .push(Fault::always(On::call(Call::Message), What::status(StatusCode::BAD_GATEWAY, "x")));
    let user = world.register(&Generator::new(1).plain());
    world.tick().await;
    world.post("m1", &world.approval(&user, "C-1")).await;

    world.net.shop.borrow_mut().click(user.as_str(), world.now());
    shop_fault(&world, Fault::always(On::call(Call::UserGet), What::status(StatusCode::BAD_GATEWAY, "x")));
    world.pass(min(5));
    world.tick().await;

    world.net.shop.borrow_mut().faults.clear();
    world.net.erp.borrow_mut().faults.clear();
    let other = world.register(&Generator::new(2).plain());
    world.net.second_per_call.set(true);
    for _ in 0..3 {
        world.pass(min(120));
        world.tick().await;
    }
    assert_eq!(world.state(&user).await, State::Active);
    assert!(world.known(&other).await.is_some(), "others had their turn");
}

#[tokio::test]
async fn a_user_who_is_missing_does_not_keep_the_tick_busy() {
    let world = World::new();
    let user = world.register(&Generator::new(1).odd(Odd::NoProfile));
    world.tick().await;
    assert!(world.net.shop.borrow_mut().delete_user(user.as_str()));
    world.pass(min(5));
    world.tick().await;

    let other = world.register(&Generator::new(2).plain());
    world.pass(min(6));
    world.net.second_per_call.set(true);
    world.tick().await;
    assert!(world.known(&other).await.is_some());
}

#[tokio::test]
async fn two_hiccups_in_a_row_lose_no_registration() {
    let world = World::new();
    shop_fault(&world, Fault::once(On::call(Call::Profile), What::status(StatusCode::BAD_GATEWAY, "x")));
    let user = world.register(&Generator::new(1).plain());
    world.tick().await;

    shop_fault(&world, Fault::once(On::call(Call::UserGet), What::status(StatusCode::NOT_FOUND, "{}")));
    world.pass(min(1));
    world.tick().await;

    for _ in 0..30 {
        world.pass(min(60));
        world.tick().await;
    }
    assert_ne!(world.state(&user).await, State::Seen);
}

#[tokio::test]
async fn a_shop_that_keeps_what_was_to_go_is_left_to_a_person_and_mailed_once() {
    let (world, user) = World::announced().await;
    world.net.shop.borrow_mut().behaviour.link = Link::Extend;
    world.put_customer("C-H");
    world.net.shop.borrow_mut().link_by_hand(user.as_str(), "C-H", world.now());
    let mut m = world.approval(&user, "C-2");
    m["data"]["replace"] = true.into();
    world.post("m1", &m).await;

    for _ in 0..3 {
        world.pass(min(5));
        world.tick().await;
    }
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn a_newer_decision_is_carried_out_after_the_silence_of_the_older_one() {
    let (world, user) = World::announced().await;
    shop_fault(&world, Fault::once(On::call(Call::UserPatch), What::AppliedButAnswerLost));
    world.post("m1", &world.approval(&user, "C-1")).await;
    world.pass(TimeDelta::seconds(20));
    let mut m = world.approval(&user, "C-2");
    m["data"]["replace"] = true.into();
    world.post("m2", &m).await;
    world.pass(min(2));
    world.tick().await;
    world.pass(min(2));
    world.tick().await;
    assert_eq!(world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers, ["C-2"]);
}

#[tokio::test]
async fn a_link_alone_may_be_followed_by_the_mail() {
    let (world, user) = World::announced().await;
    let mut m = world.approval(&user, "C-1");
    m["data"]["activate"] = false.into();
    world.post("m1", &m).await;
    world.pass(min(2));
    world.post("m2", &world.approval(&user, "C-1")).await;
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn a_correction_that_did_not_arrive_is_sent_again() {
    let (world, user) = World::announced().await;
    shop_fault(
        &world,
        Fault::once(On::call(Call::UserPatch), What::status(StatusCode::BAD_REQUEST, r#"{"detail":"no"}"#)),
    );
    world.post("m1", &world.approval(&user, "C-1")).await;

    world.pass(min(2));
    shop_fault(&world, Fault::once(On::call(Call::CustomerPut), What::status(StatusCode::BAD_GATEWAY, "x")));
    let mut m = world.approval(&user, "C-1");
    m["data"]["customer"]["name"] = "Corrected".into();
    world.post("m2", &m).await;

    world.pass(min(2));
    world.tick().await;
    assert_eq!(world.net.shop.borrow().customer("C-1").unwrap().body["name"], "Corrected");
}

#[tokio::test]
async fn a_key_that_the_shop_refused_is_free_for_others() {
    let world = World::new();
    let a = world.register(&Generator::new(1).plain());
    let b = world.register(&Generator::new(2).plain());
    world.tick().await;
    shop_fault(
        &world,
        Fault::once(On::call(Call::CustomerPut), What::status(StatusCode::BAD_REQUEST, r#"{"detail":"no"}"#)),
    );
    world.post("m1", &world.approval(&a, "C-1")).await;
    world.pass(min(1));
    world.post("m2", &Rejection::new("SHOP", a.as_str(), "double").message(world.now())).await;

    world.post("m3", &world.approval(&b, "C-1")).await;

    world.pass(min(1));
    let mut m = world.approval(&b, "C-1");
    m["data"]["overwrite"] = true.into();
    world.post("m4", &m).await;

    world.pass(min(1));
    let mut m = world.approval(&b, "C-1");
    m["data"]["existing"] = true.into();
    world.post("m5", &m).await;
    assert_eq!(world.state(&b).await, State::Linked);
}

#[tokio::test]
async fn our_own_customer_stays_ours_when_an_address_is_refused() {
    let (world, user) = World::announced().await;
    shop_fault(
        &world,
        Fault::once(On::call(Call::AddressPut), What::status(StatusCode::BAD_REQUEST, r#"{"detail":"no"}"#)),
    );
    world.post("m1", &world.approval(&user, "C-1")).await;
    world.pass(min(1));
    let mut m = world.approval(&user, "C-1");
    m["data"]["customer"]["name"] = "Corrected".into();
    world.post("m2", &m).await;
    assert_eq!(world.state(&user).await, State::Linked);
}

#[tokio::test]
async fn a_new_decision_ends_the_doubt_about_a_mail() {
    let (world, user) = World::announced().await;
    world.put_customer("C-12");
    world.net.shop.borrow_mut().link_by_hand(user.as_str(), "C-12", world.now());
    shop_fault(&world, Fault::once(On::call(Call::UserPatch), What::CloseBeforeAnswer));
    world.decide(&user, Decision::Existing("C-12".to_owned())).await;
    world.pass(min(2));
    world.tick().await;

    for n in 0..3 {
        world.pass(min(2));
        let mut m = world.approval(&user, "C-12");
        m["data"]["existing"] = true.into();
        m["data"]["replace"] = (n == 2).into();
        world.post(&format!("n{n}"), &m).await;
        world.pass(min(2));
        world.tick().await;
    }
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn a_profile_that_is_not_shown_is_waited_for() {
    let (world, user) = World::announced().await;
    shop_fault(&world, Fault::once(On::call(Call::Profile), What::status(StatusCode::NOT_FOUND, "{}")));
    let mut m = world.approval(&user, "C-1");
    m["data"]["customer"] = serde_json::json!({"key": "C-1", "name": "X"});
    m["data"].as_object_mut().unwrap().remove("addresses");
    m["data"]["revision"] = 1.into();
    world.post("m1", &m).await;
    assert!(world.state(&user).await != State::Linked || world.net.shop.borrow().addresses().count() > 0);
}

#[tokio::test]
async fn the_same_wish_again_is_tried_again_after_what_was_in_its_way() {
    let (world, user) = World::announced().await;
    let wish = ActivateUser {
        origin: "SHOP".parse().unwrap(),
        user_key: user.clone(),
        customer_keys: vec!["C-1".parse().unwrap()],
        mail: true,
    };
    for n in 0..3 {
        let app = world.app().await;
        let Kept::Yes(kept) = app.ledger.keep(&wish.letter("anna", world.now()), world.now()).await.unwrap()
        else {
            panic!()
        };
        app.work_off(&kept).await.unwrap();

        if n == 0 {
            world.put_customer("C-1");
        }
        world.pass(min(10));
        world.tick().await;
    }
    assert_eq!(world.state(&user).await, State::Linked);
}

#[tokio::test]
async fn a_hiccup_does_not_hide_why_a_registration_is_stuck() {
    let (world, user) = World::announced().await;
    world.put_customer("C-7");
    world.post("m1", &world.approval(&user, "C-7")).await;

    // it leaves the list (registration no longer new) and the shop hiccups once
    world.net.shop.borrow_mut().edit_user(
        user.as_str(),
        &serde_json::from_str(r#"{"registration":"seen"}"#).unwrap(),
        world.now(),
    );
    shop_fault(&world, Fault::always(On::call(Call::UserGet), What::status(StatusCode::BAD_GATEWAY, "x")));
    world.pass(min(65));
    world.tick().await;
    assert!(world.entry(&user).await.reason.unwrap().contains("C-7"));
}

#[tokio::test]
async fn a_decision_that_was_spent_is_not_revived() {
    // changed-since ruling leaves an older decision, which is carried out later
    let (world, user) = World::announced().await;
    let mut m = world.approval(&user, "C-1");
    m["data"].as_object_mut().unwrap().remove("revision");
    m["data"]["existing"] = true.into(); // does not exist: stuck
    world.post("m1", &m).await;

    world.pass(min(1));
    let mut m = world.approval(&user, "C-2");
    m["data"]["revision"] = 0.into();
    world.post("m2", &m).await;

    world.put_customer("C-1");
    world.net.shop.borrow_mut().edit_user(
        user.as_str(),
        &serde_json::from_str(r#"{"phone":"1"}"#).unwrap(),
        world.now(),
    );
    world.pass(min(5));
    world.tick().await;
    assert_ne!(world.state(&user).await, State::Linked);
}

#[tokio::test]
async fn who_is_gone_and_comes_back_is_not_mailed_again() {
    let (world, user) = World::announced().await;
    world.post("m1", &world.approval(&user, "C-1")).await;
    shop_fault(&world, Fault::always(On::call(Call::UserGet), What::status(StatusCode::NOT_FOUND, "{}")));
    shop_fault(
        &world,
        Fault::always(
            On::call(Call::UserList),
            What::status(StatusCode::OK, r#"{"count":0,"next":null,"previous":null,"results":[]}"#),
        ),
    );
    for _ in 0..3 {
        world.pass(min(61));
        world.tick().await;
    }

    world.net.shop.borrow_mut().faults.clear();
    world.pass(min(5));
    world.tick().await;
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn a_removal_is_read_back_after_a_silence_too() {
    let (world, user) = World::announced().await;
    world.net.shop.borrow_mut().behaviour.link = Link::Extend;
    world.put_customer("C-H");
    world.net.shop.borrow_mut().link_by_hand(user.as_str(), "C-H", world.now());
    shop_fault(&world, Fault::once(On::call(Call::UserPatch), What::AppliedButAnswerLost));
    let mut m = world.approval(&user, "C-2");
    m["data"]["replace"] = true.into();
    world.post("m1", &m).await;
    world.pass(min(2));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Stuck);
}

#[tokio::test]
async fn a_page_that_fails_for_good_hides_no_new_registration() {
    let world = World::new();
    world.net.shop.borrow_mut().behaviour.order = Order::NewestFirst;
    let mut g = Generator::new(3);
    for _ in 0..25 {
        world.register(&g.plain());
        world.pass(TimeDelta::seconds(1));
    }
    shop_fault(
        &world,
        Fault::always(
            On::call(Call::UserList).at("offset=9"),
            What::status(StatusCode::INTERNAL_SERVER_ERROR, "x"),
        ),
    );
    world.tick().await;
    let user = world.register(&g.plain());
    for _ in 0..5 {
        world.pass(min(60));
        world.tick().await;
    }
    assert!(world.known(&user).await.is_some());
}

#[tokio::test]
async fn an_erp_that_is_set_later_hears_of_everything() {
    let mut world = World::new();
    world.set("erp_host", "https://x.invalid");
    let user = world.register(&Generator::new(1).plain());
    world.tick().await;
    world.set("erp_host", "https://erp.example");
    for _ in 0..5 {
        world.pass(min(61));
        world.tick().await;
    }
    assert!(world.net.erp.borrow().registration("SHOP", user.as_str()).is_some());
}

#[tokio::test]
async fn without_knowing_whether_a_user_is_active_nothing_is_risked() {
    let (world, user) = World::announced().await;
    world.put_customer("C-1");
    assert!(world.net.shop.borrow_mut().activate_by_hand(user.as_str(), world.now()));
    let body: &'static str = Box::leak(
        format!(r#"{{"key":"{user}","registration":"","authorised_customers":[],"user_profiles":[1]}}"#)
            .into_boxed_str(),
    );
    shop_fault(&world, Fault::always(On::call(Call::UserGet), What::status(StatusCode::OK, body)));
    world.decide(&user, Decision::Existing("C-1".to_owned())).await;
    assert!(world.net.shop.borrow().lock_outs().is_empty());
}

#[tokio::test]
async fn a_decision_in_the_erps_answer_that_cannot_be_read_is_reported() {
    let world = World::new();
    let ok = What::status(
        StatusCode::OK,
        r#"{"type":"customer.approved","timestamp":"2026-03-02T09:15:00Z","data":{"origin":"SHOP","user_key":"x"}}"#,
    );
    world.net.erp.borrow_mut().faults.push(Fault::always(On::call(Call::Message), ok));
    let user = world.register(&Generator::new(1).plain());
    assert!(world.tick().await.problems[0].seen.contains("a decision that cannot be read"));
    assert_eq!(world.state(&user).await, State::Stuck, "the ERP believes that it has decided");
}

#[tokio::test]
async fn a_click_does_not_hide_a_customer_that_could_not_be_linked() {
    let (world, user) = World::announced().await;
    world.post("m1", &world.approval(&user, "C-1")).await;
    world.pass(min(1));
    let mut other = world.approval(&user, "C-404");
    other["data"]["existing"] = true.into();
    other["data"]["replace"] = true.into();
    world.post("m2", &other).await;
    assert_eq!(world.state(&user).await, State::Stuck);

    world.net.shop.borrow_mut().click(user.as_str(), world.now());
    for _ in 0..3 {
        world.pass(min(61));
        world.tick().await;
    }
    let entry = world.entry(&user).await;
    assert_eq!(entry.state, State::Stuck);
    assert!(entry.reason.unwrap().contains("C-404"), "a person has to see why");
}

#[tokio::test]
async fn a_decision_about_a_user_that_cannot_be_read_is_left_to_a_person() {
    let world = World::new();
    let user = world.register(&Generator::new(1).plain());
    shop_fault(&world, Fault::always(On::call(Call::UserGet), What::status(StatusCode::OK, r#"{"key": 5}"#)));
    world.post("m1", &world.approval(&user, "C-1")).await;
    let entry = world.entry(&user).await;
    assert_eq!(entry.state, State::Stuck);
    assert!(entry.reason.unwrap().contains("unreadable"));
}

#[tokio::test]
async fn a_later_yes_to_the_same_customer_outdates_what_was_decided_before_it() {
    let (world, user) = World::announced().await;
    world.put_customer("C-9");
    world.post("m1", &world.approval(&user, "C-1")).await;
    world.pass(min(5));
    let mut older = world.approval(&user, "C-9");
    older["data"]["existing"] = true.into();
    older["data"]["replace"] = true.into();
    world.pass(min(5));
    world.post("m2", &world.approval(&user, "C-1")).await;
    world.post("m3", &older).await;
    assert_eq!(world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers, ["C-1"]);
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn a_correction_that_could_not_be_read_at_once_still_frees_a_stuck_registration() {
    let world = World::new();
    let refused = What::status(StatusCode::UNPROCESSABLE_ENTITY, r#"{"vat":["Not a VAT number."]}"#);
    world.net.erp.borrow_mut().faults.push(Fault::once(On::call(Call::Message), refused));
    let user = world.register(&Generator::new(1).plain());
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Stuck);

    let corrected = serde_json::from_value(serde_json::json!({"vat": "NL000000000B01"})).unwrap();
    assert!(world.net.shop.borrow_mut().edit_profile(user.as_str(), &corrected, world.now()));
    shop_fault(&world, Fault::once(On::call(Call::UserGet), What::status(StatusCode::BAD_GATEWAY, "x")));
    for _ in 0..3 {
        world.pass(min(5));
        world.tick().await;
    }
    assert_eq!(world.state(&user).await, State::Announced);
}

#[tokio::test]
async fn the_same_customer_once_more_may_remove_others_and_sends_no_second_mail() {
    let (world, user) = World::announced().await;
    world.put_customer("C-9");
    world.net.shop.borrow_mut().link_by_hand(user.as_str(), "C-9", world.now());
    world.post("m1", &world.approval(&user, "C-1")).await;
    world.pass(min(1));
    let mut only = world.approval(&user, "C-1");
    only["data"]["replace"] = true.into();
    world.post("m2", &only).await;
    assert_eq!(world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers, ["C-1"]);
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1));
}

#[tokio::test]
async fn the_same_customer_once_more_may_be_corrected_and_sends_no_second_mail() {
    let (world, user) = World::announced().await;
    world.post("m1", &world.approval(&user, "C-1")).await;
    world.pass(min(1));
    let mut corrected = world.approval(&user, "C-1");
    corrected["data"]["overwrite"] = true.into();
    corrected["data"]["customer"]["name"] = "Corrected".into();
    world.post("m2", &corrected).await;
    assert_eq!(world.net.shop.borrow().customer("C-1").unwrap().body["name"], "Corrected");
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1));
}

#[tokio::test]
async fn a_removal_that_never_arrived_is_repeated() {
    let (world, user) = World::announced().await;
    for key in ["C-1", "C-9"] {
        world.put_customer(key);
        world.net.shop.borrow_mut().link_by_hand(user.as_str(), key, world.now());
    }
    shop_fault(&world, Fault::once(On::call(Call::UserPatch), What::CloseBeforeAnswer));
    let mut only = world.approval(&user, "C-1");
    for (flag, value) in [("existing", true), ("replace", true), ("activate", false)] {
        only["data"][flag] = value.into();
    }
    world.post("m1", &only).await;
    world.pass(min(5));
    world.tick().await;
    assert_eq!(world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers, ["C-1"]);
    assert_eq!(world.state(&user).await, State::Linked);
}

#[tokio::test]
async fn a_decision_that_is_stuck_is_not_forgotten_when_somebody_makes_the_user_active_by_hand() {
    let (world, user) = World::announced().await;
    world.put_customer("C-1");
    world.post("m1", &world.approval(&user, "C-1")).await;
    assert_eq!(world.state(&user).await, State::Stuck, "the customer exists");

    world.net.shop.borrow_mut().activate_by_hand(user.as_str(), world.now());
    world.pass(min(120));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Stuck, "nobody has linked the customer");

    let mut existing = world.approval(&user, "C-1");
    existing["data"]["existing"] = true.into();
    world.post("m2", &existing).await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Active, 0));
    assert_eq!(world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers, ["C-1"]);
}

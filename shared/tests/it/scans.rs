//! What a tick makes of the shop's lists.

use chrono::TimeDelta;
use sandbox::{
    Generator, Odd,
    erp::Decision,
    fault::{Call, Fault, On, What},
    shop::behaviour::{ListRows, Order, SlashRule},
};
use shared::ledger::State;

use crate::world::World;

#[tokio::test]
async fn every_registration_reaches_the_erp_once_over_many_pages() {
    for (order, rows) in [(Order::OldestFirst, ListRows::Full), (Order::NewestFirst, ListRows::Short)] {
        let world = World::new();
        world.net.shop.borrow_mut().behaviour.order = order;
        world.net.shop.borrow_mut().behaviour.list_rows = rows;
        let mut generator = Generator::new(3);
        for _ in 0..57 {
            world.register(&generator.plain());
            world.pass(TimeDelta::seconds(1));
        }
        let report = world.tick().await;
        assert_eq!(
            (report.seen, report.announced, report.complete),
            (57, 57, true),
            "{order:?} {rows:?} {report:?}"
        );
        assert_eq!(world.net.erp.borrow().registrations().count(), 57);
        world.pass(TimeDelta::minutes(5));
        let again = world.tick().await;
        assert_eq!((again.seen, again.announced), (0, 0), "{again:?}");
        assert_eq!((world.net.erp.borrow().repeats(), world.net.erp.borrow().violations().len()), (0, 0));
    }
}

#[tokio::test]
async fn without_a_start_nothing_is_announced_and_what_waits_is_counted() {
    let mut world = World::new();
    world.set("start_from", "");
    let users: Vec<_> = (0..12).map(|seed| world.register(&Generator::new(seed).plain())).collect();
    let report = world.tick().await;
    assert_eq!((report.would_announce, report.seen, report.announced), (12, 0, 0), "{report:?}");
    assert!(report.note.is_some() && world.known(&users[0]).await.is_none());
    world.set("start_from", "2026-01-01");
    assert_eq!(world.tick().await.announced, 12);
}

#[tokio::test]
async fn others_users_are_left_alone() {
    let world = World::new();
    world.put_customer("C-1");
    let linked = world.register(&Generator::new(1).plain());
    world.net.shop.borrow_mut().link_by_hand(linked.as_str(), "C-1", world.now());
    let mut by_erp = Generator::new(2).plain();
    by_erp.key = Some("ERP-100".to_owned());
    world.register(&by_erp);
    let mut active = Generator::new(3).plain();
    active.active = true;
    world.register(&active);
    let report = world.tick().await;
    assert_eq!((report.seen, report.other_inactive > 0), (0, true), "{report:?}");
}

#[tokio::test]
async fn a_user_without_a_profile_gets_an_hour_and_then_a_person() {
    let world = World::new();
    let user = world.register(&Generator::new(1).odd(Odd::NoProfile));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Seen);
    world.pass(TimeDelta::minutes(30));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Seen);
    world.pass(TimeDelta::minutes(31));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Stuck);
}

#[tokio::test]
async fn of_two_profiles_both_are_told() {
    let world = World::new();
    let user = world.register(&Generator::new(1).odd(Odd::TwoProfiles));
    world.tick().await;
    let erp = world.net.erp.borrow();
    let data = &erp.registration("SHOP", user.as_str()).unwrap().data;
    assert_eq!(data["profiles"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_change_before_the_decision_is_told_as_an_update() {
    let world = World::new();
    let user = world.register(&Generator::new(1).plain());
    world.tick().await;
    world.pass(TimeDelta::minutes(5));
    let changes = serde_json::from_str(r#"{"name": "Renamed B.V."}"#).unwrap();
    world.net.shop.borrow_mut().edit_profile(user.as_str(), &changes, world.now());
    world.pass(TimeDelta::minutes(65));
    world.tick().await;
    let erp = world.net.erp.borrow();
    let data = &erp.registration("SHOP", user.as_str()).unwrap().data;
    assert_eq!(
        (data["company"]["name"].as_str(), data["revision"].as_u64()),
        (Some("Renamed B.V."), Some(2))
    );
}

#[tokio::test]
async fn who_left_the_list_is_looked_for_by_key() {
    let world = World::new();
    let (active, deleted) =
        (world.register(&Generator::new(1).plain()), world.register(&Generator::new(2).plain()));
    world.tick().await;
    world.net.shop.borrow_mut().activate_by_hand(active.as_str(), world.now());
    world.net.shop.borrow_mut().delete_user(deleted.as_str());
    world.pass(TimeDelta::minutes(5));
    world.tick().await;
    assert_eq!((world.state(&active).await, world.state(&deleted).await), (State::Active, State::Announced));
    world.pass(TimeDelta::minutes(61));
    world.tick().await;
    assert_eq!(world.state(&deleted).await, State::Gone);
}

#[tokio::test]
async fn a_bad_profile_stops_its_own_registration_only() {
    let world = World::new();
    let bad = world.register(&Generator::new(1).plain());
    let profile = world.net.shop.borrow().user(bad.as_str()).unwrap().profiles[0];
    let fault = Fault::always(
        On::call(Call::Profile).at(&format!("/{profile}/")),
        What::status(http::StatusCode::OK, r#"{"id":"#),
    );
    world.net.shop.borrow_mut().faults.push(fault);
    let good = world.register(&Generator::new(2).plain());
    let report = world.tick().await;
    assert_eq!((report.stuck, report.announced, report.complete), (1, 1, true), "{report:?}");
    assert_eq!((world.state(&bad).await, world.state(&good).await), (State::Stuck, State::Announced));
}

#[tokio::test]
async fn a_shop_that_is_down_is_reported_and_loses_nothing() {
    let world = World::new();
    let user = world.register(&Generator::new(1).plain());
    let down = Fault::always(On::call(Call::UserList), What::status(http::StatusCode::BAD_GATEWAY, "<html>"));
    world.net.shop.borrow_mut().faults.push(down);
    let report = world.tick().await;
    assert_eq!((report.shop_read, report.complete), (false, false));
    assert_eq!(
        report.problems,
        [shared::fault::Fault::seen("origin SHOP: the shop's user list answered 502 Bad Gateway")]
    );
    world.net.shop.borrow_mut().faults.clear();
    world.pass(TimeDelta::minutes(5));
    assert_eq!(world.tick().await.announced, 1);
    assert_eq!(world.state(&user).await, State::Announced);
}

#[tokio::test]
async fn an_erp_that_is_down_gets_everything_later_under_the_same_ids() {
    let world = World::new();
    for seed in 0..8 {
        world.register(&Generator::new(seed).plain());
    }
    let down = Fault::always(On::call(Call::Message), What::AppliedButAnswerLost);
    world.net.erp.borrow_mut().faults.push(down);
    let report = world.tick().await;
    assert_eq!((report.announced, report.postponed), (0, 8), "{report:?}");
    world.net.erp.borrow_mut().faults.clear();
    world.pass(TimeDelta::minutes(5));
    assert_eq!(world.tick().await.announced, 8);
    let erp = world.net.erp.borrow();
    assert_eq!((erp.registrations().count(), erp.violations().len()), (8, 0));
    assert!(erp.repeats() > 0, "the lost ones came again");
}

#[tokio::test]
async fn a_slash_too_few_is_reported_as_the_setting() {
    let mut world = World::new();
    world.set("trailing_slash", "never");
    world.net.shop.borrow_mut().behaviour.slash = SlashRule::Redirect;
    let report = world.tick().await;
    assert!(report.problems[0].seen.contains("set trailing_slash to always"), "{report:?}");
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_of_a_scan_is_renewed() {
    let world = World::new();
    for seed in 0..25 {
        world.register(&Generator::new(seed).plain());
    }
    let refused = What::status(http::StatusCode::UNAUTHORIZED, r#"{"detail":"expired"}"#);
    world
        .net
        .shop
        .borrow_mut()
        .faults
        .push(Fault { after: 1, ..Fault::once(On::call(Call::UserList), refused) });
    let report = world.tick().await;
    assert_eq!((report.announced, report.complete), (25, true), "{report:?}");
    assert_eq!(world.net.shop.borrow().tokens_issued(), 2);
}

#[tokio::test]
async fn a_scan_that_runs_out_of_time_goes_on_where_it_was() {
    let mut world = World::new();
    world.set("time_budget", "0s");
    for seed in 0..35 {
        world.register(&Generator::new(seed).plain());
    }
    let report = world.tick().await;
    assert_eq!((report.complete, report.shop_read, report.pages), (false, true, 0), "{report:?}");
    world.set("time_budget", "25s");
    // One more second passes with each call, so that a tick ends in the middle of the list.
    world.net.second_per_call.set(true);
    let (mut seen, mut ticks) = (0, 0);
    loop {
        ticks += 1;
        let report = world.tick().await;
        seen += report.seen;
        assert_eq!(report.drifted, 0, "{report:?}");
        if report.complete {
            break;
        }
        assert!(ticks < 30, "{report:?}");
    }
    assert!(ticks > 2, "it took {ticks} ticks");
    assert_eq!((seen, world.net.erp.borrow().registrations().count()), (35, 35));
    assert_eq!(world.net.erp.borrow().repeats(), 0);
}

#[tokio::test]
async fn what_the_erp_refused_reaches_it_once_the_applicant_has_corrected_it() {
    let world = World::new();
    let refused = What::status(http::StatusCode::UNPROCESSABLE_ENTITY, r#"{"vat":["Not a VAT number."]}"#);
    world.net.erp.borrow_mut().faults.push(Fault::once(On::call(Call::Message), refused));
    let user = world.register(&Generator::new(1).plain());
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Stuck);

    let corrected = serde_json::from_value(serde_json::json!({"vat": "NL000000000B01"})).unwrap();
    assert!(world.net.shop.borrow_mut().edit_profile(user.as_str(), &corrected, world.now()));
    world.pass(TimeDelta::minutes(5));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Announced);
    {
        let erp = world.net.erp.borrow();
        let data = &erp.registration("SHOP", user.as_str()).unwrap().data;
        assert_eq!(data["company"]["vat"], "NL000000000B01", "what was refused is not sent again");
        assert!(erp.violations().is_empty(), "to the ERP it is new: {:?}", erp.violations());
    }
    world.decide(&user, Decision::Approve).await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1));
}

#[tokio::test]
async fn what_the_erp_refused_and_takes_when_it_is_tried_again_is_no_change() {
    let world = World::new();
    let refused = What::status(http::StatusCode::UNPROCESSABLE_ENTITY, r#"{"vat":["Not a VAT number."]}"#);
    world.net.erp.borrow_mut().faults.push(Fault::once(On::call(Call::Message), refused));
    let user = world.register(&Generator::new(1).plain());
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Stuck);

    world.retry(&user).await;
    for _ in 0..3 {
        world.pass(TimeDelta::hours(2));
        world.tick().await;
    }
    assert_eq!(world.state(&user).await, State::Announced);
    assert_eq!(world.net.erp.borrow().received().len(), 1, "the applicant has changed nothing");
}

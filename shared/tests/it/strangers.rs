//! Users whom the ledger does not know when something is said about them, or whom the shop lists and does not show.

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    Generator,
    erp::{Approval, Rejection},
    fault::{Call, Fault, On, What},
    shop::behaviour::ListRows,
};
use shared::{
    decision::ActivateUser,
    inbox::Outcome,
    key::UserKey,
    ledger::{Kept, State},
    scan::List,
};

use crate::world::{World, origin};

/// The shop answers every question for a user with this.
fn user_answers(world: &World, status: StatusCode) {
    let fault = Fault::always(On::call(Call::UserGet), What::status(status, r#"{"detail":"no"}"#));
    world.net.shop.borrow_mut().faults.push(fault);
}

fn shop_is_well(world: &World) {
    world.net.shop.borrow_mut().faults.clear();
}

async fn hours(world: &World, hours: u32) {
    for _ in 0..hours {
        world.pass(TimeDelta::hours(1));
        world.tick().await;
    }
}

#[tokio::test]
async fn a_decision_about_a_user_whom_the_shop_denies_is_seen_by_a_person_in_the_end() {
    let mut world = World::new();
    world.set("retry_for", "1d");
    let user = world.register(&Generator::new(1).plain());
    user_answers(&world, StatusCode::FORBIDDEN);
    let message = Approval::new("SHOP", user.as_str(), "C-1").message(world.now());
    assert!(matches!(world.post("m1", &message).await, Outcome::Stands(_)));
    assert_eq!(world.state(&user).await, State::Approved, "it has a row at once");

    hours(&world, 26).await;
    let entry = world.entry(&user).await;
    assert_eq!(entry.state, State::Stuck);
    assert!(entry.reason.as_deref().is_some_and(|reason| reason.contains("403")), "{:?}", entry.reason);

    shop_is_well(&world);
    world.retry(&user).await;
    world.tick().await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1));
}

#[tokio::test]
async fn what_was_left_in_the_inbox_waits_for_no_shop() {
    let world = World::new();
    let (yes, no) = (world.register(&Generator::new(1).plain()), world.register(&Generator::new(2).plain()));
    let nobody: UserKey = "5b1f0c1e-0000-4000-8000-00000000dead".parse().unwrap();
    for (id, message) in [
        ("m1", Approval::new("SHOP", yes.as_str(), "C-1").message(world.now())),
        ("m2", Rejection::new("SHOP", no.as_str(), "unknown").message(world.now())),
        ("m3", Approval::new("SHOP", nobody.as_str(), "C-3").message(world.now())),
    ] {
        world.leave_in_inbox(id, &message).await;
    }
    user_answers(&world, StatusCode::BAD_GATEWAY);
    let report = world.tick().await;
    assert_eq!((report.refused, report.approvals), (0, 2), "{report:?}");
    assert_eq!(world.state(&no).await, State::Rejected);

    shop_is_well(&world);
    hours(&world, 3).await;
    assert_eq!((world.state(&yes).await, world.mails(&yes)), (State::Linked, 1));
    assert_eq!(world.state(&nobody).await, State::Gone, "the shop never had it, and the ledger shows that");
}

#[tokio::test]
async fn a_wish_that_was_taken_in_while_the_shop_was_silent_links_nobody_who_is_no_registration() {
    let world = World::new();
    world.put_customer("C-1");
    let (open, linked) =
        (world.register(&Generator::new(1).plain()), world.register(&Generator::new(2).plain()));
    world.net.shop.borrow_mut().link_by_hand(linked.as_str(), "C-9", world.now());
    user_answers(&world, StatusCode::BAD_GATEWAY);
    for user in [&open, &linked] {
        let customer_keys = vec!["C-1".parse().unwrap()];
        let wish = ActivateUser { origin: origin(), user_key: user.clone(), customer_keys, mail: true };
        let app = world.app().await;
        let letter = wish.letter("n8n", world.now());
        let Kept::Yes(kept) = app.ledger.keep(&letter, world.now()).await.unwrap() else { panic!() };
        assert!(matches!(app.work_off(&kept).await.unwrap(), Outcome::Stands(_)));
        assert_eq!(world.state(user).await, State::Approved);
    }
    shop_is_well(&world);
    hours(&world, 1).await;
    assert_eq!((world.state(&open).await, world.mails(&open)), (State::Linked, 1));
    assert_eq!((world.state(&linked).await, world.mails(&linked)), (State::Stuck, 0));
}

#[tokio::test]
async fn a_user_who_is_listed_and_not_shown_waits_in_the_ledger_and_not_in_the_watermark() {
    for (status, state) in [
        (StatusCode::BAD_REQUEST, State::Stuck),
        (StatusCode::FORBIDDEN, State::Seen),
        (StatusCode::NOT_FOUND, State::Seen),
    ] {
        let world = World::new();
        world.net.shop.borrow_mut().behaviour.list_rows = ListRows::Short;
        let user = world.register(&Generator::new(1).plain());
        user_answers(&world, status);
        world.tick().await;
        assert_eq!(world.state(&user).await, state, "{status}");
        let scan = world.app().await.ledger.scan(&origin(), List::Created.as_str()).await.unwrap();
        assert!(scan.watermark.is_some(), "whoever is known need not be listed again");

        shop_is_well(&world);
        if state == State::Stuck {
            world.retry(&user).await;
        }
        hours(&world, 2).await;
        assert_eq!(world.state(&user).await, State::Announced, "{status}");
    }
}

#[tokio::test]
async fn who_is_shown_at_last_and_is_no_registration_is_forgotten() {
    let world = World::new();
    world.net.shop.borrow_mut().behaviour.list_rows = ListRows::Short;
    let user = world.register(&Generator::new(1).plain());
    world.net.shop.borrow_mut().link_by_hand(user.as_str(), "C-9", world.now());
    user_answers(&world, StatusCode::FORBIDDEN);
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Seen);

    shop_is_well(&world);
    hours(&world, 2).await;
    assert!(world.known(&user).await.is_none(), "it is somebody else's");
    assert!(world.told(&user).await.is_empty(), "and leaves nothing behind");
    assert!(world.net.erp.borrow().registration("SHOP", user.as_str()).is_none());
}

#[tokio::test]
async fn a_user_who_is_gone_and_listed_all_the_time_is_asked_for_now_and_then() {
    let (world, user) = World::announced().await;
    user_answers(&world, StatusCode::NOT_FOUND);
    world.pass(TimeDelta::hours(2));
    world.tick().await;
    hours(&world, 2).await;
    assert_eq!(world.state(&user).await, State::Gone);

    let asked = |world: &World| world.net.shop.borrow().journal.count(Call::UserGet);
    let before = asked(&world);
    for _ in 0..20 {
        world.pass(TimeDelta::minutes(1));
        world.tick().await;
    }
    assert_eq!(asked(&world) - before, 2, "in twenty minutes");
    shop_is_well(&world);
    hours(&world, 1).await;
    assert_eq!(world.state(&user).await, State::Announced);
}

//! The dry run: everything is read and decided, nothing is sent, and switching it off loses nothing and repeats nothing.

use chrono::TimeDelta;
use sandbox::{Generator, erp::Decision};
use serde_json::json;
use shared::{
    decision::{ActivateUser, Remedy},
    dry_run::Would,
    inbox::Outcome,
    key::UserKey,
    ledger::{Kept, State},
    sql::{Sql as _, Value},
};

use crate::world::{World, origin};

/// Everything that was ever sent to the shop and to others, but for readings.
fn sent(world: &World) -> (usize, usize, usize) {
    let writes = world.net.shop.borrow().writes().len();
    (writes, world.net.erp.borrow().received().len(), world.net.alerts.borrow().received().len())
}

fn calls(told: &Would) -> Vec<String> {
    told.calls.iter().map(|call| format!("{} {}", call.method, call.path)).collect()
}

/// Every row about registrations, but for how often they were looked at.
async fn rows(world: &World) -> Vec<Vec<Vec<Value>>> {
    let mut all = Vec::new();
    for statement in [
        "SELECT user_key, state, revision, told, message, decision_id, link, reason, attempts, claim_token FROM registration",
        "SELECT * FROM timeline",
        "SELECT * FROM inbox",
        "SELECT * FROM party",
        "SELECT * FROM outgoing",
        "SELECT * FROM rewrite",
        "SELECT * FROM scan",
        "SELECT * FROM alert",
        "SELECT * FROM start",
    ] {
        all.push(world.sqlite.run(statement, vec![]).await.unwrap());
    }
    all
}

#[tokio::test]
async fn who_registers_is_read_and_not_stored_and_announced_once_when_it_is_over() {
    let mut world = World::new();
    world.set("dry_run", "true");
    let users: Vec<_> = (0..3).map(|seed| world.register(&Generator::new(seed).plain())).collect();
    drop(world.app().await);
    let before = rows(&world).await;
    for _ in 0..2 {
        let report = world.tick().await;
        let told = report.would.clone().unwrap();
        assert!(report.dry_run && report.note.unwrap().contains("dry_run"));
        assert_eq!((report.would_announce, report.announced, report.seen), (3, 0, 0), "{report:?}");
        assert_eq!((told.calls_in_all, calls(&told)), (3, vec!["POST /registrations".to_owned(); 3]));
        let kinds: Vec<_> = told.calls.iter().map(|call| call.body["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["registration.created"; 3]);
        assert_eq!(told.calls[0].host, "erp.example");
        world.pass(TimeDelta::minutes(5));
    }
    assert_eq!((rows(&world).await, sent(&world)), (before, (0, 0, 0)), "it leaves nothing behind");

    // Who was looked at in vain is not announced, if the start is set otherwise in the end.
    world.set("dry_run", "false");
    world.set("start_from", "2026-03-03");
    assert_eq!(world.tick().await.announced, 0);
    world.set("start_from", "2026-01-01");
    assert_eq!(world.tick().await.announced, 3);
    assert_eq!((world.net.erp.borrow().repeats(), world.net.erp.borrow().received().len()), (0, 3));
    assert_eq!(world.state(&users[0]).await, State::Announced);
}

#[tokio::test]
async fn a_decision_is_taken_in_and_carried_out_when_it_is_over() {
    let (mut world, user) = World::announced().await;
    world.set("dry_run", "true");
    let before = sent(&world);
    let outcome = world.post("m1", &world.approval(&user, "C-1")).await;
    let Outcome::Stands(entry) = outcome else { panic!("{outcome:?}") };
    assert_eq!(entry.state, State::Approved, "that is answered with 202");
    let held = rows(&world).await;
    for _ in 0..3 {
        world.pass(TimeDelta::minutes(5));
        let report = world.tick().await;
        let told = report.would.unwrap();
        assert_eq!(
            calls(&told),
            [
                "PUT /api/origin/SHOP/customer/C-1/",
                "PUT /api/origin/SHOP/address/C-1-1/",
                &format!("PATCH /api/origin/SHOP/user/{user}/"),
            ]
        );
        assert_eq!(told.calls[2].body["authorised_customers"], json!(["C-1"]));
        assert_eq!(report.approvals, 1);
    }
    let now = rows(&world).await;
    assert_eq!((&now[..6], sent(&world)), (&held[..6], before), "neither an intent nor a try is left of it");

    // It can still be taken back.
    let mut other = world.approval(&user, "C-2");
    other["timestamp"] = json!(world.now());
    world.post("m2", &other).await;
    world.set("dry_run", "false");
    for _ in 0..3 {
        world.tick().await;
        world.pass(TimeDelta::minutes(5));
    }
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1));
    assert_eq!(world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers, ["C-2"]);
    assert!(world.net.shop.borrow().customer("C-1").is_none());
}

#[tokio::test]
async fn who_would_be_stuck_is_named_and_is_not() {
    let (mut world, user) = World::announced().await;
    world.put_customer("C-1");
    world.set("dry_run", "true");
    world.post("m1", &world.approval(&user, "C-1")).await;
    let told = world.tick().await.would.unwrap();
    assert_eq!((told.calls_in_all, told.stuck.len()), (0, 1));
    assert!(told.stuck[0].reason.contains("exists in the shop already"), "{told:?}");
    assert_eq!(world.state(&user).await, State::Approved);
    world.set("dry_run", "false");
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Stuck);
}

#[tokio::test]
async fn nothing_that_was_due_before_it_is_sent_lost_or_counted_as_failed() {
    let (mut world, user) = World::announced().await;
    world.post("m1", &world.approval(&user, "C-1")).await;
    let update = json!({"type": "customer.updated", "timestamp": world.now(), "data": {
        "origin": "SHOP", "user_key": user, "customer": {"key": "C-1", "name": "Renamed", "vat_numbers": []}}});
    let told = world.net.erp.borrow().received().len();
    world.set("dry_run", "true");
    world.leave_in_inbox("u1", &update).await;
    world.net.shop.borrow_mut().click(user.as_str(), world.now());
    for _ in 0..3 {
        world.pass(TimeDelta::minutes(70));
        let told = world.tick().await.would.unwrap();
        let calls = calls(&told);
        assert!(calls.contains(&"PUT /api/origin/SHOP/customer/C-1/".to_owned()), "{calls:?}");
        let kinds: Vec<_> = told.calls.iter().filter_map(|call| call.body["type"].as_str()).collect();
        assert!(kinds.contains(&"registration.linked"), "{kinds:?}");
    }
    assert_eq!(world.net.erp.borrow().received().len(), told);
    let failed =
        "SELECT 1 FROM outgoing WHERE attempts > 0 UNION ALL SELECT 1 FROM rewrite WHERE attempts > 0";
    assert!(world.sqlite.run(failed, vec![]).await.unwrap().is_empty());

    world.set("dry_run", "false");
    for _ in 0..2 {
        world.tick().await;
        world.pass(TimeDelta::minutes(70));
    }
    let erp = world.net.erp.borrow();
    let kinds: Vec<_> = erp.received().iter().map(|one| one.kind.as_str()).collect();
    assert_eq!(kinds, ["registration.created", "registration.linked", "registration.activated"]);
    assert_eq!(world.net.shop.borrow().customer("C-1").unwrap().body["name"], "Renamed");
    assert_eq!(erp.repeats(), 0);
}

#[tokio::test]
async fn wishes_and_corrections_wait_until_it_is_over() {
    let (mut world, user) = World::announced().await;
    world.put_customer("K-1");
    world.put_customer("K-2");
    world.set("dry_run", "true");
    let wish = ActivateUser {
        origin: origin(),
        user_key: user.clone(),
        customer_keys: vec!["K-1".parse().unwrap()],
        mail: true,
    };
    let app = world.app().await;
    let Kept::Yes(kept) = app.ledger.keep(&wish.letter("anna", world.now()), world.now()).await.unwrap()
    else {
        panic!()
    };
    app.work_off(&kept).await.unwrap();
    let told = app.shop.http.dry().unwrap().would();
    assert_eq!(calls(&told), [format!("PATCH /api/origin/SHOP/user/{user}/")]);
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Approved, 0));

    world.set("dry_run", "false");
    world.tick().await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1));
    world.set("dry_run", "true");
    let body = json!({"customer": {"key": "K-2"}, "remove": true, "reason": "the wrong one"});
    world.correct(&user, Remedy::Relink, body, None).await;
    assert_eq!(world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers, ["K-1"]);
    world.set("dry_run", "false");
    world.tick().await;
    assert_eq!(world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers, ["K-2"]);
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn what_it_would_have_sent_is_answered_and_neither_kept_nor_logged() {
    let mut world = World::new();
    world.set("dry_run", "true");
    let plain = Generator::new(1).plain();
    let email = plain.person["email"].as_str().unwrap().to_owned();
    world.register(&plain);
    let report = world.tick().await;
    let told = report.would.unwrap();
    assert!(serde_json::to_string(&told).unwrap().contains(&email));
    let logged = serde_json::to_string(&told.logged()).unwrap();
    assert!(logged.contains("timestamp") && !logged.contains(&email), "{logged}");
    let run = world.app().await.ledger.last_run().await.unwrap().unwrap();
    assert!(run.report.contains(r#""dry_run":true"#) && !run.report.contains(&email), "{}", run.report);
}

#[tokio::test]
async fn an_origin_that_was_never_started_is_only_counted_and_not_started_by_it() {
    let mut world = World::new();
    world.set("dry_run", "true");
    world.set("first_run", "report");
    world.register(&Generator::new(1).plain());
    let report = world.tick().await;
    assert_eq!((report.would_announce, report.would.unwrap().calls_in_all), (1, 0));
    world.set("first_run", "announce");
    assert_eq!(world.tick().await.would.unwrap().calls_in_all, 1);
    assert!(world.app().await.ledger.starts().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_rejection_is_noted_because_nothing_of_it_goes_to_the_shop() {
    let (mut world, user): (World, UserKey) = World::announced().await;
    world.set("dry_run", "true");
    world.decide(&user, Decision::Reject("no licence".to_owned())).await;
    assert_eq!(world.state(&user).await, State::Rejected);
}

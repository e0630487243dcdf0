//! Words of others that no erasure would find: what is kept about no single person has none, and what is about one has none once that
//! person is erased, whenever that happens.

use std::cell::Cell;

use chrono::TimeDelta;
use http::{Response, StatusCode};
use sandbox::{
    Generator,
    erp::Decision,
    fault::{Call, Fault, On, What},
};
use serde_json::{Value as Json, json};
use shared::{
    erasure::Erasure,
    key::UserKey,
    ledger::{Entry, State},
    sql::{Sql as _, Value},
};

use crate::{
    interposed::Between,
    traces::in_tables,
    world::{World, origin},
};

fn mail() -> String {
    Generator::new(1).plain().person["email"].as_str().unwrap().to_owned()
}

/// An answer that repeats what it is about.
fn says_mail(status: StatusCode) -> What {
    let mut answer =
        Response::new(json!({"detail": format!("duplicate key (email)=({})", mail())}).to_string().into());
    *answer.status_mut() = status;
    What::Answer(answer)
}

async fn tick_in(world: &World, minutes: i64) {
    world.pass(TimeDelta::minutes(minutes));
    world.tick().await;
}

/// What the database has of the person in tables that are about none.
async fn found(world: &World) -> Vec<String> {
    let found = in_tables(&world.sqlite, &[mail()]).await;
    found.into_iter().filter(|found| found.starts_with("run.") || found.starts_with("alert.")).collect()
}

async fn last_run(world: &World) -> (Json, String) {
    let run = world.app().await.ledger.last_run().await.unwrap().unwrap();
    (serde_json::from_str(&run.report).unwrap(), run.problem.unwrap())
}

#[tokio::test]
async fn a_run_keeps_what_failed_and_its_answer_says_it_in_the_shops_words_too() {
    let seen = "the shop's customer answered 500 Internal Server Error";
    for (call, seen, why) in [
        (Call::CustomerPut, seen, "an approval"),
        (Call::UserList, "origin SHOP: the shop's user list answered 500 Internal Server Error", "a list"),
        (Call::UserGet, "the shop's user answered 500 Internal Server Error", "a user"),
    ] {
        let (world, user) = World::announced().await;
        world
            .net
            .shop
            .borrow_mut()
            .faults
            .push(Fault::always(On::call(call), says_mail(StatusCode::INTERNAL_SERVER_ERROR)));
        world.leave_in_inbox("m1", &world.approval(&user, "C-1")).await;
        world.pass(TimeDelta::minutes(61));
        let report = world.tick().await;
        let told = report.problems[0].to_string();
        assert!(told.starts_with(seen) && told.contains(&mail()), "{why}: {told}");
        let (kept, problem) = last_run(&world).await;
        assert_eq!((problem.as_str(), &kept["problems"]), (seen, &json!([seen])), "{why}");
        assert_eq!(kept["approvals"], report.approvals, "{why}: the counts are kept");
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_and_a_list_that_is_refused_are_kept_without_the_shops_words() {
    let row =
        json!({"results": [{"key": "5b1f0c1e-0000-4000-8000-00000000dead", "active": mail()}]}).to_string();
    for (what, seen) in [
        (What::Answer(Response::new(row.into())), "origin SHOP: a row of the user list is unreadable"),
        (
            What::Answer(Response::new(json!({"results": mail()}).to_string().into())),
            "origin SHOP: the shop's user list is unreadable",
        ),
        (says_mail(StatusCode::BAD_REQUEST), "origin SHOP: the shop refused its user list"),
    ] {
        let world = World::new();
        world.net.shop.borrow_mut().faults.push(Fault::always(On::call(Call::UserList), what));
        let told = world.tick().await.problems[0].to_string();
        assert!(told.starts_with(seen) && told.contains(&mail()), "{told}");
        assert_eq!(last_run(&world).await.1, seen);
        assert_eq!(found(&world).await, [""; 0], "{seen}");
    }
}

#[tokio::test]
async fn who_is_called_about_the_shop_or_the_erp_reads_what_failed_and_not_what_was_said() {
    let (world, _) = World::announced().await;
    let failing = || Fault::always(On::any(), says_mail(StatusCode::FORBIDDEN));
    world.net.shop.borrow_mut().faults.push(failing());
    tick_in(&world, 20).await;
    world.net.shop.borrow_mut().faults.clear();
    world.net.erp.borrow_mut().faults.push(failing());
    world.register(&Generator::new(2).plain());
    tick_in(&world, 20).await;
    let texts: Vec<_> = world.net.alerts.borrow().received().iter().map(|alert| alert.text.clone()).collect();
    assert!(texts.iter().any(|text| text.starts_with("The shop") && text.contains("403")), "{texts:?}");
    assert!(texts.iter().any(|text| text.starts_with("The ERP") && text.contains("403")), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains("duplicate key")), "{texts:?}");
    assert_eq!(found(&world).await, [""; 0]);
}

/// JSON spells a key otherwise, and a key that is a part of others is not taken for them.
#[tokio::test]
async fn an_alert_is_erased_by_the_key_that_it_lists_and_by_no_other() {
    for (key, listed, gone) in [(r#"a"b\c'd/é"#, r#"a"b\c'd/é"#, true), ("1", "1", true), ("1", "21", false)]
    {
        let world = World::new();
        let ledger = world.app().await.ledger;
        let of = |key: &str| Entry::seen(origin(), key.parse::<UserKey>().unwrap(), world.now());
        ledger.save(of(listed).stuck(mail()), world.now()).await.unwrap().unwrap();
        world.tick().await;
        assert_eq!(found(&world).await.len(), 1, "{key}: there is something to find");
        if key != listed {
            ledger.save(of(key).stuck("no"), world.now()).await.unwrap().unwrap();
        }
        assert!(matches!(world.erase(&key.parse().unwrap()).await, Erasure::Done(_)));
        assert_eq!(found(&world).await.is_empty(), gone, "{key}");
        let bodies =
            world.sqlite.run("SELECT body FROM outgoing WHERE receiver = 'alert'", vec![]).await.unwrap();
        assert_eq!(bodies[0][0] == Value::from(""), gone, "{key}");
    }
}

/// Stuck with the shop's words, and nobody was called yet; or linked, and the ERP is about to refuse to be told, with words.
async fn about_to_be_told(stuck: bool) -> (World, UserKey) {
    let (world, user) = World::announced().await;
    let refusal = Fault::always(
        On::call(if stuck { Call::CustomerPut } else { Call::Message }),
        says_mail(StatusCode::UNPROCESSABLE_ENTITY),
    );
    if stuck {
        world.net.shop.borrow_mut().faults.push(refusal);
    } else {
        world.net.erp.borrow_mut().faults.push(refusal);
    }
    world.decide(&user, Decision::Approve).await;
    assert_eq!(world.state(&user).await, if stuck { State::Stuck } else { State::Linked });
    world.pass(TimeDelta::minutes(1));
    (world, user)
}

#[tokio::test]
async fn who_is_erased_between_any_two_statements_leaves_no_words_in_an_alert_or_an_outcome() {
    for stuck in [true, false] {
        let mut done = 0;
        for statements in 0.. {
            let (world, user) = about_to_be_told(stuck).await;
            let (asked, erased) = (Cell::new(false), Cell::new(false));
            let between = Between::statements(statements, world.sqlite.clone(), async || {
                asked.set(true);
                erased.set(matches!(world.erase(&user).await, Erasure::Done(_)));
            });
            world.tick_on(between).await;
            if !asked.get() {
                break;
            }
            if erased.get() {
                done += 1;
                assert_eq!(
                    in_tables(&world.sqlite, &[mail()]).await,
                    [""; 0],
                    "stuck: {stuck}, after {statements}"
                );
            }
        }
        assert!(done > 10, "stuck: {stuck}, {done} were erased");
    }
}

#[tokio::test]
async fn an_alert_that_is_not_made_because_one_was_erased_is_made_for_the_others_by_the_next_tick() {
    let mut late = 0;
    for statements in 0.. {
        let (world, user) = about_to_be_told(true).await;
        let other = "another".parse::<UserKey>().unwrap();
        let entry = Entry::seen(origin(), other.clone(), world.now()).stuck("no");
        world.app().await.ledger.save(entry, world.now()).await.unwrap().unwrap();
        let (asked, before) = (Cell::new(false), Cell::new(0));
        let alerts = || world.net.alerts.borrow().received().len();
        let between = Between::statements(statements, world.sqlite.clone(), async || {
            asked.set(true);
            before.set(
                world
                    .sqlite
                    .run("SELECT 1 FROM outgoing WHERE receiver = 'alert'", vec![])
                    .await
                    .unwrap()
                    .len(),
            );
            world.erase(&user).await;
        });
        world.tick_on(between).await;
        if !asked.get() {
            break;
        }
        late += usize::from(alerts() == 0 && before.get() == 0);
        tick_in(&world, 16).await;
        // What was made already and lists the erased one is taken back.
        if before.get() == 0 {
            let received = world.net.alerts.borrow();
            let lists = |text: &str| text.contains(other.as_str());
            assert!(received.received().iter().any(|alert| lists(&alert.text)), "after {statements}");
        }
    }
    assert!(late > 0, "some were made late");
}

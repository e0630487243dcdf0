//! What is decided about a registration a second time: after an erasure, after another decision, after the user has gone.

use chrono::TimeDelta;
use sandbox::{
    erp::{Approval, Decision},
    fault::{Call, Fault, On, What},
};
use serde_json::{Value as Json, json};
use shared::{
    erasure::Erasure,
    inbox::Outcome,
    key::UserKey,
    ledger::State,
    shop::UserPatch,
    sql::{Sql as _, Value},
};

use crate::world::{World, origin};

/// A decision by a token, without a key.
async fn decide(world: &World, user: &UserKey, message: &Json) -> Outcome {
    let app = world.app().await;
    let body = message.to_string();
    let taken = app.take_decision("anna", (origin(), user.clone()), None, body.as_bytes()).await.unwrap();
    app.work_off(&taken.kept).await.unwrap()
}

/// The person registers anew after the erasure, and the ERP has forgotten the first time.
async fn registers_anew(world: &World, user: &UserKey) {
    let changes = json!({"phone": "030-0000188"});
    assert!(world.net.shop.borrow_mut().edit_user(user.as_str(), changes.as_object().unwrap(), world.now()));
    world.net.erp.borrow_mut().erase("SHOP", user.as_str());
    world.pass(TimeDelta::hours(1));
    world.tick().await;
    assert_eq!(world.state(user).await, State::Announced);
}

async fn texts(world: &World, statement: &str) -> Vec<String> {
    let rows = world.sqlite.run(statement, vec![]).await.unwrap();
    let text = |value| match value {
        Value::Text(text) => text,
        other => panic!("{other:?} is no text"),
    };
    rows.into_iter().flatten().map(text).collect()
}

#[tokio::test]
async fn the_same_decision_counts_anew_for_who_was_erased_and_registered_again() {
    let (world, user) = World::announced().await;
    let reject = json!({"type": "registration.rejected"});
    decide(&world, &user, &reject).await;
    assert!(matches!(world.erase(&user).await, Erasure::Done(_)));
    registers_anew(&world, &user).await;
    decide(&world, &user, &reject).await;
    assert_eq!(world.state(&user).await, State::Rejected);
}

#[tokio::test]
async fn the_same_decision_after_another_one_is_refused_rather_than_taken_for_done() {
    let (world, user) = World::announced().await;
    let reject = json!({"type": "registration.rejected"});
    decide(&world, &user, &reject).await;
    world.pass(TimeDelta::minutes(1));
    let existing = json!({"customer": {"key": "C-404"}, "existing": true});
    decide(&world, &user, &json!({"type": "customer.approved", "data": existing})).await;
    world.pass(TimeDelta::minutes(1));
    let Outcome::Conflict(why) = decide(&world, &user, &reject).await else { panic!("it was not refused") };
    assert!(why.contains("Idempotency-Key"), "it says what to do: {why}");

    let dated = json!({"type": "registration.rejected", "timestamp": world.now()});
    decide(&world, &user, &dated).await;
    assert_eq!(world.state(&user).await, State::Rejected);
}

#[tokio::test]
async fn who_was_linked_and_erased_and_registers_again_can_be_rejected() {
    let (world, user) = World::announced().await;
    world.decide(&user, Decision::Approve).await;
    world.pass(TimeDelta::minutes(5));
    world.tick().await;
    assert!(matches!(world.erase(&user).await, Erasure::Done(_)));

    // A clerk takes the customer away in the shop.
    let mut patch = UserPatch::link(vec![]);
    (patch.registration, patch.active) = (Some("new"), Some(false));
    world.app().await.shop.patch_user(&origin(), &user, &patch).await.unwrap();
    registers_anew(&world, &user).await;
    world.pass(TimeDelta::minutes(5));
    world.decide(&user, Decision::Reject("no".to_owned())).await;
    assert_eq!(world.state(&user).await, State::Rejected);
}

#[tokio::test]
async fn an_update_that_waits_for_the_shop_is_carried_out_before_the_erasure() {
    let (world, user) = World::announced().await;
    world.decide(&user, Decision::Approve).await;
    world.pass(TimeDelta::minutes(5));
    world.tick().await;
    let customer = world.entry(&user).await.link.unwrap().customers[0].to_string();
    let down = Fault::always(On::call(Call::CustomerPut), What::CloseBeforeAnswer);
    world.net.shop.borrow_mut().faults.push(down);
    world.post("upd_1", &updated(&world, user.as_str(), &customer)).await;
    assert!(matches!(world.erase(&user).await, Erasure::NotNow(_)));

    world.net.shop.borrow_mut().faults.clear();
    world.pass(TimeDelta::hours(1));
    world.tick().await;
    assert!(matches!(world.erase(&user).await, Erasure::Done(_)));
    assert_eq!(texts(&world, "SELECT result FROM rewrite").await, ["done"]);
}

fn updated(world: &World, user: &str, customer: &str) -> Json {
    let mut update = Approval::new("SHOP", user, customer);
    "customer.updated".clone_into(&mut update.kind);
    update.customer.insert("name".to_owned(), "Anna Jansen".into());
    update.customer.insert("vat_numbers".to_owned(), json!([]));
    update.message(world.now())
}

#[tokio::test]
async fn of_an_update_about_nobody_no_body_is_kept() {
    let world = World::new();
    let update = updated(&world, "5b1f0c1e-0000-4000-8000-00000000ffff", "C-1");
    assert!(matches!(world.post("upd_1", &update).await, Outcome::Conflict(_)));
    assert_eq!(texts(&world, "SELECT body FROM inbox").await, [""]);
}

#[tokio::test]
async fn the_erp_is_told_of_a_decision_about_a_user_who_is_gone() {
    let (world, user) = World::announced().await;
    assert!(world.net.shop.borrow_mut().delete_user(user.as_str()));
    assert!(matches!(world.decide(&user, Decision::Approve).await, Outcome::Stands(_)));
    for _ in 0..3 {
        world.pass(TimeDelta::minutes(61));
        world.tick().await;
    }
    assert_eq!(world.state(&user).await, State::Gone);
    assert_eq!(texts(&world, "SELECT kind FROM outgoing").await, ["decision.refused"]);
}

/// A trigger's statement, with something for what it takes from the row.
fn statements_of(trigger: &str) -> Vec<String> {
    let (_, body) = trigger.split_once(" BEGIN").unwrap();
    let body =
        body.trim().strip_suffix("END").unwrap().replace("NEW.origin", "'o'").replace("NEW.user_key", "'u'");
    body.split(';').map(str::trim).filter(|statement| !statement.is_empty()).map(str::to_owned).collect()
}

#[tokio::test]
async fn erasing_looks_up_what_is_kept_about_a_user_by_an_index() {
    let (world, _) = World::announced().await;
    let triggers =
        texts(&world, "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'erase%'").await;
    assert!(triggers.len() > 5, "{triggers:?}");
    for statement in triggers.iter().flat_map(|trigger| statements_of(trigger)) {
        // Alerts are few, and the last few of each kind.
        if statement.contains("UPDATE alert ") {
            continue;
        }
        let plan = world.sqlite.run(&format!("EXPLAIN QUERY PLAN {statement}"), vec![]).await.unwrap();
        let steps: Vec<_> = plan.into_iter().filter_map(|row| row.into_iter().last()).collect();
        assert!(!format!("{steps:?}").contains("SCAN"), "{statement}: {steps:?}");
    }
}

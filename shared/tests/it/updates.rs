//! `customer.updated`: a customer is written again, and nothing else.

use std::{cell::Cell, rc::Rc};

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    Generator,
    erp::{Approval, Decision},
    fault::{Call, Fault, On, What},
};
use serde_json::{Value, json};
use shared::{
    inbox::Outcome,
    key::UserKey,
    ledger::{Ledger, Rewritten, State},
    sql::{Sql, SqlError, Value as Stored},
};

use crate::{sqlite::Sqlite, world::World};

const CUSTOMER: &str = "C-20417";

/// The update, decided now, with one of the addresses that the approval had.
fn update(world: &World, user: &UserKey, customer: &str, name: &str) -> Value {
    let mut update = Approval::new("SHOP", user.as_str(), customer);
    "customer.updated".clone_into(&mut update.kind);
    update.customer.insert("name".to_owned(), json!(name));
    let address = |key: String| {
        json!({"key": key, "name": name, "street": "Nieuwstraat", "house_number": "2", "zip": "1234AB", "city": "Houten",
               "country": "NL", "invoice": true, "default_invoice": true, "delivery": true, "default_delivery": true})
    };
    update.addresses = vec![address(format!("{customer}-1"))];
    update.message(world.now())
}

fn name(world: &World, customer: &str) -> String {
    let shop = world.net.shop.borrow();
    shop.customer(customer).map(|stored| stored.body["name"].as_str().unwrap().to_owned()).unwrap_or_default()
}

fn street(world: &World) -> String {
    let shop = world.net.shop.borrow();
    shop.address(&format!("{CUSTOMER}-1")).unwrap().body["street"].as_str().unwrap().to_owned()
}

fn result(outcome: &Outcome) -> Option<Rewritten> {
    match outcome {
        Outcome::Updated(rewrite) => rewrite.result,
        other => panic!("{other:?}"),
    }
}

fn fault(world: &World, fault: Fault) {
    world.net.shop.borrow_mut().faults.push(fault);
}

async fn linked() -> (World, UserKey) {
    let (world, user) = World::announced().await;
    world.decide(&user, Decision::Approve).await;
    assert_eq!(world.state(&user).await, State::Linked);
    world.pass(TimeDelta::minutes(10));
    (world, user)
}

async fn tick_later(world: &World) -> shared::tick::Report {
    world.pass(TimeDelta::minutes(61));
    world.tick().await
}

#[tokio::test]
async fn customer_and_addresses_are_written_again_and_the_user_is_not_touched() {
    let (world, user) = linked().await;
    let (before, writes) = (world.entry(&user).await, world.net.shop.borrow().writes().len());
    let message = update(&world, &user, CUSTOMER, "Nieuwe naam");
    for _ in 0..2 {
        assert_eq!(result(&world.post("upd_1", &message).await), Some(Rewritten::Done));
    }
    assert_eq!((name(&world, CUSTOMER).as_str(), street(&world).as_str()), ("Nieuwe naam", "Nieuwstraat"));
    assert_eq!(
        (world.net.shop.borrow().writes().len() - writes, world.mails(&user)),
        (2, 1),
        "each once, and no mail"
    );
    let after = world.entry(&user).await;
    assert_eq!((after.state, &after.link, after.due_at), (before.state, &before.link, before.due_at));
    assert!(after.claim.is_none() && after.decision == before.decision);
    assert_eq!(world.told(&user).await.last().unwrap(), "customer updated");
}

#[tokio::test]
async fn of_two_updates_the_later_one_counts_in_whatever_order_they_come() {
    let (world, user) = linked().await;
    let older = update(&world, &user, CUSTOMER, "Older");
    world.pass(TimeDelta::minutes(1));
    let newer = update(&world, &user, CUSTOMER, "Newer");
    assert_eq!(result(&world.post("upd_new", &newer).await), Some(Rewritten::Done));
    assert!(matches!(world.post("upd_old", &older).await, Outcome::Superseded));
    assert!(matches!(world.post("upd_old", &older).await, Outcome::Superseded), "and so it stays");
    assert_eq!(name(&world, CUSTOMER), "Newer");
}

#[tokio::test]
async fn an_update_from_before_the_approval_is_superseded_by_it() {
    let (world, user) = World::announced().await;
    let update = update(&world, &user, CUSTOMER, "Too early");
    world.pass(TimeDelta::minutes(1));
    world.decide(&user, Decision::Approve).await;
    assert!(matches!(world.post("upd_1", &update).await, Outcome::Superseded));
    assert_ne!(name(&world, CUSTOMER), "Too early");
}

#[tokio::test]
async fn what_this_application_did_not_make_for_the_registration_is_left_alone() {
    let (world, user) = linked().await;
    world.put_customer("K-1");
    let other = world.register(&Generator::new(2).plain());
    world.tick().await;
    world
        .post("msg_existing", &{
            let approval = Approval { existing: Some(true), ..Approval::new("SHOP", other.as_str(), "K-1") };
            approval.message(world.now())
        })
        .await;
    let stranger: UserKey = "5b1f0c1e-0000-4000-8000-00000000ffff".parse().unwrap();
    let writes = world.net.shop.borrow().writes().len();
    for (id, user, customer, words) in [
        ("upd_1", &other, "K-1", "was not made by this application"),
        ("upd_2", &other, CUSTOMER, "was made for another registration"),
        ("upd_3", &user, "C-none", "was not made by this application"),
        ("upd_4", &stranger, CUSTOMER, "there is no registration"),
    ] {
        match world.post(id, &update(&world, user, customer, "Mine now")).await {
            Outcome::Conflict(why) => assert!(why.contains(words), "{why}"),
            other => panic!("{id}: {other:?}"),
        }
    }
    assert_eq!(world.net.shop.borrow().writes().len(), writes);
}

#[tokio::test]
async fn an_address_of_somebody_else_is_not_overwritten() {
    let (world, user) = linked().await;
    let mut message = update(&world, &user, CUSTOMER, "Nieuwe naam");
    message["data"]["addresses"][0]["key"] = json!("A-foreign");
    let foreign = json!({"key": "A-foreign", "customer": CUSTOMER, "name": "Hand made", "street": "Oudstraat", "house_number": "1",
                         "zip": "1234AB", "city": "Houten", "country": "NL"});
    let now = world.now();
    assert!(world.net.shop.borrow_mut().put_address("SHOP", &foreign, now).status().is_success());
    assert_eq!(result(&world.post("upd_1", &message).await), Some(Rewritten::Refused));
    assert_eq!(world.net.shop.borrow().address("A-foreign").unwrap().body["name"], "Hand made");
    assert_ne!(name(&world, CUSTOMER), "Nieuwe naam", "all of it or nothing");
}

#[tokio::test]
async fn a_shop_that_is_down_is_tried_again_by_the_tick_until_it_is_done() {
    let (world, user) = linked().await;
    fault(
        &world,
        Fault::always(On::call(Call::CustomerPut), What::status(StatusCode::BAD_GATEWAY, "<html>")),
    );
    assert_eq!(result(&world.post("upd_1", &update(&world, &user, CUSTOMER, "Nieuwe naam")).await), None);
    let report = tick_later(&world).await;
    assert_eq!((report.updates, world.state(&user).await), (1, State::Linked));
    assert!(report.problems[0].seen.contains("502"), "{:?}", report.problems);
    world.net.shop.borrow_mut().faults.clear();
    tick_later(&world).await;
    assert_eq!((name(&world, CUSTOMER).as_str(), tick_later(&world).await.updates), ("Nieuwe naam", 0));
}

#[tokio::test]
async fn an_update_that_the_shop_refuses_is_told_and_the_registration_stays_what_it_was() {
    let (world, user) = linked().await;
    fault(
        &world,
        Fault::once(
            On::call(Call::CustomerPut),
            What::status(StatusCode::BAD_REQUEST, r#"{"name":["Too long."]}"#),
        ),
    );
    assert_eq!(
        result(&world.post("upd_1", &update(&world, &user, CUSTOMER, "x")).await),
        Some(Rewritten::Refused)
    );
    assert_eq!((world.state(&user).await, world.entry(&user).await.reason), (State::Linked, None));
    tick_later(&world).await;
    let told = world.net.erp.borrow().received_of("decision.refused").next().unwrap().data.clone();
    assert_eq!((&told["decision_id"], &told["reason"]), (&json!("upd_1"), &json!("name: Too long.")));
    let mended = update(&world, &user, CUSTOMER, "Mended");
    assert_eq!(result(&world.post("upd_2", &mended).await), Some(Rewritten::Done));
}

#[tokio::test]
async fn an_update_that_fails_for_too_long_is_given_up() {
    let (mut world, user) = linked().await;
    world.set("retry_attempts", "2");
    fault(&world, Fault::always(On::call(Call::CustomerGet), What::Hang));
    assert_eq!(result(&world.post("upd_1", &update(&world, &user, CUSTOMER, "x")).await), None);
    tick_later(&world).await;
    assert_eq!(tick_later(&world).await.updates, 0);
    assert_eq!(world.told(&user).await.last().unwrap(), "customer update refused");
}

#[tokio::test]
async fn an_update_that_was_left_in_the_inbox_is_carried_out_by_the_tick() {
    let (world, user) = linked().await;
    world.leave_in_inbox("upd_1", &update(&world, &user, CUSTOMER, "Nieuwe naam")).await;
    world.tick().await;
    assert_eq!(name(&world, CUSTOMER), "Nieuwe naam");
}

#[tokio::test]
async fn an_update_waits_for_the_approval_that_makes_the_customer() {
    let (world, user) = World::announced().await;
    fault(
        &world,
        Fault::always(On::call(Call::CustomerGet), What::status(StatusCode::BAD_GATEWAY, "<html>")),
    );
    world.decide(&user, Decision::Approve).await;
    world.pass(TimeDelta::minutes(1));
    assert_eq!(result(&world.post("upd_1", &update(&world, &user, CUSTOMER, "Later")).await), None);
    world.net.shop.borrow_mut().faults.clear();
    tick_later(&world).await;
    tick_later(&world).await;
    assert_eq!((world.state(&user).await, name(&world, CUSTOMER).as_str()), (State::Linked, "Later"));
}

#[tokio::test]
async fn an_approval_that_is_carried_out_after_an_update_does_not_undo_it() {
    let (world, user) = World::announced().await;
    fault(&world, Fault::once(On::call(Call::UserPatch), What::status(StatusCode::BAD_REQUEST, "{}")));
    world.decide(&user, Decision::Approve).await;
    assert_eq!(world.state(&user).await, State::Stuck);
    world.pass(TimeDelta::minutes(1));
    assert_eq!(
        result(&world.post("upd_1", &update(&world, &user, CUSTOMER, "Later")).await),
        Some(Rewritten::Done)
    );
    assert_eq!(world.state(&user).await, State::Stuck, "it still needs a person");
    world.retry(&user).await;
    tick_later(&world).await;
    assert_eq!((world.state(&user).await, name(&world, CUSTOMER).as_str()), (State::Linked, "Later"));
}

/// A database that is gone after some statements.
#[derive(Clone)]
struct CutOff(Sqlite, Rc<Cell<usize>>);

impl Sql for CutOff {
    async fn run(&self, statement: &str, parameters: Vec<Stored>) -> Result<Vec<Vec<Stored>>, SqlError> {
        let left = self.1.get().checked_sub(1).ok_or_else(|| SqlError("it is gone".to_owned()))?;
        self.1.set(left);
        self.0.run(statement, parameters).await
    }
}

#[tokio::test]
async fn whatever_statement_it_dies_before_the_tick_brings_it_to_its_end() {
    for statements in 0.. {
        let (world, user) = linked().await;
        world.leave_in_inbox("upd_1", &update(&world, &user, CUSTOMER, "Nieuwe naam")).await;
        let app = world.app().await;
        let kept = app.ledger.kept("upd_1").await.unwrap().unwrap();
        let left = Rc::new(Cell::new(usize::MAX));
        let ledger = Ledger::open(CutOff(world.sqlite.clone(), Rc::clone(&left))).await.unwrap();
        left.set(statements);
        let dying =
            shared::onboarding::Onboarding { shop: app.shop, ledger, clock: app.clock, chance: app.chance };
        let ended = dying.work_off(&kept).await.is_ok();
        for _ in 0..3 {
            world.pass(TimeDelta::minutes(2));
            world.tick().await;
        }
        assert_eq!(name(&world, CUSTOMER), "Nieuwe naam", "after {statements}");
        let entry = world.entry(&user).await;
        assert_eq!(
            (entry.state, entry.due_at, entry.claim),
            (State::Linked, None, None),
            "after {statements}"
        );
        assert_eq!(world.mails(&user), 1, "after {statements}");
        if ended {
            assert!(statements > 8, "it was never cut off");
            break;
        }
    }
}

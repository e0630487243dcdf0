//! A ledger that is lost and comes back from a copy, and one that is lost altogether: nothing is announced under a second id, no mail is
//! sent twice, no customer is overwritten, and what the ERP repeats is carried out.

use std::rc::Rc;

use chrono::TimeDelta;
use rusqlite::Connection;
use sandbox::{
    Generator,
    erp::{Approval, Decision, Rejection},
    fault::{Call, Fault, On, What},
};
use shared::{
    inbox::Outcome,
    key::UserKey,
    ledger::{Change, Ledger, Shown, State},
    link::Mail,
    restoring::{Reconciled, reconcile},
    tombstone::RowKey,
};

use crate::{sqlite::Sqlite, world::World};

/// A copy of the ledger as it is now, in use.
fn copied(world: &World) -> Sqlite {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy");
    world.sqlite.0.execute("VACUUM INTO ?1", [file.to_str().unwrap()]).unwrap();
    let mut copy = Connection::open_in_memory().unwrap();
    copy.restore("main", &file, None::<fn(rusqlite::backup::Progress)>).unwrap();
    Sqlite(Rc::new(copy))
}

/// The ledger is lost, and its copy takes its place. What it had erased is known if it can still be `read`.
async fn restore(world: &mut World, copy: Sqlite, read: bool) -> Reconciled {
    let lost = std::mem::replace(&mut world.sqlite, copy);
    let ledger = Ledger::open(world.sqlite.clone()).await.unwrap();
    let erased = if read {
        let lost = Ledger::open(lost).await.unwrap();
        lost.erased_since(ledger.last_noted().await.unwrap().unwrap()).await.unwrap()
    } else {
        Vec::new()
    };
    world.net.erp.borrow_mut().ledger_lost_at = Some(world.now());
    reconcile(&ledger, erased, || RowKey::of([3, 4]), world.now()).await.unwrap()
}

/// Ticks for a while, and the ERP sends what is due.
async fn hours_pass(world: &World, ticks: usize) {
    for _ in 0..ticks {
        world.pass(TimeDelta::minutes(5));
        world.tick().await;
        let now = world.now();
        let due = world.net.erp.borrow_mut().due(now);
        for message in due {
            let id = message.headers()["webhook-id"].to_str().unwrap().to_owned();
            world.webhook(message).await;
            world.net.erp.borrow_mut().answered(&id, Some(200));
        }
    }
}

async fn due_is_answered(world: &World, user: &UserKey, decision: Decision) {
    world.decide(user, decision).await;
    let messages: Vec<_> = world.net.erp.borrow().outgoing().map(|message| message.id.clone()).collect();
    for id in messages {
        world.net.erp.borrow_mut().answered(&id, Some(200));
    }
}

fn keeps_its_promises(world: &World, user: &UserKey, mails: usize) {
    assert_eq!(world.mails(user), mails);
    assert_eq!(world.net.erp.borrow().violations(), [""; 0]);
    let shop = world.net.shop.borrow();
    assert!(shop.writes().iter().all(|write| !write.overwrites()));
    assert!(shop.lock_outs().is_empty());
}

#[tokio::test]
async fn who_registered_was_approved_and_mailed_after_the_copy_is_found_again_and_not_mailed_again() {
    let mut world = World::new();
    world.tick().await;
    let copy = copied(&world);
    let user = world.register(&Generator::new(1).plain());
    world.tick().await;
    due_is_answered(&world, &user, Decision::Approve).await;
    assert_eq!(world.state(&user).await, State::Linked);
    world.pass(TimeDelta::hours(1));

    restore(&mut world, copy, false).await;
    hours_pass(&world, 1).await;
    assert!(
        world.known(&user).await.is_none_or(|entry| entry.state == State::Approved),
        "it waits for later decisions"
    );
    hours_pass(&world, 5).await;
    let entry = world.entry(&user).await;
    assert_eq!((entry.state, entry.link.unwrap().mail), (State::Linked, Mail::Presumed));
    keeps_its_promises(&world, &user, 1);

    // The customer is known as ours again, so it can be changed.
    let mut update = Approval::new("SHOP", user.as_str(), "C-20417");
    "customer.updated".clone_into(&mut update.kind);
    update.customer.insert("name".to_owned(), "Nieuwe naam".into());
    world.post("upd_1", &update.message(world.now())).await;
    assert_eq!(world.net.shop.borrow().customer("C-20417").unwrap().body["name"], "Nieuwe naam");
    world.net.shop.borrow_mut().clear_writes();
    assert!(world.net.shop.borrow_mut().click(user.as_str(), world.now()));
    hours_pass(&world, 2).await;
    assert_eq!(world.state(&user).await, State::Active);
    keeps_its_promises(&world, &user, 1);
}

#[tokio::test]
async fn who_was_announced_in_the_copy_and_mailed_since_is_not_mailed_again_however_it_is_decided_anew() {
    for anew in [false, true] {
        let (mut world, user) = World::announced().await;
        let copy = copied(&world);
        due_is_answered(&world, &user, Decision::Approve).await;
        world.pass(TimeDelta::hours(1));
        let reconciled = restore(&mut world, copy, false).await;
        assert_eq!(reconciled.states, [("announced".to_owned(), 1)]);
        if anew {
            // A person who does not know of the first decision decides again.
            world.pass(TimeDelta::minutes(6));
            let again = Approval {
                existing: Some(true),
                addresses: Vec::new(),
                ..Approval::new("SHOP", user.as_str(), "C-20417")
            };
            world.post("again_1", &again.message(world.now())).await;
        }
        hours_pass(&world, 6).await;
        let entry = world.entry(&user).await;
        assert_eq!((entry.state, entry.link.unwrap().mail), (State::Linked, Mail::Presumed), "anew: {anew}");
        keeps_its_promises(&world, &user, 1);
        let told = world.told(&user).await;
        assert_eq!(told[..3], ["seen", "announced", "ledger restored"], "anew: {anew}");
    }
}

#[tokio::test]
async fn an_approval_of_the_copy_that_was_overtaken_since_is_not_carried_out() {
    let (mut world, user) = World::announced().await;
    let down = Fault::once(On::call(Call::CustomerGet), What::status(http::StatusCode::BAD_GATEWAY, ""));
    world.net.shop.borrow_mut().faults.push(down);
    world.decide(&user, Decision::Approve).await;
    assert_eq!(world.state(&user).await, State::Approved);
    let copy = copied(&world);
    world.pass(TimeDelta::minutes(1));
    let rejection = Rejection::new("SHOP", user.as_str(), "second thoughts").message(world.now());
    world.post("msg_no", &rejection).await;
    assert_eq!(world.state(&user).await, State::Rejected);

    restore(&mut world, copy, false).await;
    hours_pass(&world, 6).await;
    assert_eq!(world.state(&user).await, State::Rejected);
    keeps_its_promises(&world, &user, 0);
    assert!(world.net.shop.borrow().writes().is_empty());
}

#[tokio::test]
async fn an_approval_of_the_copy_that_nothing_has_happened_to_is_carried_out_after_a_while() {
    let (mut world, user) = World::announced().await;
    let down = Fault::once(On::call(Call::CustomerGet), What::status(http::StatusCode::BAD_GATEWAY, ""));
    world.net.shop.borrow_mut().faults.push(down);
    world.decide(&user, Decision::Approve).await;
    let copy = copied(&world);
    restore(&mut world, copy, false).await;
    hours_pass(&world, 2).await;
    assert_eq!(world.state(&user).await, State::Approved);
    hours_pass(&world, 3).await;
    assert_eq!(world.entry(&user).await.link.unwrap().mail, Mail::Confirmed);
    keeps_its_promises(&world, &user, 1);
}

#[tokio::test]
async fn a_mail_for_customers_that_were_linked_in_the_copy_already_is_a_persons_choice() {
    let (mut world, user) = World::announced().await;
    let mut without = world.approval(&user, "C-1");
    without["data"]["activate"] = false.into();
    world.post("msg_1", &without).await;
    assert_eq!(world.state(&user).await, State::Linked);
    let copy = copied(&world);
    world.pass(TimeDelta::minutes(1));
    let with = world.approval(&user, "C-1");
    world.post("msg_2", &with).await;
    assert_eq!(world.mails(&user), 1);

    restore(&mut world, copy, false).await;
    world.post("msg_2", &with).await;
    hours_pass(&world, 6).await;
    let entry = world.entry(&user).await;
    assert_eq!(entry.state, State::Stuck);
    let reason = entry.reason.unwrap();
    assert!(reason.starts_with("linked before, mail unknown"), "{reason}");
    keeps_its_promises(&world, &user, 1);
    // Whoever has it tried again wants it sent.
    world.retry(&user).await;
    hours_pass(&world, 2).await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 2));
}

#[tokio::test]
async fn a_customer_that_does_not_look_as_it_was_decided_is_left_alone() {
    let (mut world, user) = World::announced().await;
    let copy = copied(&world);
    world.put_customer("C-7");
    let message = world.approval(&user, "C-7");
    restore(&mut world, copy, false).await;
    world.post("msg_1", &message).await;
    hours_pass(&world, 6).await;
    let entry = world.entry(&user).await;
    assert_eq!(entry.state, State::Stuck);
    assert!(entry.reason.unwrap().contains("customer C-7 exists in the shop already"));
    assert_eq!(world.net.shop.borrow().customer("C-7").unwrap().body["name"], "Known before");
    keeps_its_promises(&world, &user, 0);
}

#[tokio::test]
async fn who_was_erased_since_is_erased_again_and_does_not_come_back() {
    let (mut world, user) = World::announced().await;
    world.decide(&user, Decision::Reject("no".to_owned())).await;
    let copy = copied(&world);
    world.pass(TimeDelta::minutes(5));
    world.tick().await;
    world.erase(&user).await;
    let reconciled = restore(&mut world, copy, true).await;
    assert_eq!(reconciled.erased, 1);
    hours_pass(&world, 3).await;
    let entry = world.entry(&user).await;
    assert_eq!((entry.state, entry.message), (State::Erased, None));
    let email = Generator::new(1).plain().person["email"].as_str().unwrap().to_owned();
    assert_eq!(crate::traces::in_tables(&world.sqlite, &[email]).await, Vec::<String>::new());
}

#[tokio::test]
async fn who_was_erased_and_registered_anew_since_comes_back_under_the_next_revision() {
    let (mut world, user) = World::announced().await;
    world.decide(&user, Decision::Reject("no".to_owned())).await;
    let copy = copied(&world);
    world.pass(TimeDelta::minutes(5));
    world.tick().await;
    world.erase(&user).await;
    world.net.erp.borrow_mut().erase("SHOP", user.as_str());
    let changes = serde_json::json!({"first_name": "Nieuw"});
    assert!(world.net.shop.borrow_mut().edit_user(user.as_str(), changes.as_object().unwrap(), world.now()));
    hours_pass(&world, 1).await;
    assert_eq!(world.entry(&user).await.revision, 2);

    restore(&mut world, copy, true).await;
    world.net.erp.borrow_mut().erase("SHOP", user.as_str());
    hours_pass(&world, 3).await;
    let entry = world.entry(&user).await;
    assert_eq!(
        (entry.state, entry.told),
        (State::Announced, 3),
        "a third revision, since the second is the one that is lost"
    );
}

#[tokio::test]
async fn a_cursor_from_before_shows_everything_again_and_nobody_holds_anything() {
    let (mut world, user) = World::announced().await;
    let app = world.app().await;
    app.ledger.save(world.entry(&user).await.claimed("dead", world.now()), world.now()).await.unwrap();
    app.ledger.take_lease("tick", "dead", world.now() + TimeDelta::minutes(1), world.now()).await.unwrap();
    let copy = copied(&world);
    hours_pass(&world, 1).await;
    let cursor = app.ledger.last_change().await.unwrap();

    restore(&mut world, copy, false).await;
    let app = world.app().await;
    let all = Shown { state: None, origin: None };
    assert_eq!(app.ledger.changed_after(&all, cursor, 10).await.unwrap().len(), 1);
    assert!(app.ledger.last_change().await.unwrap() > cursor);
    assert!(app.ledger.changed_after(&all, Change::NONE, 10).await.unwrap().len() == 1);
    assert!(world.entry(&user).await.is_free(world.now()));
    assert_eq!(world.tick().await.problems, []);
}

#[tokio::test]
async fn an_empty_ledger_on_a_shop_full_of_half_finished_registrations_harms_nobody() {
    let mut world = World::new();
    let mut generator = Generator::new(1);
    let mut register = || world.register(&generator.plain());
    let (open, linked, rejected, active) = (register(), register(), register(), register());
    world.tick().await;
    for (user, decision) in [
        (&linked, Decision::Approve),
        (&rejected, Decision::Reject("no".to_owned())),
        (&active, Decision::Approve),
    ] {
        due_is_answered(&world, user, decision).await;
    }
    assert!(world.net.shop.borrow_mut().click(active.as_str(), world.now()));
    let writes = world.net.shop.borrow().writes().len();

    world.sqlite = Sqlite::in_memory();
    world.net.erp.borrow_mut().ledger_lost_at = Some(world.now());
    hours_pass(&world, 3).await;
    // Announced again, under the ids that the ERP has had: who is still open.
    assert_eq!(
        (world.state(&open).await, world.state(&rejected).await),
        (State::Announced, State::Announced)
    );
    // Who is linked or active is none of ours any more.
    assert!(world.known(&linked).await.is_none() && world.known(&active).await.is_none());
    for user in [&linked, &active] {
        keeps_its_promises(&world, user, 1);
    }
    assert_eq!(world.net.shop.borrow().writes().len(), writes);

    // A decision that is repeated is about a customer that is not known to be ours, so a person has to look; nothing is sent.
    let first: Vec<_> = world.net.erp.borrow().outgoing().map(|message| message.id.clone()).collect();
    for id in first {
        let message = world.net.erp.borrow_mut().repeat(world.now(), &id).unwrap();
        world.webhook(message).await;
    }
    hours_pass(&world, 2).await;
    assert_eq!(world.state(&rejected).await, State::Rejected);
    for user in [&linked, &active] {
        let entry = world.entry(user).await;
        assert!(entry.reason.unwrap().contains("approve with existing: true"), "{user}");
        keeps_its_promises(&world, user, 1);
    }
    // Whoever approves again asks for what the approval says: here the link alone.
    let mut existing = Approval {
        existing: Some(true),
        addresses: Vec::new(),
        ..Approval::new("SHOP", linked.as_str(), "C-20417")
    };
    existing.activate = Some(false);
    let outcome = world.post("existing_1", &existing.message(world.now())).await;
    assert!(matches!(outcome, Outcome::Stands(entry) if entry.state == State::Linked));
    keeps_its_promises(&world, &linked, 1);
}

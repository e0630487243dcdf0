//! What keeps failing goes to a person, who can have it tried again.

use std::cell::Cell;

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    Generator,
    erp::Decision,
    fault::{Call, Fault, On, What},
    shop::behaviour::Link,
};
use shared::{
    by_hand::{Retried, retry},
    key::UserKey,
    ledger::{Entry, Ledger, State},
    link::Mail,
    sql::{Sql, SqlError, Value},
};

use crate::{
    sqlite::Sqlite,
    world::{World, origin},
};

fn down(call: Call) -> Fault {
    Fault::always(On::call(call), What::status(StatusCode::BAD_GATEWAY, "<html>"))
}

impl World {
    /// Ticks until nothing more is tried for the user by itself.
    async fn exhaust(&self, user: &UserKey) -> Entry {
        for _ in 0..20 {
            self.pass(TimeDelta::minutes(61));
            self.tick().await;
            let entry = self.entry(user).await;
            if entry.state == State::Stuck {
                return entry;
            }
        }
        panic!("it never was given up: {:?}", self.entry(user).await);
    }

    /// A person mends the cause, and has it tried again.
    async fn mend(&self, user: &UserKey) -> State {
        self.net.shop.borrow_mut().faults.clear();
        self.net.erp.borrow_mut().faults.clear();
        let Retried::Goes(entry) = self.retry(user).await else { panic!("nothing to retry") };
        assert_eq!((entry.attempts, entry.failing_since, entry.reason), (0, None, None));
        self.tick().await;
        self.state(user).await
    }
}

fn with(setting: &'static str, value: &str) -> (World, UserKey) {
    let mut world = World::new();
    world.set(setting, value);
    let user = world.register(&Generator::new(1).plain());
    (world, user)
}

#[tokio::test]
async fn a_profile_that_cannot_be_read_is_given_up_after_so_many_tries() {
    let (world, user) = with("retry_attempts", "3");
    world.net.shop.borrow_mut().faults.push(down(Call::Profile));
    world.tick().await;
    let entry = world.exhaust(&user).await;
    assert_eq!((entry.attempts, entry.due_at), (3, None));
    assert_eq!(
        entry.reason.unwrap(),
        "given up after 3 tries in a row since 2026-03-02: the shop's user profile answered 502 Bad Gateway. \
         Retry it when the cause is mended"
    );
    assert_eq!(world.told(&user).await, ["seen", "try failed", "stuck"]);
    assert_eq!(world.mend(&user).await, State::Announced);
    assert_eq!(world.told(&user).await[3..], ["resumed", "announced"]);
}

#[tokio::test]
async fn failures_with_a_success_between_them_are_not_in_a_row() {
    let (world, user) = World::announced().await;
    for week in 1..=3 {
        world.pass(TimeDelta::days(8));
        world.net.shop.borrow_mut().faults.push(down(Call::Profile));
        world.tick().await;
        let entry = world.entry(&user).await;
        assert_eq!((entry.state, entry.attempts), (State::Announced, 1), "in week {week}");
        world.net.shop.borrow_mut().faults.clear();
        world.pass(TimeDelta::minutes(1));
        world.tick().await;
        let entry = world.entry(&user).await;
        assert_eq!((entry.attempts, entry.failing_since, entry.reason), (0, None, None), "in week {week}");
    }
}

#[tokio::test]
async fn a_message_that_the_erp_does_not_take_is_given_up_after_so_long_a_time() {
    let (world, user) = with("retry_for", "5h");
    world.net.erp.borrow_mut().faults.push(down(Call::Message));
    world.tick().await;
    let began = world.now();
    let entry = world.exhaust(&user).await;
    let after = world.now() - began;
    assert!(after >= TimeDelta::hours(5) && after < TimeDelta::hours(7), "{after}");
    assert!(entry.reason.unwrap().contains("502 Bad Gateway"));
    let given_up = world.net.erp.borrow().journal.count(Call::Message);
    world.pass(TimeDelta::days(1));
    world.tick().await;
    assert_eq!(world.net.erp.borrow().journal.count(Call::Message), given_up, "it is left alone");
    assert_eq!(world.mend(&user).await, State::Announced);
    assert_eq!(world.net.erp.borrow().repeats(), 0);
}

#[tokio::test]
async fn an_approval_that_the_shop_does_not_carry_out_is_given_up_and_goes_on_with_one_mail() {
    for call in [Call::UserGet, Call::CustomerPut, Call::UserPatch] {
        let (mut world, user) = World::announced().await;
        world.set("retry_attempts", "4");
        world.net.shop.borrow_mut().faults.push(down(call));
        world.decide(&user, Decision::Approve).await;
        let entry = world.exhaust(&user).await;
        assert!(entry.reason.unwrap().starts_with("given up after 4 tries"), "{call:?}");
        assert_eq!(world.mails(&user), 0, "{call:?}");
        world.mend(&user).await;
        // The last attempt to link has to rest before the shop is asked about it.
        world.pass(TimeDelta::seconds(61));
        world.tick().await;
        assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1), "{call:?}");
    }
}

#[tokio::test]
async fn a_retry_asks_what_became_of_a_link_before_it_does_anything_again() {
    let (mut world, user) = World::announced().await;
    world.set("retry_attempts", "2");
    world
        .net
        .shop
        .borrow_mut()
        .faults
        .push(Fault::once(On::call(Call::UserPatch), What::AppliedButAnswerLost));
    world.decide(&user, Decision::Approve).await;
    world.net.shop.borrow_mut().faults.push(down(Call::UserGet));
    let entry = world.exhaust(&user).await;
    assert!(!entry.link.unwrap().settled, "nobody knows what became of it");
    assert_eq!(world.mend(&user).await, State::Linked);
    assert_eq!((world.entry(&user).await.link.unwrap().mail, world.mails(&user)), (Mail::Presumed, 1));
}

#[tokio::test]
async fn a_retry_after_a_mail_links_without_another_one() {
    for lost in [false, true] {
        let (world, user) = World::announced().await;
        world.net.shop.borrow_mut().behaviour.link = Link::Extend;
        world.put_customer("C-H");
        world.net.shop.borrow_mut().link_by_hand(user.as_str(), "C-H", world.now());
        if lost {
            let fault = Fault::once(On::call(Call::UserPatch), What::AppliedButAnswerLost);
            world.net.shop.borrow_mut().faults.push(fault);
        }
        let mut message = world.approval(&user, "C-2");
        message["data"]["replace"] = true.into();
        world.post("m1", &message).await;
        world.pass(TimeDelta::minutes(2));
        world.tick().await;
        let stuck = world.entry(&user).await;
        assert_eq!((stuck.state, world.mails(&user)), (State::Stuck, 1), "the shop kept C-H");

        // Nothing is mended yet: it gets stuck again, and knows about the mail still.
        assert_eq!(world.mend(&user).await, State::Stuck);
        world.net.shop.borrow_mut().behaviour.link = Link::Replace;
        assert_eq!(world.mend(&user).await, State::Linked);
        assert_eq!(world.mails(&user), 1);
        let mail = world.entry(&user).await.link.unwrap().mail;
        assert_eq!(mail, if lost { Mail::Presumed } else { Mail::Confirmed });

        // The same customers from a later decision ask for nothing new.
        world.pass(TimeDelta::minutes(2));
        world.post("m2", &world.approval(&user, "C-2")).await;
        assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1));
    }
}

#[tokio::test]
async fn a_retry_of_a_mail_that_nobody_knows_about_is_a_persons_choice_and_sends_it() {
    let (world, user) = World::announced().await;
    world.put_customer("C-12");
    world.net.shop.borrow_mut().link_by_hand(user.as_str(), "C-12", world.now());
    world.net.shop.borrow_mut().faults.push(Fault::once(On::call(Call::UserPatch), What::CloseBeforeAnswer));
    world.decide(&user, Decision::Existing("C-12".to_owned())).await;
    world.pass(TimeDelta::minutes(2));
    world.tick().await;
    assert_eq!(world.entry(&user).await.link.unwrap().mail, Mail::Unknown);
    assert_eq!(world.mend(&user).await, State::Linked);
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn what_waits_after_a_failure_is_tried_at_once_and_what_did_not_fail_is_left_alone() {
    let (world, user) = World::announced().await;
    assert!(matches!(world.retry(&user).await, Retried::Nothing(State::Announced)));
    let nobody: UserKey = "nobody".parse().unwrap();
    assert!(matches!(world.retry(&nobody).await, Retried::Unknown));

    world
        .net
        .shop
        .borrow_mut()
        .faults
        .push(Fault::once(On::call(Call::CustomerGet), What::status(StatusCode::TOO_MANY_REQUESTS, "{}")));
    world.decide(&user, Decision::Approve).await;
    assert!(world.entry(&user).await.due_at.unwrap() > world.now());
    assert_eq!(world.mend(&user).await, State::Linked);
    assert_eq!(world.told(&user).await[3..5], ["try failed", "resumed"]);
    assert!(matches!(world.retry(&user).await, Retried::Nothing(State::Linked)));
}

/// A database in which somebody else changes the registration a few times, each right before it is stored.
struct Contested {
    sqlite: Sqlite,
    times: Cell<u32>,
}

impl Sql for Contested {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        if statement.starts_with("INSERT INTO registration") && self.times.get() > 0 {
            self.times.set(self.times.get() - 1);
            self.sqlite.run("UPDATE registration SET version = version + 1", vec![]).await?;
        }
        self.sqlite.run(statement, parameters).await
    }
}

#[tokio::test]
async fn a_retry_that_loses_a_race_is_repeated_and_not_for_ever() {
    for (times, done) in [(4, true), (5, false)] {
        let (world, user) = World::announced().await;
        let ledger = world.app().await.ledger;
        ledger.save(world.entry(&user).await.stuck("odd"), world.now()).await.unwrap().unwrap();
        let contested = Contested { sqlite: world.sqlite.clone(), times: Cell::new(times) };
        let contested = Ledger::open(contested).await.unwrap();
        let retried = retry(&contested, &origin(), &user, "anna", world.now()).await;
        assert_eq!(matches!(retried, Ok(Retried::Goes(_))), done, "{times} races: {retried:?}");
        assert_eq!(retried.is_err(), !done, "it is never silently left undone");
        assert_eq!(world.state(&user).await, if done { State::Announced } else { State::Stuck });
    }
}

#[tokio::test]
async fn what_somebody_is_at_is_not_taken_from_them() {
    let (world, user) = World::announced().await;
    let ledger = world.app().await.ledger;
    let stuck = world.entry(&user).await.stuck("odd");
    ledger.save(stuck.claimed("t", world.now()), world.now()).await.unwrap().unwrap();
    assert!(matches!(world.retry(&user).await, Retried::Nothing(State::Stuck)));
}

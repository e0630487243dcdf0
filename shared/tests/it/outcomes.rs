//! How registrations ended, as the ERP is told.

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    Generator,
    erp::{Decision, Received, Rejection},
    fault::{Call, Fault, On, What},
};
use serde_json::{Value, json};
use shared::{key::UserKey, ledger::State};

use crate::world::{World, origin};

impl World {
    /// The messages that the ERP has, without repeats.
    fn received(&self) -> Vec<Received> {
        let erp = self.net.erp.borrow();
        assert!(erp.violations().is_empty(), "{:?}", erp.violations());
        erp.received().to_vec()
    }

    fn kinds(&self) -> Vec<String> {
        self.received().into_iter().map(|one| one.kind).collect()
    }

    /// What became of the outcomes of a registration.
    async fn sent(&self, user: &UserKey) -> Vec<(String, Option<String>)> {
        let outcomes = self.app().await.ledger.outcomes(&origin(), user).await.unwrap();
        outcomes.into_iter().map(|line| (line.kind, line.result)).collect()
    }

    async fn tick_later(&self) -> shared::tick::Report {
        self.pass(TimeDelta::minutes(61));
        self.tick().await
    }

    fn erp_fault(&self, fault: Fault) {
        self.net.erp.borrow_mut().faults.push(fault);
    }
}

async fn linked() -> (World, UserKey) {
    let (world, user) = World::announced().await;
    world.decide(&user, Decision::Approve).await;
    assert_eq!(world.state(&user).await, State::Linked);
    (world, user)
}

fn told(kind: &str) -> (String, Option<String>) {
    (kind.to_owned(), Some("told".to_owned()))
}

#[tokio::test]
async fn the_erp_learns_that_a_user_is_linked_and_then_that_it_is_active() {
    let (world, user) = linked().await;
    assert_eq!(world.tick_later().await.outcomes, 1);
    assert!(world.net.shop.borrow_mut().click(user.as_str(), world.now()));
    assert_eq!(world.tick_later().await.outcomes, 1);
    assert_eq!(world.tick_later().await.outcomes, 0, "each once");
    assert_eq!(world.kinds(), ["registration.created", "registration.linked", "registration.activated"]);
    assert_eq!(world.net.erp.borrow().repeats(), 0);
    let received = world.received();
    assert_eq!(
        received[1].data,
        json!({"origin": "SHOP", "user_key": user.as_str(), "revision": 1,
               "decision_id": format!("dec_{}_1", received[0].id), "customer_keys": ["C-20417"], "mail": "confirmed"})
    );
    assert_eq!(world.sent(&user).await, [told("registration.linked"), told("registration.activated")]);
}

#[tokio::test]
async fn a_user_who_was_active_before_the_link_is_told_once() {
    let (world, user) = World::announced().await;
    assert!(world.net.shop.borrow_mut().activate_by_hand(user.as_str(), world.now()));
    world.decide(&user, Decision::Approve).await;
    world.tick_later().await;
    world.tick_later().await;
    assert_eq!(world.kinds(), ["registration.created", "registration.activated"]);
}

#[tokio::test]
async fn an_outcome_whose_answer_was_lost_comes_again_with_the_same_id_and_body() {
    let (world, user) = linked().await;
    world.erp_fault(Fault::once(On::call(Call::Message), What::AppliedButAnswerLost));
    assert_eq!(world.tick_later().await.outcomes, 0);
    assert_eq!(world.sent(&user).await, [("registration.linked".to_owned(), None)]);
    assert_eq!(world.tick_later().await.outcomes, 1);
    assert_eq!(world.net.erp.borrow().repeats(), 1);
    assert_eq!(world.kinds(), ["registration.created", "registration.linked"]);
}

#[tokio::test]
async fn what_came_first_is_told_first_however_often_it_fails() {
    let (world, user) = linked().await;
    world.erp_fault(Fault::always(On::call(Call::Message), What::status(StatusCode::BAD_GATEWAY, "<html>")));
    world.tick_later().await;
    assert!(world.net.shop.borrow_mut().click(user.as_str(), world.now()));
    let calls = || world.net.erp.borrow().journal.total();
    let before = calls();
    world.pass(TimeDelta::minutes(1));
    let report = world.tick().await;
    assert_eq!((report.active, calls() - before), (1, 1), "linked once more, and not what came after it");
    world.net.erp.borrow_mut().faults.clear();
    assert_eq!(world.tick_later().await.outcomes, 2);
    assert_eq!(world.kinds()[1..], ["registration.linked", "registration.activated"]);
}

#[tokio::test]
async fn an_erp_that_refuses_outcomes_is_not_asked_again_and_nothing_gets_stuck() {
    let (world, user) = linked().await;
    world.net.erp.borrow_mut().answer_to_outcomes = Some(StatusCode::BAD_REQUEST);
    let report = world.tick_later().await;
    assert_eq!((report.outcomes, report.untold, report.stuck), (0, 1, 0));
    assert_eq!(report.problems[0].to_string(), "the ERP refused a message: error: unknown type");
    let calls = world.net.erp.borrow().journal.total();
    world.tick_later().await;
    assert_eq!(world.net.erp.borrow().journal.total(), calls);
    assert_eq!(world.state(&user).await, State::Linked);
    assert_eq!(world.sent(&user).await, [("registration.linked".to_owned(), Some("refused".to_owned()))]);
}

#[tokio::test]
async fn an_erp_that_fails_over_outcomes_still_gets_every_registration() {
    let world = World::new();
    let users: Vec<_> = (1..9).map(|seed| world.register(&Generator::new(seed).plain())).collect();
    world.tick().await;
    for user in &users {
        world.decide(user, Decision::Approve).await;
    }
    world.net.erp.borrow_mut().answer_to_outcomes = Some(StatusCode::INTERNAL_SERVER_ERROR);
    let more: Vec<_> = (20..24).map(|seed| world.register(&Generator::new(seed).plain())).collect();
    let calls = world.net.erp.borrow().journal.total();
    let report = world.tick_later().await;
    assert_eq!((report.announced, report.outcomes, report.erp_down), (4, 0, false));
    assert_eq!(world.state(&more[3]).await, State::Announced);
    let tried = world.net.erp.borrow().journal.total() - calls - 4;
    assert!((3..8).contains(&tried), "after three faults in a row it is left alone: {tried}");
}

#[tokio::test]
async fn an_outcome_that_fails_for_too_long_is_given_up_and_shown() {
    let (mut world, user) = linked().await;
    world.set("retry_attempts", "2");
    world.net.erp.borrow_mut().answer_to_outcomes = Some(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(world.tick_later().await.untold, 0);
    assert_eq!(world.tick_later().await.untold, 1);
    assert_eq!(world.sent(&user).await, [("registration.linked".to_owned(), Some("given up".to_owned()))]);
    assert_eq!(world.state(&user).await, State::Linked);
}

#[tokio::test]
async fn a_stuck_registration_is_told_with_its_reason_and_once() {
    let (world, user) = World::announced().await;
    world.put_customer("C-7");
    world.post("msg_1", &world.approval(&user, "C-7")).await;
    world.tick_later().await;
    world.tick_later().await;
    let received = world.received();
    let [_, stuck] = &received[..] else { panic!("{received:?}") };
    assert_eq!((stuck.kind.as_str(), &stuck.data["decision_id"]), ("registration.stuck", &json!("msg_1")));
    assert!(stuck.data["reason"].as_str().unwrap().contains("C-7 exists in the shop already"));
}

#[tokio::test]
async fn a_decision_that_was_taken_in_and_cannot_be_followed_is_told_as_refused() {
    let (world, user) = linked().await;
    world.pass(TimeDelta::minutes(1));
    let no = Rejection::new("SHOP", user.as_str(), "too late").message(world.now());
    world.leave_in_inbox("msg_no", &no).await;
    assert_eq!(world.tick_later().await.refused, 1);
    let received = world.received();
    let refused = received.iter().find(|one| one.kind == "decision.refused").unwrap();
    assert_eq!(refused.data["decision_id"], "msg_no");
    assert_eq!(refused.data["reason"], "the user has been linked to a customer already");
    // Who was answered with 409 has heard it.
    world.post("msg_no_2", &no).await;
    world.tick_later().await;
    assert_eq!(world.kinds().iter().filter(|kind| *kind == "decision.refused").count(), 1);
}

#[tokio::test]
async fn who_came_in_by_other_hands_is_told_only_to_an_erp_that_had_heard_of_it() {
    let (world, user) = World::announced().await;
    world.erp_fault(Fault::always(On::call(Call::Message), What::Hang));
    let unheard = world.register(&Generator::new(2).plain());
    world.tick_later().await;
    for user in [&user, &unheard] {
        assert!(world.net.shop.borrow_mut().activate_by_hand(user.as_str(), world.now()));
    }
    world.tick_later().await;
    assert_eq!((world.state(&user).await, world.state(&unheard).await), (State::Active, State::Active));
    world.net.erp.borrow_mut().faults.clear();
    world.tick_later().await;
    let told: Vec<_> =
        world.received().into_iter().filter(|one| one.kind == "registration.activated").collect();
    assert_eq!(told.iter().map(|one| &one.data["user_key"]).collect::<Vec<_>>(), [user.as_str()]);
    assert_eq!(told[0].data["decision_id"], Value::Null);
}

#[tokio::test]
async fn nobody_is_told_later_what_nobody_was_to_be_told() {
    for (name, value) in [("erp_host", "https://erp-host.invalid"), ("erp_outcomes", "none")] {
        let (mut world, user) = linked().await;
        let before = world.settings.clone();
        world.set(name, value);
        world.tick_later().await;
        world.settings = before;
        world.tick_later().await;
        assert_eq!(world.kinds(), ["registration.created"], "{name}");
        assert!(world.sent(&user).await.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn only_the_types_that_are_listed_are_told() {
    let (mut world, user) = linked().await;
    world.set("erp_outcomes", "registration.activated,registration.stuck");
    world.tick_later().await;
    assert!(world.net.shop.borrow_mut().click(user.as_str(), world.now()));
    world.tick_later().await;
    assert_eq!(world.kinds(), ["registration.created", "registration.activated"]);
}

//! Putting right: a mail once more, another customer, a rejection taken back.

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    erp::Decision,
    fault::{Call, Fault, On, What},
};
use serde_json::{Value, json};
use shared::{
    decision::Remedy,
    inbox::Outcome,
    key::UserKey,
    ledger::{Kept, State},
    link::Mail,
    sql::Sql as _,
};

use crate::{
    traces::in_tables,
    world::{World, origin},
};

fn why() -> Value {
    json!({"reason": "the first one went astray"})
}

fn to(customer: &str, remove: bool) -> Value {
    json!({"customer": {"key": customer}, "remove": remove, "reason": "the wrong branch"})
}

/// One registration that was approved with C-1, and is linked and mailed.
async fn linked() -> (World, UserKey) {
    let (world, user) = World::announced().await;
    world.put_customer("C-OTHER");
    world.post("m1", &world.approval(&user, "C-1")).await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1));
    world.pass(TimeDelta::minutes(5));
    (world, user)
}

fn customers(world: &World, user: &UserKey) -> Vec<String> {
    world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers.clone()
}

fn clicks(world: &World, user: &UserKey) {
    assert!(world.net.shop.borrow_mut().click(user.as_str(), world.now()));
}

fn state_of(outcome: &Outcome) -> Option<State> {
    match outcome {
        Outcome::Stands(entry) => Some(entry.state),
        _ => None,
    }
}

/// Somebody works on the registration for the next minute.
async fn claim(world: &World, user: &UserKey) {
    let entry = world.entry(user).await.claimed("another", world.now());
    world.app().await.ledger.save(entry, world.now()).await.unwrap().unwrap();
}

async fn line(world: &World, user: &UserKey, event: &str) -> (Option<String>, Option<String>) {
    let timeline = world.app().await.ledger.timeline(&origin(), user).await.unwrap();
    let line = timeline.into_iter().rfind(|line| line.event == event).unwrap();
    (line.actor, line.note)
}

#[tokio::test]
async fn the_mail_is_sent_once_more_for_each_request_and_the_timeline_says_who_and_why() {
    let (world, user) = linked().await;
    for mails in [2, 3] {
        let outcome = world.correct(&user, Remedy::ResendMail, why(), None).await;
        let Outcome::Stands(entry) = outcome else { panic!("{outcome:?}") };
        assert_eq!((entry.state, world.mails(&user)), (State::Linked, mails));
        assert_eq!(entry.link.unwrap().mail, Mail::Confirmed);
    }
    let said = (Some("anna".to_owned()), Some("the first one went astray".to_owned()));
    assert_eq!(line(&world, &user, "mail wanted").await, said);
    assert_eq!(customers(&world, &user), ["C-1"]);
    world.pass(TimeDelta::minutes(5));
    world.tick().await;
    assert_eq!(world.mails(&user), 3, "and by no tick");
}

#[tokio::test]
async fn one_request_is_one_mail_however_often_it_comes() {
    let (world, user) = linked().await;
    for _ in 0..3 {
        let outcome = world.correct(&user, Remedy::ResendMail, why(), Some("k-1")).await;
        assert!(matches!(outcome, Outcome::Stands(_)), "{outcome:?}");
        world.pass(TimeDelta::minutes(5));
    }
    assert_eq!(world.mails(&user), 2);

    // Two that were asked for while the same decision counted, and were left in the inbox.
    for key in [None, Some("k-2")] {
        let letter = world.correction(&user, Remedy::ResendMail, why(), key).await;
        assert!(matches!(world.app().await.ledger.keep(&letter, world.now()).await.unwrap(), Kept::Yes(_)));
    }
    for _ in 0..3 {
        world.tick().await;
        world.pass(TimeDelta::minutes(5));
    }
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 3), "one of them was enough");
}

#[tokio::test]
async fn who_can_log_in_gets_no_mail_and_no_other_customer() {
    for remedy in [Remedy::ResendMail, Remedy::Relink] {
        let body = || if remedy == Remedy::Relink { to("C-OTHER", true) } else { why() };
        let (world, user) = linked().await;
        let letter = world.correction(&user, remedy, body(), Some("left")).await;
        clicks(&world, &user);
        let outcome = world.correct(&user, remedy, body(), Some("asked")).await;
        assert!(matches!(&outcome, Outcome::Conflict(why) if why.contains("log in")), "{outcome:?}");
        assert_eq!(world.state(&user).await, State::Linked, "{remedy}: nothing has changed");

        // One that was taken in before the click, and is carried out by the tick.
        world.app().await.ledger.keep(&letter, world.now()).await.unwrap();
        let writes = world.net.shop.borrow().writes().len();
        world.tick().await;
        assert_eq!(world.state(&user).await, State::Active, "{remedy}");
        assert_eq!((world.mails(&user), customers(&world, &user)), (1, vec!["C-1".to_owned()]), "{remedy}");
        assert_eq!(world.net.shop.borrow().writes().len(), writes, "{remedy}: nothing was written");
    }
}

#[tokio::test]
async fn another_customer_is_linked_beside_the_first_or_instead_of_it_without_a_mail() {
    for (remove, want) in [(false, vec!["C-1", "C-OTHER"]), (true, vec!["C-OTHER"])] {
        let (world, user) = linked().await;
        let outcome = world.correct(&user, Remedy::Relink, to("C-OTHER", remove), None).await;
        let Outcome::Stands(entry) = outcome else { panic!("{outcome:?}") };
        assert_eq!(
            (entry.state, customers(&world, &user)),
            (State::Linked, want.into_iter().map(str::to_owned).collect())
        );
        assert_eq!(
            (world.mails(&user), entry.link.as_ref().unwrap().mail),
            (1, Mail::Confirmed),
            "its mail is out"
        );
        assert_eq!(
            state_of(&world.correct(&user, Remedy::ResendMail, why(), None).await),
            Some(State::Linked)
        );
        assert_eq!(world.mails(&user), 2, "the mail can be sent again all the same");
    }
}

#[tokio::test]
async fn a_customer_that_the_shop_does_not_have_is_refused_and_nothing_changes() {
    let (world, user) = linked().await;
    let outcome = world.correct(&user, Remedy::Relink, to("C-404", true), None).await;
    assert!(matches!(outcome, Outcome::NoSuchCustomer(_)), "{outcome:?}");
    assert_eq!((world.state(&user).await, customers(&world, &user)), (State::Linked, vec!["C-1".to_owned()]));
    assert_eq!(
        line(&world, &user, "conflicting decision").await.1.unwrap(),
        "the shop has no customer C-404"
    );

    // What is carried out by a tick finds it out, and goes to a person.
    let letter = world.correction(&user, Remedy::Relink, to("C-404", true), Some("left")).await;
    world.app().await.ledger.keep(&letter, world.now()).await.unwrap();
    world.tick().await;
    assert_eq!((world.state(&user).await, customers(&world, &user)), (State::Stuck, vec!["C-1".to_owned()]));

    let (world, user) = linked().await;
    let outcome = world.correct(&user, Remedy::Relink, to("C-1", false), None).await;
    assert!(matches!(&outcome, Outcome::Conflict(why) if why.contains("already")), "{outcome:?}");
}

#[tokio::test]
async fn a_link_whose_answer_is_lost_is_asked_for_and_a_mail_whose_answer_is_lost_is_left_to_a_person() {
    let lost = || Fault::once(On::call(Call::UserPatch), What::AppliedThenHang);
    let (world, user) = linked().await;
    world.net.shop.borrow_mut().faults.push(lost());
    world.correct(&user, Remedy::Relink, to("C-OTHER", true), None).await;
    assert_eq!(world.state(&user).await, State::Approved);
    world.pass(TimeDelta::minutes(5));
    world.tick().await;
    assert_eq!(
        (world.state(&user).await, customers(&world, &user)),
        (State::Linked, vec!["C-OTHER".to_owned()])
    );
    assert_eq!(world.mails(&user), 1);

    world.net.shop.borrow_mut().faults.push(lost());
    world.correct(&user, Remedy::ResendMail, why(), None).await;
    for _ in 0..3 {
        world.pass(TimeDelta::minutes(5));
        world.tick().await;
    }
    let entry = world.entry(&user).await;
    assert_eq!((entry.state, entry.link.unwrap().mail, world.mails(&user)), (State::Stuck, Mail::Unknown, 2));
    world.retry(&user).await;
    world.tick().await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 3), "a person's choice");
}

#[tokio::test]
async fn a_rejection_that_is_taken_back_is_put_before_the_erp_as_the_next_revision() {
    let (world, user) = World::announced().await;
    let early = world.approval(&user, "C-EARLY");
    world.pass(TimeDelta::minutes(1));
    world.decide(&user, Decision::Reject("no licence".to_owned())).await;
    let rejection = world.entry(&user).await.decision.unwrap();
    world.pass(TimeDelta::minutes(5));
    assert_eq!(state_of(&world.correct(&user, Remedy::Reopen, why(), None).await), Some(State::Announced));
    assert_eq!(line(&world, &user, "reopened").await.1, Some("the first one went astray".to_owned()));
    world.tick().await;
    let entry = world.entry(&user).await;
    assert_eq!((entry.state, entry.revision, entry.told), (State::Announced, 2, 2));
    assert_eq!(world.told(&user).await.last().unwrap(), "change announced");
    assert!(!world.told(&user).await.contains(&"changed".to_owned()), "the applicant has changed nothing");
    assert_eq!(world.net.erp.borrow().registration("SHOP", user.as_str()).unwrap().data["revision"], 2);
    assert!(world.net.erp.borrow().violations().is_empty());

    // What was decided before the rejection does not come back by it, and neither does the rejection.
    assert!(matches!(world.post("late", &early).await, Outcome::Superseded));
    let kept = world.app().await.ledger.kept(&rejection.id).await.unwrap().unwrap();
    let app = world.app().await;
    assert_eq!(state_of(&app.work_off(&kept).await.unwrap()), Some(State::Announced), "a repeat of it");
    world.pass(TimeDelta::minutes(5));
    world.post("m2", &world.approval(&user, "C-1")).await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1));
}

#[tokio::test]
async fn the_same_rejection_by_token_is_not_taken_for_the_one_that_was_taken_back() {
    let (world, user) = World::announced().await;
    let app = world.app().await;
    let body = br#"{"type": "registration.rejected", "data": {"reason": "no licence"}}"#;
    let reject = async |key: Option<&str>| {
        let key = key.map(|key| key.parse().unwrap());
        let about = (origin(), user.clone());
        let taken = app.take_decision("anna", about, key.as_ref(), body).await.unwrap();
        app.work_off(&taken.kept).await.unwrap()
    };
    assert_eq!(state_of(&reject(None).await), Some(State::Rejected));
    world.pass(TimeDelta::minutes(1));
    world.correct(&user, Remedy::Reopen, why(), None).await;
    assert!(matches!(reject(None).await, Outcome::Conflict(why) if why.contains("Idempotency-Key")));
    assert_eq!(state_of(&reject(Some("again")).await), Some(State::Rejected));
}

#[tokio::test]
async fn a_rejection_is_taken_back_once_and_without_an_erp_too() {
    let (mut world, user) = World::announced().await;
    world.set("erp_host", "https://erp-host.invalid");
    world.decide(&user, Decision::Reject("no licence".to_owned())).await;
    let twice = world.correction(&user, Remedy::Reopen, why(), Some("k")).await;
    world.correct(&user, Remedy::Reopen, why(), None).await;
    let app = world.app().await;
    let Kept::Yes(kept) = app.ledger.keep(&twice, world.now()).await.unwrap() else { panic!() };
    assert_eq!(state_of(&app.work_off(&kept).await.unwrap()), Some(State::Announced), "it is done already");
    world.tick().await;
    let told = world.told(&user).await;
    assert_eq!(told.iter().filter(|event| *event == "reopened").count(), 1);
    let entry = world.entry(&user).await;
    assert_eq!((entry.state, entry.revision), (State::Announced, 2));
    assert!(entry.message.unwrap().contains(r#""revision":2"#), "whoever asks is shown it");
}

#[tokio::test]
async fn what_somebody_works_on_is_refused_and_has_its_turn_if_nobody_waits_for_the_answer() {
    let (world, user) = linked().await;
    let letter = world.correction(&user, Remedy::ResendMail, why(), Some("left")).await;
    claim(&world, &user).await;
    let outcome = world.correct(&user, Remedy::ResendMail, why(), Some("asked")).await;
    assert!(matches!(&outcome, Outcome::Conflict(why) if why.contains("worked on")), "{outcome:?}");

    world.app().await.ledger.keep(&letter, world.now()).await.unwrap();
    world.tick().await;
    assert_eq!(world.mails(&user), 1, "still at it");
    world.pass(TimeDelta::minutes(2));
    world.tick().await;
    assert_eq!(world.mails(&user), 2);
}

#[tokio::test]
async fn a_later_decision_of_the_erp_comes_before_a_correction_of_the_earlier_one() {
    let (world, user) = linked().await;
    let letter = world.correction(&user, Remedy::Relink, to("C-OTHER", true), None).await;
    let mut approval = world.approval(&user, "C-2");
    approval["data"]["replace"] = true.into();
    world.post("m2", &approval).await;
    world.app().await.ledger.keep(&letter, world.now()).await.unwrap();
    world.tick().await;
    assert_eq!((world.state(&user).await, customers(&world, &user)), (State::Linked, vec!["C-2".to_owned()]));
}

#[tokio::test]
async fn a_refusal_of_the_shop_goes_to_a_person_and_leaves_the_link() {
    let (world, user) = linked().await;
    let refused = What::status(StatusCode::BAD_REQUEST, r#"{"active": ["This is refused."]}"#);
    world.net.shop.borrow_mut().faults.push(Fault::once(On::call(Call::UserPatch), refused));
    world.correct(&user, Remedy::ResendMail, why(), None).await;
    let entry = world.entry(&user).await;
    assert_eq!((entry.state, entry.link.unwrap().mail), (State::Stuck, Mail::Confirmed));
    world.retry(&user).await;
    world.tick().await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 2));
}

#[tokio::test]
async fn a_reason_is_erased_with_the_person() {
    let (world, user) = linked().await;
    let body = json!({"reason": "Mevrouw Peetermans has called"});
    world.correct(&user, Remedy::ResendMail, body, None).await;
    assert!(!in_tables(&world.sqlite, &["Peetermans".to_owned()]).await.is_empty());
    world.erase(&user).await;
    assert_eq!(in_tables(&world.sqlite, &["Peetermans".to_owned()]).await, [""; 0]);
    assert_eq!(world.sqlite.run("SELECT 1 FROM inbox WHERE body <> ''", vec![]).await.unwrap().len(), 0);
}

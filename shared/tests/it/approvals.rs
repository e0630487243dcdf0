//! From an announced registration to a linked user, and everything that can be in the way.

use chrono::TimeDelta;
use sandbox::{
    Generator,
    erp::{Approval, Decision, Rejection},
    fault::{Call, Fault, On, What},
};
use shared::{inbox::Outcome, key::UserKey, ledger::State, link::Mail};

use crate::world::World;

#[tokio::test]
async fn an_approval_goes_all_the_way_to_an_active_user_with_one_mail() {
    let (world, user) = World::announced().await;
    let outcome = world.decide(&user, Decision::Approve).await;
    let Outcome::Stands(entry) = outcome else { panic!("{outcome:?}") };
    assert_eq!((entry.state, entry.link.unwrap().mail), (State::Linked, Mail::Confirmed));
    assert_eq!(world.mails(&user), 1);

    // Listed again, still without a click: neither announced nor mailed again.
    world.pass(TimeDelta::minutes(5));
    assert_eq!(world.tick().await.announced, 0);
    assert_eq!((world.mails(&user), world.state(&user).await), (1, State::Linked));

    assert!(world.net.shop.borrow_mut().click(user.as_str(), world.now()));
    world.pass(TimeDelta::minutes(5));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Active);
    assert_eq!(
        world.told(&user).await,
        ["seen", "announced", "approved", "customer written", "link intended", "linked", "active"]
    );
    assert!(world.net.shop.borrow().writes().iter().all(|write| !write.overwrites()));
}

#[tokio::test]
async fn an_existing_customer_is_linked_and_never_written() {
    let (world, user) = World::announced().await;
    world.put_customer("C-1");
    world.decide(&user, Decision::Existing("C-1".to_owned())).await;
    assert_eq!(world.state(&user).await, State::Linked);
    assert_eq!(world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers, ["C-1"]);
    assert_eq!(world.net.shop.borrow().writes().len(), 1, "the link alone");
}

#[tokio::test]
async fn a_customer_that_the_shop_has_already_is_not_overwritten() {
    let (world, user) = World::announced().await;
    world.put_customer("C-7");
    let message = world.approval(&user, "C-7");
    world.post("msg_1", &message).await;
    let entry = world.entry(&user).await;
    assert_eq!(entry.state, State::Stuck);
    assert!(entry.reason.unwrap().contains("customer C-7 exists in the shop already"));
    assert_eq!(world.net.shop.borrow().customer("C-7").unwrap().body["name"], "Known before");
    assert_eq!(world.mails(&user), 0);
}

#[tokio::test]
async fn a_user_who_became_active_before_the_decision_is_linked_and_left_active() {
    let (world, user) = World::announced().await;
    assert!(world.net.shop.borrow_mut().activate_by_hand(user.as_str(), world.now()));
    world.decide(&user, Decision::Approve).await;
    assert_eq!(world.state(&user).await, State::Active);
    assert!(world.net.shop.borrow().lock_outs().is_empty());
    assert_eq!(world.mails(&user), 0);
}

#[tokio::test]
async fn a_customer_linked_by_hand_before_is_kept() {
    let (world, user) = World::announced().await;
    world.put_customer("C-H");
    assert!(world.net.shop.borrow_mut().link_by_hand(user.as_str(), "C-H", world.now()));
    world.post("msg_1", &world.approval(&user, "C-8")).await;
    let customers = world.net.shop.borrow().user(user.as_str()).unwrap().authorised_customers.clone();
    assert_eq!((customers, world.mails(&user)), (vec!["C-H".to_owned(), "C-8".to_owned()], 1));
}

#[tokio::test]
async fn a_decision_about_a_user_that_no_scan_has_seen_is_carried_out_and_never_announced() {
    let world = World::new();
    let user = world.register(&Generator::new(1).plain());
    world.post("msg_1", &world.approval(&user, "C-9")).await;
    assert_eq!(world.state(&user).await, State::Linked);
    assert_eq!(world.tick().await.announced, 0);
    assert!(world.net.erp.borrow().registration("SHOP", user.as_str()).is_none());
}

#[tokio::test]
async fn an_older_decision_after_a_newer_one_changes_nothing() {
    let (world, user) = World::announced().await;
    let older = Rejection::new("SHOP", user.as_str(), "too late").message(world.now());
    world.pass(TimeDelta::minutes(1));
    world.post("msg_new", &world.approval(&user, "C-10")).await;
    assert!(matches!(world.post("msg_old", &older).await, Outcome::Superseded));
    assert_eq!(world.state(&user).await, State::Linked);
}

#[tokio::test]
async fn a_rejection_after_the_link_is_a_conflict_that_stays_visible() {
    let (world, user) = World::announced().await;
    world.decide(&user, Decision::Approve).await;
    world.pass(TimeDelta::minutes(1));
    let rejection = Rejection::new("SHOP", user.as_str(), "second thoughts").message(world.now());
    assert!(matches!(world.post("msg_2", &rejection).await, Outcome::Conflict(_)));
    assert_eq!(world.state(&user).await, State::Linked);
    assert_eq!(world.told(&user).await.last().unwrap(), "conflicting decision");
}

#[tokio::test]
async fn a_rejection_is_final_until_a_newer_decision() {
    let (world, user) = World::announced().await;
    world.decide(&user, Decision::Reject("unknown company".to_owned())).await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Rejected, 0));
    world.pass(TimeDelta::minutes(1));
    world.post("msg_2", &world.approval(&user, "C-11")).await;
    assert_eq!(world.state(&user).await, State::Linked);
}

#[tokio::test]
async fn a_lost_answer_to_the_link_is_looked_up_and_never_repeated() {
    let (world, user) = World::announced().await;
    let lost = Fault::once(On::call(Call::UserPatch), What::AppliedButAnswerLost);
    world.net.shop.borrow_mut().faults.push(lost);
    world.decide(&user, Decision::Approve).await;
    assert_eq!(world.state(&user).await, State::Approved);
    // Too early to ask.
    world.pass(TimeDelta::seconds(30));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Approved);
    world.pass(TimeDelta::seconds(31));
    world.tick().await;
    let entry = world.entry(&user).await;
    assert_eq!((entry.state, entry.link.unwrap().mail), (State::Linked, Mail::Presumed));
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn a_link_that_never_arrived_is_repeated() {
    let (world, user) = World::announced().await;
    let lost = Fault::once(On::call(Call::UserPatch), What::CloseBeforeAnswer);
    world.net.shop.borrow_mut().faults.push(lost);
    world.decide(&user, Decision::Approve).await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Approved, 0));
    world.pass(TimeDelta::seconds(61));
    world.tick().await;
    let entry = world.entry(&user).await;
    assert_eq!((entry.state, entry.link.unwrap().attempt, world.mails(&user)), (State::Linked, 2, 1));
}

#[tokio::test]
async fn a_lost_answer_beside_a_link_by_hand_is_left_to_a_person() {
    let (world, user) = World::announced().await;
    world.put_customer("C-12");
    world.net.shop.borrow_mut().link_by_hand(user.as_str(), "C-12", world.now());
    let lost = Fault::once(On::call(Call::UserPatch), What::AppliedButAnswerLost);
    world.net.shop.borrow_mut().faults.push(lost);
    world.decide(&user, Decision::Existing("C-12".to_owned())).await;
    world.pass(TimeDelta::seconds(61));
    world.tick().await;
    let entry = world.entry(&user).await;
    assert_eq!((entry.state, entry.link.unwrap().mail), (State::Stuck, Mail::Unknown));
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn a_lost_answer_to_the_customer_is_no_reason_to_write_it_twice() {
    let (world, user) = World::announced().await;
    let lost = Fault::once(On::call(Call::CustomerPut), What::AppliedButAnswerLost);
    world.net.shop.borrow_mut().faults.push(lost);
    world.decide(&user, Decision::Approve).await;
    assert_eq!(world.state(&user).await, State::Approved);
    world.pass(TimeDelta::minutes(2));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Linked);
    assert!(world.net.shop.borrow().writes().iter().all(|write| !write.overwrites()));
}

#[tokio::test]
async fn a_field_that_the_shop_refuses_is_shown_in_the_shops_own_words() {
    let (world, user) = World::announced().await;
    let mut message = world.approval(&user, "C-13");
    message["data"]["addresses"] =
        serde_json::json!([{"key": "C-13-1", "street": "Dorpsstraat", "city": "Houten", "country": "NLD"}]);
    world.post("msg_1", &message).await;
    let entry = world.entry(&user).await;
    assert_eq!(entry.state, State::Stuck);
    assert!(entry.reason.unwrap().contains("zip: "));
    assert_eq!(world.mails(&user), 0);
}

#[tokio::test]
async fn a_decision_on_an_older_revision_waits_for_a_person() {
    let (world, user) = World::announced().await;
    let mut message = world.approval(&user, "C-14");
    message["data"]["revision"] = 1.into();
    let changes = serde_json::from_str(r#"{"name": "Another company"}"#).unwrap();
    assert!(world.net.shop.borrow_mut().edit_profile(user.as_str(), &changes, world.now()));
    world.post("msg_1", &message).await;
    let entry = world.entry(&user).await;
    assert_eq!(entry.state, State::Stuck);
    assert!(entry.reason.unwrap().contains("changed the data since"));
    assert!(world.net.shop.borrow().customer("C-14").is_none());

    // The ERP is told what there is to see now, and may decide on that.
    world.pass(TimeDelta::minutes(1));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Announced, "it goes on from the changed row");
    assert_eq!(world.net.erp.borrow().registration("SHOP", user.as_str()).unwrap().data["revision"], 2);
    message["data"]["revision"] = 2.into();
    message["timestamp"] = world.now().to_rfc3339().into();
    world.post("msg_2", &message).await;
    assert_eq!((world.state(&user).await, world.mails(&user)), (State::Linked, 1));
}

#[tokio::test]
async fn a_user_that_the_shop_does_not_have_is_told_apart_from_a_shop_that_does_not_answer() {
    let world = World::new();
    let nobody: UserKey = "5b1f0c1e-0000-4000-8000-000000000001".parse().unwrap();
    let message = Approval::new("SHOP", nobody.as_str(), "C-15").message(world.now());
    assert!(matches!(world.post("msg_1", &message).await, Outcome::NoSuchUser));
    assert!(world.known(&nobody).await.is_none());
    let down = Fault::always(On::call(Call::UserGet), What::status(http::StatusCode::BAD_GATEWAY, "<html>"));
    world.net.shop.borrow_mut().faults.push(down);
    assert!(matches!(world.post("msg_2", &message).await, Outcome::Stands(_)));
    assert_eq!(world.state(&nobody).await, State::Approved);
}

#[tokio::test]
async fn without_a_mail_the_user_is_made_active_at_once() {
    let (world, user) = World::announced().await;
    world.decide(&user, Decision::ApproveWithoutMail).await;
    assert_eq!(world.mails(&user), 0);
    assert!(world.net.shop.borrow().user(user.as_str()).unwrap().active);
    world.pass(TimeDelta::minutes(5));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Active);
}

//! Calling a person.

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    Generator,
    alerts::Alert,
    fault::{Call, Fault, On, What},
};
use serde_json::json;
use shared::{key::UserKey, ledger::State};

use crate::world::World;

impl World {
    /// Those who were called, and about what.
    fn alerts(&self) -> Vec<Alert> {
        let alerts = self.net.alerts.borrow();
        assert!(alerts.violations().is_empty(), "{:?}", alerts.violations());
        alerts.received().to_vec()
    }

    /// Kind and change of each alert, in order.
    fn called(&self) -> Vec<String> {
        let word = |alert: &Alert, field: &str| alert.alert[field].as_str().unwrap().to_owned();
        self.alerts().iter().map(|alert| word(alert, "kind") + " " + &word(alert, "change")).collect()
    }

    async fn tick_in(&self, minutes: i64) {
        self.pass(TimeDelta::minutes(minutes));
        self.tick().await;
    }

    /// Another registration that gets stuck, because its customer is somebody else's.
    async fn gets_stuck(&self, seed: u64) -> UserKey {
        let user = self.register(&Generator::new(seed).plain());
        self.tick_in(1).await;
        self.put_customer(&format!("C-{seed}"));
        self.post(&format!("msg_{seed}"), &self.approval(&user, &format!("C-{seed}"))).await;
        assert_eq!(self.state(&user).await, State::Stuck);
        user
    }
}

fn answers(status: StatusCode) -> Fault {
    Fault::always(On::any(), What::status(status, r#"{"detail":"No permission."}"#))
}

#[tokio::test]
async fn the_first_that_gets_stuck_is_told_at_once_and_further_ones_after_a_while() {
    let world = World::new();
    let first = world.gets_stuck(1).await;
    world.tick_in(1).await;
    assert_eq!(world.called(), ["stuck began"]);
    let second = world.gets_stuck(2).await;
    world.tick_in(1).await;
    assert_eq!(world.called().len(), 1, "not so soon");
    world.tick_in(15).await;
    world.tick_in(60).await;
    assert_eq!(world.called(), ["stuck began", "stuck more"]);
    let alerts = world.alerts();
    let keys = |place: usize| alerts[place].alert["registrations"][0]["user_key"].as_str().unwrap();
    assert_eq!((keys(0), keys(1)), (first.as_str(), second.as_str()));
    assert_eq!(alerts[1].alert["stuck"], 2);
    assert!(alerts[1].text.starts_with("1 registration is stuck, 2 in all\n"), "{}", alerts[1].text);

    for user in [&first, &second] {
        let no = sandbox::erp::Rejection::new("SHOP", user.as_str(), "no").message(world.now());
        world.post(&format!("no_{user}"), &no).await;
    }
    world.tick_in(1).await;
    assert_eq!(world.called()[2..], ["stuck over"]);
}

#[tokio::test]
async fn many_at_once_are_one_message_that_lists_ten() {
    let world = World::new();
    world
        .net
        .erp
        .borrow_mut()
        .faults
        .push(Fault::always(On::any(), What::status(StatusCode::BAD_REQUEST, "{}")));
    for seed in 0..30 {
        world.register(&Generator::new(seed).plain());
    }
    world.tick().await;
    world.tick_in(60).await;
    let alerts = world.alerts();
    let [alert] = &alerts[..] else { panic!("{:?}", world.called()) };
    assert_eq!(
        (&alert.alert["stuck"], alert.alert["registrations"].as_array().unwrap().len()),
        (&json!(30), 10)
    );
    assert!(alert.text.ends_with("\nand 20 more"), "{}", alert.text);
}

#[tokio::test]
async fn a_shop_that_refuses_is_told_once_and_so_is_that_it_is_over() {
    let world = World::new();
    world.net.shop.borrow_mut().faults.push(answers(StatusCode::FORBIDDEN));
    for _ in 0..4 {
        world.tick_in(5).await;
    }
    world.net.shop.borrow_mut().faults.clear();
    world.tick_in(5).await;
    world.tick_in(5).await;
    assert_eq!(world.called(), ["shop began", "shop over"]);
    let text = &world.alerts()[0].text;
    assert!(text.starts_with("The shop refuses or does not answer: ") && text.contains("403"), "{text}");
}

#[tokio::test]
async fn an_erp_that_refuses_our_signature_is_told_although_one_fault_a_tick_is_not_much() {
    let world = World::new();
    world.net.erp.borrow_mut().faults.push(answers(StatusCode::UNAUTHORIZED));
    world.register(&Generator::new(1).plain());
    world.tick_in(5).await;
    assert_eq!(world.called(), ["erp began"]);
    world.tick_in(0).await;
    assert_eq!(world.called(), ["erp began"], "it was not asked again, so nothing is over");
    world.net.erp.borrow_mut().faults.clear();
    world.tick_in(61).await;
    assert_eq!(world.called(), ["erp began", "erp over"]);
}

#[tokio::test]
async fn an_origin_that_is_not_read_to_its_end_is_told_after_scan_max_age() {
    let world = World::new();
    world.tick().await;
    world.net.shop.borrow_mut().faults.push(Fault::always(
        On::call(Call::UserList).at("registration=new"),
        What::status(StatusCode::BAD_GATEWAY, "<html>"),
    ));
    world.tick_in(15).await;
    assert!(!world.called().iter().any(|called| called.starts_with("scan_stale")), "{:?}", world.called());
    world.tick_in(1).await;
    world.tick_in(30).await;
    world.net.shop.borrow_mut().faults.clear();
    world.tick_in(1).await;
    let stale: Vec<_> =
        world.alerts().into_iter().filter(|alert| alert.alert["kind"] == "scan_stale").collect();
    assert_eq!(stale.iter().map(|alert| &alert.alert["change"]).collect::<Vec<_>>(), ["began", "over"]);
    assert_eq!(stale[0].alert["origin"], "SHOP");
}

#[tokio::test]
async fn an_origin_that_was_never_read_to_its_end_is_told_after_scan_max_age_too() {
    let world = World::new();
    world.net.shop.borrow_mut().faults.push(Fault::always(
        On::call(Call::UserList).at("registration=new"),
        What::status(StatusCode::BAD_GATEWAY, "<html>"),
    ));
    let stale =
        || world.called().into_iter().filter(|called| called.starts_with("scan_stale")).collect::<Vec<_>>();
    world.tick().await;
    world.tick_in(15).await;
    assert_eq!(stale(), [""; 0], "it may still be at its first scan");
    world.tick_in(1).await;
    assert_eq!(stale(), ["scan_stale began"]);
    world.net.shop.borrow_mut().faults.clear();
    world.tick_in(1).await;
    assert_eq!(stale(), ["scan_stale began", "scan_stale over"]);
}

#[tokio::test]
async fn an_alert_whose_answer_was_lost_comes_again_and_the_next_one_waits_for_it() {
    let world = World::new();
    world.gets_stuck(1).await;
    world.net.alerts.borrow_mut().faults.push(Fault::once(On::any(), What::AppliedButAnswerLost));
    world.tick_in(1).await;
    world.tick_in(61).await;
    assert_eq!((world.called(), world.net.alerts.borrow().repeats()), (vec!["stuck began".to_owned()], 1));
}

#[tokio::test]
async fn who_sets_an_address_later_hears_of_what_was_stuck_before() {
    let mut world = World::new();
    let before = world.settings.clone();
    world.set("alert_host", "https://alert-host.invalid");
    world.gets_stuck(1).await;
    world.tick_in(5).await;
    assert!(world.called().is_empty());
    world.settings = before;
    world.tick_in(5).await;
    assert_eq!(world.called(), ["stuck began"]);
}

#[tokio::test]
async fn an_alert_has_no_data_of_the_applicant() {
    let world = World::new();
    let person = Generator::new(1).plain();
    world.gets_stuck(1).await;
    world.tick_in(1).await;
    let body = serde_json::to_string(
        &world.alerts().iter().map(|alert| (&alert.text, &alert.alert)).collect::<Vec<_>>(),
    )
    .unwrap();
    let said = format!("{person:?}");
    let words = said.split('"').filter(|word| word.len() > 4 && word.contains([' ', '@']));
    let mut looked = 0;
    for word in words {
        looked += 1;
        assert!(!body.contains(word), "{word} in {body}");
    }
    assert!(looked > 2, "{said}");
}

//! The result as a whole.

use std::time::{Duration, Instant};

use doctor::{QUESTIONS, State};
use sandbox::{Generator, Odd, Shop, shop::Behaviour};

use crate::stage::{look, noon, plan, served, shop, values};

#[tokio::test]
async fn reading_answers_what_can_be_answered_by_reading() {
    let served = served(shop(Behaviour::default())).await;
    let seen = look(&values(&served.url()), &plan()).await;
    let states: Vec<_> = seen.questions.iter().map(|question| question.state).collect();
    let (answered, partly, open) = (State::Answered, State::Partly, State::Open);
    let want = [
        open, open, partly, answered, partly, partly, open, answered, partly, partly, partly, partly, partly,
        partly, partly, answered,
    ];
    assert_eq!(states, want, "{:#?}", seen.questions);
    for (question, (number, text)) in seen.questions.iter().zip((1..).zip(QUESTIONS)) {
        assert_eq!((question.number, question.question), (number, text));
        assert_eq!(question.ask.is_none(), question.state == State::Answered, "{question:?}");
    }
    let answer = |number: usize| seen.questions[number - 1].answer.as_str();
    assert!(answer(9).contains("12 rows or more, oldest first; 0 of"), "{}", answer(9));
    assert!(answer(10).contains("users by modified_date__gte: ignored"), "{}", answer(10));
    assert!(answer(10).contains("customers by vat: ignored"), "{}", answer(10));
    assert!(answer(12).contains("delivery: "), "{}", answer(12));
    assert!(answer(14).contains("404 Not Found, with JSON that names detail"), "{}", answer(14));
    assert!(answer(15).contains("300 s"), "{}", answer(15));
}

#[tokio::test]
async fn a_shop_that_cannot_be_asked_leaves_everything_open() {
    let served = served(shop(Behaviour::default())).await;
    let mut values = values(&served.url());
    values.insert("cloudsuite_client_secret", "another".to_owned());
    let seen = look(&values, &plan()).await;
    assert!(seen.questions.iter().all(|question| question.state == State::Open && question.ask.is_some()));
    assert!(seen.counts.wrong > 0);
}

#[tokio::test]
async fn nothing_about_a_person_is_shown() {
    let (mut shop, mut people) = (Shop::new(11), Generator::new(11));
    let mut told = Vec::new();
    for odd in Odd::ALL {
        let person = people.odd(*odd);
        told.extend(person.telling().map(str::to_owned));
        shop.register(&person, noon());
    }
    let served = served(shop).await;
    let seen = look(&values(&served.url()), &plan()).await;
    let shown = serde_json::to_string(&seen).unwrap();
    for text in told.iter().filter(|text| text.chars().count() > 4) {
        assert!(!shown.contains(text.as_str()), "{text} is shown");
    }
    assert!(!shown.contains("sandbox-secret") && !shown.contains("whsec_"));
}

#[tokio::test]
async fn the_object_for_machines_has_a_fixed_form() {
    let served = served(shop(Behaviour::default())).await;
    let seen = look(&values(&served.url()), &plan()).await;
    let object = serde_json::to_value(&seen).unwrap();
    let names: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["at", "calls", "counts", "findings", "milliseconds", "questions", "version"]);
    assert_eq!(object["version"], 1);
    let listed = object["findings"].as_array().unwrap();
    let list = listed.iter().find(|finding| finding["id"] == "order").unwrap();
    assert_eq!(
        *list,
        serde_json::json!({"id": "order", "origin": "SHOP", "mark": "ok", "what": "order of the list", "found": "oldest first"})
    );
    let mut ids: Vec<_> =
        listed.iter().map(|finding| (finding["id"].as_str(), finding["origin"].as_str())).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands for one finding of an origin");
}

#[tokio::test]
async fn several_origins_are_looked_at_side_by_side() {
    let mut shop = shop(Behaviour::default());
    shop.add_origin("B2B");
    let served = served(shop).await;
    served.set_latency(Duration::from_millis(100));
    let mut values = values(&served.url());
    let began = Instant::now();
    let one = look(&values, &plan()).await;
    let alone = began.elapsed();
    values.insert("origins", "SHOP,B2B".to_owned());
    let began = Instant::now();
    let two = look(&values, &plan()).await;
    println!("{} calls in {alone:?}, of two origins {} in {:?}", one.calls, two.calls, began.elapsed());
    // One after the other, these calls alone would take longer than this.
    assert!(alone < Duration::from_millis(100) * u32::try_from(one.calls).unwrap());
    let empty = two
        .findings
        .iter()
        .find(|finding| finding.id == "origin" && finding.origin.as_deref() == Some("B2B"));
    assert!(empty.unwrap().advice.as_ref().unwrap().contains("which origin self-registered users get"));
}

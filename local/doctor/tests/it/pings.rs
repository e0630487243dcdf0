//! Signed messages that mean nothing.

use doctor::{Mark, Plan};
use http::StatusCode;
use sandbox::{
    Erp,
    erp::{Policy, Secrets},
    fault::{Fault, On, What},
    serve::Served,
    shop::Behaviour,
};

use crate::stage::{expect, look, noon, plan, served, shop, values};

const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";
const OTHER: &str = "whsec_YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=";

async fn erp() -> Served<Erp> {
    let secrets = Secrets { incoming: SECRET.to_owned(), outgoing: OTHER.to_owned() };
    Served::start(Erp::new(7, secrets, Policy::Manual).unwrap(), noon).await.unwrap()
}

#[tokio::test]
async fn the_erp_gets_one_signed_ping_and_its_answer_is_judged() {
    let (shop, erp) = (served(shop(Behaviour::default())).await, erp().await);
    let mut values = values(&shop.url());
    values.insert("erp_host", erp.url());
    values.insert("erp_path", "/hooks".to_owned());
    let plan = Plan { erp: true, ..plan() };
    for (secret, answer, mark, words) in [
        (SECRET, None, Mark::Ok, "answered 200 OK"),
        (OTHER, None, Mark::Wrong, "compare erp_signing_secret"),
        (SECRET, Some(StatusCode::UNPROCESSABLE_ENTITY), Mark::Warning, "SPIN_VARIABLE_ERP_OUTCOMES=none"),
        (SECRET, Some(StatusCode::NOT_FOUND), Mark::Wrong, "check erp_path"),
    ] {
        values.insert("erp_signing_secret", secret.to_owned());
        if let Some(status) = answer {
            erp.lock().faults.push(Fault::once(On::any(), What::status(status, "")));
        }
        let seen = look(&values, &plan).await;
        expect(&seen.findings, "erp_ping", mark, words);
        expect(&seen.findings, "host.erp_host", Mark::Ok, "answers, on this machine");
    }
    let kinds: Vec<_> = erp.lock().received().iter().map(|received| received.kind.clone()).collect();
    assert_eq!(kinds, ["ping"], "one was believed, and it means nothing");
    assert!(erp.lock().violations().is_empty());
}

#[tokio::test]
async fn the_webhook_gets_one_with_each_secret_and_one_without() {
    // The stand-in ERP checks signatures as the webhook does, by another library.
    let (shop, hook) = (served(shop(Behaviour::default())).await, erp().await);
    let plan = Plan { url: Some(format!("{}/", hook.url())), ..plan() };
    for (secrets, mark, words) in [
        (SECRET.to_owned(), Mark::Ok, "taken, with 1 secret of webhook_secrets"),
        (format!("{SECRET},{OTHER}"), Mark::Wrong, "401 Unauthorized with secret number 2"),
    ] {
        let mut values = values(&shop.url());
        values.insert("webhook_secrets", secrets);
        let seen = look(&values, &plan).await;
        expect(&seen.findings, "webhook_ping", mark, words);
        expect(&seen.findings, "webhook_unsigned", Mark::Ok, "refused");
    }
    assert!(hook.lock().journal.lines().all(|line| line.target == "/erp-webhook"));
}

#[tokio::test]
async fn nothing_is_sent_that_was_not_asked_for() {
    let (shop, erp) = (served(shop(Behaviour::default())).await, erp().await);
    let mut values = values(&shop.url());
    values.insert("erp_host", erp.url());
    values.insert("erp_signing_secret", SECRET.to_owned());
    look(&values, &plan()).await;
    assert_eq!(erp.lock().journal.total(), 0);
}

//! `POST` to `/resend-mail`, `/relink` and `/reopen` under a registration's address: a person puts something right.

use anyhow::Result;
use bytes::Bytes;
use end_to_end::{DECIDE, READ, Reply, World};
use http::{Method, Request};
use sandbox::{Generator, erp::Decision};
use serde_json::{Value, json};

async fn correct(world: &World, user: &str, remedy: &str, body: &Value, key: Option<&str>) -> Result<Reply> {
    let mut request = Request::post(format!("/registrations/SHOP/{user}/{remedy}"))
        .header("authorization", format!("Bearer {DECIDE}"));
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    world.send(request.body(Bytes::from(body.to_string()))?).await
}

fn why() -> Value {
    json!({"reason": "asked by telephone"})
}

async fn linked() -> Result<(World, String)> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    assert_eq!(world.decide(&user, Decision::Approve).await?.json["outcome"], "linked");
    world.pass(60);
    Ok((world, user))
}

#[tokio::test]
async fn a_mail_is_sent_once_more_for_each_key_and_never_to_who_can_log_in() -> Result<()> {
    let (world, user) = linked().await?;
    for _ in 0..2 {
        let reply = correct(&world, &user, "resend-mail", &why(), Some("k-1")).await?;
        assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("linked")), "{reply:?}");
        world.pass(60);
    }
    assert_eq!(world.mails(&user), 2);
    let status = world.status(&user).await?;
    let line = status["timeline"].as_array().unwrap().iter().find(|line| line["event"] == "mail wanted");
    let line = line.unwrap();
    assert_eq!((&line["actor"], &line["note"]), (&json!("anna"), &json!("asked by telephone")));

    let now = world.now();
    assert!(world.shop.lock().click(&user, now));
    let reply = correct(&world, &user, "resend-mail", &why(), None).await?;
    assert_eq!((reply.status, world.mails(&user)), (409, 2), "{reply:?}");
    assert!(reply.json["detail"].as_str().unwrap().contains("log in"));
    Ok(())
}

#[tokio::test]
async fn another_customer_takes_the_place_of_the_first_if_it_is_asked_for() -> Result<()> {
    let (world, user) = linked().await?;
    let first = world.customers_of(&user);
    world.put_customer("C-OTHER");
    let to = |customer: &str, remove| json!({"customer": {"key": customer}, "remove": remove, "reason": "x"});
    let reply = correct(&world, &user, "relink", &to("C-404", true), None).await?;
    assert_eq!((reply.status, &reply.json["field"]), (422, &json!("customer.key")), "{reply:?}");
    assert_eq!(world.customers_of(&user), first);
    let reply = correct(&world, &user, "relink", &to("C-OTHER", true), None).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("linked")), "{reply:?}");
    assert_eq!((world.customers_of(&user), world.mails(&user)), (vec!["C-OTHER".to_owned()], 1));
    Ok(())
}

#[tokio::test]
async fn a_rejection_is_taken_back_and_the_erp_is_asked_again() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    world.decide(&user, Decision::Reject("no licence".to_owned())).await?;
    world.pass(60);
    let reply = correct(&world, &user, "reopen", &why(), None).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("announced")), "{reply:?}");
    world.tick().await?;
    assert_eq!(world.erp.lock().registration("SHOP", &user).unwrap().data["revision"], 2);
    world.pass(60);
    assert_eq!(world.decide(&user, Decision::Approve).await?.json["outcome"], "linked");
    assert!(world.erp.lock().violations().is_empty());
    Ok(())
}

#[tokio::test]
async fn who_may_not_decide_or_says_no_reason_or_is_wrong_is_told_so() -> Result<()> {
    let (world, user) = linked().await?;
    for remedy in ["resend-mail", "relink", "reopen"] {
        let path = format!("/registrations/SHOP/{user}/{remedy}");
        let reader = world.call(Method::POST, &path, Some(READ), why().to_string()).await?;
        assert_eq!(reader.status, 403, "{remedy}");
        assert_eq!(world.call(Method::GET, &path, Some(DECIDE), "").await?.status, 405, "{remedy}");
        assert_eq!(correct(&world, &user, remedy, &json!({}), None).await?.status, 400, "{remedy}");
        let body = if remedy == "relink" { json!({"customer": {"key": "C"}, "reason": "x"}) } else { why() };
        assert_eq!(correct(&world, "nobody", remedy, &body, None).await?.status, 404, "{remedy}");
    }
    assert_eq!(correct(&world, &user, "reopen", &why(), None).await?.status, 409);
    Ok(())
}

//! A `POST` to `/decision` under a registration's address: the ERP's decision, by a token.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use end_to_end::{DECIDE, Reply, World};
use http::Request;
use sandbox::{
    Generator,
    fault::{Call, Fault, On, What},
};
use serde_json::{Value, json};

async fn decide(world: &World, user: &str, body: &Value, headers: &[(&str, &str)]) -> Result<Reply> {
    let mut request = Request::post(format!("/registrations/SHOP/{user}/decision"));
    for (name, value) in headers.iter().chain([&("authorization", &*format!("Bearer {DECIDE}"))]) {
        request = request.header(*name, *value);
    }
    world.send(request.body(Bytes::from(body.to_string()))?).await
}

async fn announced() -> Result<(World, String)> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    Ok((world, user))
}

fn approval(customer: &str) -> Value {
    json!({"type": "customer.approved", "data": {
        "customer": {"key": customer, "name": "Voorbeeld B.V."},
        "addresses": [{"key": format!("{customer}-1"), "street": "Dorpsstraat", "house_number": "1", "zip": "1234AB",
                       "city": "Houten", "country": "NL", "invoice": true, "delivery": true,
                       "default_invoice": true, "default_delivery": true}]}})
}

#[tokio::test]
async fn an_approval_is_carried_out_once_however_often_it_is_sent() -> Result<()> {
    let (world, user) = announced().await?;
    for _ in 0..2 {
        let reply = decide(&world, &user, &approval("C-1"), &[]).await?;
        assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("linked")), "{reply:?}");
        world.pass(5);
    }
    assert_eq!((world.mails(&user), world.customers_of(&user)), (1, vec!["C-1".to_owned()]));
    assert!(world.shop.lock().address("C-1-1").is_some(), "its address is written");
    let status = world.status(&user).await?;
    let approved = status["timeline"].as_array().unwrap().iter().find(|line| line["event"] == "approved");
    assert_eq!(approved.unwrap()["actor"], "anna");
    Ok(())
}

#[tokio::test]
async fn a_rejection_is_kept_with_its_reason() -> Result<()> {
    let (world, user) = announced().await?;
    let no = json!({"type": "registration.rejected", "data": {"reason": "No trade licence found"}});
    let reply = decide(&world, &user, &no, &[]).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("rejected")), "{reply:?}");
    assert_eq!(world.writes(), 0);
    Ok(())
}

#[tokio::test]
async fn one_idempotency_key_stands_for_one_request() -> Result<()> {
    let (world, user) = announced().await?;
    let key = [("idempotency-key", "order-7")];
    for _ in 0..2 {
        assert_eq!(decide(&world, &user, &approval("C-1"), &key).await?.json["outcome"], "linked");
        world.pass(5);
    }
    let other = decide(&world, &user, &approval("C-2"), &key).await?;
    let kind = "urn:cloudsuite-onboarding:id-used";
    assert_eq!((other.status, other.json["type"].as_str()), (409, Some(kind)), "{other:?}");
    assert_eq!((world.mails(&user), world.customers_of(&user)), (1, vec!["C-1".to_owned()]));
    let bad = decide(&world, &user, &approval("C-1"), &[("idempotency-key", "a b")]).await?;
    assert_eq!((bad.status, bad.json["field"].as_str()), (400, Some("Idempotency-Key")), "{bad:?}");
    Ok(())
}

#[tokio::test]
async fn what_the_address_and_the_message_say_has_to_agree() -> Result<()> {
    let (world, user) = announced().await?;
    let mut other = approval("C-1");
    other["data"]["user_key"] = "somebody".into();
    let reply = decide(&world, &user, &other, &[]).await?;
    assert_eq!((reply.status, reply.json["field"].as_str()), (400, Some("data.user_key")), "{reply:?}");
    other["data"]["user_key"] = user.as_str().into();
    assert_eq!(decide(&world, &user, &other, &[]).await?.status, 200);
    let calls = world.calls();
    let nobody = decide(&world, "%20", &approval("C-1"), &[]).await?;
    assert_eq!((nobody.status, world.calls()), (404, calls), "{nobody:?}");
    Ok(())
}

#[tokio::test]
async fn a_decision_that_takes_long_is_answered_with_where_to_look_when_the_caller_has_waited() -> Result<()>
{
    for (prefer, milliseconds) in [("respond-async", 800), ("wait=5", 5000)] {
        let (world, user) = announced().await?;
        world.shop.lock().faults.push(Fault::always(On::call(Call::UserGet), What::Hang));
        let (began, body, headers) = (world.now(), approval("C-1"), [("prefer", prefer)]);
        let time = async {
            loop {
                world.clock.until_a_component_sleeps().await;
                world.clock.advance(Duration::from_millis(100));
                tokio::task::yield_now().await;
            }
        };
        let reply = tokio::select! {
            reply = decide(&world, &user, &body, &headers) => reply?,
            () = time => unreachable!("time goes on for ever"),
        };
        assert_eq!(reply.status, 202, "{reply:?}");
        assert_eq!(reply.headers["location"], format!("/registrations/SHOP/{user}"));
        assert!((world.now() - began).num_milliseconds() >= milliseconds, "{prefer}");
    }
    Ok(())
}

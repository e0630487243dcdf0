//! Bad input, and what it gets.

use anyhow::Result;
use end_to_end::{SECRET, World};
use http::StatusCode;
use sandbox::{
    Generator,
    erp::{self, Approval, Decision},
    fault::{Call, Fault, On, What},
};
use serde_json::json;

#[tokio::test]
async fn a_malformed_message_is_refused_with_the_path_of_the_field() -> Result<()> {
    let world = World::new().await?;
    let good =
        Approval::new("SHOP", "5b1f0c1e-0000-4000-8000-000000000001", "C-1").message(world.now()).to_string();
    for (body, field) in [
        ("", None),
        ("<html>", None),
        ("7", None),
        (&good.replace(r#""key":"C-1""#, r#""key":".""#), Some("data.customer.key")),
        (&good.replace(r#""timestamp":""#, r#""timestamp":"not "#), Some("timestamp")),
    ] {
        let body = bytes::Bytes::from(body.to_owned());
        let reply = world.send(erp::signed(SECRET, "msg_1", world.now(), &body)?).await?;
        assert_eq!((reply.status, reply.json["field"].as_str()), (400, field), "{body:?}: {reply:?}");
        assert_eq!(reply.headers["content-type"], "application/problem+json");
    }
    Ok(())
}

#[tokio::test]
async fn a_message_of_over_a_mebibyte_is_refused_unread() -> Result<()> {
    let world = World::new().await?;
    let body = bytes::Bytes::from(vec![b' '; 1024 * 1024 + 1]);
    let reply = world.send(erp::signed(SECRET, "msg_1", world.now(), &body)?).await?;
    assert_eq!(reply.status, 413, "{reply:?}");
    Ok(())
}

#[tokio::test]
async fn a_type_that_means_nothing_here_is_stored_and_left_alone() -> Result<()> {
    let world = World::new().await?;
    let calls = world.calls();
    // The second is what `onboarding doctor --url` sends.
    for (id, kind) in [("msg_1", "invoice.paid"), ("msg_2", "ping"), ("msg_1", "invoice.paid")] {
        let reply = world.post(id, &json!({"type": kind, "timestamp": world.now(), "data": {}})).await?;
        assert_eq!((reply.status, &reply.json["outcome"]), (202, &json!("ignored")), "{reply:?}");
    }
    assert_eq!(world.calls(), calls);
    Ok(())
}

#[tokio::test]
async fn a_field_that_the_shop_refuses_is_shown_in_the_shops_own_words() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let mut message = Approval::new("SHOP", &user, "C-2").message(world.now());
    message["data"]["addresses"] = json!([{"key": "C-2-1", "street": "Dorpsstraat", "zip": "1234AB", "city": "Houten", "country": "NLD"}]);
    let reply = world.post("msg_1", &message).await?;
    assert_eq!(reply.json["outcome"], "stuck", "{reply:?}");
    assert!(reply.json["registration"]["reason"].as_str().unwrap().starts_with("country: "), "{reply:?}");
    Ok(())
}

#[tokio::test]
async fn while_the_shop_is_down_nothing_is_lost() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    for call in [Call::UserGet, Call::UserList, Call::CustomerGet] {
        let down = What::status(StatusCode::BAD_GATEWAY, "<html>Bad gateway</html>");
        world.shop.lock().faults.push(Fault::always(On::call(call), down));
    }
    let reply = world.decide(&user, Decision::Approve).await?;
    assert_eq!(reply.status, 202, "{reply:?}");
    assert_eq!(reply.headers["location"], format!("/registrations/SHOP/{user}"));
    let tick = world.call(http::Method::POST, "/fetch-new-users", Some(end_to_end::TICK), "").await?;
    assert_eq!(tick.status, 503);
    assert!(tick.json["problems"][0].as_str().unwrap().contains("502 Bad Gateway"), "{tick:?}");

    world.shop.lock().faults.clear();
    world.pass(120);
    world.tick().await?;
    assert_eq!((world.state_of(&user).await?.as_str(), world.mails(&user)), ("linked", 1));
    Ok(())
}

#[tokio::test]
async fn a_bad_profile_stops_its_own_registration_only() -> Result<()> {
    for body in ["Oops", "", "[]", r#"{"name": {"nested": true}}"#] {
        let world = World::new().await?;
        let mut generator = Generator::new(1);
        let (bad, good) = (world.register(&generator.plain()), world.register(&generator.plain()));
        let profile = world.shop.lock().user(&bad).unwrap().profiles[0];
        let odd = Fault::always(
            On::call(Call::Profile).at(&format!("/{profile}/")),
            What::status(StatusCode::OK, body),
        );
        world.shop.lock().faults.push(odd);
        world.tick().await?;
        let states = (world.state_of(&bad).await?, world.state_of(&good).await?);
        assert_eq!(states, ("stuck".to_owned(), "announced".to_owned()), "{body:?}");
    }
    Ok(())
}

//! `GET /health`, `GET /registrations/{origin}/{user_key}`, and `POST` to `/retry` under it.

use anyhow::Result;
use end_to_end::{DECIDE, READ, World};
use http::{Method, StatusCode};
use sandbox::{
    Generator,
    fault::{Call, Fault, On, What},
};

#[tokio::test]
async fn health_is_open_and_says_nothing_else() -> Result<()> {
    let world = World::with(&[("api_tokens", "")]).await?;
    let reply = world.call(Method::GET, "/health", None, "").await?;
    assert_eq!((reply.status, reply.json), (200, serde_json::json!({"status": "alive"})));
    Ok(())
}

#[tokio::test]
async fn a_registration_is_shown_with_what_the_erp_was_told() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let status = world.status(&user).await?;
    assert_eq!((&status["state"], &status["told"]), (&"announced".into(), &1.into()), "{status}");
    assert_eq!(status["message"]["data"]["user_key"], user.as_str());
    Ok(())
}

#[tokio::test]
async fn an_unknown_one_is_not_found() -> Result<()> {
    let world = World::new().await?;
    for path in [
        "/registrations/SHOP/nobody",
        "/registrations/SHOP",
        "/registrations/SHOP/a/b",
        "/registrations/SHOP/%2e%2e",
    ] {
        assert_eq!(world.call(Method::GET, path, Some(READ), "").await?.status, 404, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_given_up_is_tried_again_when_a_person_says_so() -> Result<()> {
    let world = World::with(&[("retry_attempts", "2")]).await?;
    let user = world.register(&Generator::new(1).plain());
    let retry = format!("/registrations/SHOP/{user}/retry");
    assert_eq!(world.call(Method::POST, &retry, Some(DECIDE), "").await?.status, 404, "nobody knows it yet");
    let down = What::status(StatusCode::BAD_GATEWAY, "<html>");
    world.erp.lock().faults.push(Fault::always(On::call(Call::Message), down));
    for _ in 0..2 {
        world.tick().await?;
        world.pass(60);
    }
    assert_eq!(world.state_of(&user).await?, "stuck");
    let calls = world.calls();

    for (method, token, want) in
        [(Method::GET, Some(READ), 405), (Method::POST, None, 401), (Method::POST, Some(READ), 403)]
    {
        let reply = world.call(method.clone(), &retry, token, "").await?;
        assert_eq!(reply.status, want, "{method} with {token:?}: {reply:?}");
        assert_eq!(reply.headers.get("allow").is_some_and(|allow| allow == "POST, OPTIONS"), want == 405);
    }
    assert_eq!(world.state_of(&user).await?, "stuck", "none of these changed it");

    let reply = world.call(Method::POST, &retry, Some(DECIDE), "").await?;
    assert_eq!((reply.status, &reply.json["state"]), (202, &"seen".into()), "{reply:?}");
    assert_eq!(reply.headers["location"], format!("/registrations/SHOP/{user}"));
    assert_eq!(world.calls(), calls, "it only changes the ledger");
    world.erp.lock().faults.clear();
    world.tick().await?;

    let status = world.status(&user).await?;
    assert_eq!(status["state"], "announced", "{status}");
    let resumed = status["timeline"].as_array().unwrap().iter().find(|line| line["event"] == "resumed");
    assert_eq!(resumed.unwrap()["actor"], "anna");
    let reply = world.call(Method::POST, &retry, Some(DECIDE), "").await?;
    let kind = "urn:cloudsuite-onboarding:nothing-to-retry";
    assert_eq!((reply.status, reply.json["type"].as_str()), (409, Some(kind)), "{reply:?}");
    assert!(reply.json["detail"].as_str().unwrap().contains("announced"), "{reply:?}");
    Ok(())
}

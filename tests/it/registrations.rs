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
        "/registrations/SHOP/%20",
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

#[tokio::test]
async fn an_erp_without_an_end_point_pulls_what_is_new_and_decides() -> Result<()> {
    let world = World::with(&[("erp_host", "https://erp-host.invalid")]).await?;
    let first = world.register(&Generator::new(1).plain());
    let second = world.register(&Generator::new(2).plain());
    world.tick().await?;

    let page = |query: String| {
        let world = &world;
        async move {
            world.call(Method::GET, &format!("/registrations?state=announced{query}"), Some(READ), "").await
        }
    };
    let one = page("&limit=1".to_owned()).await?;
    assert_eq!((one.status, &one.json["more"]), (200, &true.into()), "{one:?}");
    let two = page(format!("&cursor={}", one.json["next"].as_str().unwrap())).await?;
    assert_eq!(two.json["more"], false);
    let mut listed = [&one.json["registrations"][0], &two.json["registrations"][0]];
    listed.sort_by_key(|registration| registration["user_key"] != first.as_str());
    for (registration, user) in listed.into_iter().zip([&first, &second]) {
        assert_eq!(registration["message"]["data"]["user_key"], user.as_str(), "{registration}");
        assert_eq!((&registration["state"], &registration["revision"]), (&"announced".into(), &1.into()));
        assert!(registration["id"].as_str().unwrap().starts_with("reg_"));
        assert_eq!(registration["changed_at"], "2026-03-02T09:15:00Z");
    }
    let cursor = two.json["next"].as_str().unwrap().to_owned();
    let none = page(format!("&cursor={cursor}")).await?;
    assert_eq!(
        (none.json["registrations"].as_array().unwrap().len(), &none.json["next"]),
        (0, &two.json["next"])
    );

    let path = format!("/registrations/SHOP/{first}/decision");
    let body = r#"{"type":"customer.approved","data":{"customer":{"key":"C-1"}}}"#;
    let reply = world.call(Method::POST, &path, Some(DECIDE), body).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (200, &"linked".into()), "{reply:?}");
    let all = world.call(Method::GET, &format!("/registrations?cursor={cursor}"), Some(READ), "").await?;
    let changed = all.json["registrations"].as_array().unwrap();
    assert_eq!(changed.len(), 1, "the other one has not changed: {all:?}");
    assert_eq!((&changed[0]["state"], &changed[0]["customers"][0]), (&"linked".into(), &"C-1".into()));

    let newest = world.call(Method::GET, "/registrations?order=newest&limit=1", Some(READ), "").await?;
    assert_eq!(newest.json["registrations"][0]["user_key"], first.as_str());
    assert!(newest.json.get("next").is_none(), "{newest:?}");
    Ok(())
}

#[tokio::test]
async fn a_list_that_cannot_be_asked_for_is_refused_by_its_parameter() -> Result<()> {
    let world = World::new().await?;
    for (query, want) in
        [("state=new", "state"), ("cursor=1", "cursor"), ("since=today", "since"), ("page=2", "page")]
    {
        let reply = world.call(Method::GET, &format!("/registrations?{query}"), Some(READ), "").await?;
        assert_eq!((reply.status, reply.json["field"].as_str()), (400, Some(want)), "{reply:?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_stuck_for_one_reason_goes_on_together() -> Result<()> {
    let world = World::with(&[("retry_attempts", "2")]).await?;
    let users = [1, 2, 3].map(|seed| world.register(&Generator::new(seed).plain()));
    let down = What::status(StatusCode::BAD_GATEWAY, "<html>");
    world.erp.lock().faults.push(Fault::always(On::call(Call::Message), down));
    for _ in 0..3 {
        world.tick().await?;
        world.pass(60);
    }
    world.erp.lock().faults.clear();
    let reply = world.call(Method::POST, "/retry", Some(DECIDE), "").await?;
    assert_eq!((reply.status, reply.json["field"].as_str()), (400, Some("reason")), "{reply:?}");
    let other = world.call(Method::POST, "/retry?reason=no+such+words", Some(DECIDE), "").await?;
    assert_eq!((other.status, &other.json["retried"]), (200, &0.into()), "{other:?}");
    let reply = world.call(Method::POST, "/retry?reason=GIVEN+UP&origin=SHOP", Some(DECIDE), "").await?;
    let want = serde_json::json!({"retried": 3, "busy": 0, "mail_unknown": 0, "more": false});
    assert_eq!((reply.status, &reply.json), (200, &want), "{reply:?}");
    world.tick().await?;
    for user in users {
        assert_eq!(world.state_of(&user).await?, "announced");
    }
    Ok(())
}

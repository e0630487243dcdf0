//! `POST /start`, which lets registrations be announced, and the dry run, which sends nothing.

use anyhow::Result;
use end_to_end::{DECIDE, READ, TICK, World};
use http::Method;
use sandbox::Generator;
use serde_json::json;

#[tokio::test]
async fn nothing_is_announced_before_somebody_starts_it() -> Result<()> {
    let world = World::with(&[("first_run", "report"), ("start_from", "")]).await?;
    for seed in 0..3 {
        let _ = world.register(&Generator::new(seed).plain());
    }
    let report = world.tick().await?;
    assert_eq!((&report["would_announce"], &report["announced"]), (&json!(3), &json!(0)), "{report}");
    assert_eq!(report["would_announce_by_month"], json!({"2026-03": 3}));
    let status = world.call(Method::GET, "/status", Some(READ), "").await?;
    assert!(status.json["beyond"][0]["detail"].as_str().unwrap().contains("POST /start"), "{status:?}");

    assert_eq!(world.call(Method::POST, "/start?from=2026-01-01", Some(TICK), "").await?.status, 403);
    assert_eq!(world.call(Method::POST, "/start", Some(DECIDE), "").await?.json["field"], "from");
    for now in [true, false] {
        let started = world.call(Method::POST, "/start?from=2026-01-01", Some(DECIDE), "").await?;
        assert_eq!((started.status, &started.json["origins"][0]["now"]), (200, &json!(now)), "{started:?}");
        assert_eq!(started.json["origins"][0]["by"], "anna");
    }
    let other = world.call(Method::POST, "/start?from=2025-01-01", Some(DECIDE), "").await?;
    assert_eq!(other.status, 409, "{other:?}");
    assert_eq!(world.tick().await?["announced"], 3);
    Ok(())
}

#[tokio::test]
async fn a_dry_run_says_what_it_would_send_in_its_answer_and_how_much_in_the_log() -> Result<()> {
    let world = World::with(&[("dry_run", "true")]).await?;
    let plain = Generator::new(1).plain();
    let email = plain.person["email"].as_str().unwrap().to_owned();
    let user = world.register(&plain);
    let report = world.tick().await?;
    let call = &report["would"]["calls"][0];
    assert_eq!((&call["method"], &call["path"]), (&json!("POST"), &json!("/registrations")), "{report}");
    assert_eq!(call["body"]["data"]["person"]["email"], email.as_str());
    assert!(world.erp.lock().received().is_empty());
    let line = world.lines().pop().unwrap();
    assert_eq!(line["would"][0]["fields"], json!(["data", "timestamp", "type"]), "{line}");
    assert!(!line.to_string().contains(&email));
    let status = world.call(Method::GET, "/status", Some(READ), "").await?;
    assert!(!status.text.contains(&email) && status.json["last_tick"]["report"]["dry_run"] == true);
    assert_eq!(world.state_of(&user).await?, "unknown");
    Ok(())
}

#[tokio::test]
async fn a_decision_in_a_dry_run_is_accepted_and_waits() -> Result<()> {
    let world = World::with(&[("dry_run", "true")]).await?;
    let user = world.register(&Generator::new(1).plain());
    world.put_customer("K-1");
    let wish = json!({"origin": "SHOP", "user_key": user, "customer_keys": ["K-1"]});
    let reply = world.call(Method::POST, "/activate-user", Some(DECIDE), wish.to_string()).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (202, &json!("approved")), "{reply:?}");
    assert_eq!(reply.json["would"]["calls"][0]["method"], "PATCH");
    assert_eq!((world.writes(), world.mails(&user)), (0, 0));
    Ok(())
}

//! `GET /health` and `GET /registrations/{origin}/{user_key}`.

use anyhow::Result;
use end_to_end::{READ, World};
use http::Method;
use sandbox::Generator;

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

//! `POST /activate-user`: the last step alone.

use anyhow::Result;
use end_to_end::{DECIDE, Reply, World};
use http::Method;
use sandbox::Generator;
use serde_json::json;

async fn activate(world: &World, user: &str, customer: &str) -> Result<Reply> {
    let body =
        json!({"origin": "SHOP", "user_key": user, "customer_keys": [customer], "mail": true}).to_string();
    world.call(Method::POST, "/activate-user", Some(DECIDE), body).await
}

#[tokio::test]
async fn it_links_and_mails_at_most_once_and_says_what_it_did() -> Result<()> {
    let world = World::new().await?;
    world.put_customer("C-1");
    let user = world.register(&Generator::new(1).plain());
    for _ in 0..2 {
        let reply = activate(&world, &user, "C-1").await?;
        assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("linked")), "{reply:?}");
        assert_eq!(reply.json["registration"]["mail"], "confirmed");
        world.pass(10);
    }
    assert_eq!(world.mails(&user), 1);
    let status = world.status(&user).await?;
    assert_eq!(status["timeline"][0]["actor"], "anna", "who did it stands in the timeline");
    Ok(())
}

#[tokio::test]
async fn a_customer_that_does_not_exist_is_not_made() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    let reply = activate(&world, &user, "C-404").await?;
    assert_eq!(reply.json["outcome"], "stuck", "{reply:?}");
    assert_eq!((world.writes(), world.mails(&user)), (0, 0));
    Ok(())
}

#[tokio::test]
async fn users_that_are_no_open_registration_are_refused() -> Result<()> {
    let world = World::new().await?;
    world.put_customer("C-1");
    let mut active = Generator::new(1).plain();
    active.active = true;
    let user = world.register(&active);
    assert_eq!(activate(&world, &user, "C-1").await?.status, 409);
    let nobody = activate(&world, "5b1f0c1e-0000-4000-8000-000000000001", "C-1").await?;
    assert_eq!((nobody.status, nobody.json["field"].as_str()), (422, Some("user_key")));
    Ok(())
}

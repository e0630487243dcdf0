//! Who gets in, for how long, and how nobody else does.

use anyhow::Result;
use end_to_end::{Browser, TICK, location};
use http::Method;

use super::{CLERK, READER, world};

#[tokio::test]
async fn a_token_is_exchanged_for_a_cookie_that_only_this_browser_and_this_site_have() -> Result<()> {
    let world = world().await?;
    let browser = Browser::new(&world);
    let outside = browser.get("/console/runs?notice=ran").await?;
    assert_eq!(
        (outside.status, location(&outside)),
        (303, "/console/signin?to=%2Fconsole%2Fruns%3Fnotice%3Dran")
    );
    let reply =
        browser.post("/console/signin", &[("token", CLERK), ("to", "/console/runs?notice=ran")]).await?;
    assert_eq!((reply.status, location(&reply)), (303, "/console/runs?notice=ran"));
    let cookie = reply.headers["set-cookie"].to_str()?;
    let (ticket, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict");
    assert_eq!(ticket.strip_prefix("__Host-session=").unwrap().len(), 64);
    assert!(!cookie.contains(CLERK));

    let browser = Browser::signed_in(&world, CLERK).await?;
    assert_eq!(browser.get("/").await?.status, 200);
    let reply = browser.post("/console/signout", &[]).await?;
    assert_eq!((reply.status, location(&reply)), (303, "/console/signin"));
    assert!(reply.headers["set-cookie"].to_str()?.starts_with("__Host-session=; Path=/; Max-Age=0;"));
    assert_eq!(browser.get("/").await?.status, 303, "the cookie opens nothing any more");
    Ok(())
}

#[tokio::test]
async fn whoever_is_refused_is_told_the_same_whatever_was_wrong() -> Result<()> {
    let world = world().await?;
    let browser = Browser::new(&world);
    let mut answers = Vec::new();
    for token in ["nobody-knows-this-token-at-all", "short", TICK, "", &CLERK[1..]] {
        let reply = browser.post("/console/signin", &[("token", token)]).await?;
        assert_eq!(reply.status, 401, "{token}");
        assert!(!reply.headers.contains_key("set-cookie"), "{token}");
        answers.push(reply.text);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    Ok(())
}

#[tokio::test]
async fn guessing_is_stopped_before_a_right_guess() -> Result<()> {
    let world = world().await?;
    let browser = Browser::new(&world);
    for _ in 0..30 {
        let reply = browser.post("/console/signin", &[("token", "nobody-knows-this-token-at-all")]).await?;
        assert_eq!(reply.status, 401);
    }
    assert_eq!(browser.post("/console/signin", &[("token", CLERK)]).await?.status, 429);
    world.pass(60);
    assert_eq!(browser.post("/console/signin", &[("token", CLERK)]).await?.status, 303);
    Ok(())
}

#[tokio::test]
async fn a_session_lasts_while_somebody_uses_it_and_a_page_that_looks_by_itself_is_nobody() -> Result<()> {
    let world = world().await?;
    let browser = Browser::signed_in(&world, READER).await?;
    for _ in 0..3 {
        world.pass(20 * 60);
        assert_eq!(browser.get("/").await?.status, 200);
    }
    for _ in 0..2 {
        world.pass(14 * 60);
        assert_eq!(browser.get_with("/", &[("x-live", "1")]).await?.status, 200);
    }
    world.pass(3 * 60);
    assert_eq!(browser.get_with("/", &[("x-live", "1")]).await?.status, 401, "the page is told, and stops");
    assert_eq!(browser.get("/").await?.status, 303);

    let browser = Browser::signed_in(&world, READER).await?;
    for _ in 0..35 {
        world.pass(20 * 60);
        assert_eq!(browser.get("/").await?.status, 200);
    }
    world.pass(20 * 60 + 1);
    assert_eq!(browser.get("/").await?.status, 303, "twelve hours are enough");
    Ok(())
}

#[tokio::test]
async fn a_code_signs_in_once_and_looking_at_its_link_does_not_use_it_up() -> Result<()> {
    let world = world().await?;
    let made = world.call(Method::POST, "/console/code", Some(CLERK), "").await?;
    assert_eq!(made.status, 201);
    let path = made.json["path"].as_str().unwrap();
    assert!(!path.contains(CLERK));
    let browser = Browser::new(&world);
    for _ in 0..2 {
        let page = browser.get(path).await?;
        assert!(page.text.contains("name=\"code\"") && !page.text.contains("type=\"password\""));
    }
    let code = path.split("code=").nth(1).unwrap();
    let first = browser.post("/console/signin", &[("code", code)]).await?;
    assert_eq!((first.status, location(&first)), (303, "/"));
    assert!(first.headers.contains_key("set-cookie"));
    assert_eq!(browser.post("/console/signin", &[("code", code)]).await?.status, 401);

    let late = world.call(Method::POST, "/console/code", Some(CLERK), "").await?;
    world.pass(601);
    let code = late.json["path"].as_str().unwrap().split("code=").nth(1).unwrap();
    assert_eq!(browser.post("/console/signin", &[("code", code)]).await?.status, 401);

    assert_eq!(world.call(Method::POST, "/console/code", None, "").await?.status, 401);
    assert_eq!(world.call(Method::POST, "/console/code", Some(TICK), "").await?.status, 403);
    assert_eq!(world.call(Method::GET, "/console/code", Some(CLERK), "").await?.status, 405);
    Ok(())
}

#[tokio::test]
async fn a_page_opened_from_elsewhere_loads_itself_once_more_to_bring_the_cookie_along() -> Result<()> {
    let world = world().await?;
    let browser = Browser::new(&world);
    let reply = browser.get_with("/", &[("sec-fetch-site", "cross-site")]).await?;
    assert_eq!(reply.status, 200);
    assert!(reply.text.contains("http-equiv=\"refresh\""));
    assert_eq!(browser.get_with("/", &[("sec-fetch-site", "same-origin")]).await?.status, 303);
    Ok(())
}

#[tokio::test]
async fn nobody_is_led_to_another_site() -> Result<()> {
    let world = world().await?;
    let browser = Browser::new(&world);
    for to in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
        let reply = browser.post("/console/signin", &[("token", READER), ("to", to)]).await?;
        assert_eq!(location(&reply), "/", "{to}");
        let reply = browser.post("/console/preferences", &[("theme", "dark"), ("back", to)]).await?;
        assert_eq!(location(&reply), "/", "{to}");
    }
    Ok(())
}

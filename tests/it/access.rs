//! Who may call what, and with which settings.

use anyhow::Result;
use end_to_end::{DECIDE, ERASE, READ, TICK, World};
use http::Method;

#[tokio::test]
async fn every_guarded_route_wants_a_token_with_its_scope() -> Result<()> {
    let world = World::new().await?;
    for (method, path, right, wrong) in [
        (Method::POST, "/fetch-new-users", TICK, READ),
        (Method::POST, "/activate-user", DECIDE, TICK),
        (Method::GET, "/registrations/SHOP/x", READ, TICK),
        (Method::POST, "/registrations/SHOP/x/retry", DECIDE, READ),
        (Method::POST, "/registrations/SHOP/x/decision", DECIDE, READ),
        (Method::GET, "/registrations", READ, DECIDE),
        (Method::POST, "/retry?reason=x", DECIDE, READ),
        (Method::GET, "/status", READ, TICK),
        (Method::GET, "/metrics", READ, TICK),
        (Method::DELETE, "/registrations/SHOP/x", ERASE, DECIDE),
    ] {
        for (token, want) in [(None, 401), (Some("nobody-knows-this-token-at-all"), 401), (Some(wrong), 403)]
        {
            let reply = world.call(method.clone(), path, token, "").await?;
            assert_eq!(reply.status, want, "{path} with {token:?}: {reply:?}");
            assert_eq!(reply.headers.contains_key("www-authenticate"), want == 401, "{path}");
        }
        let reply = world.call(method, path, Some(right), "").await?;
        assert!(!matches!(reply.status, 401 | 403), "{path}: {reply:?}");
    }
    assert!(world.shop.lock().journal.lines().all(|line| line.method != Method::PATCH));
    Ok(())
}

#[tokio::test]
async fn other_methods_are_refused_with_the_right_one() -> Result<()> {
    let world = World::new().await?;
    for (method, path, allowed) in [
        (Method::GET, "/fetch-new-users", "POST, OPTIONS"),
        (Method::PUT, "/erp-webhook", "POST, OPTIONS"),
        (Method::GET, "/activate-user", "POST, OPTIONS"),
        (Method::POST, "/health", "GET, HEAD, OPTIONS"),
        (Method::PUT, "/registrations/SHOP/x", "GET, HEAD, DELETE, OPTIONS"),
        (Method::GET, "/registrations/SHOP/x/retry", "POST, OPTIONS"),
        (Method::GET, "/registrations/SHOP/x/decision", "POST, OPTIONS"),
        (Method::POST, "/registrations", "GET, HEAD, OPTIONS"),
        (Method::GET, "/retry", "POST, OPTIONS"),
        (Method::POST, "/status", "GET, HEAD, OPTIONS"),
        (Method::POST, "/metrics", "GET, HEAD, OPTIONS"),
    ] {
        let reply = world.call(method, path, None, "").await?;
        assert_eq!((reply.status, &reply.headers["allow"]), (405, &allowed.parse()?), "{path}");
        let reply = world.call(Method::OPTIONS, path, None, "").await?;
        assert_eq!((reply.status, &reply.headers["allow"]), (204, &allowed.parse()?), "{path}");
        assert_eq!(reply.text, "", "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn a_missing_setting_is_named_and_nothing_runs_open() -> Result<()> {
    for (name, value, path, want) in [
        ("api_tokens", "", "/fetch-new-users", "setting api_tokens: no token is set"),
        (
            "cloudsuite_host",
            "https://cloudsuite-host.invalid",
            "/fetch-new-users",
            "setting cloudsuite_host: is not set",
        ),
        ("origins", "", "/fetch-new-users", "setting origins: is not set"),
        ("page_limit", "many", "/fetch-new-users", "setting page_limit: expected a number from 2 to 1000"),
        ("webhook_secrets", "", "/erp-webhook", "setting webhook_secrets: is not set"),
        ("webhook_secrets", "hunter2", "/erp-webhook", "setting webhook_secrets: expected whsec_"),
        ("cloudsuite_client_secret", "", "/activate-user", "setting cloudsuite_client_secret: is not set"),
        ("scan_max_age", "often", "/status", "setting scan_max_age: expected a time such as 25s, 15m or 3h"),
        ("undecided_max_age", "2000d", "/status", "setting undecided_max_age: is too long"),
        ("stuck_max", "few", "/metrics", "setting stuck_max: expected a number from 0 to 1000000"),
        (
            "api_tokens",
            "a:tick:short",
            "/registrations/SHOP/x",
            "setting api_tokens: entry 1 needs a name of at most 64 bytes",
        ),
    ] {
        let world = World::with(&[(name, value)]).await?;
        let (method, token) = match path {
            "/fetch-new-users" => (Method::POST, Some(TICK)),
            "/activate-user" => (Method::POST, Some(DECIDE)),
            "/erp-webhook" => (Method::POST, None),
            _ => (Method::GET, Some(READ)),
        };
        let reply = world.call(method, path, token, "{}").await?;
        assert_eq!((reply.status, reply.json["field"].as_str()), (503, Some(name)), "{reply:?}");
        assert!(reply.json["detail"].as_str().unwrap().starts_with(want), "{reply:?}");
        assert_eq!(world.calls(), 0);
    }
    Ok(())
}

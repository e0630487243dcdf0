//! Who may call what, and what is never shown to anybody.

use anyhow::Result;
use end_to_end::{DECIDE, ERASE, READ, SECRET, TICK, World};
use http::Method;
use sandbox::{Generator, erp::Decision};

#[tokio::test]
async fn every_guarded_route_wants_a_token_with_its_scope() -> Result<()> {
    let world = World::new().await?;
    for (method, path, right, wrong) in [
        (Method::POST, "/fetch-new-users", TICK, READ),
        (Method::POST, "/activate-user", DECIDE, TICK),
        (Method::GET, "/registrations/SHOP/x", READ, TICK),
        (Method::POST, "/registrations/SHOP/x/retry", DECIDE, READ),
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
        (Method::GET, "/fetch-new-users", "POST"),
        (Method::PUT, "/erp-webhook", "POST"),
        (Method::GET, "/activate-user", "POST"),
        (Method::POST, "/health", "GET, HEAD"),
        (Method::PUT, "/registrations/SHOP/x", "GET, HEAD, DELETE"),
        (Method::GET, "/registrations/SHOP/x/retry", "POST"),
    ] {
        let reply = world.call(method, path, None, "").await?;
        assert_eq!((reply.status, &reply.headers["allow"]), (405, &allowed.parse()?), "{path}");
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
        (
            "api_tokens",
            "a:tick:short",
            "/registrations/SHOP/x",
            "setting api_tokens: entry 1 needs a name and a token",
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

#[tokio::test]
async fn secrets_and_personal_data_reach_no_log_and_secrets_no_database() -> Result<()> {
    let world = World::new().await?;
    let registration = Generator::new(1).plain();
    let user = world.register(&registration);
    world.tick().await?;
    world.decide(&user, Decision::Approve).await?;
    let logs = world.logs.lock().unwrap().join("\n");
    assert!(logs.contains("erp-webhook"), "{logs}");
    let email = registration.person["email"].as_str().unwrap();
    let secrets = [SECRET, TICK, READ, DECIDE, "sandbox-secret", "Bearer "];
    for hidden in secrets.into_iter().chain([email]) {
        assert!(!logs.contains(hidden), "{hidden} is in the log");
    }
    let mut database = Vec::new();
    for file in std::fs::read_dir(world.state())? {
        let path = file?.path();
        if path.is_file() {
            database.extend(std::fs::read(path)?);
        }
    }
    assert!(find(&database, user.as_bytes()), "the ledger is there");
    for hidden in secrets {
        assert!(!find(&database, hidden.as_bytes()), "{hidden} is in the database");
    }
    Ok(())
}

fn find(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

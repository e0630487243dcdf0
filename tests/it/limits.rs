//! How much of anything is taken: requests, bodies, heads, addresses, and patience.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use end_to_end::{DECIDE, READ, SECRET, TICK, World};
use http::Method;
use sandbox::erp::{self, Approval};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

const USER: &str = "5b1f0c1e-0000-4000-8000-000000000001";

#[tokio::test]
async fn each_caller_has_a_number_of_requests_a_minute_and_strangers_use_up_none() -> Result<()> {
    let world = World::with(&[("rate_limit", "2")]).await?;
    let read = || world.call(Method::GET, "/registrations/SHOP/x", Some(READ), "");
    for _ in 0..5 {
        let stranger =
            world.call(Method::GET, "/registrations/SHOP/x", Some("read-token-0123456789abcdeX"), "");
        assert_eq!(stranger.await?.status, 401);
        assert_eq!(world.call(Method::GET, "/registrations/SHOP/x", Some(TICK), "").await?.status, 403);
    }
    assert_eq!(std::fs::read_dir(world.state())?.count(), 0, "nobody was let in, and no ledger was opened");

    assert_eq!((read().await?.status, read().await?.status), (404, 404));
    world.pass(20);
    let refused = read().await?;
    assert_eq!((refused.status, &refused.headers["retry-after"]), (429, &"40".parse()?), "{refused:?}");
    assert_eq!(refused.json["type"], "urn:cloudsuite-onboarding:rate-limited");
    assert_eq!(world.lines().pop().unwrap()["caller"], "desk");
    let retry = world.call(Method::POST, "/registrations/SHOP/x/retry", Some(DECIDE), "").await?;
    assert_eq!(retry.status, 404, "another caller has a number of its own");

    let ping = json!({"type": "invoice.paid", "timestamp": world.now(), "data": {}});
    let messages = [("msg_1", 202), ("msg_1", 202), ("msg_2", 429)];
    for (id, want) in messages {
        assert_eq!(world.post(id, &ping).await?.status, want, "{id}: who signs is counted too");
    }
    world.pass(40);
    assert_eq!(read().await?.status, 404, "a new minute");
    Ok(())
}

#[tokio::test]
async fn too_much_in_a_decision_is_refused_by_its_path_before_it_is_stored() -> Result<()> {
    let world = World::new().await?;
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    let good = || Approval::new("SHOP", USER, "C-1").message(world.now());
    let (mut many, mut long) = (good(), good());
    many["data"]["addresses"] = (0..101).map(|at| json!({ "key": format!("C-1-{at}") })).collect();
    long["data"]["addresses"] = json!([{"key": "C-1-1", "street": "s".repeat(1001)}]);
    for (body, field, detail) in [
        (many.to_string(), Some("data.addresses"), "Ensure this field has no more than 100 elements."),
        (
            long.to_string(),
            Some("data.addresses[0].street"),
            "Ensure this field has no more than 1000 characters.",
        ),
        (deep, None, "nested more than 32 levels deep"),
        (format!("[{}0]", "0,".repeat(5000)), None, "more than 5000 values in all"),
    ] {
        let body = Bytes::from(body);
        let reply = world.send(erp::signed(SECRET, "msg_1", world.now(), &body)?).await?;
        assert_eq!((reply.status, reply.json["field"].as_str()), (400, field), "{reply:?}");
        assert!(reply.json["detail"].as_str().unwrap().starts_with(detail), "{reply:?}");
    }
    assert_eq!(world.calls(), 0);
    Ok(())
}

/// Everything that the server sends until it closes the connection, while time passes.
async fn until_closed(world: &World, stream: &mut TcpStream) -> Result<String> {
    let mut answer = Vec::new();
    loop {
        let read = tokio::time::timeout(Duration::from_millis(20), stream.read_buf(&mut answer)).await;
        match read {
            Ok(Ok(0) | Err(_)) => return Ok(String::from_utf8(answer)?),
            Ok(Ok(_)) => {}
            Err(_) => world.pass(5),
        }
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_holds_an_instance_only_so_long() -> Result<()> {
    let world = World::new().await?;
    let mut stream = TcpStream::connect(world.address()).await?;
    let head = format!(
        "POST /activate-user HTTP/1.1\r\nhost: onboarding.test\r\nauthorization: Bearer {DECIDE}\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await?;
    let answer = until_closed(&world, &mut stream).await?;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("body-too-slow"), "{answer}");
    assert_eq!(world.call(Method::GET, "/health", None, "").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_stranger_who_sends_single_bytes_fills_no_instance() -> Result<()> {
    let world = World::new().await?;
    let mut stream = TcpStream::connect(world.address()).await?;
    let head = "POST /erp-webhook HTTP/1.1\r\nhost: onboarding.test\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    // Each would take 16 KiB if it were kept, and an instance has 32 MiB.
    let body = format!("{}0\r\n\r\n", "1\r\n \r\n".repeat(4000));
    stream.write_all(format!("{head}{body}").as_bytes()).await?;
    // No time passes meanwhile.
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    Ok(())
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() -> Result<()> {
    let world = World::new().await?;
    for begun in ["PO", "POST /activate-user HTTP/1.1\r\nhost: onbo"] {
        let mut stream = TcpStream::connect(world.address()).await?;
        stream.write_all(begun.as_bytes()).await?;
        assert_eq!(until_closed(&world, &mut stream).await?, "", "{begun:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() -> Result<()> {
    let world = World::new().await?;
    let mut stream = TcpStream::connect(world.address()).await?;
    let head =
        format!("GET /health HTTP/1.1\r\nhost: onboarding.test\r\nx-long: {}\r\n\r\n", "x".repeat(64 * 1024));
    // It may be refused before all of it is sent.
    let _ = stream.write_all(head.as_bytes()).await;
    let answer = until_closed(&world, &mut stream).await?;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    Ok(())
}

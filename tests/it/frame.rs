//! What every answer and every line of the log has, whatever was asked.

use anyhow::Result;
use end_to_end::{DECIDE, READ, TICK, World};
use http::{Method, Request};
use sandbox::{Generator, erp::Decision};
use serde_json::{Value, json};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test]
async fn every_request_has_one_id_in_its_answer_and_in_its_one_line() -> Result<()> {
    let world = World::new().await?;
    let paths = [("/health", 200), ("/registrations/SHOP/x", 401), ("/nothing", 404), ("/erp-webhook", 405)];
    for (path, want) in paths {
        let request = Request::get(path).header("x-request-id", format!("test{want}"));
        let reply = world.send(request.body(bytes::Bytes::new())?).await?;
        assert_eq!((reply.status, &reply.headers["x-request-id"]), (want, &format!("test{want}").parse()?));
        let line = world.lines().pop().unwrap();
        assert_eq!(
            (&line["request_id"], &line["status"]),
            (&format!("test{want}").into(), &want.into()),
            "{path}"
        );
        if want >= 400 {
            assert_eq!(reply.headers["content-type"], "application/problem+json", "{path}");
            assert_eq!(
                reply.json["instance"],
                format!("urn:cloudsuite-onboarding:request:test{want}"),
                "{path}"
            );
            assert_eq!(line["problem"], reply.json["type"], "{path}");
        }
    }
    assert_eq!(world.lines().len(), paths.len());

    let odd = Request::get("/health").header("x-request-id", "anna@voorbeeld.example");
    let reply = world.send(odd.body(bytes::Bytes::new())?).await?;
    assert_eq!(reply.headers["x-request-id"].len(), 32, "an id of our own: {reply:?}");
    Ok(())
}

#[tokio::test]
async fn a_line_says_who_called_and_what_came_of_it_in_numbers() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let line = world.lines().pop().unwrap();
    assert_eq!(
        (&line["function"], &line["caller"], &line["counts"]["announced"], &line["counts"]["problems"]),
        (&json!("fetch-new-users"), &json!("cron"), &json!(1), &json!(0)),
        "{line}"
    );
    assert!(
        line["counts"].as_object().unwrap().values().all(|count| count.is_number() || count.is_boolean())
    );
    world.decide(&user, Decision::Approve).await?;
    let line = world.lines().pop().unwrap();
    assert_eq!((&line["caller"], &line["outcome"]), (&json!("ERP"), &json!("linked")), "{line}");
    world.call(Method::POST, "/fetch-new-users", Some(READ), "").await?;
    let line = world.lines().pop().unwrap();
    assert_eq!((&line["caller"], &line["status"]), (&json!("desk"), &json!(403)), "{line}");
    Ok(())
}

#[tokio::test]
async fn the_callers_trace_goes_on_to_the_shop_and_the_erp() -> Result<()> {
    let world = World::new().await?;
    let _ = world.register(&Generator::new(1).plain());
    let request = Request::post("/fetch-new-users")
        .header("authorization", format!("Bearer {TICK}"))
        .header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"));
    assert_eq!(world.send(request.body(bytes::Bytes::new())?).await?.status, 200);
    let line = world.lines().pop().unwrap();
    let span = line["span_id"].as_str().unwrap();
    assert_eq!((line["trace_id"].as_str(), span.len()), (Some(TRACE), 16), "{line}");
    assert_ne!(span, "00f067aa0ba902b7", "a part of our own");
    let passed_on = Some(format!("00-{TRACE}-{span}-01"));
    let traces = |lines: Vec<Option<String>>| {
        assert!(!lines.is_empty() && lines.iter().all(|trace| *trace == passed_on), "{lines:?}");
    };
    traces(world.shop.lock().journal.lines().map(|line| line.traceparent.clone()).collect());
    traces(world.erp.lock().journal.lines().map(|line| line.traceparent.clone()).collect());
    Ok(())
}

#[tokio::test]
async fn a_read_is_not_sent_again_to_who_has_it_and_a_head_has_no_body() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let path = format!("/registrations/SHOP/{user}");
    let first = world.call(Method::GET, &path, Some(READ), "").await?;
    let tag = first.headers["etag"].clone();
    let again = |method| {
        let request = Request::builder().method(method).uri(&path);
        let request = request.header("authorization", format!("Bearer {READ}")).header("if-none-match", &tag);
        world.send(request.body(bytes::Bytes::new()).unwrap())
    };
    for method in [Method::GET, Method::HEAD] {
        let reply = again(method).await?;
        assert_eq!((reply.status, reply.text.as_str(), &reply.headers["etag"]), (304, "", &tag));
    }
    let head = world.call(Method::HEAD, &path, Some(READ), "").await?;
    assert_eq!((head.status, head.text.as_str(), &head.headers["etag"]), (200, "", &tag));

    world.decide(&user, Decision::Approve).await?;
    let reply = again(Method::GET).await?;
    assert_eq!((reply.status, &reply.json["state"]), (200, &json!("linked")));
    assert_ne!(reply.headers["etag"], tag);
    Ok(())
}

#[tokio::test]
async fn what_is_no_json_is_refused_for_what_it_says_it_is() -> Result<()> {
    let world = World::new().await?;
    for (name, value, want) in [
        ("content-type", "application/json", 400),
        ("content-type", "Application/JSON; charset=utf-8", 400),
        ("content-type", "application/cloudevents+json", 400),
        ("content-type", "application/x-www-form-urlencoded", 415),
        ("content-type", "text/json", 415),
        ("content-encoding", "gzip", 415),
    ] {
        let request = Request::post("/activate-user").header("authorization", format!("Bearer {DECIDE}"));
        let reply = world.send(request.header(name, value).body("{}".into())?).await?;
        assert_eq!(reply.status, want, "{value}: {reply:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_path_that_nothing_answers_is_a_problem_like_any_other() -> Result<()> {
    let world = World::new().await?;
    for path in ["/consoles", "/fetch-new-user", "/fetch-new-users/x", "/health/x", "/registrationsx"] {
        let reply = world.call(Method::GET, path, None, "").await?;
        let kind = Value::from("urn:cloudsuite-onboarding:not-found");
        assert_eq!((reply.status, &reply.json["type"]), (404, &kind), "{path}: {reply:?}");
    }
    Ok(())
}

#[tokio::test]
async fn who_comes_too_early_is_told_when_to_come_back() -> Result<()> {
    let world = World::with(&[("origins", "")]).await?;
    let reply = world.call(Method::POST, "/fetch-new-users", Some(TICK), "").await?;
    assert_eq!((reply.status, &reply.headers["retry-after"]), (503, &"30".parse()?), "{reply:?}");
    Ok(())
}

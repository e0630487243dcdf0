//! `/status` and `/metrics`: whether everything goes on as it should.

use anyhow::Result;
use bytes::Bytes;
use end_to_end::{READ, Reply, World};
use http::{Method, Request, StatusCode};
use sandbox::{
    Generator,
    fault::{Call, Fault, On, What},
};

async fn status(world: &World) -> Result<Reply> {
    world.call(Method::GET, "/status", Some(READ), "").await
}

#[tokio::test]
async fn a_scheduler_that_has_stopped_shows_as_503_and_the_next_tick_ends_it() -> Result<()> {
    let world = World::new().await?;
    let new = status(&world).await?;
    assert_eq!((new.status, &new.json["beyond"][0]["limit"]), (503, &"scan_max_age".into()), "{new:?}");
    world.tick().await?;
    for (seconds, want) in [(0, 200), (15 * 60, 200), (1, 503)] {
        world.pass(seconds);
        assert_eq!(status(&world).await?.status, want, "{seconds} s later");
    }
    let late = status(&world).await?;
    assert_eq!(
        (&late.json["status"], &late.json["origins"][0]["scan_age_seconds"]),
        (&"alarm".into(), &901.into())
    );
    world.tick().await?;
    let fresh = status(&world).await?;
    assert_eq!((fresh.status, &fresh.json["beyond"]), (200, &serde_json::json!([])), "{fresh:?}");
    assert_eq!(fresh.json["last_tick"]["number"], 2);
    Ok(())
}

#[tokio::test]
async fn what_waits_and_what_went_wrong_is_shown() -> Result<()> {
    let world = World::with(&[("undecided_max_age", "1h"), ("scan_max_age", "1d")]).await?;
    let down = What::status(StatusCode::BAD_GATEWAY, "<html>");
    world.erp.lock().faults.push(Fault::always(On::call(Call::Message), down));
    let _user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    world.pass(60);
    let waiting = status(&world).await?;
    let origin = &waiting.json["origins"][0];
    assert_eq!((waiting.status, &origin["deliveries_waiting"]), (200, &1.into()), "{waiting:?}");
    assert_eq!(
        (&origin["oldest_undecided_seconds"], &origin["oldest_approved_seconds"]),
        (&60.into(), &().into())
    );
    assert!(waiting.json["last_error"]["problem"].as_str().unwrap().contains("502"), "{waiting:?}");
    assert_eq!(waiting.json["last_tick"]["report"]["postponed"], 1);
    world.pass(3600);
    let late = status(&world).await?;
    assert_eq!(
        (late.status, &late.json["beyond"][0]["limit"]),
        (503, &"undecided_max_age".into()),
        "{late:?}"
    );
    Ok(())
}

#[tokio::test]
async fn metrics_come_in_the_format_that_is_asked_for() -> Result<()> {
    let world = World::new().await?;
    let _user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let open = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
    for (accept, media_type, end) in [
        (open, "application/openmetrics-text; version=1.0.0; charset=utf-8", "# EOF\n"),
        ("*/*", "text/plain; version=0.0.4; charset=utf-8", "last_tick_faulty 0\n"),
    ] {
        let request = Request::get("/metrics").header("authorization", format!("Bearer {READ}"));
        let reply = world.send(request.header("accept", accept).body(Bytes::new())?).await?;
        assert_eq!((reply.status, &reply.headers["content-type"]), (200, &media_type.parse()?));
        let count = "\ncloudsuite_onboarding_registrations{origin=\"SHOP\",state=\"announced\"} 1\n";
        assert!(reply.text.contains(count) && reply.text.ends_with(end), "{}", reply.text);
        assert!(reply.text.contains("\ncloudsuite_onboarding_ticks_total 1\n"), "{}", reply.text);
    }
    Ok(())
}

#[tokio::test]
async fn times_have_milliseconds_and_no_more() -> Result<()> {
    let world = World::in_real_time(&[]).await?;
    world.tick().await?;
    let status = status(&world).await?.json;
    for time in [&status["at"], &status["last_tick"]["ended_at"]] {
        let time = time.as_str().unwrap_or_default();
        assert!(time.ends_with('Z') && time.len() <= "2026-03-02T09:15:00.123Z".len(), "{time}");
    }
    Ok(())
}

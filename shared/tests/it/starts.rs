//! The first run: nothing is announced before somebody has seen how much it would be, and said so.

use chrono::TimeDelta;
use http::StatusCode;
use sandbox::{
    Generator,
    fault::{Call, Fault, On, What},
    shop::behaviour::ListRows,
};
use shared::{
    ledger::Ledger,
    settings::{StartSettings, Variables},
    sql::Sql as _,
    start::{Asked, NotStarted, Started, start},
    watch::{Snapshot, Status},
};

use crate::{
    sqlite::Sqlite,
    world::{World, origin},
};

/// A world of two origins, in which nothing was ever announced.
fn waiting(start_from: &str) -> World {
    let mut world = World::new();
    world.set("first_run", "report");
    world.set("start_from", start_from);
    world.set("origins", "SHOP,B2B");
    world
}

/// Twelve people in two months and two origins.
fn register(world: &World) {
    for seed in 0..12 {
        let plain = Generator::new(seed).plain();
        let registration = if seed < 3 { plain.in_origin("B2B") } else { plain };
        world.register(&registration);
        if seed == 7 {
            world.pass(TimeDelta::days(30));
        }
    }
}

async fn ask(world: &World, query: &str) -> Result<Started, NotStarted> {
    let variables = |name| world.setting(name);
    let settings = StartSettings::read(&Variables(&variables)).unwrap();
    let asked = Asked::read(Some(query), &settings).map_err(NotStarted::Problem)?;
    start(&world.app().await.ledger, &asked, &settings, "anna", world.now()).await
}

fn refusal(answer: Result<Started, NotStarted>) -> (u16, Option<String>) {
    match answer {
        Err(NotStarted::Problem(problem)) => (problem.status().as_u16(), problem.field().map(str::to_owned)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_first_tick_says_how_many_it_would_announce_by_month_and_waits() {
    for rows in [ListRows::Full, ListRows::Short] {
        let world = waiting("2026-01-01");
        world.net.shop.borrow_mut().behaviour.list_rows = rows;
        register(&world);
        for _ in 0..2 {
            let report = world.tick().await;
            assert_eq!((report.would_announce, report.seen, report.announced), (12, 0, 0), "{report:?}");
            let months: Vec<_> =
                report.would_announce_by_month.iter().map(|(m, n)| (m.as_str(), *n)).collect();
            assert_eq!(months, [("2026-03", 8), ("2026-04", 4)], "{report:?}");
            assert_eq!(report.waits_for_start.len(), 2);
            assert!(report.note.unwrap().contains("POST /start"), "{report:?}");
        }
        assert!(world.net.erp.borrow().received().is_empty());
    }
}

#[tokio::test]
async fn a_list_that_drifts_is_read_again_and_nobody_is_counted_twice() {
    let mut world = waiting("2026-01-01");
    world.set("page_limit", "3");
    register(&world);
    let empty = What::status(StatusCode::OK, r#"{"count": 0, "next": null, "results": []}"#);
    world.net.shop.borrow_mut().faults.push(Fault::once(On::call(Call::UserList).at("offset=2"), empty));
    let report = world.tick().await;
    assert!(report.drifted > 0, "{report:?}");
    assert_eq!(report.would_announce, 12, "{report:?}");
}

#[tokio::test]
async fn each_origin_is_started_once_by_who_asks_first() {
    let world = waiting("2026-01-01");
    register(&world);
    world.tick().await;
    let started = ask(&world, "origin=B2B").await.unwrap();
    assert_eq!(started.origins.len(), 1);
    assert!(started.origins[0].now && started.origins[0].by == "anna");
    let report = world.tick().await;
    assert_eq!((report.announced, report.would_announce), (3, 9), "{report:?}");
    assert_eq!(report.waits_for_start, [origin()]);

    world.pass(TimeDelta::minutes(5));
    let started = ask(&world, "").await.unwrap();
    let now: Vec<_> = started.origins.iter().map(|one| (one.origin.as_str(), one.now)).collect();
    assert_eq!(now, [("SHOP", true), ("B2B", false)]);
    let again = ask(&world, "").await.unwrap();
    assert!(again.origins.iter().all(|one| !one.now), "{again:?}");
    let report = world.tick().await;
    assert_eq!((report.announced, report.would_announce, report.note), (9, 0, None), "{report:?}");
    assert_eq!((world.net.erp.borrow().repeats(), world.net.erp.borrow().violations().len()), (0, 0));
}

#[tokio::test]
async fn the_request_may_say_from_when_on_if_no_setting_does() {
    let world = waiting("");
    register(&world);
    assert!(world.tick().await.note.unwrap().contains("start_from"));
    assert_eq!(refusal(ask(&world, "").await), (400, Some("from".to_owned())));
    assert_eq!(refusal(ask(&world, "from=soon").await), (400, Some("from".to_owned())));
    assert_eq!(refusal(ask(&world, "origin=OTHER&from=2026-04-01").await), (422, Some("origin".to_owned())));
    let started = ask(&world, "origin=SHOP&from=2026-04-01").await.unwrap();
    assert_eq!(started.origins[0].from.unwrap().to_string(), "2026-04-01T00:00:00");
    let report = world.tick().await;
    assert_eq!((report.announced, report.too_old > 0, report.would_announce), (4, true, 3), "{report:?}");
    assert!(ask(&world, "origin=SHOP&from=2026-04-01").await.is_ok(), "the same once more");
    assert_eq!(refusal(ask(&world, "origin=SHOP&from=2026-01-01").await), (409, None));
    assert_eq!(refusal(ask(&waiting("2026-01-01"), "from=2026-01-01").await), (400, Some("from".to_owned())));
}

#[tokio::test]
async fn the_setting_starts_too_and_an_origin_that_is_started_stays_so() {
    let mut world = waiting("2026-01-01");
    world.set("first_run", "announce");
    register(&world);
    assert_eq!(world.tick().await.announced, 12);
    let starts = world.app().await.ledger.starts().await.unwrap();
    assert!(starts.len() == 2 && starts.values().all(|start| start.by == "first_run"), "{starts:?}");

    world.set("first_run", "report");
    world.set("origins", "SHOP,B2B,NEW");
    world.register(&Generator::new(20).plain());
    world.register(&Generator::new(21).plain().in_origin("NEW"));
    let report = world.tick().await;
    assert_eq!(
        (report.announced, report.would_announce),
        (1, 1),
        "an origin that is added waits: {report:?}"
    );
}

#[tokio::test]
async fn who_watches_sees_that_it_waits_and_who_has_started_it() {
    let world = waiting("2026-01-01");
    world.tick().await;
    world.pass(TimeDelta::minutes(20));
    world.tick().await;
    let called = world.net.alerts.borrow().received().last().unwrap().text.clone();
    assert!(called.contains("POST /start"), "{called}");
    let shown = async || {
        let ledger = world.app().await.ledger;
        let snapshot = Snapshot::of(&ledger, &[origin()], world.now()).await.unwrap();
        serde_json::to_value(Status::of(&snapshot, &[])).unwrap()
    };
    let shop = |status: &serde_json::Value| {
        let origins = status["origins"].as_array().unwrap().clone();
        origins.into_iter().find(|one| one["origin"] == "SHOP").unwrap()
    };
    assert!(shop(&shown().await)["started_at"].is_null());
    ask(&world, "").await.unwrap();
    assert_eq!(shop(&shown().await)["started_by"], "anna");
}

#[tokio::test]
async fn what_an_earlier_version_had_begun_goes_on() {
    for (statement, want) in [
        ("", 0),
        ("UPDATE registration SET revision = 0; DELETE FROM scan", 0),
        ("DELETE FROM scan", 1),
        ("DELETE FROM registration", 1),
    ] {
        let (world, _) = World::announced().await;
        let before = "DROP TABLE start; UPDATE schema_version SET version = 11;";
        let statement =
            if statement.is_empty() { "DELETE FROM registration; DELETE FROM scan" } else { statement };
        world.sqlite.0.execute_batch(&format!("{before}{statement}")).unwrap();
        let ledger = Ledger::open(world.sqlite.clone()).await.unwrap();
        let starts = ledger.starts().await.unwrap();
        assert_eq!(starts.len(), want, "{statement}");
        assert!(starts.values().all(|start| start.by == "upgrade" && start.at <= world.now()), "{starts:?}");
    }
    let sqlite: Sqlite = World::new().sqlite;
    assert!(Ledger::open(sqlite.clone()).await.unwrap().starts().await.unwrap().is_empty(), "a new one");
    assert!(sqlite.run("SELECT 1 FROM start", vec![]).await.unwrap().is_empty());
}

//! What is asked by those who list and watch reads an index, and sorts nothing, however many registrations there are.

use std::{cell::RefCell, rc::Rc};

use chrono::TimeDelta;
use chrono_tz::Tz;
use sandbox::Generator;
use shared::{
    by_hand::{Group, retry_group},
    detail::Detail,
    ledger::{Entry, Kept, Ledger, State},
    listing::{self, Asked},
    overview::Overview,
    search::{Cursor, Place, Query, page},
    sql::{Sql, SqlError, Value},
    watch::Snapshot,
};

use crate::{
    glance::{PACE, limits},
    sqlite::Sqlite,
    world::{World, letter, origin},
};

/// A database that says how it goes about each statement about registrations and events.
#[derive(Clone)]
struct Explaining {
    sqlite: Sqlite,
    plans: Rc<RefCell<Vec<String>>>,
}

impl Sql for Explaining {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        let reads = ["SELECT", "WITH", "UPDATE", "DELETE", "INSERT"];
        if reads.iter().any(|verb| statement.starts_with(verb)) {
            let plan =
                self.sqlite.run(&format!("EXPLAIN QUERY PLAN {statement}"), parameters.clone()).await?;
            for step in plan {
                let Some(Value::Text(step)) = step.into_iter().nth(3) else { panic!("no plan: {statement}") };
                self.plans.borrow_mut().push(format!("{step} -- {statement}"));
            }
        }
        self.sqlite.run(statement, parameters).await
    }
}

/// Whether a step of a plan looks at few rows: by an index, or in a table that stays small.
fn is_cheap(plan: &str) -> bool {
    let small = ["run", "scan", "start", "restored", "counter", "schema_version", "alert", "stuck"]
        .iter()
        .any(|table| plan.contains(&format!("FROM {table}")));
    let given = ["CONSTANT ROW", "VALUES CLAUSE", "SCAN shown --", "SCAN tried --"];
    let small = small || given.iter().any(|rows| plan.contains(rows));
    // What comes in one millisecond is few.
    let small = small || plan.starts_with("USE TEMP B-TREE FOR LAST TERM OF ORDER BY");
    // The others only put together what these have found.
    let looks = ["SCAN", "SEARCH", "USE TEMP B-TREE"].iter().any(|step| plan.starts_with(step));
    small || !looks || plan.contains("USING")
}

#[tokio::test]
async fn every_question_of_those_who_watch_reads_an_index() {
    let (world, _) = World::announced().await;
    let database = Explaining { sqlite: world.sqlite.clone(), plans: Rc::default() };
    let ledger = Ledger::open(database.clone()).await.unwrap();
    database.plans.borrow_mut().clear();
    for query in [
        "",
        "state=announced",
        "origin=SHOP",
        "state=announced&origin=SHOP",
        "since=2026-03-01T00:00:00Z",
        "order=newest",
        "order=newest&state=stuck&origin=SHOP",
    ] {
        listing::page(&ledger, &Asked::read(Some(query)).unwrap()).await.unwrap();
    }
    retry_group(&ledger, &Group::read(Some("reason=x&origin=SHOP")).unwrap(), "anna", world.now())
        .await
        .unwrap();
    Snapshot::of(&ledger, &[], world.now()).await.unwrap();
    let plans = database.plans.take();
    assert!(plans.len() > 12, "{plans:#?}");
    for plan in plans {
        assert!(is_cheap(&plan), "{plan}");
    }
}

/// The tick has each of these questions every few minutes, for as long as there is a ledger.
#[tokio::test]
async fn every_statement_of_a_tick_and_of_a_decision_reads_an_index() {
    let mut world = World::new();
    world.set("retention_days", "90");
    let database = Explaining { sqlite: world.sqlite.clone(), plans: Rc::default() };
    let user = world.register(&Generator::new(1).plain());
    world.tick_on(database.clone()).await;
    let app = world.app_on(database.clone()).await;
    // The schema is made once.
    let _ = database.plans.take();
    world.register(&Generator::new(2).plain());
    let approval = world.approval(&user, "C-20417").to_string();
    let Kept::Yes(kept) = app.ledger.keep(&letter("d1", approval), world.now()).await.unwrap() else {
        panic!("it was not kept")
    };
    app.work_off(&kept).await.unwrap();
    world.pass(TimeDelta::days(1));
    world.tick_on(database.clone()).await;
    let plans = database.plans.take();
    assert!(plans.len() > 60, "{plans:#?}");
    assert!(plans.iter().any(|plan| plan.contains("USING INDEX registration_final ")), "{plans:#?}");
    let dear: Vec<_> = plans.iter().filter(|plan| !is_cheap(plan)).collect();
    assert!(dear.is_empty(), "{dear:#?}");
}

/// What people are shown at a glance and about one registration.
#[tokio::test]
async fn overview_and_detail_read_an_index() {
    let (world, user) = World::announced().await;
    let database = Explaining { sqlite: world.sqlite.clone(), plans: Rc::default() };
    let ledger = Ledger::open(database.clone()).await.unwrap();
    database.plans.borrow_mut().clear();
    Overview::of(&ledger, &limits(), Tz::UTC, world.now()).await.unwrap();
    Detail::of(&ledger, &origin(), &user, &PACE, world.now()).await.unwrap().unwrap();
    ledger.wordless(10).await.unwrap();
    let plans = database.plans.take();
    assert!(plans.len() > 12, "{plans:#?}");
    for plan in plans {
        assert!(is_cheap(&plan), "{plan}");
    }
}

/// A ledger with so many registrations, all alike but for their numbers.
async fn crowded(count: usize) -> Sqlite {
    let sqlite = Sqlite::in_memory();
    let ledger = Ledger::open(sqlite.clone()).await.unwrap();
    let now = "2026-03-02T09:15:00Z".parse().unwrap();
    for batch in 0..count / 100 {
        let entries = (0..100).map(|at| {
            let mut entry = Entry::seen(origin(), format!("u{:06}", batch * 100 + at).parse().unwrap(), now);
            let message = r#"{"data":{"person":{"last_name":"Jansen"},"company":{"name":"Voorbeeld"}}}"#;
            (entry.state, entry.message) = (State::Active, Some(message.to_owned()));
            entry
        });
        ledger.save_all(entries.collect(), now).await.unwrap();
    }
    sqlite
}

/// Where many fit, a page is read along its order. Where one condition fits few, these are looked up by it, and only they are sorted.
#[tokio::test]
async fn a_search_walks_along_its_order_or_sorts_a_few() {
    let sqlite = crowded(1200).await;
    let database = Explaining { sqlite, plans: Rc::default() };
    let ledger = Ledger::open(database.clone()).await.unwrap();
    let place = |query: &Query| Place::of(query.order.sort, 7, "voorbeeld", "SHOP", "u000700");
    for (query, along, why) in [
        ("", true, "all"),
        ("state=active", true, "nearly all"),
        ("origin=SHOP", true, "nearly all"),
        ("from=2026-01-01", true, "nearly all"),
        ("q=jan+voorb&state=active&origin=SHOP&from=2026-01-01&until=2026-12-31", true, "nearly all"),
        ("q=jan+u000700", false, "one word is rare"),
        ("q=nobody", false, "nobody"),
        ("state=stuck,seen", false, "few states"),
        ("origin=OTHER", false, "another origin"),
        ("until=2026-01-01", false, "few days"),
    ] {
        for sort in ["changed", "first_seen", "company"] {
            // Few days are a part of the walk along all.
            let along = along || query.starts_with("until") && sort == "first_seen";
            for way in ["", "-"] {
                let text = format!("{query}&sort={way}{sort}");
                let query = Query::read(Some(&text), Tz::UTC).unwrap();
                for cursor in [None, Some(Cursor::After(place(&query))), Some(Cursor::Before(place(&query)))]
                {
                    database.plans.borrow_mut().clear();
                    page(&ledger, &query.at(cursor)).await.unwrap();
                    let plans = database.plans.take();
                    let index = match sort {
                        "changed" => "registration USING INDEX registration_change ",
                        "first_seen" => "registration USING INDEX registration_first_seen",
                        _ => "registration USING INDEX registration_company",
                    };
                    let (page, counts): (Vec<_>, Vec<_>) =
                        plans.iter().partition(|plan| plan.contains("SELECT company"));
                    let sorts = |plan: &&String| plan.starts_with("USE TEMP B-TREE FOR ORDER BY");
                    assert_eq!(page.iter().any(sorts), !along, "{why}: {text}: {page:#?}");
                    assert_eq!(
                        page.iter().any(|plan| plan.contains(index)),
                        along,
                        "{why}: {text}: {page:#?}"
                    );
                    let whole = |plan: &&String| plan.starts_with("SCAN") && !plan.contains("USING");
                    let through =
                        page.into_iter().chain(counts).find(|plan| whole(plan) && !plan.contains("SCAN few"));
                    let through = through.filter(|plan| {
                        !plan.starts_with("SCAN (subquery") && !plan.starts_with("SCAN CONSTANT")
                    });
                    assert_eq!(through, None, "{why}: {text}");
                }
            }
        }
    }
}

//! How long the questions of those who list and watch take with a million registrations, and what the numbers of changes cost:
//! `cargo run --release -p shared --example million`.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "../tests/it/sqlite.rs"]
mod sqlite;

use std::{rc::Rc, time::Instant};

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use shared::{
    key::OriginCode,
    ledger::{Entry, Ledger, State},
    listing::{Asked, page},
    metrics::{Format, text},
    sql::Sql,
    watch::Snapshot,
};
use sqlite::Sqlite;

/// Of a hundred registrations, how many are in which state.
const SHARES: [(State, usize); 6] = [
    (State::Active, 90),
    (State::Rejected, 4),
    (State::Linked, 3),
    (State::Announced, 1),
    (State::Stuck, 1),
    (State::Gone, 1),
];

fn now() -> DateTime<Utc> {
    "2026-03-02T09:15:00Z".parse().unwrap()
}

fn origin() -> OriginCode {
    "SHOP".parse().unwrap()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    what_the_numbers_cost().await;
    a_million_registrations().await;
}

async fn a_million_registrations() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("million.db");
    let sqlite = Sqlite(Rc::new(Connection::open(&file).unwrap()));
    let ledger = Ledger::open(sqlite.clone()).await.unwrap();
    let states: Vec<_> = SHARES.iter().flat_map(|(state, share)| vec![*state; *share]).collect();
    let began = Instant::now();
    for batch in 0..10_000_usize {
        let entries = states.iter().enumerate().map(|(at, state)| {
            let key = format!("5b1f0c1e-0000-4000-8000-{:012}", batch * 100 + at * 7_919 % 100);
            let mut entry = Entry::seen(origin(), key.parse().unwrap(), now());
            (entry.state, entry.due_at, entry.revision, entry.told) = (*state, None, 1, 1);
            entry.message = Some(format!("{{\"filler\":\"{}\"}}", "x".repeat(900)));
            entry
        });
        let saved = ledger.save_all(entries.collect(), now()).await.unwrap();
        assert_eq!(saved.len(), 100);
    }
    println!("{:>9.0} rows/s stored", 1e6 / began.elapsed().as_secs_f64());
    println!("{:>9} MB", std::fs::metadata(&file).unwrap().len() / 1_000_000);

    let half = format!("{:016x}", 500_000);
    for query in [
        "limit=100".to_owned(),
        format!("limit=100&cursor={half}"),
        "state=announced&limit=100".to_owned(),
        format!("state=announced&origin=SHOP&limit=100&cursor={half}"),
        "state=announced&origin=OTHER".to_owned(),
        "origin=OTHER".to_owned(),
        "since=2026-03-02T09:00:00Z".to_owned(),
        "since=2026-03-02T10:00:00Z".to_owned(),
        "order=newest&state=stuck&limit=100".to_owned(),
    ] {
        let began = Instant::now();
        let rows = page(&ledger, &Asked::read(Some(&query)).unwrap()).await.unwrap().registrations.len();
        println!("{:>9.2} ms for {rows} of {query}", began.elapsed().as_secs_f64() * 1e3);
    }
    for _ in 0..2 {
        let began = Instant::now();
        let snapshot = Snapshot::of(&ledger, &[origin()], now()).await.unwrap();
        let length = text(&snapshot, Format::OpenMetrics).len();
        println!("{:>9.2} ms for a snapshot of {length} bytes", began.elapsed().as_secs_f64() * 1e3);
    }
}

/// Changes of one row each, with and without the numbers and the indices that came with them.
async fn what_the_numbers_cost() {
    for without in [false, true] {
        let sqlite = Sqlite::in_memory();
        let ledger = Ledger::open(sqlite.clone()).await.unwrap();
        if without {
            for drop in [
                "DROP TRIGGER change_of_new",
                "DROP TRIGGER change_of_known",
                "DROP INDEX registration_change",
                "DROP INDEX registration_state_change",
                "DROP INDEX registration_shown",
                "DROP INDEX registration_age",
                "DROP INDEX registration_untold",
            ] {
                sqlite.run(drop, vec![]).await.unwrap();
            }
        }
        let began = Instant::now();
        for number in 0..20_000 {
            let entry = Entry::seen(origin(), format!("u{number}").parse().unwrap(), now());
            let mut entry = ledger.save(entry, now()).await.unwrap().unwrap();
            entry.state = State::Announced;
            ledger.save(entry, now()).await.unwrap().unwrap();
        }
        println!("{:>9.0} changes/s, without numbers: {without}", 40_000.0 / began.elapsed().as_secs_f64());
    }
}

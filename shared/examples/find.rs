//! How long people wait for a list, a search, the overview and one registration among so many, and what the words cost:
//! `cargo run --release -p shared --example find -- 100000`.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

#[path = "../tests/it/sqlite.rs"]
mod sqlite;

use std::{rc::Rc, time::Instant};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rusqlite::Connection;
use serde_json::json;
use shared::{
    detail::{Detail, Pace},
    key::OriginCode,
    ledger::{Entry, Ledger, State},
    overview::Overview,
    retry::Policy,
    search::{Query, page},
    settings::WatchSettings,
    sql::{Sql, Value},
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
const FIRST: [&str; 10] = ["Anna", "Jan", "Noor", "Éva", "Pieter", "Sofie", "Lars", "Zoë", "Bram", "Ines"];
const LAST: [&str; 20] = [
    "Jansen", "de Vries", "Bakker", "Peeters", "Müller", "van Dijk", "Visser", "Smit", "Meijer", "Mulder",
    "Bos", "Vos", "Peters", "Hendriks", "Dekker", "Brouwer", "Dijkstra", "Smeets", "Claes", "Wouters",
];
const TRADE: [&str; 10] = [
    "Techniek",
    "Bouw",
    "Installaties",
    "Horeca",
    "Transport",
    "Groothandel",
    "Zorg",
    "Metaal",
    "Print",
    "Advies",
];

fn now() -> DateTime<Utc> {
    "2026-03-02T09:15:00Z".parse().unwrap()
}

/// Numbers that look like chance, and are the same in each run.
fn drawn(number: usize, salt: usize) -> usize {
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt.wrapping_mul(0xBF58_476D_1CE4_E5B9))
        .wrapping_mul(0x94D0_49BB_1331_11EB)
        >> 33
}

fn syllables(number: usize) -> String {
    let parts = ["ba", "ke", "lo", "mi", "nu", "ra", "se", "to", "vi", "wa"];
    (0..3).map(|digit| parts[number / 10_usize.pow(digit) % 10]).collect()
}

fn registration(number: usize, of: usize, state: State) -> Entry {
    let pick = |from: &[&'static str], salt| from[drawn(number, salt) % from.len()];
    let (first, last, trade) = (pick(&FIRST, 1), pick(&LAST, 2), pick(&TRADE, 3));
    let company = format!("{} {trade} B.V.", syllables(drawn(number, 4) % 1000));
    let key = format!("{:08x}-0000-4000-8000-{number:012x}", drawn(number, 5) & 0xffff_ffff);
    let seen = now() - TimeDelta::days(730)
        + TimeDelta::days(730) / i32::try_from(of).unwrap() * i32::try_from(number).unwrap();
    let origin: OriginCode = if number % 50 == 7 { "B2B" } else { "SHOP" }.parse().unwrap();
    let address = json!({"name": company, "street": "Dorpsstraat", "house_number": "12", "zip": "1234 AB", "city": "Houten", "country": "NL"});
    let message = json!({"type": "registration.created", "timestamp": seen, "data": {
        "revision": 1, "origin": origin, "user_key": key, "registered_at": "2026-03-02T10:15:00.000000", "time_zone": "Europe/Amsterdam",
        "person": {"first_name": first, "last_name": last, "email": format!("{first}.{last}.{number}@voorbeeld.example").replace(' ', ""),
                   "phone": "020-0000001", "mobile": null, "gender": null, "language": "nl_NL"},
        "company": {"name": company, "vat": format!("NL{number:09}B01"), "coc": format!("{number:08}"), "web": null, "account_code": null,
                    "phone": "020-0000001"},
        "invoice_address": address, "delivery_address": null,
        "profiles": [{"filler": "x".repeat(1200)}],
    }});
    let mut entry = Entry::seen(origin, key.parse().unwrap(), seen);
    (entry.state, entry.due_at, entry.revision, entry.told) = (state, None, 1, 1);
    entry.message = Some(message.to_string());
    entry
}

async fn size_of(sqlite: &Sqlite, name: &str) -> i64 {
    let statement = "SELECT SUM(pgsize) FROM dbstat WHERE name = ?1";
    match sqlite.run(statement, vec![name.into()]).await.map(|rows| rows[0][0].clone()) {
        Ok(Value::Integer(size)) => size / 1_000_000,
        _ => -1,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let count: usize = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("find.db");
    let sqlite = Sqlite(Rc::new(Connection::open(&file).unwrap()));
    let ledger = Ledger::open(sqlite.clone()).await.unwrap();
    let states: Vec<_> = SHARES.iter().flat_map(|(state, share)| vec![*state; *share]).collect();
    let began = Instant::now();
    for batch in 0..count / 100 {
        let entries = (0..100).map(|at| {
            let number = batch * 100 + at;
            registration(number, count, states[drawn(number, 6) % 100])
        });
        assert_eq!(ledger.save_all(entries.collect(), now()).await.unwrap().len(), 100);
    }
    println!("{:>9.1} s to store {count} registrations", began.elapsed().as_secs_f64());
    println!("{:>9} MB in all", std::fs::metadata(&file).unwrap().len() / 1_000_000);
    for name in ["word", "registration_findable_as", "registration_first_seen", "registration_company"] {
        println!("{:>9} MB {name}", size_of(&sqlite, name).await);
    }
    let number = count / 3;
    let one = registration(number, count, State::Active);
    let key = one.user_key.to_string();
    for text in [
        "",
        "sort=-changed",
        "sort=first_seen",
        "sort=company",
        "state=stuck",
        "state=stuck&sort=company",
        "state=stuck,announced&sort=-first_seen",
        "state=seen",
        "origin=B2B&sort=company",
        "origin=OTHER",
        "from=2026-03-01&until=2026-03-02&sort=company",
        "from=2024-06-01&until=2024-12-31",
        "q=anna&from=2025-06-01&until=2025-06-30",
        &format!("q={key}"),
        &format!("q=NL{number:09}"),
        "q=jansen",
        "q=jansen&sort=company",
        "q=anna+jansen",
        "q=anna+jansen+techniek+bakeba",
        "q=j",
        "q=j&state=stuck&sort=first_seen",
        "q=zwi",
    ] {
        let query = Query::read(Some(text), Tz::Europe__Amsterdam).unwrap();
        let mut times = Vec::new();
        for _ in 0..3 {
            let began = Instant::now();
            let first = page(&ledger, &query).await.unwrap();
            times.push(began.elapsed().as_secs_f64() * 1e3);
            if let Some(next) = first.next.clone() {
                page(&ledger, &query.at(Some(next))).await.unwrap();
            }
        }
        let rows = page(&ledger, &query).await.unwrap().rows.len();
        println!("{:>9.2} ms (then {:.2}) for {rows} of {text}", times[0], times[2]);
    }
    let limits = WatchSettings {
        origins: vec!["SHOP".parse().unwrap()],
        scan_max_age: TimeDelta::minutes(15),
        undecided_max_age: None,
        stuck_max: None,
    };
    for _ in 0..2 {
        let began = Instant::now();
        Overview::of(&ledger, &limits, Tz::Europe__Amsterdam, now()).await.unwrap();
        println!("{:>9.2} ms for the overview", began.elapsed().as_secs_f64() * 1e3);
    }
    let pace = Pace {
        retry: Policy { attempts: 200, period: TimeDelta::days(7) },
        recheck_after: TimeDelta::hours(1),
    };
    let began = Instant::now();
    Detail::of(&ledger, &one.origin, &one.user_key, &pace, now()).await.unwrap().unwrap();
    println!("{:>9.2} ms for one registration", began.elapsed().as_secs_f64() * 1e3);
    what_the_words_cost().await;
}

/// Registrations that come and are announced, one statement each, with and without what people search by.
async fn what_the_words_cost() {
    for round in 0..4 {
        let without = round % 2 == 1;
        let sqlite = Sqlite::in_memory();
        let ledger = Ledger::open(sqlite.clone()).await.unwrap();
        if without {
            for drop in [
                "DROP TRIGGER word_of_new",
                "DROP TRIGGER word_of_change",
                "DROP TRIGGER tally_of_new",
                "DROP TRIGGER tally_of_active",
                "DROP INDEX registration_findable_as",
                "DROP INDEX registration_first_seen",
                "DROP INDEX registration_company",
            ] {
                sqlite.run(drop, vec![]).await.unwrap();
            }
        }
        let began = Instant::now();
        for number in 0..5_000 {
            let entry = registration(number, 5_000, State::Seen);
            let mut entry = ledger.save(entry, now()).await.unwrap().unwrap();
            entry.state = State::Announced;
            ledger.save(entry, now()).await.unwrap().unwrap();
        }
        println!(
            "{:>9.0} changes/s in memory, without words and tallies: {without}",
            10_000.0 / began.elapsed().as_secs_f64()
        );
    }
}

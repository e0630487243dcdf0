//! A ledger that an older version wrote opens, keeps everything, and is worked with.
//!
//! Each fixture is the `.dump` (of the program `sqlite3`) of a ledger with a registration in every state, made by the code of that
//! version. Whoever adds a step to the schema makes one first, and adds its line to [`FIXTURES`].

use std::{cell::Cell, rc::Rc};

use chrono::{DateTime, TimeDelta};
use rusqlite::Connection;
use sandbox::Generator;
use shared::{
    entered::Entered,
    key::UserKey,
    ledger::{Change, Ledger, Shown, State, Tallied},
    sql::{Sql, SqlError, Value},
};

use crate::{
    interposed::CutOff,
    sqlite::Sqlite,
    world::{World, origin},
};

const FIXTURES: &[(i64, &str)] = &[
    (1, include_str!("ledgers/version_1.sql")),
    (2, include_str!("ledgers/version_2.sql")),
    (3, include_str!("ledgers/version_3.sql")),
    (11, include_str!("ledgers/version_11.sql")),
    // What version 18 has made of that of version 11.
    (18, include_str!("ledgers/version_18.sql")),
];

/// The version that was the first with all of [`TABLES`], numbers of changes, and somebody who is erased.
const WITH_ALL: i64 = 11;

/// The tables of which the fixtures hold rows, the oldest first.
const TABLES: [&str; 13] = [
    "registration",
    "timeline",
    "inbox",
    "party",
    "scan",
    "lease",
    "rate",
    "counter",
    "run",
    "outgoing",
    "stuck",
    "alert",
    "rewrite",
];

/// Those of them that a fixture has.
fn tables(version: i64) -> &'static [&'static str] {
    if version >= WITH_ALL { &TABLES } else { &TABLES[..6] }
}

fn restored(dump: &str) -> Sqlite {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(dump).unwrap();
    Sqlite(Rc::new(db))
}

async fn rows(sqlite: &Sqlite, statement: &str) -> Vec<Vec<Value>> {
    sqlite.run(statement, vec![]).await.unwrap()
}

/// The values of a column that every version has.
async fn column(sqlite: &Sqlite, what: &str, table: &str) -> Vec<Vec<Value>> {
    rows(sqlite, &format!("SELECT {what} FROM {table} ORDER BY 1")).await
}

/// Everything in it: the tables as they were made, and all rows.
async fn everything(sqlite: &Sqlite) -> Vec<Vec<Vec<Value>>> {
    let mut all = vec![
        rows(sqlite, "SELECT name, sql FROM sqlite_master ORDER BY name").await,
        rows(sqlite, "SELECT version FROM schema_version").await,
    ];
    for table in TABLES {
        all.push(column(sqlite, "*", table).await);
    }
    all
}

#[tokio::test]
async fn every_row_of_an_older_ledger_is_kept_and_readable() {
    for (version, dump) in FIXTURES {
        let sqlite = restored(dump);
        assert_eq!(column(&sqlite, "version", "schema_version").await, [[Value::from(*version)]]);
        let mut before = Vec::new();
        for table in tables(*version) {
            let names = column(&sqlite, "name", &format!("pragma_table_info('{table}')")).await;
            let names = texts(names).join(", ");
            before.push((table, column(&sqlite, &names, table).await, names));
        }
        let ledger = Ledger::open(sqlite.clone()).await.unwrap();
        for (table, old, names) in before {
            assert!(!old.is_empty(), "the fixture of version {version} has nothing in {table}");
            assert_eq!(column(&sqlite, &names, table).await, old, "{table} of version {version}");
        }
        let mut states = Vec::new();
        for user in users(&sqlite).await {
            states.push(ledger.entry(&origin(), &user).await.unwrap().unwrap().state);
            assert!(!ledger.timeline(&origin(), &user).await.unwrap().is_empty(), "{user}");
        }
        // Older versions erased nobody.
        for state in State::ALL.iter().filter(|state| **state != State::Erased || *version >= WITH_ALL) {
            assert!(states.contains(state), "the fixture of version {version} has nothing {state}");
        }
    }
}

#[tokio::test]
async fn what_an_older_version_has_brought_in_is_counted() {
    for (version, dump) in FIXTURES {
        let sqlite = restored(dump);
        let registrations = rows(&sqlite, "SELECT 1 FROM registration").await.len();
        let active =
            rows(&sqlite, "SELECT DISTINCT user_key FROM timeline WHERE event = 'active'").await.len();
        let ledger = Ledger::open(sqlite).await.unwrap();
        let tallies = ledger.tallies(DateTime::UNIX_EPOCH).await.unwrap();
        let count = |what| {
            let counts = tallies.iter().filter(|tally| tally.what == what).map(|tally| tally.count);
            usize::try_from(counts.sum::<i64>()).unwrap()
        };
        assert_eq!(
            (count(Tallied::Registered), count(Tallied::Activated)),
            (registrations, active),
            "version {version}"
        );
        assert!(active > 0, "version {version}");
    }
}

#[tokio::test]
async fn what_an_older_version_left_is_listed_in_the_order_of_its_changes_before_all_that_comes() {
    for (version, dump) in FIXTURES {
        let sqlite = restored(dump);
        // Without numbers the times have to do.
        let order = if *version >= WITH_ALL { "change" } else { "changed_at, origin, user_key" };
        let changed = format!("SELECT user_key FROM registration ORDER BY {order}");
        let want = texts(rows(&sqlite, &changed).await);
        let ledger = Ledger::open(sqlite.clone()).await.unwrap();
        let all = ledger.changed_after(&Shown::default(), Change::NONE, 100).await.unwrap();
        let listed: Vec<_> = all.iter().map(|changed| changed.entry.user_key.to_string()).collect();
        assert_eq!(listed, want, "of version {version}");

        let now = all[0].changed_at + TimeDelta::days(1);
        let first = all[0].entry.clone().stuck("it changes");
        ledger.save(first, now).await.unwrap().unwrap();
        let after = ledger.changed_after(&Shown::default(), all.last().unwrap().change, 100).await.unwrap();
        let after: Vec<_> = after.iter().map(|changed| changed.entry.user_key.to_string()).collect();
        assert_eq!(after, want[..1], "it comes after all others of version {version}");
    }
}

async fn users(sqlite: &Sqlite) -> Vec<UserKey> {
    let keys = texts(column(sqlite, "user_key", "registration").await);
    keys.iter().map(|key| key.parse().unwrap()).collect()
}

fn texts(rows: Vec<Vec<Value>>) -> Vec<String> {
    let text = |value| match value {
        Value::Text(text) => text,
        other => panic!("{other:?} is no text"),
    };
    rows.into_iter().flatten().map(text).collect()
}

#[tokio::test]
async fn work_that_an_older_version_left_is_finished() {
    for (version, dump) in FIXTURES {
        let mut world = World::new();
        world.sqlite = restored(dump);
        let users = users(&world.sqlite).await;
        for (seed, user) in (0..).zip(&users) {
            let mut registration = Generator::new(seed).plain();
            registration.key = Some(user.to_string());
            // Invented numbers have changed since; whoever is in the dump has not.
            let entered = Entered::of(world.entry(user).await.message.as_deref());
            if let Some(vat) = entered.and_then(|entered| entered.company.vat) {
                registration = registration.with_profile("vat", vat);
            }
            world.register(&registration);
        }
        let mut open = Vec::new();
        for user in users {
            let entry = world.entry(&user).await;
            let state = entry.state;
            let want = match state {
                // What the ERP refused is told anew, because the applicant has changed it.
                State::Stuck if entry.decision.is_none() => State::Announced,
                // Whoever was erased has another row now, and so has registered anew.
                State::Seen | State::Gone | State::Erased => State::Announced,
                State::Approved => State::Linked,
                state => state,
            };
            open.push((user, state, want));
        }
        world.pass(TimeDelta::days(1));
        world.tick().await;
        for (user, state, want) in open {
            assert_eq!(world.state(&user).await, want, "{user} of version {version}, which was {state}");
        }
    }
}

#[tokio::test]
async fn a_migration_that_is_cut_off_after_any_statement_is_repeated_to_the_same_end() {
    for (version, dump) in FIXTURES.iter().copied().chain([(0, "")]) {
        let whole = restored(dump);
        Ledger::open(whole.clone()).await.unwrap();
        let want = everything(&whole).await;
        Ledger::open(whole.clone()).await.unwrap();
        assert_eq!(everything(&whole).await, want, "opened twice, from version {version}");

        for statements in 0.. {
            let sqlite = restored(dump);
            let cut_off = CutOff::after(statements, sqlite.clone());
            let ended = Ledger::open(cut_off).await.is_ok();
            Ledger::open(sqlite.clone()).await.unwrap();
            assert_eq!(everything(&sqlite).await, want, "from version {version} after {statements}");
            if ended {
                assert!(statements > 1, "it was never cut off");
                break;
            }
        }
    }
}

#[tokio::test]
async fn two_instances_that_migrate_at_once_do_not_disturb_each_other() {
    for (version, dump) in FIXTURES {
        let whole = restored(dump);
        Ledger::open(whole.clone()).await.unwrap();
        for statements in 0..6 {
            // The first is on its way when the second does it all; then the first goes on from what it knew.
            let sqlite = restored(dump);
            let first = Overtaken { sqlite: sqlite.clone(), after: Cell::new(Some(statements)) };
            Ledger::open(first).await.unwrap();
            assert_eq!(everything(&sqlite).await, everything(&whole).await, "{version}, after {statements}");
        }
    }
}

/// A database that another instance migrates after some statements.
struct Overtaken {
    sqlite: Sqlite,
    after: Cell<Option<usize>>,
}

impl Sql for Overtaken {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        match self.after.take() {
            Some(0) => drop(Ledger::open(self.sqlite.clone()).await?),
            after => self.after.set(after.map(|after| after - 1)),
        }
        self.sqlite.run(statement, parameters).await
    }
}

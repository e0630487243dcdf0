//! Finding registrations: every filter, every order, page by page.

use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::{prelude::*, sample::subsequence};
use rusqlite::Connection;
use sandbox::Generator;
use serde_json::json;
use shared::{
    erasure::{Erasure, erase},
    key::OriginCode,
    ledger::{Entry, Ledger, State},
    print::print,
    search::{Cursor, Order, Page, Query, Sort, Words, page},
    sql::Sql as _,
    tombstone::RowKey,
};

use crate::{
    sqlite::Sqlite,
    traces::{in_files, in_tables},
    world::World,
};

fn now() -> DateTime<Utc> {
    "2026-03-02T09:15:00Z".parse().unwrap()
}

fn query(text: &str) -> Query {
    Query::read(Some(text), Tz::Europe__Amsterdam).unwrap()
}

/// A registration as it might be, in few words.
#[derive(Debug, Clone)]
struct Some1 {
    origin: &'static str,
    state: State,
    minute: i64,
    name: &'static str,
    company: &'static str,
}

fn entry(at: usize, some: &Some1) -> Entry {
    let origin: OriginCode = some.origin.parse().unwrap();
    let seen = now() + TimeDelta::minutes(some.minute);
    let mut entry = Entry::seen(origin, format!("5b1f0c1e-{at:04}").parse().unwrap(), seen);
    (entry.state, entry.revision) = (some.state, 1);
    let email = format!("{}.{at}@voorbeeld.example", some.name.to_lowercase());
    let message = json!({"type": "registration.created", "data": {
        "person": {"first_name": some.name, "last_name": "van Dijk", "email": email},
        "company": {"name": some.company, "vat": format!("NL{at:09}B01")},
        "invoice_address": {"country": "NL"},
    }});
    entry.message = Some(message.to_string());
    entry
}

async fn ledger_of(all: &[Some1]) -> Ledger<Sqlite> {
    let ledger = Ledger::open(Sqlite::in_memory()).await.unwrap();
    for (at, some) in all.iter().enumerate() {
        let entry = entry(at, some);
        ledger.save(entry, now() + TimeDelta::minutes(some.minute)).await.unwrap().unwrap();
    }
    ledger
}

/// All pages, forwards, and the keys on them. Going back from the last one shows the same pages.
async fn all(ledger: &Ledger<Sqlite>, query: &Query) -> Vec<String> {
    let mut pages = vec![page(ledger, query).await.unwrap()];
    assert_eq!(pages[0].previous, None);
    while let Some(next) = pages.last().unwrap().next.clone() {
        let next: Cursor = next.to_string().parse().unwrap();
        pages.push(page(ledger, &query.at(Some(next))).await.unwrap());
    }
    let mut back: Vec<Page> = vec![pages.last().unwrap().clone()];
    while let Some(previous) = back.last().unwrap().previous.clone() {
        back.push(page(ledger, &query.at(Some(previous))).await.unwrap());
    }
    back.reverse();
    assert_eq!(back, pages, "back again");
    pages.iter().flat_map(|page| page.rows.iter().map(|row| row.user_key.to_string())).collect()
}

fn anybody() -> impl Strategy<Value = Some1> {
    let names = prop_oneof![Just("Anna"), Just("Ánnelies"), Just("Jan"), Just("Øyvind")];
    let companies =
        prop_oneof![Just("Alfa B.V."), Just("'t Hoekje"), Just("alfa b.v."), Just("Zeta & Zonen"), Just("")];
    let states = prop::sample::select(State::ALL);
    let origins = prop_oneof![Just("SHOP"), Just("B2B")];
    (origins, states, 0_i64..20, names, companies).prop_map(|(origin, state, minute, name, company)| Some1 {
        origin,
        state,
        minute: minute * 360,
        name,
        company,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Pages of any size in any order show what fits the filter, each once.
    #[test]
    fn pages_show_each_registration_that_fits_once_and_in_order(
        everybody in prop::collection::vec(anybody(), 0..40),
        sort in 0_usize..3, descending: bool, limit in 1_usize..8,
        states in subsequence(State::ALL, 0..4), origin in prop::option::of(Just("SHOP")),
        days in prop::option::of((0_i64..6, 0_i64..6)),
        text in prop_oneof![Just(""), Just("ann"), Just("dijk alf"), Just("ØYV zon"), Just("nobody"), Just("nl0000000")],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let ledger = ledger_of(&everybody).await;
            let mut query = query("");
            query.limit = limit;
            query.order = Order { sort: Sort::ALL[sort], descending };
            query.filter.states = states.clone();
            query.filter.origin = origin.map(|origin| origin.parse().unwrap());
            query.filter.words = Words::of(text);
            let day = |day| now() + TimeDelta::days(day);
            query.filter.from = days.map(|(from, _)| day(from));
            query.filter.until = days.map(|(from, more)| day(from + more));

            let mut want: Vec<_> = everybody.iter().enumerate().filter(|(_, some)| {
                let seen = now() + TimeDelta::minutes(some.minute);
                let plain = |text: &str| text.to_lowercase().replace('á', "a").replace('ø', "o");
                let words = plain(&format!("{} van dijk {} nl0000000 voorbeeld", some.name, some.company));
                let fits = |wanted: &str| words.split_whitespace().any(|word| word.starts_with(wanted));
                (states.is_empty() || states.contains(&some.state))
                    && origin.is_none_or(|origin| origin == some.origin)
                    && query.filter.from.is_none_or(|from| seen >= from)
                    && query.filter.until.is_none_or(|until| seen < until)
                    && plain(text).split_whitespace().all(fits)
            }).collect();
            let company = |some: &Some1| some.company.to_lowercase().replace(['.', '\'', '&'], "");
            want.sort_by(|(a, one), (b, other)| match query.order.sort {
                Sort::Changed => a.cmp(b),
                Sort::FirstSeen => (one.minute, one.origin, a).cmp(&(other.minute, other.origin, b)),
                Sort::Company => (company(one), one.origin, a).cmp(&(company(other), other.origin, b)),
            });
            if descending {
                want.reverse();
            }
            let want: Vec<_> = want.iter().map(|(at, _)| format!("5b1f0c1e-{at:04}")).collect();
            assert_eq!(all(&ledger, &query).await, want);
        });
    }
}

/// A name that nobody else has, in words that nothing else holds.
const TELLING: [&str; 4] = ["xylofoonia", "quastenberg", "zwirrelmans", "xylofooniaquastenbergvoorbeeld"];

fn distinct(at: usize) -> Entry {
    let mut entry =
        entry(at, &Some1 { origin: "SHOP", state: State::Announced, minute: 0, name: "Anna", company: "" });
    entry.message = Some(
        json!({"data": {
            "person": {"first_name": "Xylofoonia", "last_name": "Quastenberg", "email": "xylofoonia.quastenberg@voorbeeld.example"},
            "company": {"name": "Zwirrelmans B.V.", "vat": "NL987654321B01"},
        }})
        .to_string(),
    );
    entry
}

/// Others, each with words of its own, so that pages of the index are split around the one that is looked for.
fn other(at: usize) -> Entry {
    let word = print(&[&at.to_be_bytes()]);
    let name: String =
        word.chars().map(|c| char::from(b'g' + u8::try_from(c.to_digit(16).unwrap()).unwrap())).collect();
    let mut entry =
        entry(at, &Some1 { origin: "SHOP", state: State::Announced, minute: 0, name: "Jan", company: "" });
    entry.message = Some(
        json!({"data": {"person": {"first_name": name[..12], "last_name": name[12..24]}, "company": {"name": name[20..]}}})
            .to_string(),
    );
    entry
}

#[tokio::test]
async fn who_is_erased_is_found_by_the_key_and_by_no_word_that_tells_who_it_was() {
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("searched.db");
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    let sqlite = Sqlite(Rc::new(Connection::open(&path).unwrap()));
    let ledger = Ledger::open(sqlite.clone()).await.unwrap();
    let store = async |from: usize| {
        let others = (from..from + 500).map(other).collect();
        assert_eq!(ledger.save_all(others, now()).await.unwrap().len(), 500);
    };
    store(1000).await;
    let user = ledger.save(distinct(1), now()).await.unwrap().unwrap().user_key;
    for from in [2000, 3000, 4000] {
        store(from).await;
    }
    let marks = TELLING.map(str::to_owned);
    let found = async |text: &str| all(&ledger, &query(&format!("q={text}"))).await;
    for typed in ["quast", "Xylofoonia+zwirr", "NL987654321", "xylofoonia.quastenberg@voorbeeld.example"] {
        assert_eq!(found(typed).await, [user.as_str()], "{typed}");
    }
    assert!(in_tables(&sqlite, &marks).await.len() > 5 && in_files(&path, &marks).len() == marks.len());

    let origin = crate::world::origin();
    let done = erase(&ledger, &origin, &user, "anna", RowKey::of([1, 2]), now()).await.unwrap();
    assert!(matches!(done, Erasure::Done(_)));
    for typed in ["quast", "zwirr", "NL987654321", "xylofoonia"] {
        assert_eq!(found(typed).await, [""; 0], "{typed}");
    }
    assert_eq!(found("5b1f0c1e-0001").await, [user.as_str()], "the key is known");
    assert_eq!(in_tables(&sqlite, &marks).await, [""; 0]);
    assert_eq!(in_files(&path, &marks), [""; 0]);
    let page = page(&ledger, &query("state=erased")).await.unwrap();
    assert_eq!(
        (page.rows[0].was, &page.rows[0].name, &page.rows[0].company),
        (Some(State::Announced), &None, &None)
    );
}

#[tokio::test]
async fn what_is_forgotten_is_found_by_nothing() {
    let sqlite = Sqlite::in_memory();
    let ledger = Ledger::open(sqlite.clone()).await.unwrap();
    let saved = ledger.save(distinct(1), now()).await.unwrap().unwrap();
    ledger.forget(&saved).await.unwrap();
    assert!(sqlite.run("SELECT * FROM word", vec![]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_registration_is_found_by_what_it_is_now() {
    let ledger = ledger_of(&[]).await;
    let mut saved = ledger.save(distinct(1), now()).await.unwrap().unwrap();
    let found = async |text: &str| !all(&ledger, &query(&format!("q={text}"))).await.is_empty();
    saved.message = Some(r#"{"data":{"person":{"last_name":"Bakker"}}}"#.to_owned());
    let mut saved = ledger.save(saved, now()).await.unwrap().unwrap();
    assert!(found("bakker").await && !found("quastenberg").await);
    let link = json!({"attempt": 1, "intended_at": now(), "customers": ["C-20417"], "customers_before": [], "replace": false,
        "activation": "mail", "settled": true, "mail": "confirmed"});
    saved.link = Some(serde_json::from_value(link).unwrap());
    ledger.save(saved, now()).await.unwrap().unwrap();
    assert!(found("c-20417").await && found("20417").await && found("bakker+c-20").await);
}

/// A ledger that has what each version wrote, and no words yet.
#[tokio::test]
async fn registrations_of_older_versions_are_listed_at_once_and_found_after_a_tick() {
    let world = World::new();
    let users: Vec<_> = (1..=450).map(|seed| world.register(&Generator::new(seed).plain())).collect();
    for _ in 0..3 {
        world.tick().await;
    }
    let ledger = world.app().await.ledger;
    let names = |page: Page| page.rows.into_iter().map(|row| (row.name, row.company)).collect::<Vec<_>>();
    let before = names(page(&ledger, &query("sort=company")).await.unwrap());
    let blank = "UPDATE registration SET words = NULL, company = '', findable_as = NULL";
    world.sqlite.run(blank, vec![]).await.unwrap();
    assert!(world.sqlite.run("SELECT * FROM word", vec![]).await.unwrap().is_empty());
    assert_eq!(all(&ledger, &query("")).await.len(), users.len());
    let first = before[0].0.clone().unwrap();
    let by_name = query(&format!("q={}", first.replace(' ', "+")));
    assert!(page(&ledger, &by_name).await.unwrap().rows.is_empty());

    world.tick().await;
    assert!(page(&ledger, &by_name).await.unwrap().rows.iter().any(|row| row.name.as_ref() == Some(&first)));
    assert_eq!(names(page(&ledger, &query("sort=company")).await.unwrap()), before);
}

//! Finding registrations: every filter, every order, page by page.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::{prelude::*, sample::subsequence};
use serde_json::json;
use shared::{
    key::OriginCode,
    ledger::{Entry, Ledger, State},
    search::{Cursor, Order, Page, Query, Sort, Words, page},
};

use crate::sqlite::Sqlite;

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
    #![proptest_config(ProptestConfig::with_cases(48))]

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

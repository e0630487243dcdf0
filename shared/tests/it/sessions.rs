//! Who is signed in, as the ledger has it.

use chrono::{DateTime, TimeDelta, Utc};
use shared::{
    access::ApiTokens,
    ledger::{Counted, Ledger},
    session::{IDLE, LONGEST, Session, Ticket},
    sql::{Sql, Value},
};

use crate::sqlite::Sqlite;

const TOKEN: &str = "aaaaaaaaaaaaaaaaaaaaaaaa";

fn now() -> DateTime<Utc> {
    "2026-03-02T09:15:00Z".parse().unwrap()
}

fn tokens() -> ApiTokens {
    ApiTokens::parse(&format!("anna:read:{TOKEN}")).unwrap()
}

async fn signed_in() -> (Sqlite, Ledger<Sqlite>, Ticket) {
    let sqlite = Sqlite::in_memory();
    let ledger = Ledger::open(sqlite.clone()).await.unwrap();
    let (ticket, tokens) = (Ticket::of([1, 2, 3, 4]), tokens());
    let session = Session::begin(&ticket, &tokens.known(TOKEN).unwrap(), now());
    ledger.begin_session(&ticket, &session, now()).await.unwrap();
    (sqlite, ledger, ticket)
}

async fn count(sqlite: &Sqlite, table: &str) -> Vec<Vec<Value>> {
    sqlite.run(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await.unwrap()
}

#[tokio::test]
async fn a_session_is_found_by_its_ticket_until_it_lapses_or_ends() {
    let (_, ledger, ticket) = signed_in().await;
    let found = async |ticket: &Ticket, at| ledger.session(ticket, at).await.unwrap();
    let session = found(&ticket, now()).await.unwrap();
    assert_eq!(session.granted(&ticket, &tokens()).unwrap().name, "anna");
    assert_eq!(found(&Ticket::of([1, 2, 3, 5]), now()).await, None);
    assert_eq!(found(&ticket, now() + IDLE).await, None);

    let later = now() + TimeDelta::minutes(20);
    ledger.renew_session(&ticket, session.renewed(later).unwrap()).await.unwrap();
    assert!(found(&ticket, now() + IDLE).await.is_some());
    ledger.renew_session(&ticket, now() + TimeDelta::minutes(1)).await.unwrap();
    assert!(found(&ticket, now() + IDLE).await.is_some(), "a note that comes late takes nothing away");

    ledger.end_session(&ticket).await.unwrap();
    assert_eq!(found(&ticket, now()).await, None);
    ledger.renew_session(&ticket, now() + LONGEST).await.unwrap();
    assert_eq!(found(&ticket, now()).await, None, "what has ended stays so");
}

#[tokio::test]
async fn what_has_lapsed_is_forgotten_when_the_next_one_comes() {
    let (sqlite, ledger, ticket) = signed_in().await;
    ledger.keep_code(&Ticket::of([9; 4]), &tokens().known(TOKEN).unwrap(), now()).await.unwrap();
    let (other, later) = (Ticket::of([5; 4]), now() + TimeDelta::hours(1));
    let session = Session::begin(&other, &tokens().known(TOKEN).unwrap(), later);
    ledger.begin_session(&other, &session, later).await.unwrap();
    ledger.keep_code(&Ticket::of([8; 4]), &tokens().known(TOKEN).unwrap(), later).await.unwrap();
    for table in ["session", "signin_code"] {
        assert_eq!(count(&sqlite, table).await, [[Value::Integer(1)]], "{table}");
    }
    assert_eq!(ledger.session(&ticket, now()).await.unwrap(), None);
}

#[tokio::test]
async fn a_code_is_good_once_and_for_its_own_token() {
    let (_, ledger, _) = signed_in().await;
    let code = Ticket::of([9; 4]);
    ledger.keep_code(&code, &tokens().known(TOKEN).unwrap(), now()).await.unwrap();
    assert_eq!(ledger.use_code(&Ticket::of([7; 4]), now()).await.unwrap(), None);
    assert_eq!(ledger.use_code(&code, now() + TimeDelta::minutes(10)).await.unwrap(), None, "it has lapsed");
    let bound = ledger.use_code(&code, now()).await.unwrap().unwrap();
    assert_eq!(tokens().bound(&code, &bound).unwrap().name, "anna");
    let changed = ApiTokens::parse("anna:read:bbbbbbbbbbbbbbbbbbbbbbbb").unwrap();
    assert!(changed.bound(&code, &bound).is_none());
    assert_eq!(ledger.use_code(&code, now()).await.unwrap(), None);
}

#[tokio::test]
async fn the_ledger_has_neither_ticket_nor_token_nor_name() {
    let (sqlite, ledger, ticket) = signed_in().await;
    let code = Ticket::of([9; 4]);
    ledger.keep_code(&code, &tokens().known(TOKEN).unwrap(), now()).await.unwrap();
    ledger.count_sign_in("192.0.2.7", now()).await.unwrap();
    for table in ["session", "signin_code", "rate"] {
        let rows = sqlite.run(&format!("SELECT * FROM {table}"), vec![]).await.unwrap();
        assert!(!rows.is_empty(), "{table}");
        let rows = format!("{rows:?}");
        for secret in [ticket.reveal(), code.reveal(), &ticket.form_secret(), TOKEN, "anna", "192.0.2.7"] {
            assert!(!rows.contains(secret), "{table} has {secret}");
        }
    }
}

#[tokio::test]
async fn attempts_are_counted_by_address_and_in_all() {
    let (sqlite, ledger, _) = signed_in().await;
    let counted = async |address: &str| ledger.count_sign_in(address, now()).await.unwrap();
    for _ in 0..30 {
        assert_eq!(counted("192.0.2.7").await, Counted::Within);
    }
    assert_eq!(counted("192.0.2.7").await, Counted::Over(60));
    let mut over = 0;
    for address in 0..2000 {
        over += u32::from(counted(&format!("2001:db8::{address}")).await != Counted::Within);
    }
    assert!(over >= 2000 - 570, "all together are too many: {over}");
    let rows = sqlite.run("SELECT caller FROM rate", vec![]).await.unwrap();
    assert!(rows.len() <= 257, "as many addresses as one likes make few rows");
}

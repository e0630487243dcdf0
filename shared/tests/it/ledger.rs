//! The ledger's own promises, on a real SQLite.

use chrono::{DateTime, TimeDelta, Utc};
use shared::{
    access::Caller,
    key::{OriginCode, UserKey},
    ledger::{Applied, Counted, Entry, Happened, Kept, Ledger, Letter, OwnParty, PartyKind, State, Turn},
    retry::{Policy, Retry},
    sql::{Sql, Value},
};

use crate::{sqlite::Sqlite, world::origin};

fn now() -> DateTime<Utc> {
    "2026-03-02T09:15:00Z".parse().unwrap()
}

fn user(name: &str) -> UserKey {
    name.parse().unwrap()
}

fn seen(name: &str) -> Entry {
    Entry::seen(origin(), user(name), now())
}

async fn ledger() -> Ledger<Sqlite> {
    Ledger::open(Sqlite::in_memory()).await.unwrap()
}

#[tokio::test]
async fn of_two_changes_of_one_version_the_second_changes_nothing_and_tells_nothing() {
    let ledger = ledger().await;
    let stored = ledger.save(seen("u"), now()).await.unwrap().unwrap();
    assert!(ledger.save(seen("u"), now()).await.unwrap().is_none(), "it is there already");

    let first = stored.clone().settled(State::Rejected).telling(Happened::Rejected, None);
    let second = stored.settled(State::Approved).telling(Happened::Approved, None);
    assert!(ledger.save(first, now()).await.unwrap().is_some());
    assert!(ledger.save(second, now()).await.unwrap().is_none());

    assert_eq!(ledger.entry(&origin(), &user("u")).await.unwrap().unwrap().state, State::Rejected);
    let told: Vec<_> =
        ledger.timeline(&origin(), &user("u")).await.unwrap().into_iter().map(|line| line.event).collect();
    assert_eq!(told, ["seen", "rejected"]);
}

#[tokio::test]
async fn in_one_statement_each_row_stands_for_itself() {
    let ledger = ledger().await;
    ledger.save(seen("known"), now()).await.unwrap().unwrap();
    let stored = ledger.save_all(vec![seen("a"), seen("known"), seen("b")], now()).await.unwrap();
    let mut keys: Vec<_> = stored.iter().map(|entry| entry.user_key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["a", "b"]);
}

#[tokio::test]
async fn an_entry_comes_back_as_it_was_stored() {
    let ledger = ledger().await;
    let policy = Policy { attempts: 200, period: TimeDelta::days(7) };
    let retry = Retry { policy, now: now(), chance: 0 };
    let stored = ledger
        .save(seen("u").claimed("t", now()).postponed("down", None, retry), now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ledger.entry(&origin(), &user("u")).await.unwrap().unwrap(), stored);
}

#[tokio::test]
async fn claimed_work_is_due_again_only_when_the_claim_has_lapsed() {
    let ledger = ledger().await;
    ledger.save(seen("u").claimed("t", now()), now()).await.unwrap().unwrap();
    for (seconds, want) in [(0, 0), (59, 0), (60, 1)] {
        let due = ledger.due(now() + TimeDelta::seconds(seconds), &Turn::default(), 10).await.unwrap();
        assert_eq!(due.len(), want, "after {seconds} s");
    }
}

#[tokio::test]
async fn only_an_accepted_event_uses_up_its_id() {
    let ledger = ledger().await;
    let letter = |body: &str| Letter {
        id: "msg_1".to_owned(),
        print: body.to_owned(),
        actor: "ERP".to_owned(),
        body: body.to_owned(),
        about: None,
    };
    let outcome = async |body| match ledger.keep(&letter(body), now()).await.unwrap() {
        Kept::Yes(kept) => Some(kept.outcome),
        Kept::OtherBody | Kept::Erased => None,
    };
    assert_eq!(outcome("one").await, Some(None));
    assert_eq!(outcome("two").await, None, "it waits to be applied");
    ledger.settle("msg_1", Applied::Refused).await.unwrap();
    assert_eq!(outcome("two").await, Some(None), "a refusal leaves the id free");
    ledger.settle("msg_1", Applied::Followed).await.unwrap();
    assert_eq!(outcome("two").await, Some(Some(Applied::Followed)));
    assert_eq!(outcome("one").await, None);
    assert!(ledger.waiting(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_lease_is_held_by_one_until_it_lapses_or_comes_back() {
    let ledger = ledger().await;
    let until = now() + TimeDelta::seconds(30);
    assert!(ledger.take_lease("tick", "a", until, now()).await.unwrap());
    assert!(!ledger.take_lease("tick", "b", until, now()).await.unwrap());
    assert!(
        ledger.take_lease("tick", "b", until + TimeDelta::seconds(60), until).await.unwrap(),
        "it has lapsed"
    );
    ledger.give_lease_back("tick", "a").await.unwrap();
    assert!(
        !ledger.take_lease("tick", "c", until, until).await.unwrap(),
        "it was no longer theirs to give back"
    );
}

#[tokio::test]
async fn a_lease_from_a_clock_that_was_set_back_keeps_nobody_out() {
    let ledger = ledger().await;
    let ahead = now() + TimeDelta::hours(2);
    assert!(ledger.take_lease("tick", "dead", ahead + TimeDelta::seconds(40), ahead).await.unwrap());
    assert!(ledger.take_lease("tick", "next", now() + TimeDelta::seconds(40), now()).await.unwrap());
}

#[tokio::test]
async fn a_key_that_one_registration_writes_is_not_taken_from_it() {
    let ledger = ledger().await;
    let own = |name: &str| OwnParty {
        kind: PartyKind::Customer,
        key: "C-1".to_owned(),
        user_key: user(name),
        print: "p".to_owned(),
        confirmed: false,
        decided_at: Some(now()),
    };
    assert_eq!(ledger.note_parties(&origin(), &[own("a")]).await.unwrap(), 1);
    assert_eq!(ledger.note_parties(&origin(), &[own("b")]).await.unwrap(), 0);
    let keys = [(PartyKind::Customer, "C-1".to_owned()), (PartyKind::Address, "C-1".to_owned())];
    assert_eq!(ledger.own_parties(&origin(), &keys).await.unwrap(), [own("a")]);
    let elsewhere: OriginCode = "B2B".parse().unwrap();
    assert!(ledger.own_parties(&elsewhere, &keys).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_is_listed_is_not_absent() {
    let ledger = ledger().await;
    ledger.save_all(vec![seen("here"), seen("away")], now()).await.unwrap();
    let scan = now() + TimeDelta::minutes(5);
    let (here, nobody) = (user("here"), user("nobody"));
    let known = ledger.note_listed(&origin(), [(&here, "p"), (&nobody, "p")].into_iter(), scan).await;
    assert_eq!(known.unwrap().into_keys().collect::<Vec<_>>(), [here]);
    let absent = async |before| {
        let absent = ledger.absent(&origin(), scan, before, 10).await.unwrap();
        absent.into_iter().map(|entry| entry.user_key.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(absent(now()).await, ["away"]);
    ledger.note_looked_for(&origin(), [user("away")].iter(), scan).await.unwrap();
    assert!(absent(scan - TimeDelta::hours(1)).await.is_empty(), "looked for not long ago");
}

#[tokio::test]
async fn a_ledger_opens_again_and_one_of_a_newer_version_is_refused() {
    let sqlite = Sqlite::in_memory();
    let ledger = Ledger::open(sqlite.clone()).await.unwrap();
    ledger.save(seen("u"), now()).await.unwrap().unwrap();
    let again = Ledger::open(sqlite.clone()).await.unwrap();
    assert!(again.entry(&origin(), &user("u")).await.unwrap().is_some());

    sqlite.run("UPDATE schema_version SET version = ?1", vec![Value::from(99)]).await.unwrap();
    let refused = Ledger::open(sqlite).await.err().unwrap().to_string();
    assert!(refused.contains("written by a newer version (its schema is 99"), "{refused}");
}

#[tokio::test]
async fn a_caller_has_so_many_requests_in_each_minute_of_the_clock_that_is_ahead() {
    let ledger = ledger().await;
    let (anna, most) = (Caller::Token("anna".to_owned()), 2.try_into().unwrap());
    // 09:15:00 is the beginning of a minute.
    for (second, want, why) in [
        (0, Counted::Within, "the first"),
        (59, Counted::Within, "the last one of this minute"),
        (59, Counted::Over(1), "one more"),
        (30, Counted::Over(30), "a clock that is behind"),
        (60, Counted::Within, "the next minute"),
        (-120, Counted::Within, "a clock that is behind counts in the same minute"),
        (61, Counted::Over(59), "so it is used up"),
        (-3600, Counted::Within, "a clock that was set back begins anew"),
        (61, Counted::Within, "and so does one that was set forward"),
    ] {
        let counted = ledger.count(&anna, most, now() + TimeDelta::seconds(second)).await.unwrap();
        assert_eq!(counted, want, "{why}");
    }
    for other in [Caller::Signer, Caller::Token("signer".to_owned()), Caller::Token("ERP".to_owned())] {
        assert_eq!(ledger.count(&other, most, now()).await.unwrap(), Counted::Within, "{other:?}");
        assert_eq!(
            ledger.count(&other, 1.try_into().unwrap(), now()).await.unwrap(),
            Counted::Over(60),
            "{other:?}"
        );
    }
}

//! Pages of registrations: nothing is skipped and nothing doubled, whatever changes meanwhile.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{collection::vec, prelude::*};
use shared::{
    by_hand::{Group, GroupRetried, retry_group},
    key::UserKey,
    ledger::{Change, Entry, Ledger, State},
    listing::{Asked, NoPage, Page, page},
    sql::Sql,
};

use crate::{
    sqlite::Sqlite,
    world::{World, origin},
};

fn now() -> DateTime<Utc> {
    "2026-03-02T09:15:00Z".parse().unwrap()
}

fn user(number: usize) -> UserKey {
    format!("u{number}").parse().unwrap()
}

async fn asked<S: Sql>(ledger: &Ledger<S>, query: &str) -> Page {
    page(ledger, &Asked::read(Some(query)).unwrap()).await.unwrap()
}

fn names(page: &Page) -> Vec<&str> {
    page.registrations.iter().map(|changed| changed.entry.user_key.as_str()).collect()
}

async fn ledger_of(states: &[State]) -> Ledger<Sqlite> {
    let ledger = Ledger::open(Sqlite::in_memory()).await.unwrap();
    for (number, state) in states.iter().enumerate() {
        let mut entry = Entry::seen(origin(), user(number), now());
        entry.state = *state;
        ledger.save(entry, now()).await.unwrap().unwrap();
    }
    ledger
}

/// What happens between two looks of somebody who pulls.
#[derive(Debug, Clone)]
enum Happens {
    /// Some registrations change in one statement, by a clock that is off by this many seconds.
    Change { users: Vec<usize>, announced: bool, clock: i64 },
    /// A registration is claimed: nothing that others are shown.
    Claim(usize),
    /// A registration is forgotten.
    Forget(usize),
    /// A page is read.
    Read(usize),
}

fn happens() -> impl Strategy<Value = Happens> {
    let change = (vec(0_usize..6, 1..4), any::<bool>(), -1000_i64..1000)
        .prop_map(|(users, announced, clock)| Happens::Change { users, announced, clock });
    prop_oneof![
        6 => change,
        1 => (0_usize..6).prop_map(Happens::Claim),
        1 => (0_usize..6).prop_map(Happens::Forget),
        4 => (1_usize..4).prop_map(Happens::Read),
    ]
}

/// Somebody who pulls, by a filter, and what was seen: the user and the reason, which is another one after each change.
struct Puller {
    filter: &'static str,
    cursor: Option<Change>,
    seen: Vec<(String, String)>,
}

impl Puller {
    async fn read(&mut self, ledger: &Ledger<Sqlite>, limit: usize) -> bool {
        let cursor = self.cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = asked(ledger, &format!("limit={limit}{}{cursor}", self.filter)).await;
        assert!(page.registrations.len() <= limit);
        self.cursor = page.next;
        for Entry { user_key, reason, .. } in page.registrations.into_iter().map(|changed| changed.entry) {
            self.seen.push((user_key.to_string(), reason.unwrap()));
        }
        page.more
    }
}

async fn play(happenings: Vec<Happens>) -> Result<(), TestCaseError> {
    let ledger = ledger_of(&[]).await;
    let puller = |filter| Puller { filter, cursor: None, seen: Vec::new() };
    let mut pullers = [puller(""), puller("&state=announced"), puller("&state=announced&origin=SHOP")];
    for (turn, happens) in happenings.into_iter().enumerate() {
        match happens {
            Happens::Change { mut users, announced, clock } => {
                users.sort_unstable();
                users.dedup();
                let at = now() + TimeDelta::seconds(clock);
                let mut changed = Vec::new();
                for number in users {
                    let known = ledger.entry(&origin(), &user(number)).await.unwrap();
                    let mut entry = known.unwrap_or_else(|| Entry::seen(origin(), user(number), at));
                    entry.state = if announced { State::Announced } else { State::Rejected };
                    entry.reason = Some(format!("turn {turn}"));
                    changed.push(entry);
                }
                ledger.save_all(changed, at).await.unwrap();
            }
            Happens::Claim(number) => {
                if let Some(entry) = ledger.entry(&origin(), &user(number)).await.unwrap() {
                    ledger.save(entry.claimed("t", now()), now()).await.unwrap();
                }
            }
            Happens::Forget(number) => {
                if let Some(entry) = ledger.entry(&origin(), &user(number)).await.unwrap() {
                    ledger.forget(&entry).await.unwrap();
                }
            }
            Happens::Read(limit) => {
                for puller in &mut pullers {
                    puller.read(&ledger, limit).await;
                }
            }
        }
    }
    for puller in &mut pullers {
        while puller.read(&ledger, 2).await {}
        let read = puller.seen.len();
        puller.read(&ledger, 500).await;
        prop_assert_eq!(puller.seen.len(), read, "nothing has changed since");
        let whole = asked(&ledger, &format!("limit=500{}", puller.filter)).await;
        for entry in whole.registrations.into_iter().map(|changed| changed.entry) {
            let last = puller.seen.iter().rev().find(|(user, _)| user == entry.user_key.as_str());
            prop_assert_eq!(last.map(|(_, reason)| reason), entry.reason.as_ref(), "the last change");
        }
        let mut once = puller.seen.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), read, "seen twice without a change: {:?}", &puller.seen);
    }
    Ok(())
}

proptest! {
    #[test]
    fn who_goes_on_from_the_cursor_sees_every_last_change_and_none_twice(happenings in vec(happens(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(play(happenings))?;
    }
}

#[tokio::test]
async fn a_page_holds_what_is_asked_for_and_the_cursor_outlives_the_filter() {
    use State::{Announced, Rejected};
    let ledger = ledger_of(&[Announced, Rejected, Announced, Announced]).await;
    let first = asked(&ledger, "state=announced&limit=2").await;
    assert_eq!((names(&first), first.more), (vec!["u0", "u2"], true));
    let cursor = first.next.unwrap();
    let second = asked(&ledger, &format!("state=announced&limit=2&cursor={cursor}")).await;
    assert_eq!((names(&second), second.more), (vec!["u3"], false));
    assert_eq!(names(&asked(&ledger, &format!("cursor={cursor}")).await), ["u3"]);
    assert_eq!(names(&asked(&ledger, "order=newest&limit=3").await), ["u3", "u2", "u1"]);
    assert_eq!(asked(&ledger, "order=newest").await.next, None);
    assert!(asked(&ledger, "origin=OTHER").await.registrations.is_empty());
}

#[tokio::test]
async fn since_begins_with_what_changed_then_and_goes_on_by_the_cursor() {
    let ledger = ledger_of(&[]).await;
    // Of two instances, the one whose clock is behind commits last.
    for (number, minute) in [(0, 1), (1, 9), (2, 5)] {
        let at = now() + TimeDelta::minutes(minute);
        ledger.save(Entry::seen(origin(), user(number), at), at).await.unwrap();
    }
    for (minute, want) in
        [(0, vec!["u0", "u1", "u2"]), (3, vec!["u1", "u2"]), (7, vec!["u1", "u2"]), (10, vec![])]
    {
        let since = (now() + TimeDelta::minutes(minute)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let page = asked(&ledger, &format!("since={since}")).await;
        assert_eq!(names(&page), want, "since minute {minute}");
        assert_eq!(page.next.unwrap(), ledger.last_change().await.unwrap(), "the cursor is at the end");
    }
}

#[tokio::test]
async fn a_cursor_that_the_ledger_has_not_come_to_is_refused() {
    let ledger = ledger_of(&[State::Seen]).await;
    let ahead = Asked::read(Some("cursor=0000000000000002")).unwrap();
    let Err(NoPage::Problem(problem)) = page(&ledger, &ahead).await else { panic!("a page") };
    assert_eq!((problem.status().as_u16(), problem.field()), (400, Some("cursor")));
    assert!(asked(&ledger, "cursor=0000000000000001").await.registrations.is_empty(), "this is the last one");
}

#[tokio::test]
async fn a_group_that_is_stuck_for_one_reason_goes_on_and_no_other() {
    let ledger = ledger_of(&[State::Announced]).await;
    for (number, reason) in
        (0..250).map(|number| (number, "The shop refused the ZIP")).chain([(250, "other")])
    {
        let seen = Entry::seen(origin(), user(1000 + number), now());
        let stuck = if number == 7 { seen.stuck(reason).claimed("t", now()) } else { seen.stuck(reason) };
        ledger.save(stuck, now()).await.unwrap().unwrap();
    }
    let group = Group::read(Some("reason=refused+the+zip&origin=SHOP")).unwrap();
    let done = retry_group(&ledger, &group, "anna", now()).await.unwrap();
    assert_eq!(done, GroupRetried { retried: 249, busy: 1, ..GroupRetried::default() });
    let left = asked(&ledger, "state=stuck").await;
    assert_eq!(names(&left), ["u1007", "u1250"]);
    let told = ledger.timeline(&origin(), &user(1000)).await.unwrap();
    assert_eq!((told[1].event.as_str(), told[1].actor.as_deref()), ("resumed", Some("anna")));

    let other =
        retry_group(&ledger, &Group::read(Some("origin=OTHER&all=true")).unwrap(), "anna", now()).await;
    assert_eq!(other.unwrap(), GroupRetried::default());
    let all = retry_group(&ledger, &Group::read(Some("all=true")).unwrap(), "anna", now()).await;
    assert_eq!(all.unwrap(), GroupRetried { retried: 1, busy: 1, ..GroupRetried::default() });
}

#[tokio::test]
async fn a_group_leaves_alone_whose_mail_may_be_out() {
    let ledger = ledger_of(&[State::Stuck, State::Stuck]).await;
    for (number, mail) in [(0, "unknown"), (1, "presumed")] {
        let mut entry = ledger.entry(&origin(), &user(number)).await.unwrap().unwrap();
        let link = serde_json::json!({
            "attempt": 1, "intended_at": now(), "customers": ["C-1"], "customers_before": [], "activation": "mail",
            "replace": false, "mail": mail, "settled": true
        });
        (entry.link, entry.reason) = (Some(serde_json::from_value(link).unwrap()), Some("x".to_owned()));
        ledger.save(entry, now()).await.unwrap().unwrap();
    }
    let done = retry_group(&ledger, &Group::read(Some("reason=x")).unwrap(), "anna", now()).await.unwrap();
    assert_eq!(done, GroupRetried { retried: 1, mail_unknown: 1, ..GroupRetried::default() });
    assert_eq!(ledger.entry(&origin(), &user(0)).await.unwrap().unwrap().state, State::Stuck);
}

#[test]
fn a_group_needs_a_reason_or_the_word_that_everything_is_meant() {
    for (query, want) in [
        ("", "reason"),
        ("reason=", "reason"),
        ("all=false", "reason"),
        ("all=yes", "all"),
        ("reason=x&all=true", "all"),
        ("reason=x&origin=..", "origin"),
        ("reasons=x", "reasons"),
    ] {
        assert_eq!(Group::read(Some(query)).unwrap_err().field(), Some(want), "{query}");
    }
}

#[tokio::test]
async fn an_erp_that_asks_by_itself_is_shown_what_the_applicant_changes() {
    let mut world = World::new();
    world.set("erp_host", "https://erp.invalid");
    let user = world.register(&sandbox::Generator::new(1).plain());
    world.tick().await;
    let ledger = &world.app().await.ledger;
    let first = asked(ledger, "state=announced").await;
    assert_eq!((names(&first), first.registrations[0].entry.revision), (vec![user.as_str()], 1));

    // It waits: the hourly look at it is no change.
    world.pass(TimeDelta::hours(2));
    world.tick().await;
    let cursor = first.next.unwrap();
    assert!(asked(ledger, &format!("cursor={cursor}")).await.registrations.is_empty());

    let changes = serde_json::from_str(r#"{"name": "Renamed B.V."}"#).unwrap();
    assert!(world.net.shop.borrow_mut().edit_profile(user.as_str(), &changes, world.now()));
    world.pass(TimeDelta::hours(2));
    world.tick().await;
    let second = asked(ledger, &format!("state=announced&cursor={cursor}")).await;
    assert_eq!(names(&second), [user.as_str()]);
    let entry = &second.registrations[0].entry;
    assert_eq!((entry.state, entry.revision), (State::Announced, 2));
    assert!(entry.message.as_ref().unwrap().contains("Renamed B.V."));
}

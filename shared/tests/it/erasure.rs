//! A person is erased: nothing that tells who it was stays, and nobody comes back by himself.

use std::{cell::Cell, path::PathBuf, rc::Rc};

use chrono::TimeDelta;
use http::{Response, StatusCode};
use rusqlite::Connection;
use sandbox::{
    Generator, Registration,
    erp::{Decision, Rejection},
    fault::{Call, Fault, On, What},
    shop::behaviour::{ListRows, ProfileEdit},
};
use serde_json::json;
use shared::{
    erasure::Erasure,
    inbox::Outcome,
    key::UserKey,
    ledger::{Entry, Kept, State},
    reception::Signed,
    sql::Sql as _,
};

use crate::{
    interposed::{Between, CutOff, Indexed},
    sqlite::Sqlite,
    traces::{in_files, in_tables, telling},
    world::{SECRET, World, letter, origin},
};

/// Somebody with a delivery address and everything else filled in.
fn somebody() -> Registration {
    Generator::new(1)
        .plain()
        .with_profile("delivery_street1", "Zijkanaalstraat")
        .with_profile("delivery_city", "Zaandam")
        .with_profile("delivery_telephone_number", "075-0000199")
}

/// What to look for, also in words of others.
fn marks() -> Vec<String> {
    telling(&somebody())
}

fn mail() -> String {
    somebody().person["email"].as_str().unwrap().to_owned()
}

/// A world with a registration in each of the states in which a person can be erased.
async fn with(state: State) -> (World, UserKey) {
    lead(World::new(), state).await
}

async fn lead(world: World, state: State) -> (World, UserKey) {
    let user = world.register(&somebody());
    let mut refusal = Response::new(json!({"error": mail()}).to_string().into());
    *refusal.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    let refusal = What::Answer(refusal);
    let fault = match state {
        State::Seen => Some(What::Hang),
        State::Stuck => Some(refusal),
        _ => None,
    };
    if let Some(fault) = fault {
        world.net.erp.borrow_mut().faults.push(Fault::always(On::call(Call::Message), fault));
    }
    world.tick().await;
    match state {
        State::Linked | State::Active => {
            world.post("m1", &world.approval(&user, "C-1")).await;
        }
        State::Rejected => {
            let rejection = Rejection::new("SHOP", user.as_str(), &format!("{} is not known", mail()));
            world.post("m1", &rejection.message(world.now())).await;
        }
        State::Gone => assert!(world.net.shop.borrow_mut().delete_user(user.as_str())),
        _ => {}
    }
    if state == State::Active {
        assert!(world.net.shop.borrow_mut().click(user.as_str(), world.now()));
    }
    for _ in 0..3 {
        world.pass(TimeDelta::minutes(61));
        world.tick().await;
    }
    assert_eq!(world.state(&user).await, state);
    (world, user)
}

async fn erased(world: &World, user: &UserKey) -> Entry {
    match world.erase(user).await {
        Erasure::Done(entry) => *entry,
        other => panic!("{other:?}"),
    }
}

fn file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.db"));
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    path
}

#[tokio::test]
async fn nothing_that_tells_who_it_was_stays_in_any_table_or_in_the_files() {
    for &state in State::ALL {
        if matches!(state, State::Approved | State::Erased) {
            continue;
        }
        let path = file(&format!("erased-{state}"));
        let mut world = World::new();
        world.sqlite = Sqlite(Rc::new(Connection::open(&path).unwrap()));
        let (world, user) = lead(world, state).await;
        assert!(in_tables(&world.sqlite, &marks()).await.len() > 5, "{state}: there is something to find");
        assert!(!in_files(&path, &marks()).is_empty(), "{state}: there is something to find");

        let entry = erased(&world, &user).await;
        let tombstone = entry.tombstone.as_ref().unwrap();
        assert_eq!((entry.state, tombstone.outcome, tombstone.by.as_str()), (State::Erased, state, "anna"));
        assert_eq!(in_tables(&world.sqlite, &marks()).await, [""; 0], "{state}");
        assert_eq!(in_files(&path, &marks()), [""; 0], "{state}");
        assert_eq!(entry.due_at, None, "{state}");
        let kept = world.entry(&user).await;
        assert_eq!(kept.link.is_some(), matches!(state, State::Linked | State::Active), "{state}");
        assert_eq!(world.told(&user).await.last().unwrap(), "erased");
        world.tick().await;
        for prints in [
            "SELECT 1 FROM registration WHERE coalesce(row_print, listed_print, data_print, reason) IS NOT NULL",
            "SELECT 1 FROM party WHERE print <> ''",
            "SELECT 1 FROM inbox WHERE body <> ''",
        ] {
            assert!(world.sqlite.run(prints, vec![]).await.unwrap().is_empty(), "{state}: {prints}");
        }
    }
}

#[tokio::test]
async fn who_is_erased_is_neither_read_nor_told_of_until_the_row_changes() {
    for rows in [ListRows::Full, ListRows::Short] {
        for state in [State::Seen, State::Announced, State::Rejected, State::Stuck] {
            let world = World::new();
            world.net.shop.borrow_mut().behaviour.list_rows = rows;
            let (world, user) = lead(world, state).await;
            erased(&world, &user).await;
            world.net.erp.borrow_mut().erase("SHOP", user.as_str());
            world.net.erp.borrow_mut().faults.clear();

            let read = || {
                let shop = world.net.shop.borrow();
                shop.journal.lines().filter(|line| line.target.contains(user.as_str())).count()
            };
            let (before, told) = (read(), world.net.erp.borrow().received().len());
            for _ in 0..4 {
                world.pass(TimeDelta::hours(7));
                let report = world.tick().await;
                assert_eq!((report.announced, report.seen, report.would_announce), (0, 0, 0), "{state}");
            }
            assert_eq!((read(), world.net.erp.borrow().received().len()), (before, told), "{state}");
            assert_eq!(world.state(&user).await, State::Erased);

            let now = world.now();
            let changes = json!({"phone": "030-0000188"});
            assert!(world.net.shop.borrow_mut().edit_user(user.as_str(), changes.as_object().unwrap(), now));
            world.tick().await;
            let entry = world.entry(&user).await;
            assert_eq!((entry.state, entry.revision), (State::Announced, 2), "{state}: {rows:?}");
            assert_eq!((&entry.tombstone, &entry.decision), (&None, &None));
            let erp = world.net.erp.borrow();
            let last = erp.received().last().unwrap();
            assert_eq!(
                (last.kind.as_str(), last.data["revision"].as_u64()),
                ("registration.created", Some(2))
            );
            assert_eq!(erp.violations(), [""; 0]);
        }
    }
}

#[tokio::test]
async fn a_row_that_changes_to_a_linked_or_active_user_brings_nobody_back() {
    for rows in [ListRows::Full, ListRows::Short] {
        for link in [true, false] {
            let (world, user) = with(State::Announced).await;
            world.net.shop.borrow_mut().behaviour.list_rows = rows;
            world.tick().await;
            erased(&world, &user).await;
            let now = world.now();
            assert!(if link {
                world.net.shop.borrow_mut().link_by_hand(user.as_str(), "C-9", now)
            } else {
                world.net.shop.borrow_mut().activate_by_hand(user.as_str(), now)
            });
            for _ in 0..2 {
                world.pass(TimeDelta::minutes(5));
                world.tick().await;
            }
            assert_eq!(world.state(&user).await, State::Erased);
            let calls = world.net.shop.borrow().journal.total();
            world.tick().await;
            let shop = world.net.shop.borrow();
            let asked = shop.journal.lines().skip(usize::try_from(calls).unwrap());
            assert_eq!(asked.filter(|line| line.target.contains(user.as_str())).count(), 0, "it is settled");
        }
    }
}

#[tokio::test]
async fn who_was_never_listed_before_the_erasure_is_compared_with_the_first_row_after_it() {
    let world = World::new();
    let user = world.register(&somebody());
    let rejection = Rejection::new("SHOP", user.as_str(), "no").message(world.now());
    world.post("m1", &rejection).await;
    erased(&world, &user).await;
    for _ in 0..3 {
        assert_eq!(world.tick().await.announced, 0);
    }
    let changes = json!({"phone": "030-0000188"});
    let now = world.now();
    assert!(world.net.shop.borrow_mut().edit_user(user.as_str(), changes.as_object().unwrap(), now));
    assert_eq!(world.tick().await.announced, 1);
}

#[tokio::test]
async fn a_decision_about_an_erased_one_is_not_stored_and_a_repeat_is_answered_without_its_body() {
    let (world, user) = with(State::Linked).await;
    let message = world.approval(&user, "C-1");
    erased(&world, &user).await;
    let ledger = world.app().await.ledger;
    let new = letter("m2", message.to_string());
    assert!(matches!(ledger.keep(&new, world.now()).await.unwrap(), Kept::Erased));
    assert!(ledger.kept("m2").await.unwrap().is_none());

    // The very message that was followed, once more.
    let first = world.net.erp.borrow_mut().repeat(world.now(), "m1").unwrap();
    match world.webhook(first).await {
        Outcome::Stands(entry) => assert_eq!(entry.state, State::Erased),
        other => panic!("{other:?}"),
    }
    assert_eq!(in_tables(&world.sqlite, &marks()).await, [""; 0]);
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn the_same_wish_is_carried_out_again_for_who_registered_anew() {
    let (world, user) = with(State::Announced).await;
    let wish = json!({"origin": "SHOP", "user_key": user, "customer_keys": ["K-1"]}).to_string();
    let wished = async || {
        let app = world.app().await;
        let taken = app.take_wish("platform", wish.as_bytes()).await.ok()?;
        app.work_off(&taken.kept).await.ok()
    };
    assert!(matches!(wished().await, Some(Outcome::Stands(entry)) if entry.state == State::Stuck), "no K-1");
    erased(&world, &user).await;
    assert!(wished().await.is_none(), "it is refused at the door");
    let changes = json!({"phone": "030-0000188"});
    let now = world.now();
    assert!(world.net.shop.borrow_mut().edit_user(user.as_str(), changes.as_object().unwrap(), now));
    world.net.erp.borrow_mut().erase("SHOP", user.as_str());
    world.tick().await;
    world.put_customer("K-1");
    assert!(matches!(wished().await, Some(Outcome::Stands(entry)) if entry.state == State::Linked));
    assert_eq!(world.mails(&user), 1);
}

#[tokio::test]
async fn nobody_else_loses_anything() {
    let (world, user) = with(State::Linked).await;
    let other = world.register(&Generator::new(2).plain());
    world.tick().await;
    let late = Rejection::new("SHOP", user.as_str(), &mail()).message(world.now());
    assert!(matches!(world.post("m2", &late).await, Outcome::Conflict(_)));
    world.decide(&other, Decision::Reject("unknown".to_owned())).await;
    let bodies = async || world.sqlite.run("SELECT body FROM inbox WHERE body <> ''", vec![]).await.unwrap();
    assert_eq!(bodies().await.len(), 3);
    let before = (world.entry(&other).await, world.told(&other).await);
    erased(&world, &user).await;
    assert_eq!(bodies().await.len(), 1);
    assert_eq!((world.entry(&other).await, world.told(&other).await), before);
}

/// There is no registration with which it could be erased.
#[tokio::test]
async fn of_a_message_about_nobody_or_of_another_type_no_body_is_kept() {
    let world = World::new();
    let nobody = "5b1f0c1e-0000-4000-8000-00000000dead".parse().unwrap();
    let app = world.app().await;
    let other = json!({"type": "person.changed", "timestamp": world.now(), "data": {"email": mail()}});
    let rejection = Rejection::new("SHOP", "5b1f0c1e-0000-4000-8000-00000000dead", &mail());
    for (id, message) in [("m1", rejection.message(world.now())), ("m2", other)] {
        for _ in 0..2 {
            let request = world.net.erp.borrow_mut().post(world.now(), id, &message).unwrap();
            let (parts, body) = request.into_parts();
            let keys = [SECRET.parse().unwrap()];
            let message = Signed::verify(&keys, &parts.headers, &body, world.now()).unwrap();
            let taken = app.take_message(message).await.unwrap();
            app.work_off(&taken.kept).await.unwrap();
            assert_eq!(in_tables(&world.sqlite, &marks()).await, [""; 0], "{id}");
        }
        assert!(app.ledger.kept(id).await.unwrap().unwrap().outcome.is_some());
    }
    assert!(world.known(&nobody).await.is_none());
}

#[tokio::test]
async fn nobody_is_erased_while_somebody_works_on_it() {
    let (world, user) = with(State::Announced).await;
    let ledger = world.app().await.ledger;
    let words = async || match world.erase(&user).await {
        Erasure::NotNow(why) => why,
        other => panic!("{other:?}"),
    };
    let held = world.entry(&user).await.claimed("somebody", world.now());
    ledger.save(held, world.now()).await.unwrap().unwrap();
    assert!(words().await.contains("in a minute"));
    world.pass(TimeDelta::seconds(60));

    world.leave_in_inbox("m1", &world.approval(&user, "C-1")).await;
    assert!(words().await.contains("after the next tick"));
    world.net.shop.borrow_mut().faults.push(Fault::always(On::call(Call::UserGet), What::Hang));
    world.tick().await;
    assert_eq!(world.state(&user).await, State::Approved);
    assert!(words().await.contains("linked or stuck"));

    let rejection = Rejection::new("SHOP", user.as_str(), "no").message(world.now());
    world.post("m2", &rejection).await;
    erased(&world, &user).await;
    assert_eq!(in_tables(&world.sqlite, &marks()).await, [""; 0]);
    let nobody = "5b1f0c1e-0000-4000-8000-00000000dead".parse().unwrap();
    assert!(matches!(world.erase(&nobody).await, Erasure::Unknown));
}

/// Before every single statement of a tick that reads a change and delivers it, somebody has the person erased. Either that is refused,
/// or nothing stays, whatever the tick still had in hand. Only a change of the row that the ledger had not noted brings the person back.
async fn erased_in_the_middle_of_a_tick(edit: ProfileEdit) {
    let (mut done, mut refused, mut back) = (0, 0, 0);
    for statements in 0.. {
        let (world, user) = with(State::Announced).await;
        world.pass(TimeDelta::minutes(61));
        let changes = json!({"phone": "030-0000188"});
        {
            let mut shop = world.net.shop.borrow_mut();
            shop.behaviour.profile_edit = edit;
            assert!(shop.edit_profile(user.as_str(), changes.as_object().unwrap(), world.now()));
        }
        let before = world.entry(&user).await.listed_print;
        let (asked, happened, noted) = (Cell::new(false), Cell::new(false), Cell::new(false));
        let between = Between::statements(statements, world.sqlite.clone(), async || {
            asked.set(true);
            noted.set(world.entry(&user).await.listed_print != before);
            happened.set(matches!(world.erase(&user).await, Erasure::Done(_)));
        });
        world.tick_on(between).await;
        if !asked.get() {
            break;
        }
        if !happened.get() {
            refused += 1;
            assert_eq!(world.state(&user).await, State::Announced, "after {statements}");
            erased(&world, &user).await;
        }
        let told = world.net.erp.borrow().received().len();
        world.pass(TimeDelta::minutes(61));
        world.tick().await;
        if world.state(&user).await == State::Erased {
            done += 1;
            assert_eq!(in_tables(&world.sqlite, &marks()).await, [""; 0], "after {statements}");
            assert_eq!(world.net.erp.borrow().received().len(), told, "after {statements}");
        } else {
            back += 1;
            assert!(happened.get() && !noted.get(), "after {statements} the change was noted");
            let events = world.told(&user).await;
            let erased = events.iter().position(|event| event == "erased").unwrap();
            assert_eq!(events[erased + 1], "resumed", "after {statements}: {events:?}");
        }
    }
    assert!(done > 10 && refused > 0, "{done} were done and {refused} refused");
    assert_eq!(back > 0, edit == ProfileEdit::TouchesUser, "{back} came back");
}

#[tokio::test]
async fn an_erasure_in_the_middle_of_a_tick_is_whole_or_refused() {
    erased_in_the_middle_of_a_tick(ProfileEdit::ProfileOnly).await;
}

#[tokio::test]
async fn a_change_that_nobody_had_noted_brings_the_person_back_as_new() {
    erased_in_the_middle_of_a_tick(ProfileEdit::TouchesUser).await;
}

#[tokio::test]
async fn of_two_erasures_at_once_both_are_answered_and_one_is_told_of() {
    for statements in 0..12 {
        let (world, user) = with(State::Linked).await;
        let between = Between::statements(statements, world.sqlite.clone(), async || {
            erased(&world, &user).await;
        });
        assert!(matches!(world.erase_on(between, &user).await, Ok(Erasure::Done(_))), "after {statements}");
        let told = world.told(&user).await;
        assert_eq!(told.iter().filter(|event| *event == "erased").count(), 1, "after {statements}: {told:?}");
    }
}

#[tokio::test]
async fn an_erasure_that_is_cut_off_after_any_statement_is_whole_or_has_not_begun() {
    let mut outcomes = Vec::new();
    for statements in 0.. {
        let (world, user) = with(State::Linked).await;
        let before = in_tables(&world.sqlite, &marks()).await;
        let ended = world.erase_on(CutOff::after(statements, world.sqlite.clone()), &user).await;
        let left = in_tables(&world.sqlite, &marks()).await;
        let is_erased = world.state(&user).await == State::Erased;
        assert_eq!(left, if is_erased { vec![] } else { before }, "after {statements}");
        outcomes.push(is_erased);
        erased(&world, &user).await;
        assert_eq!(in_tables(&world.sqlite, &marks()).await, [""; 0], "after {statements}");
        if ended.is_ok() {
            break;
        }
    }
    assert!(outcomes.contains(&false) && outcomes.contains(&true), "{outcomes:?}");
}

#[tokio::test]
async fn no_statement_of_an_erasure_looks_through_a_whole_table() {
    let (mut world, user) = with(State::Linked).await;
    world.set("retention_days", "1");
    world.tick_on(Indexed(world.sqlite.clone())).await;
    assert!(matches!(world.erase_on(Indexed(world.sqlite.clone()), &user).await, Ok(Erasure::Done(_))));
    world.tick_on(Indexed(world.sqlite.clone())).await;
    // What the triggers do is in no plan of the statement that sets them off.
    let indexed = Indexed(world.sqlite.clone());
    for table in ["timeline", "inbox", "party"] {
        let statement = format!("SELECT 1 FROM {table} WHERE origin = ?1 AND user_key = ?2");
        indexed.run(&statement, vec![origin().as_str().into(), user.as_str().into()]).await.unwrap();
    }
}

//! What the console shows at a glance, and about one registration.

use chrono::TimeDelta;
use chrono_tz::Tz;
use http::{Response, StatusCode};
use sandbox::{
    Generator,
    erp::{Decision, Rejection},
    fault::{Call, Fault, On, What},
};
use serde_json::json;
use shared::{
    detail::{Detail, Next, NotNow, Pace, Tries},
    key::UserKey,
    ledger::{Entry, Happened, State, Tallied},
    link::Mail,
    overview::{CLASSES, How, Overview, Side, Warning},
    retry::Policy,
    runs,
    settings::WatchSettings,
};

use crate::world::{World, origin};

pub const PACE: Pace =
    Pace { retry: Policy { attempts: 200, period: TimeDelta::days(7) }, recheck_after: TimeDelta::hours(1) };

pub fn limits() -> WatchSettings {
    WatchSettings {
        origins: vec![origin()],
        scan_max_age: TimeDelta::minutes(15),
        undecided_max_age: Some(TimeDelta::days(1)),
        stuck_max: None,
    }
}

async fn detail(world: &World, user: &UserKey) -> Detail {
    let ledger = world.app().await.ledger;
    Detail::of(&ledger, &origin(), user, &PACE, world.now()).await.unwrap().unwrap()
}

async fn overview(world: &World) -> Overview {
    Overview::of(&world.app().await.ledger, &limits(), Tz::Europe__Amsterdam, world.now()).await.unwrap()
}

fn answer(status: StatusCode, error: &str) -> What {
    let mut answer = Response::new(json!({"error": error}).to_string().into());
    *answer.status_mut() = status;
    What::Answer(answer)
}

fn fail(world: &World, call: Call, what: What) {
    let fault = Fault::always(On::call(call), what);
    match call {
        Call::Message => world.net.erp.borrow_mut().faults.push(fault),
        _ => world.net.shop.borrow_mut().faults.push(fault),
    }
}

fn mend(world: &World) {
    world.net.erp.borrow_mut().faults.clear();
    world.net.shop.borrow_mut().faults.clear();
}

#[tokio::test]
async fn each_step_of_the_way_says_what_comes_next_and_what_can_be_done() {
    let world = World::new();
    let user = world.register(&Generator::new(1).plain());
    fail(&world, Call::Message, What::Hang);
    let began = world.now();
    world.tick().await;
    let seen = detail(&world, &user).await;
    let retries = Next::Retries {
        what: Tries::TellErp,
        at: began + TimeDelta::seconds(15),
        failed: 1,
        most: 200,
        gives_up_at: began + TimeDelta::days(7),
    };
    assert_eq!((seen.next, seen.actions.retry), (retries, Ok(())));

    mend(&world);
    world.pass(TimeDelta::minutes(1));
    let at = world.now();
    world.tick().await;
    let announced = detail(&world, &user).await;
    let waits = Next::WaitsForErp { since: at, checked_again_at: began + TimeDelta::hours(1) };
    assert_eq!((announced.next, announced.actions.retry), (waits, Err(NotNow::NothingFailed)));
    assert_eq!(
        (announced.actions.approve, announced.actions.reject, announced.actions.erase),
        (Ok(()), Ok(()), Ok(()))
    );
    assert_eq!(announced.failed.first[0].words.as_deref(), Some("the ERP gave no answer: no answer in time"));
    assert!(announced.timeline.iter().all(|line| line.what != Happened::TryFailed));

    fail(&world, Call::UserPatch, What::Hang);
    world.decide(&user, Decision::Approve).await;
    let approved = detail(&world, &user).await;
    assert!(
        matches!(approved.next, Next::Retries { what: Tries::CarryOut, failed: 1, .. }),
        "{:?}",
        approved.next
    );
    assert_eq!(approved.actions.erase, Err(NotNow::BeingCarriedOut));
    assert_eq!(approved.actions.reject, Err(NotNow::Linked));

    mend(&world);
    world.pass(TimeDelta::minutes(2));
    world.tick().await;
    let linked = detail(&world, &user).await;
    let Next::WaitsForClick { since, mail } = linked.next else { panic!("{:?}", linked.next) };
    assert_eq!((since, mail), (world.now(), Mail::Confirmed));
    assert_eq!(linked.actions.approve, Err(NotNow::Linked));
    assert_eq!(linked.outcomes[0].kind, "registration.linked");

    assert!(world.net.shop.borrow_mut().click(user.as_str(), world.now()));
    world.pass(TimeDelta::minutes(1));
    world.tick().await;
    let active = detail(&world, &user).await;
    assert_eq!((active.entry.state, active.next), (State::Active, Next::Nothing));

    world.erase(&user).await;
    let erased = detail(&world, &user).await;
    assert_eq!(
        (erased.entered, erased.next, erased.actions.retry),
        (None, Next::Nothing, Err(NotNow::Erased))
    );
    assert_eq!(erased.failed.count(), 2, "the tries are still told of");
    assert!(erased.failed.first.iter().all(|tried| tried.words.is_none()), "but not in whose words");
}

#[tokio::test]
async fn who_is_stuck_missing_or_held_is_shown_as_such() {
    let world = World::new();
    let [stuck, missing] = [1, 2].map(|seed| world.register(&Generator::new(seed).plain()));
    world.tick().await;
    world.put_customer("C-1");
    world.post("m1", &world.approval(&stuck, "C-1")).await;
    let shown = detail(&world, &stuck).await;
    let Next::NeedsPerson { reason, since } = &shown.next else { panic!("{:?}", shown.next) };
    assert!(reason.contains("C-1 exists") && *since == world.now(), "{reason}");
    assert_eq!((shown.actions.retry, shown.actions.reject), (Ok(()), Ok(())));

    assert!(world.net.shop.borrow_mut().delete_user(missing.as_str()));
    world.pass(TimeDelta::minutes(1));
    world.tick().await;
    let gone_at = world.now() + TimeDelta::hours(1);
    assert_eq!(detail(&world, &missing).await.next, Next::AsksWhetherGone { at: gone_at });

    let held = world.entry(&stuck).await.claimed("somebody", world.now());
    world.app().await.ledger.save(held, world.now()).await.unwrap().unwrap();
    let until = world.now() + TimeDelta::seconds(60);
    let shown = detail(&world, &stuck).await;
    assert_eq!(
        (shown.next, shown.actions.erase),
        (Next::BeingWorkedOn { until }, Err(NotNow::BeingWorkedOn(until)))
    );
}

#[tokio::test]
async fn of_many_tries_the_first_and_the_last_are_shown() {
    let world = World::new();
    let user = world.register(&Generator::new(1).plain());
    fail(&world, Call::Message, answer(StatusCode::BAD_GATEWAY, "down"));
    world.tick().await;
    let ledger = world.app().await.ledger;
    let mut entry = world.entry(&user).await;
    for number in 0..700 {
        world.pass(TimeDelta::minutes(1));
        entry.claim = None;
        let failed = entry.telling(Happened::TryFailed, Some(format!("try {number}")));
        entry = ledger.save(failed, world.now()).await.unwrap().unwrap();
    }
    let shown = detail(&world, &user).await;
    assert_eq!((shown.failed.first.len(), shown.failed.left_out, shown.failed.last.len()), (20, 661, 20));
    assert_eq!(shown.failed.last[19].words.as_deref(), Some("try 699"));
    assert_eq!(shown.failed.last[0].words.as_deref(), Some("try 680"));
}

#[tokio::test]
async fn the_overview_counts_by_day_and_keeps_its_counts_when_somebody_is_erased() {
    let world = World::new();
    let users: Vec<_> = (1..=3).map(|seed| world.register(&Generator::new(seed).plain())).collect();
    world.tick().await;
    for user in &users[..2] {
        world.decide(user, Decision::Approve).await;
    }
    world.post("m3", &Rejection::new("SHOP", users[2].as_str(), "no").message(world.now())).await;
    world.pass(TimeDelta::hours(5));
    assert!(world.net.shop.borrow_mut().click(users[0].as_str(), world.now()));
    world.tick().await;
    world.pass(TimeDelta::days(1));
    assert!(world.net.shop.borrow_mut().click(users[1].as_str(), world.now()));
    world.tick().await;

    let check = async |active: i64, erased: i64| {
        let shown = overview(&world).await;
        assert_eq!(
            (shown.count(State::Active), shown.count(State::Erased), shown.total()),
            (active, erased, 3)
        );
        let days: Vec<_> = shown.days[28..].iter().map(|day| (day.registered, day.activated)).collect();
        assert_eq!((shown.days.len(), days), (30, vec![(3, 1), (0, 1)]));
        assert_eq!((shown.took.count, shown.took.buckets), (2, [0, 0, 1, 1, 0, 0]));
        assert_eq!(shown.warnings, []);
    };
    check(2, 0).await;
    world.erase(&users[0]).await;
    check(1, 1).await;
    // Linked once more, to another customer, it does not become active a second time.
    let mut again = world.approval(&users[1], "C-9");
    again["data"]["replace"] = true.into();
    world.post("m4", &again).await;
    assert_eq!(world.state(&users[1]).await, State::Active);
    check(1, 1).await;
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_cause_and_since_when() {
    let world = World::new();
    assert_eq!(overview(&world).await.warnings, [Warning::NoTick]);
    fail(&world, Call::UserList, answer(StatusCode::UNAUTHORIZED, "who are you"));
    let began = world.now();
    world.tick().await;
    world.pass(TimeDelta::minutes(10));
    world.tick().await;
    let warnings = overview(&world).await.warnings;
    let [
        Warning::Down { side: Side::Shop, how: How::KeepsUsOut, since, problem: Some(problem) },
        Warning::NoScan { .. },
    ] = &warnings[..]
    else {
        panic!("{warnings:?}")
    };
    assert_eq!(*since, began);
    assert!(!problem.contains("who are you"), "nobody else's words are kept about nobody: {problem}");

    mend(&world);
    let users: Vec<_> = (1..=3).map(|seed| world.register(&Generator::new(seed).plain())).collect();
    fail(&world, Call::Message, What::Hang);
    world.tick().await;
    let since = world.now();
    let down = overview(&world).await.warnings;
    let [Warning::Down { side: Side::Erp, how: How::NoAnswer, since: told, .. }] = &down[..] else {
        panic!("{down:?}")
    };
    assert_eq!(*told, since);

    mend(&world);
    world.pass(TimeDelta::minutes(1));
    world.tick().await;
    assert_eq!(overview(&world).await.warnings, []);
    for (user, customer) in users.iter().zip(["C-1", "C-2"]) {
        world.put_customer(customer);
        world.post(customer, &world.approval(user, customer)).await;
    }
    world.pass(TimeDelta::days(2));
    let late = overview(&world).await.warnings;
    let [Warning::ScanStale { .. }, Warning::Stuck { count: 2, groups }, Warning::Undecided { .. }] =
        &late[..]
    else {
        panic!("{late:?}")
    };
    assert_eq!((groups.len(), groups[0].count), (1, 2), "one reason, whichever the customer: {groups:?}");
}

#[tokio::test]
async fn nothing_is_announced_before_it_is_said_from_when_on() {
    let mut world = World::new();
    world.set("start_from", "");
    world.register(&Generator::new(1).plain());
    world.tick().await;
    assert_eq!(
        overview(&world).await.warnings,
        [Warning::NotStarted { origins: vec![origin()], waiting: 1 }]
    );
}

#[tokio::test]
async fn the_last_hundred_ticks_are_listed() {
    let world = World::new();
    world.register(&Generator::new(1).plain());
    for _ in 0..102 {
        world.pass(TimeDelta::minutes(5));
        world.tick().await;
    }
    let ticks = runs::last(&world.app().await.ledger).await.unwrap();
    let numbers: Vec<_> = ticks.iter().map(|tick| tick.number).collect();
    assert_eq!(numbers, (3..=102).rev().collect::<Vec<_>>());
    assert!(ticks.iter().all(|tick| tick.did.as_ref().is_some_and(|did| did.complete)));
}

/// The schema and the code have the same limits of the classes.
#[tokio::test]
async fn each_time_is_counted_in_its_class() {
    let world = World::new();
    let ledger = world.app().await.ledger;
    let mut want = vec![0; CLASSES.len() + 1];
    for (class, begins) in (1..).zip(CLASSES) {
        for (early, class) in [(1, class - 1), (0, class)] {
            let user = format!("u{class}-{early}").parse().unwrap();
            let came = world.now() - TimeDelta::seconds(begins) + TimeDelta::milliseconds(early);
            let entry = ledger.save(Entry::seen(origin(), user, came), came).await.unwrap().unwrap();
            ledger.save(entry.active(), world.now()).await.unwrap().unwrap();
            want[class] += 1;
        }
    }
    let mut counted = vec![0; CLASSES.len() + 1];
    for tally in ledger.tallies(world.now() - TimeDelta::hours(1)).await.unwrap() {
        if tally.what == Tallied::Activated {
            counted[tally.took] += tally.count;
        }
    }
    assert_eq!(counted, want);
}

#[tokio::test]
async fn what_is_forgotten_is_not_counted() {
    let world = World::new();
    let ledger = world.app().await.ledger;
    let entry = Entry::seen(origin(), "u1".parse().unwrap(), world.now());
    let entry = ledger.save(entry, world.now()).await.unwrap().unwrap();
    let count =
        async || ledger.tallies(world.now()).await.unwrap().iter().map(|tally| tally.count).sum::<i64>();
    assert_eq!(count().await, 1);
    ledger.forget(&entry).await.unwrap();
    assert_eq!(count().await, 0);
}

//! What is finished for long is erased by the tick.

use chrono::TimeDelta;
use sandbox::{Generator, erp::Rejection};
use shared::{key::UserKey, ledger::State};

use crate::{
    traces::{in_tables, telling},
    world::World,
};

/// One who was rejected, one who is active, one who is gone, and one who still waits.
async fn four() -> (World, [UserKey; 4]) {
    let world = World::new();
    let users = [1, 2, 3, 4].map(|seed| world.register(&Generator::new(seed).plain()));
    world.tick().await;
    let [rejected, active, gone, _] = &users;
    world.post("m1", &Rejection::new("SHOP", rejected.as_str(), "no").message(world.now())).await;
    world.post("m2", &world.approval(active, "C-1")).await;
    assert!(world.net.shop.borrow_mut().click(active.as_str(), world.now()));
    assert!(world.net.shop.borrow_mut().delete_user(gone.as_str()));
    for _ in 0..3 {
        world.pass(TimeDelta::minutes(61));
        world.tick().await;
    }
    assert_eq!(states(&world, &users).await, [State::Rejected, State::Active, State::Gone, State::Announced]);
    (world, users)
}

async fn states(world: &World, users: &[UserKey; 4]) -> [State; 4] {
    let [one, two, three, four] = users;
    [world.state(one).await, world.state(two).await, world.state(three).await, world.state(four).await]
}

#[tokio::test]
async fn finished_registrations_are_erased_when_their_days_are_over_and_no_others() {
    let (mut world, users) = four().await;
    world.set("retention_days", "30");
    world.pass(TimeDelta::days(29) + TimeDelta::hours(20));
    assert_eq!(world.tick().await.erased, 0, "four hours too early");
    world.pass(TimeDelta::hours(4));
    assert_eq!(world.tick().await.erased, 3);
    let [done, waiting] = [State::Erased, State::Announced];
    assert_eq!(states(&world, &users).await, [done, done, done, waiting]);
    for seed in [1, 2, 3] {
        let marks = telling(&Generator::new(seed).plain());
        let others = telling(&Generator::new(4).plain());
        let marks: Vec<_> = marks.into_iter().filter(|mark| !others.contains(mark)).collect();
        assert_eq!(in_tables(&world.sqlite, &marks).await, [""; 0]);
    }
    let tombstone = world.entry(&users[1]).await.tombstone.unwrap();
    assert_eq!((tombstone.outcome, tombstone.by.as_str()), (State::Active, "retention_days"));

    world.pass(TimeDelta::days(400));
    assert_eq!(world.tick().await.erased, 0);
    assert_eq!(states(&world, &users).await, [done, done, done, waiting], "nobody is back, nobody was lost");
}

#[tokio::test]
async fn zero_days_are_for_ever() {
    let (mut world, users) = four().await;
    world.set("retention_days", "0");
    world.pass(TimeDelta::days(30_000));
    assert_eq!(world.tick().await.erased, 0);
    assert_eq!(world.state(&users[0]).await, State::Rejected);
}

#[tokio::test]
async fn a_tick_erases_so_many_and_the_next_one_goes_on() {
    let mut world = World::new();
    world.set("page_limit", "200");
    let users: Vec<_> = (0..130).map(|seed| world.register(&Generator::new(seed).plain())).collect();
    for (number, user) in users.iter().enumerate() {
        let rejection = Rejection::new("SHOP", user.as_str(), "no").message(world.now());
        world.post(&format!("m{number}"), &rejection).await;
    }
    world.pass(TimeDelta::days(366));
    assert_eq!((world.tick().await.erased, world.tick().await.erased), (100, 30));
    assert_eq!(world.tick().await.announced, 0, "nobody comes back");
}

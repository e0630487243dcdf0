//! `POST /fetch-new-users`: what a tick makes of the shop's lists.

use anyhow::Result;
use end_to_end::{TICK, World};
use http::{Method, StatusCode};
use sandbox::{
    Generator, Odd,
    fault::{Call, Fault, On, What},
};
use serde_json::json;

#[tokio::test]
async fn a_thousand_registrations_over_many_pages_are_each_announced_once() -> Result<()> {
    let world = World::with(&[("page_limit", "90"), ("concurrency", "16")]).await?;
    let mut generator = Generator::new(7);
    for _ in 0..1000 {
        let _ = world.register(&generator.plain());
    }
    let report = world.tick().await?;
    assert_eq!((&report["announced"], &report["complete"]), (&json!(1000), &json!(true)), "{report}");
    assert!(report["pages"].as_u64() > Some(10), "{report}");
    assert_eq!(world.erp.lock().registrations().count(), 1000);
    assert_eq!(world.erp.lock().repeats(), 0);
    assert!(world.erp.lock().violations().is_empty());
    assert!(world.shop.peak_in_flight() <= 17 && world.erp.peak_in_flight() <= 16);
    assert_eq!(world.tick().await?["announced"], 0);
    Ok(())
}

#[tokio::test]
async fn the_first_run_without_a_start_announces_nothing_and_reports() -> Result<()> {
    let world = World::with(&[("start_from", "")]).await?;
    for seed in 0..12 {
        let _ = world.register(&Generator::new(seed).plain());
    }
    let report = world.tick().await?;
    assert_eq!((&report["would_announce"], &report["announced"]), (&json!(12), &json!(0)), "{report}");
    assert!(report["note"].as_str().unwrap().contains("start_from"));
    assert!(world.erp.lock().received().is_empty());
    Ok(())
}

#[tokio::test]
async fn two_origins_are_both_walked() -> Result<()> {
    let world = World::with(&[("origins", "SHOP,B2B")]).await?;
    let mut generator = Generator::new(1);
    let here = world.register(&generator.plain());
    let there = world.register(&generator.plain().in_origin("B2B"));
    assert_eq!(world.tick().await?["announced"], 2);
    let erp = world.erp.lock();
    assert!(erp.registration("SHOP", &here).is_some() && erp.registration("B2B", &there).is_some());
    Ok(())
}

#[tokio::test]
async fn a_change_before_the_decision_is_told_as_an_update() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let changes = serde_json::from_value(json!({"name": "Renamed B.V."}))?;
    assert!(world.shop.lock().edit_profile(&user, &changes, world.now()));
    world.pass(300);
    world.tick().await?;
    let data = world.erp.lock().registration("SHOP", &user).unwrap().data.clone();
    assert_eq!((&data["company"]["name"], &data["revision"]), (&json!("Renamed B.V."), &json!(2)));
    assert_eq!(world.erp.lock().received_of("registration.updated").count(), 1);
    Ok(())
}

#[tokio::test]
async fn users_without_a_profile_wait_and_two_profiles_are_both_told() -> Result<()> {
    let world = World::new().await?;
    let without = world.register(&Generator::new(1).odd(Odd::NoProfile));
    let two = world.register(&Generator::new(2).odd(Odd::TwoProfiles));
    world.tick().await?;
    assert_eq!(world.state_of(&without).await?, "seen");
    let profiles = world.erp.lock().registration("SHOP", &two).unwrap().data["profiles"].clone();
    assert_eq!(profiles.as_array().unwrap().len(), 2);
    world.pass(3601);
    world.tick().await?;
    let status = world.status(&without).await?;
    assert_eq!(status["state"], "stuck");
    assert!(status["reason"].as_str().unwrap().contains("no profile"), "{status}");
    Ok(())
}

#[tokio::test]
async fn linked_active_and_erp_made_users_are_left_alone() -> Result<()> {
    let world = World::new().await?;
    let mut generator = Generator::new(1);
    world.put_customer("C-1");
    let linked = world.register(&generator.plain());
    assert!(world.shop.lock().link_by_hand(&linked, "C-1", world.now()));
    let mut active = generator.plain();
    active.active = true;
    let _ = world.register(&active);
    let mut by_erp = generator.plain();
    by_erp.key = Some("ERP-100".to_owned());
    let _ = world.register(&by_erp);
    let report = world.tick().await?;
    assert_eq!((&report["seen"], &report["announced"]), (&json!(0), &json!(0)), "{report}");
    assert!(world.erp.lock().received().is_empty());
    Ok(())
}

#[tokio::test]
async fn who_left_the_list_is_active_or_gone_but_only_the_shop_says_so() -> Result<()> {
    let world = World::new().await?;
    let mut generator = Generator::new(1);
    let (active, deleted) = (world.register(&generator.plain()), world.register(&generator.plain()));
    world.tick().await?;
    assert!(world.shop.lock().activate_by_hand(&active, world.now()));
    assert!(world.shop.lock().delete_user(&deleted));
    world.pass(300);
    world.tick().await?;
    assert_eq!(world.state_of(&active).await?, "active");
    assert_eq!(world.state_of(&deleted).await?, "announced", "one answer is not believed");
    world.pass(3601);
    world.tick().await?;
    assert_eq!(world.state_of(&deleted).await?, "gone");
    Ok(())
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_of_a_scan_is_renewed() -> Result<()> {
    let world = World::with(&[("page_limit", "10")]).await?;
    let mut generator = Generator::new(1);
    for _ in 0..40 {
        let _ = world.register(&generator.plain());
    }
    let refused = What::status(StatusCode::UNAUTHORIZED, r#"{"detail":"Token expired."}"#);
    world.shop.lock().faults.push(Fault { after: 2, ..Fault::once(On::call(Call::UserList), refused) });
    let report = world.tick().await?;
    assert_eq!((&report["announced"], &report["complete"]), (&json!(40), &json!(true)), "{report}");
    assert_eq!(world.shop.lock().tokens_issued(), 2);
    Ok(())
}

#[tokio::test]
async fn a_second_tick_while_one_runs_is_told_so() -> Result<()> {
    let world = World::new().await?;
    for seed in 0..5 {
        let _ = world.register(&Generator::new(seed).plain());
    }
    // The first tick waits for this answer until both calls have been made.
    world.shop.lock().faults.push(Fault::once(On::call(Call::UserList), What::Hang));
    let first = world.call(Method::POST, "/fetch-new-users", Some(TICK), "");
    let second = async {
        world.clock.until_a_component_sleeps().await;
        let second = world.call(Method::POST, "/fetch-new-users", Some(TICK), "").await;
        // The time-out of the hanging call.
        world.pass(30);
        second
    };
    let (first, second) = tokio::join!(first, second);
    let (first, second) = (first?, second?);
    assert_eq!(
        (second.status, &second.json["type"]),
        (409, &json!("urn:cloudsuite-onboarding:tick-running"))
    );
    assert_eq!((first.status, &first.json["shop_read"]), (503, &json!(false)), "{first:?}");
    world.pass(60);
    assert_eq!(world.tick().await?["announced"], 5);
    Ok(())
}

#[tokio::test]
async fn memory_does_not_grow_with_the_backlog() -> Result<()> {
    let mut peaks = Vec::new();
    for registrations in [200, 2000] {
        let world = World::new().await?;
        let mut generator = Generator::new(1);
        for _ in 0..registrations {
            let _ = world.register(&generator.plain());
        }
        assert_eq!(world.tick().await?["announced"], registrations);
        peaks.push(world.peak_memory("fetch-new-users"));
    }
    let (few, many) = (peaks[0], peaks[1]);
    assert!(few > 0 && many < few + 1024 * 1024, "{few} bytes for 200 registrations, {many} for 2000");
    Ok(())
}

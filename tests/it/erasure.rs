//! `DELETE /registrations/{origin}/{user_key}`, and erasing by `retention_days`.

use anyhow::Result;
use end_to_end::{DECIDE, ERASE, World};
use http::Method;
use sandbox::{
    Generator, Registration,
    erp::Decision,
    fault::{Call, Fault, On, What},
};
use serde_json::json;

/// What of the person stands in any file of the ledger.
fn left(world: &World, person: &Registration) -> Result<Vec<String>> {
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(world.state())? {
        let path = file?.path();
        if path.is_file() {
            bytes.extend(std::fs::read(path)?);
        }
    }
    let stands = |text: &&str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    Ok(person.telling().filter(stands).map(str::to_owned).collect())
}

#[tokio::test]
async fn a_person_is_erased_from_the_ledgers_files_and_stays_so() -> Result<()> {
    let world = World::new().await?;
    let person = Generator::new(1).plain();
    let user = world.register(&person);
    let path = format!("/registrations/SHOP/{user}");
    assert_eq!(world.call(Method::DELETE, &path, Some(ERASE), "").await?.status, 404, "nobody knows it yet");
    world.tick().await?;
    assert_eq!(world.decide(&user, Decision::Approve).await?.status, 200);
    world.pass(60);
    world.tick().await?;
    let link = world.status(&user).await?["customers"].clone();
    assert!(left(&world, &person)?.len() > 5, "there is something to find");

    for time in ["first", "second"] {
        let reply = world.call(Method::DELETE, &path, Some(ERASE), "").await?;
        assert_eq!((reply.status, &reply.json["state"]), (200, &json!("erased")), "{time}: {reply:?}");
        let erased = &reply.json["erased"];
        assert_eq!((&erased["outcome"], &erased["by"]), (&json!("linked"), &json!("eva")), "{time}");
        assert_eq!((&reply.json["customers"], &reply.json["message"]), (&link, &json!(null)), "{time}");
        assert_eq!(left(&world, &person)?, [""; 0], "{time}");
    }
    assert_eq!(world.status(&user).await?["state"], "erased");

    let told = world.erp.lock().received().len();
    for _ in 0..3 {
        world.pass(8 * 3600);
        assert_eq!(world.tick().await?["announced"], 0);
    }
    assert_eq!(world.erp.lock().received().len(), told);
    let logs = world.logs.lock().unwrap().join("\n");
    assert!(person.telling().all(|text| !logs.contains(text)), "{logs}");

    let approval = sandbox::erp::Approval::new("SHOP", &user, "C-1").message(world.now());
    let reply = world.post("late", &approval).await?;
    assert_eq!((reply.status, &reply.json["type"]), (409, &json!("urn:cloudsuite-onboarding:erased")));
    let wish = json!({"origin": "SHOP", "user_key": user, "customer_keys": ["C-1"]}).to_string();
    assert_eq!(world.call(Method::POST, "/activate-user", Some(DECIDE), wish).await?.status, 409);
    assert_eq!(left(&world, &person)?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn who_registers_anew_after_the_erasure_is_announced_as_new() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let path = format!("/registrations/SHOP/{user}");
    assert_eq!(world.call(Method::DELETE, &path, Some(ERASE), "").await?.status, 200);
    world.erp.lock().erase("SHOP", &user);
    let now = world.now();
    let changes = json!({"email": "somebody.else@voorbeeld.example"});
    assert!(world.shop.lock().edit_user(&user, changes.as_object().unwrap(), now));
    assert_eq!(world.tick().await?["announced"], 1);
    assert_eq!(world.state_of(&user).await?, "announced");
    assert_eq!(world.erp.lock().violations(), [""; 0]);
    Ok(())
}

#[tokio::test]
async fn an_approval_that_is_being_carried_out_is_finished_first() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let down = What::status(http::StatusCode::BAD_GATEWAY, "<html>");
    world.shop.lock().faults.push(Fault::always(On::call(Call::UserGet), down));
    assert_eq!(world.decide(&user, Decision::Approve).await?.status, 202);
    let path = format!("/registrations/SHOP/{user}");
    let reply = world.call(Method::DELETE, &path, Some(ERASE), "").await?;
    assert_eq!((reply.status, &reply.json["type"]), (409, &json!("urn:cloudsuite-onboarding:not-now")));
    assert!(reply.json["detail"].as_str().unwrap().contains("linked or stuck"), "{reply:?}");
    assert_eq!(world.state_of(&user).await?, "approved");
    Ok(())
}

#[tokio::test]
async fn what_is_finished_is_erased_when_its_days_are_over() -> Result<()> {
    let world = World::with(&[("retention_days", "30")]).await?;
    let person = Generator::new(1).plain();
    let user = world.register(&person);
    world.tick().await?;
    world.decide(&user, Decision::Reject("unknown company".to_owned())).await?;
    for (days, want) in [(29, "rejected"), (1, "erased"), (400, "erased")] {
        world.pass(days * 86_400);
        world.tick().await?;
        assert_eq!(world.state_of(&user).await?, want, "{days} days later");
    }
    assert_eq!(world.status(&user).await?["erased"]["by"], "retention_days");
    assert_eq!(left(&world, &person)?, [""; 0]);
    Ok(())
}

//! What the ERP is told of how it ended, who is called when something needs a person, and a later change of the customer.

use anyhow::Result;
use end_to_end::World;
use http::StatusCode;
use sandbox::{
    Generator,
    erp::{Approval, Decision},
    fault::{Call, Fault, On, What},
};
use serde_json::{Value, json};

async fn linked() -> Result<(World, String)> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    let reply = world.decide(&user, Decision::Approve).await?;
    assert_eq!(reply.json["outcome"], "linked", "{reply:?}");
    world.pass(300);
    Ok((world, user))
}

fn update(world: &World, user: &str, name: &str) -> Value {
    let mut update = Approval::new("SHOP", user, "C-20417");
    "customer.updated".clone_into(&mut update.kind);
    update.customer.insert("name".to_owned(), json!(name));
    update.message(world.now())
}

fn name(world: &World) -> Value {
    world.shop.lock().customer("C-20417").map(|stored| stored.body["name"].clone()).unwrap_or_default()
}

#[tokio::test]
async fn the_erp_is_told_how_it_ended_by_signed_messages() -> Result<()> {
    let (world, user) = linked().await?;
    assert_eq!(world.tick().await?["outcomes"], 1);
    assert!(world.shop.lock().click(&user, world.now()));
    world.pass(300);
    assert_eq!(world.tick().await?["outcomes"], 1);
    let kinds: Vec<_> = world.erp.lock().received().iter().map(|one| one.kind.clone()).collect();
    assert_eq!(kinds, ["registration.created", "registration.linked", "registration.activated"]);
    assert!(world.erp.lock().violations().is_empty());
    let outcomes = &world.status(&user).await?["outcomes"];
    assert_eq!(
        (&outcomes[0]["type"], &outcomes[0]["result"]),
        (&json!("registration.linked"), &json!("told"))
    );
    assert_eq!(outcomes.as_array().map(Vec::len), Some(2));
    Ok(())
}

#[tokio::test]
async fn somebody_is_called_when_a_registration_gets_stuck_and_when_that_is_over() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    world.tick().await?;
    world.put_customer("C-20417");
    world.decide(&user, Decision::Approve).await?;
    world.pass(60);
    assert_eq!(world.tick().await?["alerts"], 1);
    world.pass(60);
    let existing = Decision::Existing("C-20417".to_owned());
    assert_eq!(world.decide(&user, existing).await?.json["outcome"], "linked");
    world.pass(60);
    assert_eq!(world.tick().await?["alerts"], 1);
    let alerts = world.alerts.lock();
    let changes: Vec<_> = alerts.received().iter().map(|one| one.alert["change"].clone()).collect();
    assert_eq!(changes, ["began", "over"]);
    assert!(alerts.received()[0].text.contains(&user), "{}", alerts.received()[0].text);
    assert!(alerts.violations().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_customer_is_written_again_when_the_erp_updates_it() -> Result<()> {
    let (world, user) = linked().await?;
    let writes = world.writes();
    let reply = world.post("upd_1", &update(&world, &user, "Nieuwe naam")).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("updated")), "{reply:?}");
    assert_eq!((name(&world), world.writes() - writes, world.mails(&user)), (json!("Nieuwe naam"), 1, 1));
    assert_eq!(world.state_of(&user).await?, "linked");
    Ok(())
}

#[tokio::test]
async fn an_update_that_the_shop_does_not_answer_is_done_later() -> Result<()> {
    let (world, user) = linked().await?;
    let fault = What::status(StatusCode::BAD_GATEWAY, "<html>");
    world.shop.lock().faults.push(Fault::once(On::call(Call::CustomerPut), fault));
    let reply = world.post("upd_1", &update(&world, &user, "Nieuwe naam")).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (202, &json!("waiting")), "{reply:?}");
    assert!(reply.headers.contains_key("location"), "{reply:?}");
    world.pass(60);
    assert_eq!(world.tick().await?["updates"], 1);
    assert_eq!(name(&world), "Nieuwe naam");
    Ok(())
}

#[tokio::test]
async fn an_update_of_somebody_elses_customer_or_of_half_a_customer_is_refused() -> Result<()> {
    let (world, user) = linked().await?;
    let writes = world.writes();
    let mut foreign = update(&world, &user, "Mine now");
    foreign["data"]["customer"]["key"] = json!("K-1");
    let reply = world.post("upd_1", &foreign).await?;
    assert_eq!((reply.status, &reply.json["type"]), (409, &json!("urn:cloudsuite-onboarding:conflict")));
    let mut half = update(&world, &user, "Half");
    half["data"]["customer"].as_object_mut().unwrap().remove("vat_numbers");
    let reply = world.post("upd_2", &half).await?;
    assert_eq!((reply.status, &reply.json["field"]), (400, &json!("data.customer")), "{reply:?}");
    assert_eq!(world.writes(), writes);
    Ok(())
}

//! `POST /erp-webhook`: decisions, and everything that can be in their way.

use anyhow::Result;
use end_to_end::World;
use sandbox::{
    Generator,
    erp::{Approval, Decision, Rejection},
};
use serde_json::{Value, json};

async fn announced() -> Result<(World, String)> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    let report = world.tick().await?;
    assert_eq!((&report["seen"], &report["announced"]), (&json!(1), &json!(1)), "{report}");
    Ok((world, user))
}

/// An approval with the addresses that the ERP was told.
fn approval(world: &World, user: &str, customer: &str) -> Value {
    let data = world.erp.lock().registration("SHOP", user).map(|known| known.data.clone());
    let approval = Approval::new("SHOP", user, customer);
    data.map_or(approval.clone(), |data| approval.with_announced(&data)).message(world.now())
}

#[tokio::test]
async fn an_approval_goes_all_the_way_to_an_active_user_with_one_mail() -> Result<()> {
    let (world, user) = announced().await?;
    let reply = world.decide(&user, Decision::Approve).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("linked")), "{reply:?}");
    assert_eq!(world.mails(&user), 1);

    world.pass(300);
    let report = world.tick().await?;
    assert_eq!(report["announced"], 0, "listed again without a click: {report}");
    assert_eq!((world.mails(&user), world.state_of(&user).await?.as_str()), (1, "linked"));

    assert!(world.shop.lock().click(&user, world.now()));
    world.pass(300);
    world.tick().await?;
    let status = world.status(&user).await?;
    let told: Vec<_> =
        status["timeline"].as_array().unwrap().iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        ["seen", "announced", "approved", "customer written", "link intended", "linked", "active"]
    );
    assert!(world.shop.lock().writes().iter().all(|write| !write.overwrites()));
    Ok(())
}

#[tokio::test]
async fn an_existing_customer_is_linked_and_never_written() -> Result<()> {
    let (world, user) = announced().await?;
    world.put_customer("C-1");
    let reply = world.decide(&user, Decision::Existing("C-1".to_owned())).await?;
    assert_eq!(reply.json["outcome"], "linked", "{reply:?}");
    assert_eq!(world.customers_of(&user), ["C-1"]);
    assert_eq!(world.writes(), 1, "the link alone");
    Ok(())
}

#[tokio::test]
async fn a_customer_that_the_shop_has_already_is_not_overwritten() -> Result<()> {
    let (world, user) = announced().await?;
    world.put_customer("C-7");
    let reply = world.post("msg_1", &approval(&world, &user, "C-7")).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("stuck")), "{reply:?}");
    assert!(
        reply.json["registration"]["reason"]
            .as_str()
            .unwrap()
            .contains("customer C-7 exists in the shop already")
    );
    assert_eq!((world.writes(), world.mails(&user)), (0, 0));
    Ok(())
}

#[tokio::test]
async fn a_user_who_became_active_before_a_late_decision_is_never_set_inactive() -> Result<()> {
    let (world, user) = announced().await?;
    assert!(world.shop.lock().activate_by_hand(&user, world.now()));
    let reply = world.decide(&user, Decision::Approve).await?;
    assert_eq!(reply.json["outcome"], "active", "{reply:?}");
    assert!(world.shop.lock().lock_outs().is_empty());
    assert!(world.shop.lock().user(&user).unwrap().active);
    assert_eq!(world.mails(&user), 0);
    Ok(())
}

#[tokio::test]
async fn a_customer_linked_by_hand_before_is_kept() -> Result<()> {
    let (world, user) = announced().await?;
    world.put_customer("C-H");
    assert!(world.shop.lock().link_by_hand(&user, "C-H", world.now()));
    let reply = world.post("msg_1", &approval(&world, &user, "C-8")).await?;
    assert_eq!(reply.json["outcome"], "linked", "{reply:?}");
    assert_eq!(world.customers_of(&user), ["C-H", "C-8"]);
    Ok(())
}

#[tokio::test]
async fn a_decision_may_come_before_any_scan_has_seen_the_user() -> Result<()> {
    let world = World::new().await?;
    let user = world.register(&Generator::new(1).plain());
    let reply = world.post("msg_1", &approval(&world, &user, "C-9")).await?;
    assert_eq!(reply.json["outcome"], "linked", "{reply:?}");
    assert_eq!(world.tick().await?["announced"], 0);
    let received: Vec<_> = world.erp.lock().received().iter().map(|one| one.kind.clone()).collect();
    assert_eq!(received, ["registration.linked"], "how it ended, and nothing else");
    Ok(())
}

#[tokio::test]
async fn an_older_decision_after_a_newer_one_changes_nothing() -> Result<()> {
    let (world, user) = announced().await?;
    let older = Rejection::new("SHOP", &user, "too late").message(world.now());
    world.pass(60);
    world.post("msg_new", &approval(&world, &user, "C-10")).await?;
    let reply = world.post("msg_old", &older).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("superseded")));
    assert_eq!(world.state_of(&user).await?, "linked");
    Ok(())
}

#[tokio::test]
async fn a_rejected_registration_gets_no_customer_and_no_mail() -> Result<()> {
    let (world, user) = announced().await?;
    let reply = world.decide(&user, Decision::Reject("not a company".to_owned())).await?;
    assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("rejected")));
    world.pass(300);
    assert_eq!(world.tick().await?["announced"], 0);
    assert_eq!((world.writes(), world.mails(&user)), (0, 0));
    Ok(())
}

#[tokio::test]
async fn the_same_message_three_times_is_done_once() -> Result<()> {
    let (world, user) = announced().await?;
    let message = approval(&world, &user, "C-11");
    for _ in 0..3 {
        let reply = world.post("msg_1", &message).await?;
        assert_eq!((reply.status, &reply.json["outcome"]), (200, &json!("linked")));
        world.pass(10);
    }
    assert_eq!(world.mails(&user), 1);
    let other = world.post("msg_1", &approval(&world, &user, "C-12")).await?;
    assert_eq!((other.status, &other.json["type"]), (409, &json!("urn:cloudsuite-onboarding:id-used")));
    Ok(())
}

#[tokio::test]
async fn a_rejection_after_the_link_is_a_conflict() -> Result<()> {
    let (world, user) = announced().await?;
    world.decide(&user, Decision::Approve).await?;
    world.pass(60);
    let reply = world.post("msg_2", &Rejection::new("SHOP", &user, "no").message(world.now())).await?;
    assert_eq!((reply.status, &reply.json["type"]), (409, &json!("urn:cloudsuite-onboarding:conflict")));
    assert_eq!(world.state_of(&user).await?, "linked");
    Ok(())
}

#[tokio::test]
async fn a_bad_signature_causes_no_outgoing_call() -> Result<()> {
    let (world, user) = announced().await?;
    let calls = world.calls();
    let body = bytes::Bytes::from(approval(&world, &user, "C-13").to_string());
    let mut forged = sandbox::erp::signed(
        "whsec_YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=",
        "msg_1",
        world.now(),
        &body,
    )?;
    let reply = world.send(forged.clone()).await?;
    assert_eq!(
        (reply.status, &reply.headers["www-authenticate"]),
        (401, &"StandardWebhooks".parse()?),
        "{reply:?}"
    );
    forged.headers_mut().remove("webhook-signature");
    assert_eq!(world.send(forged).await?.status, 401);
    assert_eq!(world.calls(), calls);
    assert_eq!(world.state_of(&user).await?, "announced");
    Ok(())
}

#[tokio::test]
async fn a_user_that_the_shop_does_not_have_is_refused_after_asking() -> Result<()> {
    let world = World::new().await?;
    let message = Approval::new("SHOP", "5b1f0c1e-0000-4000-8000-000000000001", "C-14").message(world.now());
    let reply = world.post("msg_1", &message).await?;
    assert_eq!((reply.status, &reply.json["field"]), (422, &json!("data.user_key")), "{reply:?}");
    let elsewhere =
        Approval::new("ELSEWHERE", "5b1f0c1e-0000-4000-8000-000000000001", "C-14").message(world.now());
    let calls = world.calls();
    let reply = world.post("msg_2", &elsewhere).await?;
    assert_eq!((reply.status, &reply.json["field"]), (422, &json!("data.origin")), "{reply:?}");
    assert_eq!(world.calls(), calls, "an origin that is not ours is refused without a call");
    Ok(())
}

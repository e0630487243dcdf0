//! The ledger is destroyed in the middle of work, and an hour-old copy takes its place.

use std::{fs, path::Path};

use anyhow::Result;
use end_to_end::{READ, World};
use http::Method;
use sandbox::{
    Generator,
    erp::{Approval, Decision},
    fault::{Call, Fault, On, What},
};
use serde_json::json;
use shared::tombstone::RowKey;

fn destroy(state: &Path) -> Result<()> {
    for file in fs::read_dir(state)? {
        let file = file?.path();
        if file.is_file() {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

/// Half an hour with a tick every five minutes, in which the ERP sends what it has to.
async fn half_an_hour(world: &World) -> Result<()> {
    for _ in 0..6 {
        world.pass(300);
        world.tick().await?;
        world.erp_sends().await?;
    }
    Ok(())
}

fn harmed_nobody(world: &World, mails: &[(&String, usize)]) {
    for (user, mails) in mails {
        assert_eq!(world.mails(user), *mails, "mails to {user}");
    }
    assert_eq!(world.erp.lock().violations(), [""; 0]);
    let shop = world.shop.lock();
    assert!(shop.writes().iter().all(|write| !write.overwrites()));
    assert!(shop.lock_outs().is_empty());
}

#[tokio::test]
async fn an_hour_old_copy_goes_on_as_if_the_ledger_had_not_been_destroyed_in_the_middle_of_work() -> Result<()>
{
    let world = World::new().await?;
    let mut generator = Generator::new(1);
    let mut register = |world: &World| world.register(&generator.plain());
    // Before the copy: one is linked, two are announced.
    let (linked, approved, waiting) = (register(&world), register(&world), register(&world));
    world.tick().await?;
    world.decide(&linked, Decision::Approve).await?;
    let copies = tempfile::tempdir()?;
    let copy = copies.path().join("copy");
    assert_eq!(ledger_file::backup(&ledger_file::in_folder(world.state()), &copy, false)?.total(), 3);

    // After it: one of them is approved and has the mail; two more register, of whom one is rejected, and the other's mail goes out when
    // the answer is lost.
    world.pass(1800);
    world.decide(&approved, Decision::Approve).await?;
    assert!(world.shop.lock().click(&linked, world.now()));
    let (rejected, halfway) = (register(&world), register(&world));
    world.tick().await?;
    world.decide(&rejected, Decision::Reject("no".to_owned())).await?;
    world.shop.lock().faults.push(Fault::once(On::call(Call::UserPatch), What::AppliedButAnswerLost));
    world.decide(&halfway, Decision::Approve).await?;
    assert_eq!((world.mails(&approved), world.mails(&halfway)), (1, 1));
    let ids: Vec<_> =
        world.erp.lock().received_of("registration.created").map(|one| one.id.clone()).collect();
    world.pass(1800);

    let now = world.now();
    world.erp.lock().ledger_lost_at = Some(now);
    let world = world
        .stopped(|state| {
            destroy(state)?;
            let restored =
                ledger_file::restore(&copy, &ledger_file::in_folder(state), now, || RowKey::of([1, 2]))?;
            assert_eq!(restored.facts.total(), 3);
            Ok(())
        })
        .await?;
    half_an_hour(&world).await?;

    for (user, state) in [
        (&linked, "active"),
        (&approved, "linked"),
        (&waiting, "announced"),
        (&rejected, "rejected"),
        (&halfway, "linked"),
    ] {
        assert_eq!(world.state_of(user).await?, state, "{user}: {:#}", world.status(user).await?);
    }
    for user in [&approved, &halfway] {
        assert_eq!(world.status(user).await?["mail"], "presumed");
    }
    let again: Vec<_> =
        world.erp.lock().received_of("registration.created").map(|one| one.id.clone()).collect();
    assert_eq!(again, ids, "nobody is announced under a second id");
    harmed_nobody(&world, &[(&linked, 1), (&approved, 1), (&waiting, 0), (&rejected, 0), (&halfway, 1)]);
    let status = world.call(Method::GET, "/status", Some(READ), "").await?;
    assert_eq!(status.json["restored"]["at"], json!("2026-03-02T10:15:00Z"));
    Ok(())
}

#[tokio::test]
async fn an_empty_ledger_on_a_shop_full_of_half_finished_registrations_harms_nobody() -> Result<()> {
    let world = World::new().await?;
    let mut generator = Generator::new(1);
    let mut register = || world.register(&generator.plain());
    let (open, linked, rejected, active) = (register(), register(), register(), register());
    world.tick().await?;
    world.decide(&linked, Decision::Approve).await?;
    world.decide(&rejected, Decision::Reject("no".to_owned())).await?;
    world.decide(&active, Decision::Approve).await?;
    assert!(world.shop.lock().click(&active, world.now()));
    world.pass(3600);
    let now = world.now();
    world.erp.lock().ledger_lost_at = Some(now);
    let world = world.stopped(destroy).await?;
    half_an_hour(&world).await?;

    // Who is still open is announced again, under the id that the ERP has had. Who is linked or active is nobody's work any more.
    for (user, state) in
        [(&open, "announced"), (&rejected, "announced"), (&linked, "unknown"), (&active, "unknown")]
    {
        assert_eq!(world.state_of(user).await?, state, "{user}: {:#}", world.status(user).await?);
    }
    harmed_nobody(&world, &[(&open, 0), (&linked, 1), (&rejected, 0), (&active, 1)]);
    // A decision that is repeated finds a customer that is not known to be ours: a person has to look.
    let customer = world.customers_of(&linked).remove(0);
    let repeated = Approval::new("SHOP", &linked, &customer).message(world.now());
    let reply = world.post("again", &repeated).await?;
    assert_eq!(reply.json["outcome"], "stuck", "{reply:?}");
    harmed_nobody(&world, &[(&linked, 1)]);
    Ok(())
}

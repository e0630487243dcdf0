//! What the pages say in the reader's language, and that choosing it loses nothing.

use anyhow::Result;
use end_to_end::{Browser, World};
use sandbox::{
    Generator,
    erp::{Approval, Decision},
};

use super::{CLERK, READER, address, announced, world};

const DUTCH: (&str, &str) = ("accept-language", "nl");

/// Somebody whom the ERP has had linked to `C-20417`.
async fn linked(world: &World) -> Result<String> {
    let user = world.register(&Generator::new(7).plain());
    world.tick().await?;
    world.decide(&user, Decision::Approve).await?;
    world.pass(300);
    Ok(user)
}

#[tokio::test]
async fn what_the_erp_changes_about_a_customer_stands_on_the_page_of_its_registration() -> Result<()> {
    let world = world().await?;
    let user = linked(&world).await?;
    let browser = Browser::signed_in(&world, READER).await?;
    assert!(!browser.get(&address(&user)).await?.text.contains("Updated by the ERP"));
    let mut update = Approval::new("SHOP", &user, "C-20417");
    "customer.updated".clone_into(&mut update.kind);
    update.customer.insert("name".to_owned(), "Nieuwe naam".into());
    let reply = world.post("upd_1", &update.message(world.now())).await?;
    assert_eq!(reply.json["outcome"], "updated", "{reply:?}");
    let page = browser.get(&address(&user)).await?.text;
    assert!(page.contains("Updated by the ERP") && page.contains("Customer C-20417: in the shop"));
    let page = browser.get_with(&address(&user), &[DUTCH]).await?.text;
    assert!(page.contains("Bijgewerkt door het ERP") && page.contains("Klant C-20417: in de shop"));
    Ok(())
}

#[tokio::test]
async fn a_page_in_dutch_says_in_dutch_what_is_ours_and_leaves_a_persons_words_alone() -> Result<()> {
    let world = world().await?;
    let user = linked(&world).await?;
    let browser = Browser::signed_in(&world, CLERK).await?;
    let decision = format!("{}/decision", address(&user));
    let mut sent = 0;
    for (remedy, key, reason) in
        [("reopen", "", "x"), ("relink", "C-20417", "customer asked"), ("resend-mail", "", "customer asked")]
    {
        sent += 1;
        let id = format!("c-{sent}");
        browser.post(&decision, &[("id", &id), ("remedy", remedy), ("key", key), ("reason", reason)]).await?;
        world.pass(60);
    }
    let page = browser.get_with(&address(&user), &[DUTCH]).await?.text;
    for said in [
        "Klant C-20417",
        "activatiemail verstuurd",
        "de registratie is niet afgewezen",
        "de persoon is al aan deze klant gekoppeld",
        "<bdi>customer asked</bdi>",
    ] {
        assert!(page.contains(said), "{said} is missing in {page}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_chooses_another_language_while_approving_keeps_what_was_typed_and_the_review() -> Result<()>
{
    let world = world().await?;
    let user = announced(&world, None).await?;
    let browser = Browser::signed_in(&world, CLERK).await?;
    let form = format!("{}/approve", address(&user));
    let typed = [
        ("id", "x"),
        ("revision", "1"),
        ("how", "new"),
        ("key", "C-7"),
        ("name", "Typed in"),
        ("then", "none"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&typed[..], more].concat();
    let chosen = browser.post(&form, &with(&[("language", "nl")])).await?;
    assert_eq!(chosen.status, 200);
    assert!(chosen.headers["set-cookie"].to_str()?.starts_with("onboarding-language=nl;"));
    for kept in ["<html lang=\"nl\"", "value=\"C-7\"", "value=\"Typed in\"", "value=\"none\" checked"] {
        assert!(chosen.text.contains(kept), "{kept}");
    }
    assert!(!chosen.text.contains("id=\"h-review\""), "nobody has asked for it");
    let unfinished = browser.post(&form, &[("how", "new"), ("theme", "dark")]).await?;
    assert_eq!((unfinished.status, unfinished.text.contains("id=\"wrong\"")), (200, false));
    let reviewed = browser.post(&form, &with(&[("reviewed", "yes"), ("language", "nl")])).await?.text;
    assert!(reviewed.contains("id=\"h-review\"") && reviewed.contains("wordt gekoppeld aan klant C-7"));
    Ok(())
}

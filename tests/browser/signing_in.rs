//! In and out, and who sees what.

use anyhow::{Context as _, Result};
use end_to_end::World;
use http::Method;

use crate::{
    page::{Page, until},
    scene::{CLERK, READER, address, announced, company},
    trial::Trial,
};

#[tokio::test]
#[ignore = "needs Chromium"]
async fn after_signing_out_the_back_button_shows_nothing_of_anybody() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let (user, registration) = announced(world).await?;
            // Where somebody wanted to go is where signing in leads.
            page.open(&address(&user)).await?;
            page.at("/console/signin").await?;
            page.fill("Access token", CLERK).await?;
            page.press("Sign in").await?;
            page.at(&address(&user)).await?;
            page.sees(company(&registration)).await?;
            page.press("Sign out").await?;
            page.at("/console/signin").await?;
            page.driver.back().await?;
            page.at("/console/signin").await?;
            let source = page.driver.source().await?;
            for telling in registration.telling() {
                assert!(!source.contains(telling), "{telling}");
            }
            page.open("/").await?;
            page.at("/console/signin").await
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn the_session_is_a_cookie_that_no_script_can_read() -> Result<()> {
    Trial::DESK
        .run(async |_: &World, page: &Page| {
            page.sign_in(CLERK).await?;
            let cookie = page.driver.cookie("__Host-session").await?;
            let how = ["httpOnly", "secure", "sameSite", "path"].map(|name| cookie[name].clone());
            assert_eq!(serde_json::json!(how), serde_json::json!([true, true, "Strict", "/"]));
            assert!(cookie["expiry"].is_number() && !cookie.to_string().contains(CLERK));
            assert_eq!(
                page.ask("return document.cookie + localStorage.length + sessionStorage.length").await?,
                "00"
            );
            Ok(())
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn a_wrong_token_is_refused_in_words_and_the_right_one_gets_in_from_the_same_page() -> Result<()> {
    let trial = Trial { refusals: &[401], ..Trial::DESK };
    trial
        .run(async |_: &World, page: &Page| {
            page.open("/console/signin").await?;
            // Password managers keep a password under a name.
            page.find("form input[autocomplete=username] ~ input[autocomplete=current-password]").await?;
            page.fill("Access token", "nobody-knows-this-token-at-all").await?;
            page.press("Sign in").await?;
            page.sees("That token does not let you in.").await?;
            assert_eq!(page.value("Access token").await?, "");
            page.fill("Access token", CLERK).await?;
            page.press("Sign in").await?;
            page.at("/").await
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn a_link_signs_in_once_and_looking_at_it_uses_nothing_up() -> Result<()> {
    let trial = Trial { refusals: &[401], ..Trial::DESK };
    trial
        .run(async |world: &World, page: &Page| {
            let made = world.call(Method::POST, "/console/code", Some(CLERK), "").await?;
            let link = made.json["path"].as_str().context("there is a link")?;
            for _ in 0..3 {
                page.open(link).await?;
                page.sees("Sign in by this link").await?;
            }
            page.press("Sign in").await?;
            page.at("/").await?;
            page.press("Sign out").await?;
            page.at("/console/signin").await?;
            page.open(link).await?;
            page.press("Sign in").await?;
            page.sees("This link has been used, or is older than ten minutes.").await
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn who_may_only_read_is_offered_nothing_to_do_and_is_refused_if_he_does_it_all_the_same() -> Result<()>
{
    let trial = Trial { refusals: &[403], ..Trial::DESK };
    trial
        .run(async |world: &World, page: &Page| {
            let (user, registration) = announced(world).await?;
            page.sign_in(READER).await?;
            page.open(&address(&user)).await?;
            page.sees(company(&registration)).await?;
            let buttons = "main form, main .buttons a";
            assert_eq!(page.count(buttons).await?, 0, "the page of a registration");
            page.open("/console/runs").await?;
            page.sees("complete").await?;
            assert_eq!(page.count(buttons).await?, 0, "the page of the runs");
            for what in ["approve", "reject", "retry", "erase"] {
                page.open(&format!("{}/{what}", address(&user))).await?;
                page.sees("You may not do this").await?;
            }
            assert_eq!(world.state_of(&user).await?, "announced");
            Ok(())
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn a_page_that_stays_open_says_when_its_session_has_ended() -> Result<()> {
    let trial = Trial { refusals: &[401], ..Trial::DESK };
    trial
        .run(async |world: &World, page: &Page| {
            let (user, registration) = announced(world).await?;
            page.sign_in(CLERK).await?;
            page.open(&address(&user)).await?;
            page.sees(company(&registration)).await?;
            let first = page.driver.tab().await?;
            page.driver.new_tab().await?;
            page.open("/").await?;
            page.press("Sign out").await?;
            page.at("/console/signin").await?;
            page.driver.close_tab().await?;
            page.driver.show(&first).await?;
            page.sees("Your session has ended; this page is no longer updated.").await?;
            page.press("Sign in again").await?;
            page.at("/console/signin").await?;
            page.fill("Access token", CLERK).await?;
            page.press("Sign in").await?;
            until("back where one was", async || {
                Ok((page.driver.url().await?.path() == address(&user)).then_some(()))
            })
            .await
        })
        .await
}

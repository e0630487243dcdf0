//! Languages and colours.

use anyhow::Result;
use end_to_end::World;

use crate::{
    chrome::Reader,
    page::Page,
    scene::{CLERK, READER, address, announced},
    trial::Trial,
};

async fn is_in(page: &Page, language: &str) -> Result<()> {
    page.so(language, &format!("return document.documentElement.lang === '{language}'")).await
}

/// The colour behind everything, as red, green and blue.
async fn ground(page: &Page) -> Result<String> {
    let colour = page.ask("return getComputedStyle(document.documentElement).backgroundColor").await?;
    Ok(colour.as_str().unwrap_or_default().to_owned())
}

const LIGHT: &str = "rgb(246, 247, 248)";
const DARK: &str = "rgb(15, 20, 23)";

#[tokio::test]
#[ignore = "needs Chromium"]
async fn the_browsers_language_is_spoken_until_another_is_chosen_and_then_that_one_stays() -> Result<()> {
    let reader = Reader { languages: "nl-BE,nl,en", ..Reader::DESK };
    Trial { reader, ..Trial::DESK }
        .run(async |world: &World, page: &Page| {
            let (user, _) = announced(world).await?;
            page.open("/console/signin").await?;
            page.sees("Toegangstoken").await?;
            is_in(page, "nl").await?;
            page.sign_in(CLERK).await?;
            for (path, words) in [
                ("/", "Overzicht"),
                ("/console/registrations", "Registraties"),
                (&*address(&user), "Bij het ERP"),
                ("/console/runs", "Nu ophalen"),
            ] {
                page.open(path).await?;
                page.sees(words).await?;
                is_in(page, "nl").await?;
            }
            page.open(&address(&user)).await?;
            page.press("EN").await?;
            page.sees("With the ERP").await?;
            page.at(&address(&user)).await?;
            is_in(page, "en").await?;
            page.press("Registrations").await?;
            page.at("/console/registrations").await?;
            is_in(page, "en").await?;
            page.press("Sign out").await?;
            page.at("/console/signin").await?;
            is_in(page, "en").await?;
            page.press("NL").await?;
            is_in(page, "nl").await
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn another_language_while_approving_loses_nothing_and_enter_still_goes_on() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let (user, _) = announced(world).await?;
            page.sign_in(CLERK).await?;
            page.open(&format!("{}/approve", address(&user))).await?;
            page.fill("Customer key", "C-77").await?;
            page.press("NL").await?;
            is_in(page, "nl").await?;
            assert_eq!(page.value("Klantsleutel").await?, "C-77");
            page.field("Klantsleutel").await?.keys("8\u{e007}").await?;
            page.sees("Dit gaat er gebeuren").await?;
            page.press("EN").await?;
            is_in(page, "en").await?;
            page.sees("This is what will happen").await?;
            assert_eq!(page.value("Customer key").await?, "C-778");
            page.press("Dark").await?;
            page.find("html[data-theme=dark]").await?;
            page.sees("This is what will happen").await?;
            page.press("Approve").await?;
            page.sees("Your decision is carried out.").await?;
            is_in(page, "en").await?;
            assert_eq!(world.customers_of(&user), ["C-778"]);
            Ok(())
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn times_are_the_readers_and_the_exact_one_is_there_on_hover() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let (user, _) = announced(world).await?;
            page.sign_in(READER).await?;
            let zone = serde_json::json!({"timezoneId": "America/New_York"});
            page.driver.devtools("Emulation.setTimezoneOverride", zone).await?;
            page.open(&address(&user)).await?;
            // 09:15 UTC, which is 10:15 in Amsterdam.
            page.sees("04:15").await?;
            let title = page.ask("return document.querySelector('main time').title").await?.to_string();
            assert!(
                title.contains("Monday") && title.contains("2 March 2026") && title.contains("04:15:00"),
                "{title}"
            );
            Ok(())
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn colours_follow_the_system_until_others_are_chosen() -> Result<()> {
    Trial { reader: Reader { dark: true, ..Reader::DESK }, ..Trial::DESK }
        .run(async |_: &World, page: &Page| {
            page.sign_in(READER).await?;
            assert_eq!(ground(page).await?, DARK);
            page.press("Light").await?;
            page.find("html[data-theme=light]").await?;
            assert_eq!(ground(page).await?, LIGHT);
            page.press("Runs").await?;
            page.at("/console/runs").await?;
            assert_eq!(ground(page).await?, LIGHT);
            page.press("As the system has it").await?;
            page.find("html:not([data-theme])").await?;
            assert_eq!(ground(page).await?, DARK);
            Ok(())
        })
        .await
}

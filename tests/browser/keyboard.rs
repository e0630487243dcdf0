//! Everything by the keyboard alone.

use anyhow::Result;
use end_to_end::World;
use sandbox::Generator;

use crate::{
    driver::{DOWN, ENTER, TAB, UP},
    page::{Page, until},
    scene::{CLERK, announced, company},
    trial::Trial,
};

/// What the focus is on, in words.
const FOCUS: &str = "const it = document.activeElement; return it.id || it.innerText || it.getAttribute('aria-label') || it.tagName";

async fn focus(page: &Page) -> Result<String> {
    Ok(page.ask(FOCUS).await?.as_str().unwrap_or_default().to_owned())
}

async fn focuses(page: &Page, want: &str) -> Result<()> {
    until(format!("the focus is on {want}"), async || {
        let now = focus(page).await?;
        anyhow::ensure!(now == want, "it is on {now}");
        Ok(Some(()))
    })
    .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn signing_in_and_deciding_need_no_mouse() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let (user, registration) = announced(world).await?;
            page.open("/console/signin").await?;
            focuses(page, "token").await?;
            page.driver.keys(CLERK).await?;
            page.driver.keys(ENTER).await?;
            page.at("/").await?;

            // The first stop leads past the menu.
            page.driver.keys(TAB).await?;
            focuses(page, "Skip to the content").await?;
            page.driver.keys(ENTER).await?;
            page.so("the content is next", "return location.hash === '#main'").await?;
            page.driver.keys(TAB).await?;
            page.so("the focus is in the content", "return !!document.activeElement.closest('main')").await?;

            page.press("Registrations").await?;
            page.at("/console/registrations").await?;
            page.driver.keys("/").await?;
            focuses(page, "q").await?;
            page.driver.keys(company(&registration)).await?;
            page.so("the address follows", "return location.search.startsWith('?q=')").await?;
            page.driver.keys(DOWN).await?;
            focuses(page, company(&registration)).await?;
            page.driver.keys(ENTER).await?;
            page.sees("What happens next").await?;

            // Each action by Tab and Enter.
            reach(page, "Reject").await?;
            page.driver.keys(ENTER).await?;
            focuses(page, "reason").await?;
            page.driver.keys("No company").await?;
            page.driver.keys(TAB).await?;
            focuses(page, "Reject").await?;
            page.driver.keys(ENTER).await?;
            page.sees("Your decision is carried out.").await?;
            assert_eq!(world.state_of(&user).await?, "rejected");
            Ok(())
        })
        .await
}

/// Goes on by Tab until the focus is there.
async fn reach(page: &Page, want: &str) -> Result<()> {
    let mut stops = Vec::new();
    while stops.last().is_none_or(|stop| stop != want) {
        anyhow::ensure!(stops.len() < 60, "{want} is not among {stops:?}");
        page.driver.keys(TAB).await?;
        stops.push(focus(page).await?);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn letters_and_arrows_walk_through_the_list_and_every_stop_can_be_seen() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let mut generator = Generator::new(7);
            for _ in 0..3 {
                let _user = world.register(&generator.plain());
                world.pass(1);
            }
            world.tick().await?;
            page.sign_in(CLERK).await?;
            page.open("/console/registrations").await?;
            page.sees("Enter opens").await?;
            let names = page.ask("return [...document.querySelectorAll('a.open')].map((row) => row.innerText)").await?;
            let name = |at: usize| names[at].as_str().unwrap_or_default();
            for (key, want) in [("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)] {
                page.driver.keys(key).await?;
                focuses(page, name(want)).await?;
            }
            for (key, want) in [(UP, 0), (DOWN, 1)] {
                page.driver.keys(key).await?;
                focuses(page, name(want)).await?;
            }
            page.driver.keys("/").await?;
            focuses(page, "q").await?;
            // What is typed into the field is text there.
            page.driver.keys("jk/").await?;
            assert_eq!(page.value("Search").await?, "jk/");
            page.sees("Nothing found").await?;

            // All stops of a page, in order, each with an outline that shows it. Within a date it is drawn by the browser.
            page.open("/console/registrations").await?;
            let mut stops: Vec<String> = Vec::new();
            loop {
                page.driver.keys(TAB).await?;
                let at = page.ask("return document.activeElement === document.body").await?;
                if at == true {
                    break;
                }
                let stop = focus(page).await?;
                let shown = page
                    .ask(
                        "const it = document.activeElement, row = it.closest('tr');
                         const lined = (one) => one && getComputedStyle(one).outlineStyle !== 'none';
                         return lined(it) || lined(row) || it.type === 'date'",
                    )
                    .await?;
                assert_eq!(shown, true, "nothing shows that the focus is on {stop}");
                stops.push(stop);
                anyhow::ensure!(stops.len() < 80, "the focus never leaves: {stops:?}");
            }
            let wanted = page
                .ask(
                    "return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
                         .filter((one) => !one.disabled).length",
                )
                .await?;
            // A field for a date is several stops.
            assert!(stops.len() as u64 >= wanted.as_u64().unwrap_or(u64::MAX), "{wanted} things, {stops:?}");
            Ok(())
        })
        .await
}

//! Finding somebody among many.

use anyhow::Result;
use end_to_end::World;
use sandbox::Generator;

use crate::{
    page::Page,
    scene::{CLERK, company, stuck},
    trial::Trial,
};

const NAMES: &str = "return [...document.querySelectorAll('a.open')].map((row) => row.innerText)";

/// The names on the page, from top to bottom.
async fn names(page: &Page) -> Result<Vec<String>> {
    Ok(serde_json::from_value(page.ask(NAMES).await?)?)
}

/// Waits for so many rows.
async fn rows(page: &Page, count: usize) -> Result<()> {
    page.so(
        &format!("{count} rows"),
        &format!("return document.querySelectorAll('a.open').length === {count}"),
    )
    .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn a_hundred_and_fifty_are_searched_filtered_sorted_and_leafed_through() -> Result<()> {
    let trial = Trial { settings: &[("retry_attempts", "2")], ..Trial::DESK };
    trial
        .run(async |world: &World, page: &Page| {
            let mut generator = Generator::new(11);
            let wanted = generator.plain().with_profile("name", "Zeldzaam Gevonden B.V.");
            stuck(world, &wanted).await?;
            for _ in 0..149 {
                let _user = world.register(&generator.plain());
                world.pass(1);
            }
            while world.tick().await?["complete"] == false {}
            page.sign_in(CLERK).await?;
            page.press("Registrations").await?;
            rows(page, 50).await?;

            // From page to page and back, everybody once.
            let first = names(page).await?;
            page.press("Next ›").await?;
            page.so("the second page", "return location.search.includes('cursor')").await?;
            let second = names(page).await?;
            page.press("Next ›").await?;
            page.so("the last page", "return !document.querySelector('a[rel=next]')").await?;
            rows(page, 50).await?;
            let third = names(page).await?;
            assert_ne!((&first, &second), (&second, &third));
            page.press("‹ Previous").await?;
            page.so("the second again", "return !!document.querySelector('a[rel=next]')").await?;
            assert_eq!(names(page).await?, second);
            page.press("‹ Previous").await?;
            page.so("the first again", "return !document.querySelector('a[rel=prev]')").await?;
            assert_eq!(names(page).await?, first);

            // By the first letters of a word, in any case.
            page.fill("Search", "zeldz gev").await?;
            rows(page, 1).await?;
            assert_eq!(names(page).await?, [company(&wanted)]);
            page.so("the address leads here", "return location.search === '?q=zeldz+gev&sort=changed'")
                .await?;
            page.driver.refresh().await?;
            rows(page, 1).await?;
            assert_eq!(page.value("Search").await?, "zeldz gev");
            page.press("Clear").await?;
            rows(page, 50).await?;

            // By state, and by day.
            page.field("State").await?.keys("Stuck").await?;
            rows(page, 1).await?;
            page.press("Clear").await?;
            rows(page, 50).await?;
            page.ask(
                "const day = document.getElementById('until'); day.value = '2026-03-01';
                 day.dispatchEvent(new Event('input', { bubbles: true }))",
            )
            .await?;
            page.sees("Nothing found").await?;
            page.press("Clear").await?;
            rows(page, 50).await?;

            // By name.
            page.field("Sorted by").await?.keys("Company").await?;
            page.so("the address says so", "return location.search.includes('sort=company')").await?;
            rows(page, 50).await?;
            let sorted = names(page).await?;
            let mut again: Vec<_> = sorted.iter().map(|name| name.to_lowercase()).collect();
            again.sort();
            assert_eq!(sorted.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>(), again);
            Ok(())
        })
        .await
}

//! On a phone, 390 pixels wide.

use anyhow::{Result, ensure};
use end_to_end::World;

use crate::{
    chrome::Reader,
    page::Page,
    places,
    scene::{CLERK, announced, company},
    trial::Trial,
};

#[tokio::test]
#[ignore = "needs Chromium"]
async fn no_page_is_wider_than_a_phone_and_nothing_on_it_is_out_of_reach() -> Result<()> {
    Trial { reader: Reader::PHONE, settings: places::SETTINGS, refusals: places::REFUSALS }
        .run(async |world: &World, page: &Page| {
            places::visit_all(world, page, async |what| {
                let width = page.ask("return [document.documentElement.scrollWidth, innerWidth]").await?;
                ensure!(width == serde_json::json!([390, 390]), "{what}: {width}");
                let outside = page
                    .ask(
                        "return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
                            .filter((one) => !one.matches('.skip') && one.checkVisibility())
                            .filter((one) => { const at = one.getBoundingClientRect(); return at.left < 0 || at.right > 390; })
                            .map((one) => one.outerHTML)",
                    )
                    .await?;
                ensure!(outside == serde_json::json!([]), "{what}: {outside:#}");
                Ok(())
            })
            .await
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn the_first_registration_stands_on_the_first_screen_and_the_filter_unfolds_above_it() -> Result<()> {
    Trial { reader: Reader::PHONE, ..Trial::DESK }
        .run(async |world: &World, page: &Page| {
            let (_, registration) = announced(world).await?;
            page.sign_in(CLERK).await?;
            page.press("Registrations").await?;
            page.sees(company(&registration)).await?;
            page.so(
                "the first row can be seen",
                "return document.querySelector('a.open').getBoundingClientRect().bottom < innerHeight",
            )
            .await?;
            let folded = "return !document.getElementById('state').checkVisibility()";
            page.so("the filter is folded away", folded).await?;
            page.find("summary").await?.click().await?;
            page.field("State").await?.keys("Stuck").await?;
            page.sees("Nothing found").await?;
            page.sees("Filter and sort: Stuck").await?;
            page.so("it stays unfolded", "return document.getElementById('state').checkVisibility()").await?;
            page.press("Clear").await?;
            page.sees(company(&registration)).await
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn a_registration_is_rejected_on_the_way() -> Result<()> {
    Trial { reader: Reader::PHONE, ..Trial::DESK }
        .run(async |world: &World, page: &Page| {
            let (user, registration) = announced(world).await?;
            page.sign_in(CLERK).await?;
            page.press("Registrations").await?;
            page.press(company(&registration)).await?;
            page.sees("What happens next").await?;
            page.press("Reject").await?;
            page.fill("Reason", "Known to us under another name").await?;
            page.press("Reject").await?;
            page.sees("Your decision is carried out.").await?;
            assert_eq!(world.state_of(&user).await?, "rejected");
            Ok(())
        })
        .await
}

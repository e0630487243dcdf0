//! A browser that runs no scripts.

use anyhow::Result;
use end_to_end::World;

use crate::{
    chrome::Reader,
    page::Page,
    scene::{CLERK, announced, company},
    trial::Trial,
};

#[tokio::test]
#[ignore = "needs Chromium"]
async fn without_scripts_one_signs_in_reads_searches_and_decides_all_the_same() -> Result<()> {
    Trial { reader: Reader { scripts: false, ..Reader::DESK }, ..Trial::DESK }
        .run(async |world: &World, page: &Page| {
            let (user, registration) = announced(world).await?;
            page.sign_in(CLERK).await?;
            page.sees("1 of 1 got here").await?;
            page.press("Registrations").await?;
            page.fill("Search", "nobodyiscalledthat").await?;
            page.press("Show").await?;
            page.sees("Nothing found").await?;
            page.fill("Search", company(&registration)).await?;
            page.press("Show").await?;
            page.press(company(&registration)).await?;
            page.sees("With the ERP").await?;
            // The shop's zone, since nobody can know the reader's.
            page.sees("10:15").await?;
            page.press("Approve").await?;
            page.fill("Customer key", "C-7").await?;
            page.press("Check").await?;
            page.sees("This is what will happen").await?;
            page.press("Approve").await?;
            page.sees("Your decision is carried out.").await?;
            assert_eq!((world.customers_of(&user), world.mails(&user)), (vec!["C-7".to_owned()], 1));
            page.press("Runs").await?;
            page.press("Fetch now").await?;
            page.sees("A run has just ended.").await?;
            page.press("NL").await?;
            page.sees("Ophaalrondes").await?;
            page.press("Overzicht").await?;
            page.press("Afmelden").await?;
            page.at("/console/signin").await?;
            page.driver.back().await?;
            page.at("/console/signin").await
        })
        .await
}

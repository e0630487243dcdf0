//! Pages that stay open while something happens elsewhere.

use anyhow::Result;
use end_to_end::World;
use sandbox::{Generator, erp::Decision};

use crate::{
    page::Page,
    scene::{CLERK, address, announced, company},
    trial::Trial,
};

/// Marks the page, so that loading it anew would be noticed.
async fn mark(page: &Page) -> Result<()> {
    page.ask("window.marked = true").await?;
    Ok(())
}

async fn is_marked(page: &Page) -> Result<()> {
    anyhow::ensure!(page.ask("return window.marked").await? == true, "the page was loaded anew");
    Ok(())
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn what_others_do_shows_up_without_loading_the_page_anew() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let (user, registration) = announced(world).await?;
            page.sign_in(CLERK).await?;
            page.open("/console/registrations").await?;
            page.sees(company(&registration)).await?;
            mark(page).await?;
            let other = Generator::new(8).plain();
            let _other = world.register(&other);
            world.tick().await?;
            page.sees(company(&other)).await?;
            is_marked(page).await?;

            page.open(&address(&user)).await?;
            page.sees("With the ERP").await?;
            mark(page).await?;
            world.decide(&user, Decision::Approve).await?;
            page.sees("Person linked").await?;
            is_marked(page).await?;

            for (path, words) in [("/", "1 of 2 got here"), ("/console/runs", "no. 3")] {
                page.open(path).await?;
                mark(page).await?;
                let now = world.now();
                world.shop.lock().click(&user, now);
                world.tick().await?;
                page.sees(words).await?;
                is_marked(page).await?;
            }
            Ok(())
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn what_is_half_typed_in_stays_while_the_page_is_kept_up_to_date() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let (user, registration) = announced(world).await?;
            page.sign_in(CLERK).await?;
            page.open("/console/registrations").await?;
            page.sees(company(&registration)).await?;
            mark(page).await?;
            // Typed, and not yet searched for: the list has to be told of something in that moment.
            let search = page.field("Search").await?;
            page.ask("document.getElementById('q').focus(); document.getElementById('q').value = 'half'")
                .await?;
            let other = Generator::new(8).plain();
            let _other = world.register(&other);
            world.tick().await?;
            page.sees(company(&other)).await?;
            is_marked(page).await?;
            assert_eq!(search.value().await?, "half");
            page.so("the focus stays", "return document.activeElement.id === 'q'").await?;

            page.open(&format!("{}/approve", address(&user))).await?;
            page.fill("Customer key", "C-20").await?;
            let third = Generator::new(9).plain();
            let _third = world.register(&third);
            world.tick().await?;
            // A second page knows about it, so this one could.
            let first = page.driver.tab().await?;
            page.driver.new_tab().await?;
            page.open("/console/registrations").await?;
            page.sees(company(&third)).await?;
            page.driver.close_tab().await?;
            page.driver.show(&first).await?;
            assert_eq!(page.value("Customer key").await?, "C-20");
            Ok(())
        })
        .await
}

//! The whole way of a registration, by clicking.

use anyhow::Result;
use end_to_end::World;
use sandbox::Generator;

use crate::{
    page::Page,
    scene::{CLERK, announced, company, stuck},
    trial::Trial,
};

/// Presses "Fetch now", and waits for the run.
async fn fetch(page: &Page) -> Result<()> {
    page.press("Runs").await?;
    page.at("/console/runs").await?;
    page.press("Fetch now").await?;
    page.sees("A run has just ended.").await
}

/// Opens a registration from the list.
async fn choose(page: &Page, name: &str) -> Result<()> {
    page.press("Registrations").await?;
    page.at("/console/registrations").await?;
    page.press(name).await?;
    page.sees("What happens next").await
}

/// How far the open registration is, as its page says.
async fn state(page: &Page, want: &str) -> Result<()> {
    page.so(want, &format!("return document.querySelector('.title .chip').innerText === '{want}'")).await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn somebody_who_registers_becomes_active_by_clicking_and_gets_one_mail() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            page.sign_in(CLERK).await?;
            page.sees("No registrations yet").await?;
            let registration = Generator::new(7).plain();
            let (user, name) = (world.register(&registration), company(&registration));
            fetch(page).await?;

            choose(page, name).await?;
            state(page, "With the ERP").await?;
            page.press("Approve").await?;
            page.sees("Approve by hand").await?;
            assert_eq!(page.value("Name").await?, name, "the form is prefilled");
            assert_eq!(page.value("Town").await?, registration.profiles[0]["city"].as_str().unwrap());
            page.fill("Customer key", "C-20417").await?;
            page.press("Check").await?;
            page.sees("This is what will happen").await?;
            page.sees(registration.person["email"].as_str().unwrap()).await?;
            assert_eq!(world.state_of(&user).await?, "announced", "nothing is decided yet");
            page.press("Approve").await?;
            page.sees("Your decision is carried out.").await?;
            state(page, "Linked").await?;
            page.sees("Person linked").await?;
            page.sees("by anna").await?;
            assert_eq!(world.customers_of(&user), ["C-20417"]);

            let now = world.now();
            assert!(world.shop.lock().click(&user, now), "there is a mail with a link");
            world.pass(60);
            fetch(page).await?;
            choose(page, name).await?;
            state(page, "Active").await?;
            page.sees("Nothing: this registration is finished.").await?;
            assert_eq!(world.mails(&user), 1);
            page.press("Overview").await?;
            page.so(
                "one is active",
                "return document.querySelector('.funnel .active .number').innerText === '1'",
            )
            .await
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn somebody_of_a_known_customer_is_linked_to_it_and_it_stays_as_it_is() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            world.put_customer("C-20001");
            let (user, registration) = announced(world).await?;
            page.sign_in(CLERK).await?;
            choose(page, company(&registration)).await?;
            page.press("Approve").await?;
            page.press("Existing customer").await?;
            page.sees("It is linked and not changed.").await?;
            page.fill("Customer key", "C-20001").await?;
            page.press("Check").await?;
            page.sees("which is in the shop already and is not changed").await?;
            page.press("Approve").await?;
            state(page, "Linked").await?;
            assert_eq!((world.customers_of(&user), world.writes()), (vec!["C-20001".to_owned()], 1));
            Ok(())
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn a_rejection_asks_for_a_reason_which_stands_in_the_timeline() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let (user, registration) = announced(world).await?;
            page.sign_in(CLERK).await?;
            choose(page, company(&registration)).await?;
            page.press("Reject").await?;
            page.sees("Reject this registration?").await?;
            page.press("Reject").await?;
            assert_eq!(world.state_of(&user).await?, "announced", "without a reason nothing happens");
            page.fill("Reason", "A private person, no company").await?;
            page.press("Reject").await?;
            page.sees("Your decision is carried out.").await?;
            state(page, "Rejected").await?;
            page.sees("A private person, no company").await?;
            page.sees("by anna").await?;
            assert_eq!((world.writes(), world.mails(&user)), (0, 0));
            Ok(())
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn what_is_stuck_is_found_from_the_overview_and_goes_on_when_it_is_retried() -> Result<()> {
    let trial = Trial { settings: &[("retry_attempts", "2"), ("stuck_max", "0")], ..Trial::DESK };
    trial
        .run(async |world: &World, page: &Page| {
            let registration = Generator::new(7).plain();
            let user = stuck(world, &registration).await?;
            page.sign_in(CLERK).await?;
            page.press("Show what is stuck").await?;
            page.press(company(&registration)).await?;
            state(page, "Stuck").await?;
            page.sees("502").await?;
            page.press("Try again").await?;
            page.sees("Try again?").await?;
            page.press("Try again").await?;
            page.sees("It is tried again with the next run.").await?;
            page.sees("Goes on").await?;
            fetch(page).await?;
            choose(page, company(&registration)).await?;
            state(page, "With the ERP").await?;
            assert_eq!(world.state_of(&user).await?, "announced");
            Ok(())
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn erasing_wants_a_tick_and_leaves_nothing_of_the_person_on_any_page() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let (user, registration) = announced(world).await?;
            page.sign_in(CLERK).await?;
            choose(page, company(&registration)).await?;
            page.press("Erase personal data").await?;
            page.sees("Erase the personal data?").await?;
            page.press("Erase for good").await?;
            assert_eq!(world.state_of(&user).await?, "announced", "without the tick nothing happens");
            page.choose("I know that this cannot be undone.").await?;
            page.press("Erase for good").await?;
            page.sees("The personal data is erased.").await?;
            state(page, "Erased").await?;
            let detail = page.driver.source().await?;
            for menu in ["Registrations", "Overview", "Runs"] {
                page.press(menu).await?;
                let source = page.driver.source().await?;
                for telling in registration.telling() {
                    assert!(!source.contains(telling) && !detail.contains(telling), "{menu} has {telling}");
                }
            }
            Ok(())
        })
        .await
}

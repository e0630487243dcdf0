//! Two people at once.

use anyhow::Result;
use end_to_end::World;

use crate::{
    page::Page,
    scene::{CLERK, address, announced},
    trial::Trial,
};

#[tokio::test]
#[ignore = "needs Chromium"]
async fn of_two_who_decide_the_same_one_wins_and_the_other_is_told() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let (user, _) = announced(world).await?;
            page.sign_in(CLERK).await?;
            page.open(&format!("{}/approve", address(&user))).await?;
            page.fill("Customer key", "C-1").await?;
            page.press("Check").await?;
            page.sees("This is what will happen").await?;
            let approving = page.driver.tab().await?;

            let rejecting = page.driver.new_tab().await?;
            page.open(&format!("{}/reject", address(&user))).await?;
            page.fill("Reason", "Outside our area").await?;

            page.driver.show(&approving).await?;
            page.press("Approve").await?;
            page.sees("Your decision is carried out.").await?;

            world.pass(1);
            page.driver.show(&rejecting).await?;
            page.press("Reject").await?;
            page.sees("Nothing was done: your decision contradicts what has happened meanwhile.").await?;
            page.sees("Linked").await?;
            assert_eq!((world.state_of(&user).await?.as_str(), world.mails(&user)), ("linked", 1));
            Ok(())
        })
        .await
}

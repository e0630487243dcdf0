//! What people type in to do harm, or by mistake.

use anyhow::Result;
use end_to_end::World;
use sandbox::{Generator, Odd};

use crate::{
    page::Page,
    scene::{CLERK, address, company},
    trial::Trial,
};

/// Names of companies that want to be more than text.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(2)>",
    "'; alert(3); '",
    "</title></textarea><svg onload=alert(4)>",
    "{{ 7 * 7 }} ${alert(5)} javascript:alert(6)",
    "\u{202e}desrever si siht\u{202c} &lt;b&gt;",
];

#[tokio::test]
#[ignore = "needs Chromium"]
async fn hostile_names_are_text_on_every_page() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let mut generator = Generator::new(3);
            let users = HOSTILE.map(|name| {
                let person = generator.plain().with_profile("name", name).with_person("first_name", name);
                world.register(&person.with_profile("city", name).with_profile("vat", name))
            });
            world.tick().await?;
            page.sign_in(CLERK).await?;
            for path in ["/", "/console/registrations"] {
                page.open(path).await?;
                for name in HOSTILE {
                    page.sees(name.trim_matches(['\u{202e}', '\u{202c}'])).await?;
                }
                assert_eq!(
                    page.count("main script, main img, main svg[onload], main b:not(.chip b)").await?,
                    0,
                    "{path}"
                );
            }
            for (user, name) in users.iter().zip(HOSTILE) {
                page.open(&address(user)).await?;
                let heading = page.ask("return document.querySelector('h1').textContent").await?;
                assert_eq!(heading, name);
                page.open(&format!("{}/approve", address(user))).await?;
                assert_eq!(page.value("Name").await?, name);
                assert_eq!(page.value("Town").await?, name);
                page.fill("Customer key", "C-1").await?;
                page.press("Check").await?;
                page.sees("This is what will happen").await?;
                assert_eq!(page.value("Name").await?, name, "what was sent comes back as it was");
            }
            // Words that are searched for come back into the field.
            page.open("/console/registrations").await?;
            page.fill("Search", HOSTILE[1]).await?;
            page.press("Show").await?;
            assert_eq!(page.value("Search").await?, HOSTILE[1]);
            assert!(page.driver.alert().await.is_err(), "a script of theirs ran");
            Ok(())
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn odd_registrations_are_shown_and_can_be_approved_like_any_other() -> Result<()> {
    Trial::DESK
        .run(async |world: &World, page: &Page| {
            let mut generator = Generator::new(5);
            let odd: Vec<_> = Odd::ALL.iter().map(|odd| generator.odd(*odd)).collect();
            let users: Vec<_> = odd.iter().map(|odd| world.register(odd)).collect();
            world.tick().await?;
            page.sign_in(CLERK).await?;
            for (user, registration) in users.iter().zip(&odd) {
                let what = registration.odd;
                page.open(&address(user)).await?;
                page.sees("As entered").await?;
                if !registration.profiles.is_empty() && !company(registration).trim().is_empty() {
                    let heading = page.ask("return document.querySelector('h1').textContent").await?;
                    assert_eq!(heading, company(registration), "{what:?}");
                }
                let wide = page.ask("return document.documentElement.scrollWidth - innerWidth").await?;
                assert!(wide.as_i64() <= Some(0), "{what:?} is too wide by {wide}");
                page.open(&format!("{}/approve", address(user))).await?;
                page.sees("Approve by hand").await?;
            }
            for (odd, words) in [
                (Odd::DeliveryCountryAlone, "Of a delivery address there is only the country"),
                (Odd::ImplausibleVat, "Not the form of a VAT number"),
                (Odd::MistypedVat, "The check digits of this VAT number"),
                (Odd::ImplausibleZip, "Not the form of a postcode"),
            ] {
                let at = Odd::ALL.iter().position(|one| *one == odd).unwrap();
                page.open(&address(&users[at])).await?;
                page.sees(words).await?;
            }
            Ok(())
        })
        .await
}

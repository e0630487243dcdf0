//! The pictures in the README: a month of an invented shop, the same at every run.
//!
//! A test run writes them to `target/browser/pictures`. `CONSOLE_PICTURES=docs/images cargo test ...` writes them to the README's.

use std::path::PathBuf;

use anyhow::Result;
use chrono::{Datelike as _, Timelike as _};
use end_to_end::World;
use sandbox::{Generator, Odd, erp::Decision};

use crate::{
    chrome::Reader,
    page::Page,
    scene::{self, CLERK, address, stuck},
    trial::{Trial, folder},
};

/// Days that pass before the pictures are taken.
const DAYS: u64 = 24;
const HOUR: u64 = 3600;

/// Where the pictures go; a relative place is one in the project.
fn place() -> Result<PathBuf> {
    let Ok(wanted) = std::env::var("CONSOLE_PICTURES") else { return folder("pictures") };
    Ok(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(wanted))
}

/// A month in which people register, and whom most of them are decided about.
async fn month() -> Result<(World, String)> {
    let settings = [("retry_attempts", "2"), ("stuck_max", "0"), ("rate_limit", "0")];
    let world = scene::world(&settings).await?;
    let mut generator = Generator::new(20_417);
    let mut chance = 7_u64;
    let mut below = |limit: u64| {
        // A plain congruential generator: any even spread will do.
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % limit
    };
    let (mut undecided, mut linked) = (Vec::new(), Vec::new());
    for _ in 0..DAYS * 24 {
        let now = world.now();
        // Where they work it is an hour later.
        let (hour, weekend) = (now.hour() + 1, now.weekday().number_from_monday() > 5);
        let open = (8..19).contains(&hour) && !weekend;
        if open && below(3) == 0 {
            let registration = generator.registration();
            // Somebody without a profile would be stuck, and another one is to be.
            if registration.odd != Some(Odd::NoProfile) {
                undecided.push(world.register(&registration));
            }
        }
        if open || hour % 6 == 0 {
            // Some take a while over their mail, and some forget it.
            linked.retain(|user: &String| below(5) > 0 || !world.shop.lock().click(user, now));
            world.tick().await?;
        }
        let decided = if open && hour > 9 { undecided.len().saturating_sub(3).min(2) } else { 0 };
        for user in undecided.drain(..decided).collect::<Vec<_>>() {
            if below(9) == 0 {
                world
                    .decide(&user, Decision::Reject("No trade licence found for this company".to_owned()))
                    .await?;
            } else if world.decide(&user, Decision::Approve).await?.status == 200 {
                linked.push(user);
            }
        }
        world.pass(HOUR);
    }
    // It is a morning again, and there is something to do.
    stuck(&world, &generator.plain()).await?;
    let shown = world.register(&generator.odd(Odd::MistypedVat));
    world.tick().await?;
    world.pass(40 * 60);
    world.decide(&shown, Decision::Approve).await?;
    world.pass(5 * 60);
    for odd in [Odd::DeliveryCountryAlone, Odd::ImplausibleVat] {
        let _user = world.register(&generator.odd(odd));
        world.pass(7 * 60);
    }
    world.tick().await?;
    Ok((world, shown))
}

async fn take(reader: Reader, pictures: &[(&str, &str)]) -> Result<()> {
    let place = place()?;
    let (world, shown) = month().await?;
    let trial = Trial { reader, ..Trial::DESK };
    trial
        .run_on(world, async |world: &World, page: &Page| {
            // Times are shown as in the year that is told of.
            let now = world.now().timestamp_millis();
            let still = format!("const Real = Date; Date = class extends Real {{ constructor(...at) {{ at.length ? super(...at) : super({now}); }} }};");
            let script = serde_json::json!({"source": still});
            page.driver.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
            page.sign_in(CLERK).await?;
            for (name, path) in pictures {
                page.open(&path.replace("{shown}", &address(&shown))).await?;
                page.so("it is painted", "return document.readyState === 'complete' && document.fonts.status === 'loaded'").await?;
                page.screenshot(&place.join(name)).await?;
            }
            Ok(())
        })
        .await?;
    eprintln!("pictures are in {}", place.display());
    Ok(())
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn pictures_of_a_desk_are_taken() -> Result<()> {
    let pages = [("overview.png", "/"), ("list.png", "/console/registrations"), ("detail.png", "{shown}")];
    take(Reader::DESK, &pages).await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn a_picture_in_dark_colours_is_taken() -> Result<()> {
    take(Reader { dark: true, ..Reader::DESK }, &[("overview-dark.png", "/")]).await
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn a_picture_of_a_phone_is_taken() -> Result<()> {
    take(Reader::PHONE, &[("phone.png", "/console/registrations")]).await
}

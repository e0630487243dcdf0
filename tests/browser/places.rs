//! All pages that there are, each in the ways in which it can look.

use anyhow::{Context as _, Result, ensure};
use end_to_end::World;
use http::Method;
use sandbox::{Generator, Odd, erp::Decision};

use crate::{
    page::Page,
    scene::{CLERK, address, stuck},
};

/// Settings with which something is wrong soon.
pub const SETTINGS: &[(&str, &str)] =
    &[("retry_attempts", "2"), ("stuck_max", "0"), ("undecided_max_age", "1m")];
/// What some of these pages are answered with.
pub const REFUSALS: &[u16] = &[401, 404, 422];

/// Opens one after the other; `look` is told what it is.
pub async fn visit_all(world: &World, page: &Page, look: impl AsyncFn(&str) -> Result<()>) -> Result<()> {
    page.open("/console/signin").await?;
    look("sign-in").await?;
    page.fill("Access token", "nobody-knows-this-token-at-all").await?;
    page.press("Sign in").await?;
    page.sees("That token does not let you in.").await?;
    look("sign-in, refused").await?;
    let made = world.call(Method::POST, "/console/code", Some(CLERK), "").await?;
    page.open(made.json["path"].as_str().context("there is a link")?).await?;
    look("sign-in by link").await?;
    page.press("Sign in").await?;
    page.at("/").await?;

    look("overview, empty").await?;
    for path in ["/console/registrations", "/console/runs"] {
        page.open(path).await?;
        look(&format!("{path}, empty")).await?;
    }
    let people = fill(world).await?;
    // So much time has passed that the session has ended.
    page.sign_in(CLERK).await?;
    let searching = "/console/registrations?q=nobodyiscalledthat".to_owned();
    let fixed = ["/", "/console/registrations", "/console/runs", "/console/nothing"].map(str::to_owned);
    let registrations = people.iter().map(|user| address(user));
    let asking = ["approve", "approve?how=existing", "reject", "retry", "erase"];
    let asking = asking.map(|what| format!("{}/{what}", address(&people[0])));
    // One who is rejected, and one who is linked.
    let mending = [(5, "reopen"), (9, "resend-mail"), (9, "relink")];
    let mending = mending.map(|(who, what)| format!("{}/{what}", address(&people[who])));
    for path in fixed.into_iter().chain([searching]).chain(registrations).chain(asking).chain(mending) {
        page.open(&path).await?;
        ensure!(page.driver.url().await?.as_str().ends_with(&path), "{path} leads elsewhere");
        look(&path).await?;
    }

    page.open("/console/registrations?state=seen,announced").await?;
    page.ask("document.querySelector('details').open = true").await?;
    look("the filter, unfolded").await?;
    page.open(&format!("{}/approve", address(&people[0]))).await?;
    page.fill("Customer key", "..").await?;
    page.press("Check").await?;
    page.sees("This cannot be decided as it stands:").await?;
    look("approve, with a mistake").await?;
    page.fill("Customer key", "C-1").await?;
    page.press("Check").await?;
    page.sees("This is what will happen").await?;
    look("approve, the review").await?;
    page.press("Approve").await?;
    page.sees("Your decision is carried out.").await?;
    look("what has come of it").await
}

/// Somebody in each state, odd ones among them. The first waits for a decision.
async fn fill(world: &World) -> Result<Vec<String>> {
    let mut generator = Generator::new(7);
    let stuck = stuck(world, &generator.odd(Odd::Unicode)).await?;
    let odd = [
        Odd::DeliveryAddress,
        Odd::DeliveryCountryAlone,
        Odd::VeryLong,
        Odd::AccountCode,
        Odd::NoProfile,
        Odd::ImplausibleVat,
        Odd::Markup,
        Odd::TwoProfiles,
    ];
    let mut users: Vec<_> = odd.iter().map(|odd| world.register(&generator.odd(*odd))).collect();
    let [active, linked] = [(); 2].map(|()| world.register(&generator.plain()));
    world.tick().await?;
    world.pass(3600);
    for user in [&active, &linked] {
        world.decide(user, Decision::Approve).await?;
    }
    world.decide(&users[5], Decision::Reject("No company of this name is known anywhere".to_owned())).await?;
    let now = world.now();
    ensure!(world.shop.lock().click(&active, now), "there is a mail");
    world.tick().await?;
    let erase = format!("/registrations/SHOP/{}", users[6]);
    let erased = world.call(Method::DELETE, &erase, Some(CLERK), "").await?;
    ensure!(erased.status == 200, "{erased:?}");
    users.extend([active, linked, stuck]);
    Ok(users)
}

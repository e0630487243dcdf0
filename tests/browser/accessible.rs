//! axe-core finds nothing: each page as it can look, in both colour schemes and on a phone.

use std::cell::RefCell;

use anyhow::{Context as _, Result, ensure};
use end_to_end::World;
use serde_json::Value;

use crate::{chrome::Reader, page::Page, places, trial::Trial};

/// What is looked for. Requests are none of its business: the pages' style is read from the document.
const RUN: &str = "const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], preload: false })
        .then((found) => done({
            checked: found.passes.length,
            violations: found.violations.map((one) =>
                [one.id, one.help, ...one.nodes.slice(0, 5).map((node) => node.html + ' ' + (node.any[0]?.message ?? ''))]),
        }), (error) => done({ error: String(error) }));";

async fn finds_nothing(reader: Reader) -> Result<()> {
    let place =
        std::env::var("AXE_CORE").context("AXE_CORE is not set: see the head of tests/browser/main.rs")?;
    let axe = std::fs::read_to_string(&place).context(place)?;
    Trial { reader, settings: places::SETTINGS, refusals: places::REFUSALS }
        .run(async |world: &World, page: &Page| {
            let found = RefCell::new(Vec::new());
            let looked = RefCell::new(0);
            places::visit_all(world, page, async |what| {
                page.ask(&axe).await?;
                let result = page.driver.execute_async(RUN).await?;
                ensure!(result["checked"].as_u64() > Some(5), "{what}: {result}");
                *looked.borrow_mut() += 1;
                let violations = result["violations"].as_array().cloned().unwrap_or_default();
                found.borrow_mut().extend(violations.into_iter().map(|one| (what.to_owned(), one)));
                Ok(())
            })
            .await?;
            let found: Vec<(String, Value)> = found.into_inner();
            ensure!(found.is_empty(), "axe-core finds {found:#?}");
            eprintln!("axe-core: {} pages, no violation", looked.into_inner());
            Ok(())
        })
        .await
}

#[tokio::test]
#[ignore = "needs Chromium and axe-core"]
async fn axe_finds_nothing_in_light_colours() -> Result<()> {
    finds_nothing(Reader::DESK).await
}

#[tokio::test]
#[ignore = "needs Chromium and axe-core"]
async fn axe_finds_nothing_in_dark_colours() -> Result<()> {
    finds_nothing(Reader { dark: true, ..Reader::DESK }).await
}

#[tokio::test]
#[ignore = "needs Chromium and axe-core"]
async fn axe_finds_nothing_on_a_phone() -> Result<()> {
    finds_nothing(Reader::PHONE).await
}

//! How a test runs: an application and a browser of its own, and what is left of them when it fails.

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use end_to_end::World;
use futures_util::FutureExt as _;
use tokio::sync::Semaphore;

use crate::{
    chrome::{Chrome, Reader},
    page::Page,
    scene,
    watch::Seen,
};

/// Browsers at once: each needs about one core.
static BROWSERS: Semaphore = Semaphore::const_new(2);

/// A test to be run.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    pub reader: Reader,
    /// Settings besides the usual.
    pub settings: &'static [(&'static str, &'static str)],
    /// Statuses that the test is about; any other above 399 fails it.
    pub refusals: &'static [u16],
}

impl Trial {
    /// One at a desk, in which nothing is refused.
    pub const DESK: Self = Self { reader: Reader::DESK, settings: &[], refusals: &[] };

    /// Runs it.
    pub async fn run(self, test: impl AsyncFnOnce(&World, &Page) -> Result<()>) -> Result<()> {
        self.run_on(scene::world(self.settings).await?, test).await
    }

    /// Runs it in a world that exists already.
    pub async fn run_on(
        self,
        world: World,
        test: impl AsyncFnOnce(&World, &Page) -> Result<()>,
    ) -> Result<()> {
        let _turn = BROWSERS.acquire().await?;
        let chrome = Chrome::start(self.reader).await?;
        let page = Page::new(chrome.driver.clone(), world.url());
        let ended = AssertUnwindSafe(test(&world, &page)).catch_unwind().await;
        let seen = Seen::by(&page.driver).await;
        let judged = seen.as_ref().map_or(Ok(()), |seen| seen.judge(&world.url(), self.refusals));
        let evidence = match (&ended, &judged) {
            (Ok(Ok(())), Ok(())) => None,
            _ => Some(keep_evidence(&page, &format!("{}\n{judged:?}\n{seen:#?}", told(&ended))).await),
        };
        drop(page);
        let quit = chrome.quit().await;
        let ended = ended.unwrap_or_else(|panic| {
            eprintln!("what the browser showed: {evidence:?}");
            resume_unwind(panic)
        });
        let shown = || format!("what the browser showed: {evidence:?}");
        ended.with_context(shown)?;
        judged.with_context(shown)?;
        seen?;
        quit
    }
}

/// How a test ended, in words.
fn told(ended: &std::thread::Result<Result<()>>) -> String {
    match ended {
        Ok(result) => format!("{result:?}"),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().copied();
            text.or(panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic").to_owned()
        }
    }
}

/// The folder of everything that these tests write.
pub fn folder(of: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/browser").join(of);
    std::fs::create_dir_all(&folder)?;
    Ok(folder.canonicalize()?)
}

/// Screenshot and page of a test that failed, why it did, and what the console has; where these are.
async fn keep_evidence(page: &Page, why: &str) -> Result<PathBuf> {
    let name = std::thread::current().name().unwrap_or("test").replace("::", ".");
    let folder = folder("failed")?;
    std::fs::write(folder.join(format!("{name}.png")), page.driver.screenshot().await?)?;
    let address = page.driver.url().await?;
    let source = page.driver.source().await?;
    std::fs::write(folder.join(format!("{name}.html")), format!("<!-- {address} -->\n{source}"))?;
    std::fs::write(folder.join(format!("{name}.log")), why)?;
    Ok(folder.join(format!("{name}.*")))
}

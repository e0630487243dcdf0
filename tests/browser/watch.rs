//! What the browser itself has to say about the pages: errors, and requests that leave the application.

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::{driver::Driver, page};

/// What the console has shown and who was asked for something, from the start.
#[derive(Debug, Default)]
pub struct Seen {
    /// Lines of the browser's console.
    pub lines: Vec<String>,
    /// Addresses that were asked for.
    pub asked: Vec<String>,
}

impl Seen {
    /// Everything up to now.
    pub async fn by(driver: &Driver) -> Result<Self> {
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let log = driver.log("browser").await?;
        let lines =
            log.iter().map(|entry| format!("{}: {}", text(entry, "level"), text(entry, "message"))).collect();
        let mut asked = Vec::new();
        for entry in driver.log("performance").await? {
            let event: Value = serde_json::from_str(&text(&entry, "message"))?;
            let event = &event["message"];
            if event["method"] == "Network.requestWillBeSent" {
                asked.extend(event["params"]["request"]["url"].as_str().map(str::to_owned));
            }
        }
        Ok(Self { lines, asked })
    }

    /// That nothing went wrong unnoticed. A refusal that the test is about (`refusals`: statuses) is a line of the console too.
    pub fn judge(&self, base: &str, refusals: &[u16]) -> Result<()> {
        let expected = |line: &str| {
            refusals
                .iter()
                .any(|status| line.contains(&format!("the server responded with a status of {status} ")))
        };
        let is_bad = |line: &&String| line.starts_with("SEVERE:") || line.starts_with("WARNING:");
        let bad: Vec<_> = self.lines.iter().filter(is_bad).filter(|line| !expected(line)).collect();
        ensure!(bad.is_empty(), "the browser's console has {bad:#?}");
        let reaches_out = |address: &str| {
            ["http", "ws", "ftp"].iter().any(|scheme| address.starts_with(scheme))
                && !address.starts_with(&format!("{base}/"))
        };
        let foreign: Vec<_> = self.asked.iter().filter(|address| reaches_out(address)).collect();
        ensure!(foreign.is_empty(), "another origin was asked: {foreign:#?}");
        ensure!(self.asked.iter().any(|address| address.starts_with(base)), "nothing was watched");
        Ok(())
    }
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn a_page_that_breaks_its_policy_or_leaves_the_application_is_noticed() -> Result<()> {
    use crate::trial::Trial;
    Trial::DESK
        .run(async |world, page| {
            let base = world.url();
            for (misdeed, told) in [
                ("console.error('out of order')", "out of order"),
                ("fetch('http://127.0.0.1:9/')", "violates the document's Content Security Policy"),
                (
                    "document.body.setAttribute('onclick', 'x()'); document.body.click()",
                    "violates the following",
                ),
                ("location.href = 'http://127.0.0.1:9/'", "another origin was asked"),
            ] {
                page.open("/console/signin").await?;
                page.ask(misdeed).await?;
                page::until(misdeed, async || {
                    let judged = Seen::by(&page.driver).await?.judge(&base, &[]);
                    Ok(judged.is_err_and(|why| why.to_string().contains(told)).then_some(()))
                })
                .await?;
            }
            page.open("/console/signin").await
        })
        .await
}

//! The page that is open, as its reader uses it: by what stands on buttons and labels.

use std::{fmt::Display, time::Duration};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::driver::{By, Driver, Element};

/// How long anything may take to show up. It is generous: the machine may be busy with other things.
const PATIENCE: Duration = Duration::from_mins(1);

/// The page that is open in a browser.
pub struct Page {
    pub driver: Driver,
    base: String,
}

/// Tries again and again until there is a result. What went wrong last is told if there never is.
pub async fn until<T>(what: impl Display, attempt: impl AsyncFn() -> Result<Option<T>>) -> Result<T> {
    let began = tokio::time::Instant::now();
    loop {
        let last = attempt().await;
        if let Ok(Some(found)) = last {
            return Ok(found);
        }
        if began.elapsed() > PATIENCE {
            let Err(error) = last else { anyhow::bail!("never so: {what}") };
            return Err(error.context(format!("never so: {what}")));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Page {
    pub fn new(driver: Driver, base: String) -> Self {
        Self { driver, base }
    }

    /// Types an address.
    pub async fn open(&self, path: &str) -> Result<()> {
        self.driver.goto(&format!("{}{path}", self.base)).await
    }

    /// Signs in with a token, and waits for the overview.
    pub async fn sign_in(&self, token: &str) -> Result<()> {
        self.open("/console/signin").await?;
        self.find("#token").await?.keys(token).await?;
        self.find("main button.primary").await?.click().await?;
        self.at("/").await
    }

    /// The first element that a CSS selector finds, as soon as there is one.
    pub async fn find(&self, selector: &str) -> Result<Element> {
        until(selector, async || Ok(Some(self.driver.find(By::Css(selector)).await?))).await
    }

    /// How many elements a CSS selector finds now.
    pub async fn count(&self, selector: &str) -> Result<usize> {
        Ok(self.driver.find_all(By::Css(selector)).await?.len())
    }

    /// Clicks a button or a link by what stands on it, or by its name for those who cannot see it.
    pub async fn press(&self, words: &str) -> Result<()> {
        let named = format!(
            "//button[normalize-space()='{words}' or @aria-label='{words}'] | //a[normalize-space()='{words}' or @aria-label='{words}']"
        );
        until(format!("{words} can be pressed"), async || {
            let element = self.driver.find(By::XPath(&named)).await?;
            element.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// The field with a label.
    pub async fn field(&self, label: &str) -> Result<Element> {
        let named = format!("//*[@id=//label[normalize-space()='{label}']/@for]");
        until(format!("a field {label}"), async || Ok(Some(self.driver.find(By::XPath(&named)).await?))).await
    }

    /// Types into the field with a label, instead of what is there.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let field = self.field(label).await?;
        field.clear().await?;
        field.keys(text).await
    }

    /// What stands in the field with a label.
    pub async fn value(&self, label: &str) -> Result<String> {
        self.field(label).await?.value().await
    }

    /// Chooses what has such a label around it.
    pub async fn choose(&self, label: &str) -> Result<()> {
        let named = format!("//label[starts-with(normalize-space(), '{label}')]");
        let label = until(label, async || Ok(Some(self.driver.find(By::XPath(&named)).await?))).await?;
        label.click().await
    }

    /// All that can be read now.
    pub async fn text(&self) -> Result<String> {
        self.driver.find(By::Css("body")).await?.text().await
    }

    /// Waits until these words can be read.
    pub async fn sees(&self, words: &str) -> Result<()> {
        until(format!("{words:?} can be read"), async || {
            let text = self.text().await?;
            ensure!(text.contains(words), "the page says {text:?}");
            Ok(Some(()))
        })
        .await
    }

    /// Waits until the address is this one, whatever follows as a query, and the page is there.
    pub async fn at(&self, path: &str) -> Result<()> {
        until(format!("the address is {path}"), async || {
            let url = self.driver.url().await?;
            ensure!(url.path() == path, "the address is {url}");
            self.driver.find(By::Css("main h1")).await?;
            Ok(Some(()))
        })
        .await
    }

    /// What a script says that has been put into the page from outside.
    pub async fn ask(&self, script: &str) -> Result<Value> {
        self.driver.execute(script).await
    }

    /// Waits until such a script says yes.
    pub async fn so(&self, what: &str, script: &str) -> Result<()> {
        until(what, async || Ok((self.ask(script).await? == Value::Bool(true)).then_some(()))).await
    }

    /// Saves what can be seen.
    pub async fn screenshot(&self, path: &std::path::Path) -> Result<()> {
        std::fs::write(path, self.driver.screenshot().await?).with_context(|| path.display().to_string())
    }
}

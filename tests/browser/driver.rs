//! WebDriver (<https://www.w3.org/TR/webdriver2/>), as far as these tests need it: each command is one request with JSON.
//!
//! The crates for it change how everybody else's code is built. thirtyfour wants `serde_json` with `preserve_order`, so the order of keys
//! would be another one in tests than in the components; fantoccini brings older versions of what is here already.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::{Value, json};

/// The name that an element's reference has in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Longer than any command takes.
const TIMEOUT: Duration = Duration::from_mins(3);

/// Keys that are no letters, as WebDriver writes them.
pub const TAB: &str = "\u{E004}";
pub const ENTER: &str = "\u{E007}";
pub const UP: &str = "\u{E013}";
pub const DOWN: &str = "\u{E015}";

/// A session with a browser.
#[derive(Debug, Clone)]
pub struct Driver {
    client: reqwest::Client,
    session: String,
}

/// How an element is looked for.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    Css(&'a str),
    XPath(&'a str),
}

/// An element of a page.
#[derive(Debug, Clone)]
pub struct Element {
    driver: Driver,
    path: String,
}

impl Driver {
    /// Has a driver start its browser.
    pub async fn start(driver: &str, capabilities: Value) -> Result<Self> {
        let client = reqwest::Client::builder().timeout(TIMEOUT).build()?;
        let wanted = json!({"capabilities": {"alwaysMatch": capabilities}});
        let begun = send(&client, Method::POST, &format!("{driver}/session"), &wanted).await?;
        let id = begun["sessionId"].as_str().context("the session has an id")?;
        Ok(Self { session: format!("{driver}/session/{id}"), client })
    }

    async fn get(&self, path: &str) -> Result<Value> {
        send(&self.client, Method::GET, &format!("{}{path}", self.session), &Value::Null).await
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value> {
        send(&self.client, Method::POST, &format!("{}{path}", self.session), &body).await
    }

    async fn read(&self, path: &str) -> Result<String> {
        Ok(self.get(path).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Ends the browser.
    pub async fn quit(&self) -> Result<()> {
        send(&self.client, Method::DELETE, &self.session, &Value::Null).await.map(drop)
    }

    pub async fn goto(&self, address: &str) -> Result<()> {
        self.post("/url", json!({"url": address})).await.map(drop)
    }

    pub async fn back(&self) -> Result<()> {
        self.post("/back", json!({})).await.map(drop)
    }

    pub async fn refresh(&self) -> Result<()> {
        self.post("/refresh", json!({})).await.map(drop)
    }

    /// The address of the page.
    pub async fn url(&self) -> Result<url::Url> {
        Ok(self.read("/url").await?.parse()?)
    }

    /// The page as HTML, as it is now.
    pub async fn source(&self) -> Result<String> {
        self.read("/source").await
    }

    /// What can be seen, as PNG.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        Ok(STANDARD.decode(self.read("/screenshot").await?)?)
    }

    pub async fn find(&self, by: By<'_>) -> Result<Element> {
        let found = self.post("/element", by.json()).await?;
        self.element(&found)
    }

    pub async fn find_all(&self, by: By<'_>) -> Result<Vec<Element>> {
        let found = self.post("/elements", by.json()).await?;
        found.as_array().into_iter().flatten().map(|found| self.element(found)).collect()
    }

    fn element(&self, found: &Value) -> Result<Element> {
        let id = found[ELEMENT].as_str().context("an element has a reference")?;
        Ok(Element { driver: self.clone(), path: format!("/element/{id}") })
    }

    /// What a script returns.
    pub async fn execute(&self, script: &str) -> Result<Value> {
        self.post("/execute/sync", json!({"script": script, "args": []})).await
    }

    /// What a script gives to the function that is its last argument.
    pub async fn execute_async(&self, script: &str) -> Result<Value> {
        self.post("/execute/async", json!({"script": script, "args": []})).await
    }

    /// Presses keys one after the other, where the focus is.
    pub async fn keys(&self, keys: &str) -> Result<()> {
        let pressed = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|what| json!({"type": what, "value": key.to_string()})));
        let actions = json!([{"type": "key", "id": "keyboard", "actions": pressed.collect::<Vec<_>>()}]);
        self.post("/actions", json!({"actions": actions})).await.map(drop)
    }

    /// The tab that is shown.
    pub async fn tab(&self) -> Result<String> {
        self.read("/window").await
    }

    /// Opens another one and shows it.
    pub async fn new_tab(&self) -> Result<String> {
        let opened = self.post("/window/new", json!({"type": "tab"})).await?;
        let tab = opened["handle"].as_str().context("a tab has a handle")?.to_owned();
        self.show(&tab).await?;
        Ok(tab)
    }

    pub async fn show(&self, tab: &str) -> Result<()> {
        self.post("/window", json!({"handle": tab})).await.map(drop)
    }

    /// Closes the tab that is shown.
    pub async fn close_tab(&self) -> Result<()> {
        send(&self.client, Method::DELETE, &format!("{}/window", self.session), &Value::Null).await.map(drop)
    }

    pub async fn cookie(&self, name: &str) -> Result<Value> {
        self.get(&format!("/cookie/{name}")).await
    }

    /// What a box says that a script has opened; an error if there is none.
    pub async fn alert(&self) -> Result<String> {
        self.read("/alert/text").await
    }

    /// A command of the browser's own protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        self.post("/goog/cdp/execute", json!({"cmd": command, "params": parameters})).await
    }

    /// What the browser has logged of a kind since it was last asked.
    pub async fn log(&self, kind: &str) -> Result<Vec<Value>> {
        Ok(self.post("/se/log", json!({"type": kind})).await?.as_array().cloned().unwrap_or_default())
    }
}

impl By<'_> {
    fn json(self) -> Value {
        let (using, value) = match self {
            Self::Css(selector) => ("css selector", selector),
            Self::XPath(path) => ("xpath", path),
        };
        json!({"using": using, "value": value})
    }
}

impl Element {
    async fn post(&self, what: &str, body: Value) -> Result<()> {
        self.driver.post(&format!("{}{what}", self.path), body).await.map(drop)
    }

    pub async fn click(&self) -> Result<()> {
        self.post("/click", json!({})).await
    }

    pub async fn clear(&self) -> Result<()> {
        self.post("/clear", json!({})).await
    }

    /// Types, as somebody does who has clicked on it.
    pub async fn keys(&self, keys: &str) -> Result<()> {
        self.post("/value", json!({"text": keys})).await
    }

    /// What can be read of it.
    pub async fn text(&self) -> Result<String> {
        self.driver.read(&format!("{}/text", self.path)).await
    }

    /// What stands in a field.
    pub async fn value(&self) -> Result<String> {
        self.driver.read(&format!("{}/property/value", self.path)).await
    }
}

async fn send(client: &reqwest::Client, method: Method, address: &str, body: &Value) -> Result<Value> {
    let request = client.request(method.clone(), address);
    let request = if method == Method::POST { request.json(body) } else { request };
    let answer = request.send().await?;
    let failed = answer.status().as_u16() >= 400;
    let value = answer.json::<Value>().await?["value"].take();
    if failed {
        let message =
            value["message"].as_str().and_then(|message| message.lines().next()).unwrap_or_default();
        bail!("{method} {address}: {message}");
    }
    Ok(value)
}

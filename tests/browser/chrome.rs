//! A browser of its own: ChromeDriver and Chromium, with an empty profile and nobody to talk to but this machine.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::driver::Driver;

/// Who looks, and at what.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Width and height of the window in CSS pixels.
    pub size: (u32, u32),
    /// Whether the device is a phone: touched, and with two of its own pixels to one.
    pub phone: bool,
    /// The languages that the browser asks for.
    pub languages: &'static str,
    /// Whether the system is dark.
    pub dark: bool,
    /// Whether pages may run scripts.
    pub scripts: bool,
}

impl Reader {
    /// Somebody at a desk.
    pub const DESK: Self =
        Self { size: (1280, 800), phone: false, languages: "en-GB,en", dark: false, scripts: true };
    /// Somebody on the way.
    pub const PHONE: Self = Self { size: (390, 844), phone: true, ..Self::DESK };
}

/// Root, as in a container, may not have Chromium's own sandbox. It looks up no names but its own machine's, and fetches nothing for itself.
const ARGUMENTS: [&str; 18] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-features=OptimizationHints,Translate,MediaRouter,AutofillServerCommunication",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "about:blank",
];

/// Where Debian has it.
const BINARY: &str = "/usr/bin/chromium";

/// How the reader's machine counts time: the zone of the sandbox's people.
const ZONE: &str = "Europe/Amsterdam";

/// A running ChromeDriver with its one browser.
pub struct Chrome {
    pub driver: Driver,
    process: Child,
    _stdout: BufReader<ChildStdout>,
    _profile: tempfile::TempDir,
}

impl Chrome {
    /// Starts one.
    pub async fn start(reader: Reader) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TZ", ZONE)
            .env("HOME", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("chromedriver does not start; Debian has it in the package chromium-driver")?;
        let mut stdout = BufReader::new(process.stdout.take().context("it has an output")?);
        let port = port(&mut stdout)?;
        let capabilities = capabilities(reader, &profile.path().join("chromium").display().to_string());
        let connected = Driver::start(&format!("http://127.0.0.1:{port}"), capabilities).await;
        let driver = match connected {
            Ok(driver) => driver,
            Err(error) => {
                process.kill()?;
                return Err(error).context("Chromium does not start; Debian has it in the package chromium");
            }
        };
        let scheme = if reader.dark { "dark" } else { "light" };
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        driver.devtools("Emulation.setEmulatedMedia", media).await?;
        Ok(Self { driver, process, _stdout: stdout, _profile: profile })
    }

    /// Ends it.
    pub async fn quit(mut self) -> Result<()> {
        let quit = self.driver.quit().await;
        self.process.kill()?;
        self.process.wait()?;
        quit
    }
}

/// The free port that it has taken, which it says in its first lines.
fn port(stdout: &mut impl BufRead) -> Result<u16> {
    for line in stdout.lines() {
        if let Some(port) = line?.strip_prefix("ChromeDriver was started successfully on port ") {
            return Ok(port.trim_end_matches('.').parse()?);
        }
    }
    anyhow::bail!("chromedriver has not said its port")
}

fn capabilities(reader: Reader, profile: &str) -> Value {
    let (width, height) = reader.size;
    let own = [format!("--window-size={width},{height}"), format!("--user-data-dir={profile}")];
    let arguments: Vec<_> = ARGUMENTS.map(str::to_owned).into_iter().chain(own).collect();
    let mut preferences = json!({
        "intl.accept_languages": reader.languages,
        "credentials_enable_service": false,
        "search.suggest_enabled": false,
        "safebrowsing.enabled": false,
    });
    if !reader.scripts {
        preferences["profile.managed_default_content_settings.javascript"] = Value::from(2);
    }
    let ratio = if reader.phone { 2.0 } else { 1.0 };
    let metrics = json!({"width": width, "height": height, "pixelRatio": ratio, "touch": reader.phone, "mobile": reader.phone});
    json!({
        "browserName": "chrome",
        "timeouts": {"script": 120_000},
        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        "goog:chromeOptions": {
            "binary": BINARY,
            "args": arguments,
            "prefs": preferences,
            "mobileEmulation": {"deviceMetrics": metrics},
        },
    })
}

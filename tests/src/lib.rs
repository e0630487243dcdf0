//! The whole application for a test: the real components in the runner, the sandbox's shop and ERP behind real HTTP, a real SQLite
//! file, and a clock that only the test moves.

mod browser;

use std::{
    net::SocketAddr,
    path::Path,
    sync::{LazyLock, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Request};
use runner::{Application, Clock, Logs, Manifest, Options, Runner};
use sandbox::{
    Alerts, Erp, Registration, Shop,
    erp::{self, Policy, Secrets},
    serve::Served,
};
use serde_json::Value;

pub use browser::{Browser, location};

/// Both sides' signing key.
pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";
/// A token that may only tick.
pub const TICK: &str = "tick-token-0123456789abcdef";
/// A token that may only read.
pub const READ: &str = "read-token-0123456789abcdef";
/// A token that may only decide.
pub const DECIDE: &str = "decide-token-0123456789abcdef";
/// A token that may only erase.
pub const ERASE: &str = "erase-token-0123456789abcdef";

/// The components, built if they are missing or stale, and compiled once for all tests of a process.
static APPLICATION: LazyLock<Application> = LazyLock::new(|| {
    let manifest = manifest();
    runner::build::ensure(&manifest, |_| {}).expect("the components build");
    Application::load(&manifest).expect("the components load")
});

/// The project's own spin.toml.
///
/// # Panics
/// When it cannot be read.
#[must_use]
pub fn manifest() -> Manifest {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spin.toml");
    Manifest::read(&path).expect("spin.toml is readable")
}

/// An answer of the application.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: http::HeaderMap,
    /// Its body.
    pub text: String,
    /// Its body; null if it is no JSON.
    pub json: Value,
}

/// The application and its surroundings.
pub struct World {
    /// The shop.
    pub shop: Served<Shop>,
    /// The ERP.
    pub erp: Served<Erp>,
    /// Whoever is called when something needs a person.
    pub alerts: Served<Alerts>,
    /// The time of everybody.
    pub clock: Clock,
    /// Everything the components have logged.
    pub logs: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
    /// Everything that the application has answered: head and body.
    pub answers: Mutex<Vec<String>>,
    runner: Runner,
    options: Options,
    folder: tempfile::TempDir,
    client: reqwest::Client,
}

impl World {
    /// A world in which the first registration can come.
    ///
    /// # Errors
    /// When something does not start.
    pub async fn new() -> Result<Self> {
        Self::with(&[]).await
    }

    /// The same with some settings set otherwise.
    ///
    /// # Errors
    /// When something does not start.
    pub async fn with(settings: &[(&str, &str)]) -> Result<Self> {
        let start: DateTime<Utc> = "2026-03-02T09:15:00Z".parse().context("a time")?;
        Self::on(Clock::driven(SystemTime::from(start)), settings).await
    }

    /// The same on the machine's clock, for whoever measures.
    ///
    /// # Errors
    /// When something does not start.
    pub async fn in_real_time(settings: &[(&str, &str)]) -> Result<Self> {
        Self::on(Clock::system(), settings).await
    }

    async fn on(clock: Clock, settings: &[(&str, &str)]) -> Result<Self> {
        let now = {
            let clock = clock.clone();
            move || DateTime::<Utc>::from(clock.now())
        };
        let secrets = Secrets { incoming: SECRET.to_owned(), outgoing: SECRET.to_owned() };
        let shop = Served::start(Shop::new(1), now.clone()).await?;
        let erp = Served::start(Erp::new(0, secrets, Policy::Manual)?, now.clone()).await?;
        let alerts = Served::start(Alerts::new(Some(SECRET)), now).await?;
        let client = shop.lock().client.clone();
        let variables = [
            ("cloudsuite_host", shop.url()),
            ("cloudsuite_token_host", shop.url()),
            ("cloudsuite_token_path", format!("/realms/{}/protocol/openid-connect/token", client.realm)),
            ("cloudsuite_client_id", client.id),
            ("cloudsuite_client_secret", client.secret),
            ("origins", "SHOP".to_owned()),
            ("start_from", "2026-01-01".to_owned()),
            ("first_run", "announce".to_owned()),
            ("erp_host", erp.url()),
            ("erp_path", "/registrations".to_owned()),
            ("erp_signing_secret", SECRET.to_owned()),
            ("alert_host", alerts.url()),
            ("alert_path", "/hooks/onboarding".to_owned()),
            ("alert_signing_secret", SECRET.to_owned()),
            ("webhook_secrets", SECRET.to_owned()),
            (
                "api_tokens",
                format!("cron:tick:{TICK},desk:read:{READ},anna:decide:{DECIDE},eva:erase:{ERASE}"),
            ),
        ];
        let own = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let variables =
            variables.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(own).collect();

        let folder = tempfile::tempdir()?;
        let (logs, kept) = Logs::kept();
        let application = tokio::task::spawn_blocking(|| APPLICATION.clone()).await?;
        let options = Options {
            listen: ([127, 0, 0, 1], 0).into(),
            variables,
            state: Some(folder.path().to_owned()),
            clock: clock.clone(),
            logs,
            grace: Duration::from_millis(200),
            ..Options::default()
        };
        let runner = Runner::start(&application, options.clone()).await?;
        let answers = Mutex::default();
        Ok(Self {
            shop,
            erp,
            alerts,
            clock,
            logs: kept,
            answers,
            runner,
            options,
            folder,
            client: reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?,
        })
    }

    /// The same world after the application has been stopped, what is done then to the folder of its ledger, and its start.
    ///
    /// # Errors
    /// When something of it fails.
    pub async fn stopped(mut self, meanwhile: impl FnOnce(&Path) -> Result<()>) -> Result<Self> {
        self.runner.shutdown().await;
        meanwhile(self.folder.path())?;
        self.runner = Runner::start(&APPLICATION, self.options.clone()).await?;
        Ok(self)
    }

    /// Sends what the ERP has to send now.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn erp_sends(&self) -> Result<()> {
        let due = self.erp.lock().due(self.now());
        for message in due {
            self.deliver(message).await?;
        }
        Ok(())
    }

    /// Sends a message of the ERP, which hears the answer.
    async fn deliver(&self, message: Request<Bytes>) -> Result<Reply> {
        let id = message.headers()["webhook-id"].to_str()?.to_owned();
        let reply = self.send(message).await?;
        self.erp.lock().answered(&id, Some(reply.status));
        Ok(reply)
    }

    /// Where the application answers.
    #[must_use]
    pub fn url(&self) -> String {
        self.runner.url()
    }

    /// The time of everybody.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().into()
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The most linear memory that any instance of a component has used so far, in bytes.
    #[must_use]
    pub fn peak_memory(&self, component: &str) -> usize {
        self.runner.peak_memory(component)
    }

    /// Where the application listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.runner.address()
    }

    /// What has been logged about requests: a line each.
    ///
    /// # Panics
    /// When a line is no JSON.
    #[must_use]
    pub fn lines(&self) -> Vec<Value> {
        let logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let json = |line: &String| {
            let (_, line) = line.split_once(": ").expect("a line has its component's name");
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
        };
        logs.iter().map(json).collect()
    }

    /// The folder of the ledger.
    #[must_use]
    pub fn state(&self) -> &Path {
        self.folder.path()
    }

    /// Somebody registers; returns the user's key.
    #[must_use]
    pub fn register(&self, registration: &Registration) -> String {
        self.shop.lock().register(registration, self.now())
    }

    /// Calls the application.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: impl Into<Bytes>,
    ) -> Result<Reply> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(body.into())?).await
    }

    /// Sends a request, whose address is a path, to the application.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Reply> {
        let (parts, body) = request.into_parts();
        let address = format!("{}{}", self.runner.url(), parts.uri);
        let answer =
            self.client.request(parts.method, address).headers(parts.headers).body(body).send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await?;
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{headers:?}\n{text}"));
        let json = serde_json::from_str(&text).unwrap_or_default();
        Ok(Reply { status, headers, text, json })
    }

    /// Runs a tick, which must succeed, and returns its report.
    ///
    /// # Errors
    /// When it does not.
    pub async fn tick(&self) -> Result<Value> {
        let reply = self.call(Method::POST, "/fetch-new-users", Some(TICK), "").await?;
        anyhow::ensure!(reply.status == 200, "the tick answered {reply:?}");
        Ok(reply.json)
    }

    /// The ERP decides about a registration that it knows.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn decide(&self, user: &str, decision: erp::Decision) -> Result<Reply> {
        let message = self.erp.lock().decide(self.now(), "SHOP", user, decision);
        self.deliver(message.context("the ERP does not know the registration")?).await
    }

    /// The ERP sends a message of the test's own making.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn post(&self, id: &str, message: &Value) -> Result<Reply> {
        let body = Bytes::from(message.to_string());
        self.send(erp::signed(SECRET, id, self.now(), &body)?).await
    }

    /// How far a registration is.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn status(&self, user: &str) -> Result<Value> {
        Ok(self.call(Method::GET, &format!("/registrations/SHOP/{user}"), Some(READ), "").await?.json)
    }

    /// The state of a registration.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn state_of(&self, user: &str) -> Result<String> {
        Ok(self.status(user).await?["state"].as_str().unwrap_or("unknown").to_owned())
    }

    /// How many writes the shop has taken.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.shop.lock().writes().len()
    }

    /// How many calls the shop has had.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.shop.lock().journal.total()
    }

    /// The customers that a user is linked to.
    #[must_use]
    pub fn customers_of(&self, user: &str) -> Vec<String> {
        self.shop.lock().user(user).map(|user| user.authorised_customers.clone()).unwrap_or_default()
    }

    /// Another side's doing: the shop has this customer already.
    ///
    /// # Panics
    /// When the shop refuses it.
    pub fn put_customer(&self, key: &str) {
        let body = serde_json::json!({
            "key": key, "code": key, "name": "Known before", "active": true, "blocked": false, "vat_numbers": []
        });
        let now = self.now();
        let mut shop = self.shop.lock();
        assert!(shop.put_customer("SHOP", &body, now).status().is_success());
        shop.clear_writes();
    }

    /// How many activation mails a user was sent.
    #[must_use]
    pub fn mails(&self, user: &str) -> usize {
        self.shop.lock().mails_to(user).count()
    }
}

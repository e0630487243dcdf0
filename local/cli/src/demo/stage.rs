//! The application between a stand-in shop and a stand-in ERP, all on free ports of this machine.

use std::{collections::BTreeMap, net::Ipv4Addr, path::Path, time::Duration};

use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use http::Method;
use runner::{Application, Options, Runner};
use sandbox::{Erp, Shop, serve::Served};
use serde_json::Value;
use tempfile::TempDir;

use super::cast::ORIGIN;
use crate::{client::Client, logs, stand_ins::StandIns};

/// Everything that the demo needs. Dropping it leaves nothing behind.
pub struct Stage {
    /// The shop.
    pub shop: Served<Shop>,
    /// The ERP.
    pub erp: Served<Erp>,
    /// The application.
    pub application: Runner,
    /// The scheduler's token.
    pub tick_token: String,
    /// A reader's token.
    pub read_token: String,
    /// The token of a clerk, who may do everything.
    pub clerk_token: String,
    /// What the ERP signs its decisions with.
    pub webhook_secret: String,
    client: Client,
    state: TempDir,
}

impl Stage {
    /// Starts it all. One customer is in the shop already, and nobody has registered.
    pub async fn set(application: &Application, seed: u64, latency: Duration) -> Result<Self> {
        // A decision that is not taken comes again with the next tick.
        let stand_ins = StandIns::start(seed, latency, TimeDelta::zero()).await?;
        let settings = stand_ins.settings();
        let StandIns { shop, erp, secrets, tick_token, read_token, clerk_token } = stand_ins;
        let state = tempfile::Builder::new()
            .prefix("onboarding-demo-")
            .tempdir()
            .context("a folder for the ledger")?;
        let options = Options {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            variables: variables(application, settings),
            state: Some(state.path().to_owned()),
            logs: logs::of_functions(),
            ..Options::default()
        };
        let application = Runner::start(application, options).await?;
        let client = Client::new(application.url());
        Ok(Self {
            shop,
            erp,
            application,
            tick_token,
            read_token,
            clerk_token,
            webhook_secret: secrets.outgoing,
            client,
            state,
        })
    }

    /// Where the ledger is, and what `--keep` leaves beside it.
    pub fn folder(&self) -> &Path {
        self.state.path()
    }

    /// One tick; its report.
    ///
    /// # Errors
    /// It was answered with anything but 200.
    pub async fn tick(&self) -> Result<Value> {
        let (status, report) = self.client.call(Method::POST, "/fetch-new-users", &self.tick_token).await?;
        if !status.is_success() {
            bail!("POST /fetch-new-users was answered with {status}: {report}");
        }
        Ok(report)
    }

    /// How the application shows a registration; `null` if it does not know it.
    ///
    /// # Errors
    /// There was no whole answer.
    pub async fn status(&self, user: &str) -> Result<Value> {
        let path = format!("/registrations/{ORIGIN}/{user}");
        let (status, shown) = self.client.call(Method::GET, &path, &self.read_token).await?;
        Ok(if status.is_success() { shown } else { Value::Null })
    }

    /// A link that signs the clerk in to the console, once.
    ///
    /// # Errors
    /// No code was made.
    pub async fn sign_in_link(&self) -> Result<String> {
        let (status, made) = self.client.call(Method::POST, "/console/code", &self.clerk_token).await?;
        let path = made["path"].as_str().filter(|_| status.is_success());
        let path = path.with_context(|| format!("POST /console/code was answered with {status}: {made}"))?;
        Ok(format!("{}{path}", self.application.url()))
    }

    /// Lets what runs end, and removes the ledger.
    pub async fn clear(self) {
        self.application.shutdown().await;
        self.erp.stop().await;
        self.shop.stop().await;
    }
}

/// The demo's settings, and the manifest's own defaults for all others: the environment's are for the user's application.
fn variables(application: &Application, settings: Vec<(String, String)>) -> BTreeMap<String, String> {
    let declared = application.manifest().variables.iter();
    let mut variables: BTreeMap<_, _> =
        declared.filter_map(|(name, variable)| Some((name.clone(), variable.default.clone()?))).collect();
    variables.extend(settings);
    variables
}

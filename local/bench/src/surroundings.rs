//! Shop and ERP around what is measured, and the settings with which it finds them.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result};
use chrono::{TimeDelta, Utc};
use http::StatusCode;
use sandbox::{
    Crowd, Erp, StandIn,
    erp::{Policy, Secrets},
    serve::Served,
};
use serde_json::Value;

use crate::{bench::Bench, load, process::Process};

/// Both sides' signing key.
const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";
const TICK: &str = "tick-token-0123456789abcdef";
const READ: &str = "read-token-0123456789abcdef";
/// How long ago everybody has registered.
const REGISTERED: TimeDelta = TimeDelta::hours(1);
/// The calls in flight to one host.
pub const CONCURRENCY: u32 = 16;
/// Longer than any tick takes: what is measured is all the work, and not what fits into a budget.
pub const TIME_BUDGET: &str = "10m";
/// More than anybody makes: the requests are counted, as they always are, and none is refused.
const RATE_LIMIT: &str = "1000000";

/// A shop with a crowd, and an ERP.
pub struct Surroundings<E> {
    /// The shop.
    pub shop: Served<Crowd>,
    /// The ERP.
    pub erp: Served<E>,
}

impl Surroundings<Crowd> {
    /// An ERP that takes every message and remembers none.
    ///
    /// # Errors
    /// A port cannot be had.
    pub async fn new(people: usize, latency: Duration) -> Result<Self> {
        Self::with(people, latency, Crowd::default()).await
    }
}

impl Surroundings<Erp> {
    /// An ERP that knows what it was told, and can decide about it.
    ///
    /// # Errors
    /// A port cannot be had.
    pub async fn deciding(people: usize) -> Result<Self> {
        let secrets = Secrets { incoming: SECRET.to_owned(), outgoing: SECRET.to_owned() };
        Self::with(people, Duration::ZERO, Erp::new(0, secrets, Policy::Manual)?).await
    }
}

impl<E: StandIn> Surroundings<E> {
    async fn with(people: usize, latency: Duration, erp: E) -> Result<Self> {
        let crowd = Crowd::of(people, Utc::now() - REGISTERED);
        let shop = Served::start(crowd, Utc::now).await.context("a port for the stand-in shop")?;
        let erp = Served::start(erp, Utc::now).await.context("a port for the stand-in ERP")?;
        shop.set_latency(latency);
        erp.set_latency(latency);
        Ok(Self { shop, erp })
    }

    /// The settings with which the application finds them. All others are at their defaults.
    pub fn settings(&self) -> Vec<(String, String)> {
        let settings = [
            ("cloudsuite_host", self.shop.url()),
            ("cloudsuite_token_host", self.shop.url()),
            ("cloudsuite_client_id", "sandbox".to_owned()),
            ("cloudsuite_client_secret", "sandbox-secret".to_owned()),
            ("origins", "SHOP".to_owned()),
            ("start_from", "2026-01-01".to_owned()),
            // Nobody says go.
            ("first_run", "announce".to_owned()),
            ("concurrency", CONCURRENCY.to_string()),
            ("time_budget", TIME_BUDGET.to_owned()),
            ("erp_host", self.erp.url()),
            ("erp_path", "/registrations".to_owned()),
            ("erp_signing_secret", SECRET.to_owned()),
            ("webhook_secrets", SECRET.to_owned()),
            ("api_tokens", format!("cron:tick:{TICK},desk:read:{READ}")),
            ("rate_limit", RATE_LIMIT.to_owned()),
        ];
        settings.map(|(name, value)| (name.to_owned(), value)).into()
    }

    /// The application among them. Its ledger has its tables already.
    ///
    /// # Errors
    /// It does not start.
    pub async fn serve(&self, bench: &Bench<'_>, state: &Path) -> Result<Process> {
        let process = bench.serve(&self.settings(), state, &[]).await?;
        // What it says of a ledger in which nothing has happened does not matter.
        let _ = load::get(process.address(), "/status", Some(READ)).await?;
        Ok(process)
    }
}

/// Runs a tick and returns its report.
///
/// # Errors
/// It was not complete.
pub async fn tick(process: &Process) -> Result<Value> {
    let (status, report) = load::post(process.address(), "/fetch-new-users", TICK).await?;
    let report: Value = serde_json::from_slice(&report)?;
    anyhow::ensure!(
        status == StatusCode::OK && report["complete"] == true,
        "the tick answered {status} {report}"
    );
    Ok(report)
}

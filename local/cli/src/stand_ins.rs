//! A stand-in shop and a stand-in ERP on free ports of this machine, and what the application has to know of them.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use chrono::{TimeDelta, Utc};
use sandbox::{
    Erp, Shop,
    erp::{Policy, Secrets},
    serve::Served,
};

use crate::{
    demo::cast::{self, ORIGIN},
    random,
};

/// How long ago the first of them registered at most.
const START_FROM: TimeDelta = TimeDelta::days(30);

/// Both, and who may call the application between them.
pub struct StandIns {
    /// The shop.
    pub shop: Served<Shop>,
    /// The ERP.
    pub erp: Served<Erp>,
    /// What messages are signed with, in both directions.
    pub secrets: Secrets,
    /// The scheduler's token.
    pub tick_token: String,
    /// A reader's token.
    pub read_token: String,
    /// The token of a clerk, who may do everything.
    pub clerk_token: String,
}

impl StandIns {
    /// Starts them. One customer is in the shop already, and nobody has registered. A decision that is not taken is due again
    /// `again_after`.
    ///
    /// # Errors
    /// A port cannot be had, or the system gives no random numbers.
    pub async fn start(seed: u64, latency: Duration, again_after: TimeDelta) -> Result<Self> {
        let mut shop = Shop::new(seed);
        let put = shop.put_customer(ORIGIN, &cast::existing(), Utc::now());
        if !put.status().is_success() {
            bail!("the stand-in shop refused its first customer: {:?}", put.body());
        }
        // From here on every write is the application's.
        shop.clear_writes();
        let secrets = Secrets { incoming: random::signing_secret()?, outgoing: random::signing_secret()? };
        let mut erp =
            Erp::new(seed, secrets.clone(), Policy::Manual).context("the stand-in ERP's secrets")?;
        erp.again_after = again_after;
        let shop = Served::start(shop, Utc::now).await.context("a port for the stand-in shop")?;
        let erp = Served::start(erp, Utc::now).await.context("a port for the stand-in ERP")?;
        shop.set_latency(latency);
        erp.set_latency(latency);
        let (tick_token, read_token, clerk_token) = (random::token()?, random::token()?, random::token()?);
        Ok(Self { shop, erp, secrets, tick_token, read_token, clerk_token })
    }

    /// The settings with which the application finds them, by name.
    pub fn settings(&self) -> Vec<(String, String)> {
        let client = self.shop.lock().client.clone();
        let Self { tick_token, read_token, clerk_token, .. } = self;
        let tokens = format!(
            "scheduler:tick:{tick_token},reader:read:{read_token},clerk:tick+read+decide+erase:{clerk_token}"
        );
        let settings = [
            ("cloudsuite_host", self.shop.url()),
            ("cloudsuite_token_host", self.shop.url()),
            ("cloudsuite_token_path", format!("/realms/{}/protocol/openid-connect/token", client.realm)),
            ("cloudsuite_client_id", client.id),
            ("cloudsuite_client_secret", client.secret),
            ("origins", ORIGIN.to_owned()),
            ("start_from", (Utc::now() - START_FROM).format("%Y-%m-%d").to_string()),
            ("first_run", "announce".to_owned()),
            ("erp_host", self.erp.url()),
            ("erp_path", "/registrations".to_owned()),
            ("erp_signing_secret", self.secrets.incoming.clone()),
            ("webhook_secrets", self.secrets.outgoing.clone()),
            ("api_tokens", tokens),
            // Whoever looks on asks as often as it can.
            ("rate_limit", "0".to_owned()),
        ];
        settings.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

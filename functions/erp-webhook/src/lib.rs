//! `POST /erp-webhook`: the ERP's decisions, as signed messages.

use std::{rc::Rc, time::Duration};

use host::{Answer, Call, Reply, Request, Settings};
use http::HeaderMap;
use shared::{
    access::Caller,
    inbox::Outcome,
    reception::{Signed, Taken},
    settings::{RATE_LIMIT, ShopSettings, WEBHOOK_SECRETS, webhook_keys},
};
use spin_sdk::http_service;

/// How long the ERP waits for the outcome, unless it prefers otherwise.
const ANSWER_WITHIN: Duration = Duration::from_millis(800);
/// The longest that it may prefer to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

#[http_service]
async fn erp_webhook(request: Request) -> Answer {
    host::handle("erp-webhook", request, receive).await
}

async fn receive(request: Request, call: Rc<Call>) -> Reply {
    host::only("POST", &request)?;
    let settings = Settings::read(ShopSettings::NAMES.into_iter().chain([WEBHOOK_SECRETS, RATE_LIMIT])).await;
    let keys = settings.check(webhook_keys).map_err(|bad| host::setting(&bad))?;
    let (headers, body) = host::body(request).await?;
    // A stranger learns nothing of the other settings, and the ledger is not opened for it.
    let message = Signed::verify(&keys, &headers, &body, host::now())?;
    let caller = call.made_by(Caller::Signer);
    let shop = settings.check(ShopSettings::read).map_err(|bad| host::setting(&bad))?;
    let app = host::open(&settings, &caller, shop, call.outbound()).await?;
    let Taken { kept, about } = app.take_message(message).await.map_err(|why| host::not_taken(&why))?;
    let done = host::after(async move { app.work_off(&kept).await.inspect_err(|error| call.left(error)) });
    match host::within(wait(&headers), done).await {
        Some(Ok(outcome)) => host::outcome(&outcome, about.as_ref()),
        // Stored: the tick goes on with it.
        Some(Err(_)) | None => host::outcome(&Outcome::Waits, about.as_ref()),
    }
}

/// `Prefer: wait=20` (RFC 7240), in whole seconds.
fn wait(headers: &HeaderMap) -> Duration {
    let preferences = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let wait = preferences
        .flat_map(|value| value.split([',', ';']))
        .find_map(|preference| preference.trim().strip_prefix("wait=")?.trim().parse().ok());
    wait.map_or(ANSWER_WITHIN, |seconds| Duration::from_secs(seconds).min(LONGEST_WAIT))
}

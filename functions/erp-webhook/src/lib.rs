//! `POST /erp-webhook`: the ERP's decisions, as signed messages.

use host::{Answer, Outbound, Reply, Request, Settings};
use shared::settings::{ShopSettings, WEBHOOK_SECRETS, webhook_keys};
use spin_sdk::http_service;

#[http_service]
async fn erp_webhook(request: Request) -> Answer {
    host::handle("erp-webhook", request, receive).await
}

async fn receive(request: Request) -> Reply {
    host::only("POST", &request)?;
    let settings = Settings::read(ShopSettings::NAMES.into_iter().chain([WEBHOOK_SECRETS])).await;
    let keys = settings.check(webhook_keys).map_err(|bad| host::setting(&bad))?;
    let shop = settings.check(ShopSettings::read).map_err(|bad| host::setting(&bad))?;

    let (headers, body) = host::body(request).await?;
    let app = host::open(shop, Outbound::default()).await.map_err(|error| host::unavailable(&error))?;
    let taken = app.take_message(&keys, &headers, &body).await.map_err(|why| host::not_taken(&why))?;
    host::decided(app, taken, &headers).await
}

//! `POST /erp-webhook`: the ERP's decisions, as signed messages.

use std::rc::Rc;

use host::{Answer, Call, Reply, Request, Settings};
use shared::{
    access::Caller,
    reception::Signed,
    settings::{RATE_LIMIT, ShopSettings, WEBHOOK_SECRETS, webhook_keys},
};
use spin_sdk::http_service;

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
    let taken = app.take_message(message).await.map_err(|why| host::not_taken(&why))?;
    host::decided(app, taken, &headers, call).await
}

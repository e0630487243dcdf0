//! `POST /activate-user`: links a user to customers that exist and triggers the mail, for automation platforms and people.

use std::rc::Rc;

use host::{Answer, Call, Reply, Request, Settings};
use shared::{
    access::Scope,
    reception::Taken,
    settings::{API_TOKENS, RATE_LIMIT, ShopSettings},
};
use spin_sdk::http_service;

#[http_service]
async fn activate_user(request: Request) -> Answer {
    host::handle("activate-user", request, activate).await
}

async fn activate(request: Request, call: Rc<Call>) -> Reply {
    host::only("POST", &request)?;
    let settings = Settings::read(ShopSettings::NAMES.into_iter().chain([API_TOKENS, RATE_LIMIT])).await;
    let caller = call.admit(&settings, request.headers(), Scope::Decide)?;
    let shop = settings.check(ShopSettings::read).map_err(|bad| host::setting(&bad))?;

    let (_, body) = host::body(request).await?;
    let app = host::open(&settings, &caller, shop, call.outbound()).await?;
    let Taken { kept, about } =
        app.take_wish(caller.name(), &body).await.map_err(|why| host::not_taken(&why))?;
    let outcome = app.work_off(&kept).await.map_err(|error| host::unavailable(&error))?;
    host::outcome(&outcome, about.as_ref())
}

//! `POST /activate-user`: links a user to customers that exist and triggers the mail, for automation platforms and people.

use host::{Answer, Outbound, Reply, Request, Settings};
use http::StatusCode;
use shared::{
    access::Scope,
    decision::{ActivateUser, read_activate_user},
    ledger::Kept,
    problem::Problem,
    settings::{API_TOKENS, ShopSettings},
};
use spin_sdk::http_service;

#[http_service]
async fn activate_user(request: Request) -> Answer {
    host::handle("activate-user", request, activate).await
}

async fn activate(request: Request) -> Reply {
    host::only("POST", &request)?;
    let settings = Settings::read(ShopSettings::NAMES.into_iter().chain([API_TOKENS])).await;
    let caller = host::admit(&settings, request.headers(), Scope::Decide)?;
    let shop = settings.check(ShopSettings::read).map_err(|bad| host::setting(&bad))?;

    let (_, body) = host::body(request).await?;
    let wish: ActivateUser = read_activate_user(&body)?;
    if !shop.origins.contains(&wish.origin) {
        let detail = format!("origin {} is none of the origins set", wish.origin);
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-origin", detail).at("origin"));
    }
    let app = host::open(shop, Outbound::default()).await.map_err(|error| host::unavailable(&error))?;
    let letter = wish.letter(&caller, app.now());
    let kept = app.ledger.keep(&letter, app.now()).await.map_err(|error| host::unavailable(&error))?;
    let Kept::Yes(kept) = kept else {
        // The id is derived from the wish, so nothing else can have it.
        return Err(Problem::new(StatusCode::CONFLICT, "id-used", "another wish has this id"));
    };
    let outcome = app.work_off(&kept).await.map_err(|error| host::unavailable(&error))?;
    host::outcome(&outcome, Some((&wish.origin, &wish.user_key)))
}

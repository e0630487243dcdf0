//! `GET /health`, and `GET /registrations/{origin}/{user_key}`: how far a registration is.

use host::{Answer, Reply, Request, Settings};
use http::StatusCode;
use shared::{
    access::Scope,
    key::{OriginCode, UserKey},
    problem::Problem,
    settings::API_TOKENS,
    status::Status,
};
use spin_sdk::http_service;

#[http_service]
async fn registrations(request: Request) -> Answer {
    host::handle("registrations", request, show).await
}

async fn show(request: Request) -> Reply {
    host::only("GET", &request)?;
    if request.uri().path().trim_end_matches('/') == "/health" {
        return Ok(host::json(StatusCode::OK, &serde_json::json!({ "status": "alive" })));
    }
    let settings = Settings::read([API_TOKENS]).await;
    host::admit(&settings, request.headers(), Scope::Read)?;
    let nothing = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "no such registration: /registrations/{origin}/{user_key}",
        )
    };
    let (origin, user_key) = named(request.uri().path()).ok_or_else(nothing)?;

    let ledger = host::ledger().await.map_err(|error| host::unavailable(&error))?;
    let entry = ledger.entry(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    let timeline = ledger.timeline(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    Ok(host::json(StatusCode::OK, &Status::of(&entry.ok_or_else(nothing)?, timeline)))
}

/// The two keys in `/registrations/{origin}/{user_key}`.
fn named(path: &str) -> Option<(OriginCode, UserKey)> {
    let mut segments = path.strip_prefix("/registrations/")?.trim_end_matches('/').split('/');
    let (origin, user_key) = (segments.next()?, segments.next()?);
    let named = (OriginCode::of_segment(origin)?, UserKey::of_segment(user_key)?);
    segments.next().is_none().then_some(named)
}

//! What is known of registrations and of the application itself, and trying again what is stuck. It calls nobody.
//!
//! `GET /registrations`, `GET /registrations/{origin}/{user_key}` and a `POST` to `/retry` under it, `POST /retry`, `GET /status`,
//! `GET /metrics`, `GET /health`.

mod list;
mod retry;
mod show;
mod watch;

use host::{Answer, Reply, Request, Settings};
use http::StatusCode;
use shared::{
    access::Scope,
    problem::Problem,
    route,
    settings::{API_TOKENS, WatchSettings},
};
use spin_sdk::http_service;

#[http_service]
async fn registrations(request: Request) -> Answer {
    host::handle("registrations", request, answer).await
}

async fn answer(request: Request) -> Reply {
    let path = request.uri().path().trim_end_matches('/');
    match path {
        "/health" => {
            host::only("GET", &request)?;
            Ok(host::json(StatusCode::OK, &serde_json::json!({ "status": "alive" })))
        }
        "/status" => watch::status(&request).await,
        "/metrics" => watch::metrics(&request).await,
        "/registrations" => list::list(&request).await,
        "/retry" => retry::group(&request).await,
        path => match path.strip_suffix("/retry").and_then(route::named) {
            Some((origin, user_key)) => retry::one(&request, &origin, &user_key).await,
            None => show::show(&request, route::named(path)).await,
        },
    }
}

/// Checks method and token, and returns the caller's name.
async fn admitted(request: &Request, method: &'static str, scope: Scope) -> Result<String, Problem> {
    host::only(method, request)?;
    let settings = Settings::read([API_TOKENS]).await;
    host::admit(&settings, request.headers(), scope)
}

/// The limits of what is watched.
async fn limits() -> Result<WatchSettings, Problem> {
    Settings::read(WatchSettings::NAMES).await.check(WatchSettings::read).map_err(|bad| host::setting(&bad))
}

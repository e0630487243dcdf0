//! What is known of registrations and of the application itself, trying again what is stuck, and erasing personal data. It calls nobody.
//!
//! `GET /registrations`, `GET /registrations/{origin}/{user_key}`, `DELETE` of it and a `POST` to `/retry` under it, `POST /retry`,
//! `POST /start`, `GET /status`, `GET /metrics`, `GET /health`, `GET /openapi.json`.

mod erase;
mod list;
mod retry;
mod show;
mod start;
mod watch;

use std::rc::Rc;

use host::{Answer, Call, Packed, Reply, Request, Settings};
use http::{Method, StatusCode};
use shared::{
    access::{Caller, Scope},
    problem::Problem,
    route,
    settings::{API_TOKENS, RATE_LIMIT, WatchSettings},
};
use spin_sdk::http_service;

/// The description of all functions: `docs/openapi.json` without its blanks.
const DESCRIPTION: Packed = Packed(include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.packed")));

#[http_service]
async fn registrations(request: Request) -> Answer {
    host::handle("registrations", request, answer).await
}

async fn answer(request: Request, call: Rc<Call>) -> Reply {
    let path = request.uri().path().trim_end_matches('/');
    match path {
        "/health" => {
            host::only("GET", &request)?;
            Ok(host::json(StatusCode::OK, &serde_json::json!({ "status": "alive" })))
        }
        "/openapi.json" => {
            host::only("GET", &request)?;
            Ok(host::published(&request, DESCRIPTION))
        }
        "/status" => watch::status(&request, &call).await,
        "/metrics" => watch::metrics(&request, &call).await,
        "/registrations" => list::list(&request, &call).await,
        "/retry" => retry::group(&request, &call).await,
        "/start" => start::start(&request, &call).await,
        path if path.starts_with("/registrations/") => {
            match path.strip_suffix("/retry").and_then(route::named) {
                Some((origin, user_key)) => retry::one(&request, &call, &origin, &user_key).await,
                None => match *request.method() {
                    Method::GET | Method::HEAD => show::show(&request, &call, route::named(path)).await,
                    Method::DELETE => erase::erase(&request, &call, route::named(path)).await,
                    _ => Err(Problem::method("GET, HEAD, DELETE, OPTIONS")),
                },
            }
        }
        _ => Err(Problem::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this path")),
    }
}

/// Checks method and token. The ledger is opened with what comes back, and counts the request.
async fn admitted(
    request: &Request,
    call: &Call,
    method: &'static str,
    scope: Scope,
) -> Result<(Settings, Caller), Problem> {
    host::only(method, request)?;
    let settings = Settings::read([API_TOKENS, RATE_LIMIT]).await;
    let caller = call.admit(&settings, request.headers(), scope)?;
    Ok((settings, caller))
}

/// The limits of what is watched.
async fn limits() -> Result<WatchSettings, Problem> {
    Settings::read(WatchSettings::NAMES).await.check(WatchSettings::read).map_err(|bad| host::setting(&bad))
}

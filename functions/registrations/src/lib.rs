//! `GET /health`, `GET /registrations/{origin}/{user_key}`: how far a registration is, and a `POST` to `/retry` under it: try again.

use std::rc::Rc;

use host::{Answer, Call, Reply, Request, Settings};
use http::StatusCode;
use shared::{
    access::Scope,
    by_hand::{self, Retried},
    key::{OriginCode, UserKey},
    problem::Problem,
    settings::{API_TOKENS, RATE_LIMIT},
    status::{Brief, Status},
};
use spin_sdk::http_service;

#[http_service]
async fn registrations(request: Request) -> Answer {
    host::handle("registrations", request, answer).await
}

async fn answer(request: Request, call: Rc<Call>) -> Reply {
    let path = request.uri().path().trim_end_matches('/');
    if path == "/health" {
        host::only("GET", &request)?;
        return Ok(host::json(StatusCode::OK, &serde_json::json!({ "status": "alive" })));
    }
    match path.strip_suffix("/retry").and_then(named) {
        Some((origin, user_key)) => retry(&request, &call, &origin, &user_key).await,
        None if path == "/registrations" || path.starts_with("/registrations/") => {
            show(&request, &call, named(path)).await
        }
        None => Err(Problem::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this path")),
    }
}

async fn show(request: &Request, call: &Call, named: Option<(OriginCode, UserKey)>) -> Reply {
    host::only("GET", request)?;
    let settings = Settings::read([API_TOKENS, RATE_LIMIT]).await;
    let caller = call.admit(&settings, request.headers(), Scope::Read)?;
    let (origin, user_key) = named.ok_or_else(nothing)?;

    let ledger = host::ledger(&settings, &caller).await?;
    let entry = ledger.entry(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    let timeline = ledger.timeline(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    let outcomes = ledger.outcomes(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    Ok(host::read(request, &Status::of(&entry.ok_or_else(nothing)?, timeline, outcomes)))
}

async fn retry(request: &Request, call: &Call, origin: &OriginCode, user_key: &UserKey) -> Reply {
    host::only("POST", request)?;
    let settings = Settings::read([API_TOKENS, RATE_LIMIT]).await;
    let caller = call.admit(&settings, request.headers(), Scope::Decide)?;

    let ledger = host::ledger(&settings, &caller).await?;
    let retried = by_hand::retry(&ledger, origin, user_key, caller.name(), host::now()).await;
    match retried.map_err(|error| host::unavailable(&error))? {
        Retried::Goes(entry) => Ok(host::accepted(origin, user_key, &Brief::of(&entry))),
        Retried::Nothing(state) => {
            let detail = format!("the registration is {state}, and waits for no further try");
            Err(Problem::new(StatusCode::CONFLICT, "nothing-to-retry", detail))
        }
        Retried::Unknown => Err(nothing()),
    }
}

fn nothing() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not-found",
        "no such registration: /registrations/{origin}/{user_key}",
    )
}

/// The two keys in `/registrations/{origin}/{user_key}`.
fn named(path: &str) -> Option<(OriginCode, UserKey)> {
    let mut segments = path.strip_prefix("/registrations/")?.split('/');
    let (origin, user_key) = (segments.next()?, segments.next()?);
    let named = (OriginCode::of_segment(origin)?, UserKey::of_segment(user_key)?);
    segments.next().is_none().then_some(named)
}

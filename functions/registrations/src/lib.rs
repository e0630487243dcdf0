//! `GET /health`, `GET /registrations/{origin}/{user_key}`: how far a registration is, `DELETE`: erase its personal data, and a `POST`
//! to `/retry` under it: try again.

use host::{Answer, Reply, Request, Settings};
use http::StatusCode;
use shared::{
    access::Scope,
    by_hand::{self, Retried},
    erasure::{self, Erasure},
    key::{OriginCode, UserKey},
    problem::Problem,
    settings::API_TOKENS,
    status::{Brief, Status},
    tombstone::RowKey,
};
use spin_sdk::http_service;

#[http_service]
async fn registrations(request: Request) -> Answer {
    host::handle("registrations", request, answer).await
}

async fn answer(request: Request) -> Reply {
    let path = request.uri().path().trim_end_matches('/');
    if path == "/health" {
        host::only("GET", &request)?;
        return Ok(host::json(StatusCode::OK, &serde_json::json!({ "status": "alive" })));
    }
    match path.strip_suffix("/retry").and_then(named) {
        Some((origin, user_key)) => retry(&request, &origin, &user_key).await,
        None if request.method() == "DELETE" => erase(&request, named(path)).await,
        None => show(&request, named(path)).await,
    }
}

async fn show(request: &Request, named: Option<(OriginCode, UserKey)>) -> Reply {
    host::only("GET", request).map_err(|_| Problem::method("GET, HEAD, DELETE"))?;
    let settings = Settings::read([API_TOKENS]).await;
    host::admit(&settings, request.headers(), Scope::Read)?;
    let (origin, user_key) = named.ok_or_else(nothing)?;

    let ledger = host::ledger().await.map_err(|error| host::unavailable(&error))?;
    let entry = ledger.entry(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    let timeline = ledger.timeline(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    Ok(host::json(StatusCode::OK, &Status::of(&entry.ok_or_else(nothing)?, timeline)))
}

/// Answers with what remains, the first time and when it is asked again.
async fn erase(request: &Request, named: Option<(OriginCode, UserKey)>) -> Reply {
    let settings = Settings::read([API_TOKENS]).await;
    let caller = host::admit(&settings, request.headers(), Scope::Erase)?;
    let (origin, user_key) = named.ok_or_else(nothing)?;

    let ledger = host::ledger().await.map_err(|error| host::unavailable(&error))?;
    let key = RowKey::of([host::chance(), host::chance()]);
    let erasure = erasure::erase(&ledger, &origin, &user_key, &caller, key, host::now()).await;
    match erasure.map_err(|error| host::unavailable(&error))? {
        Erasure::Done(entry) => {
            let timeline =
                ledger.timeline(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
            Ok(host::json(StatusCode::OK, &Status::of(&entry, timeline)))
        }
        Erasure::NotNow(why) => Err(Problem::new(StatusCode::CONFLICT, "not-now", why)),
        Erasure::Unknown => Err(nothing()),
    }
}

async fn retry(request: &Request, origin: &OriginCode, user_key: &UserKey) -> Reply {
    host::only("POST", request)?;
    let settings = Settings::read([API_TOKENS]).await;
    let caller = host::admit(&settings, request.headers(), Scope::Decide)?;

    let ledger = host::ledger().await.map_err(|error| host::unavailable(&error))?;
    let retried = by_hand::retry(&ledger, origin, user_key, &caller, host::now()).await;
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

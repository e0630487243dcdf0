//! `POST /erp-webhook`: the ERP's decisions, as signed messages.

use std::time::Duration;

use host::{Answer, Outbound, Reply, Request, Settings};
use http::{HeaderMap, StatusCode};
use shared::{
    decision::{Event, explain},
    inbox::Outcome,
    ledger::{Kept, Letter},
    print::print,
    problem::Problem,
    settings::{ShopSettings, WEBHOOK_SECRETS, webhook_keys},
    webhook::{TOLERANCE, verify},
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

async fn receive(request: Request) -> Reply {
    host::only("POST", &request)?;
    let settings = Settings::read(ShopSettings::NAMES.into_iter().chain([WEBHOOK_SECRETS])).await;
    let keys = settings.check(webhook_keys).map_err(|bad| host::setting(&bad))?;
    let shop = settings.check(ShopSettings::read).map_err(|bad| host::setting(&bad))?;
    let origins = shop.origins.clone();

    let (headers, body) = host::body(request).await?;
    let app = host::open(shop, Outbound::default()).await.map_err(|error| host::unavailable(&error))?;
    let id = verify(&keys, &headers, &body, app.now()).map_err(|_| {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "bad-signature",
            "sign id, time and body with a secret of webhook_secrets; the id has at most 128 bytes, the time is within 300 s",
        )
    })?;
    let decision = match Event::read(&body).map_err(|_| explain(&body))? {
        Event::Decision(decision) => Some(decision),
        Event::Unknown => None,
    };
    if decision.as_ref().is_some_and(|decision| decision.decided_at > app.now() + TOLERANCE) {
        let detail = "the decision is from the future: send its time in UTC, or with its offset";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "malformed-body", detail).at("timestamp"));
    }
    let about = decision.as_ref().map(|decision| (&decision.origin, &decision.user_key));
    if let Some((origin, _)) = about
        && !origins.contains(origin)
    {
        let detail = format!("origin {origin} is none of the origins set");
        return Err(
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-origin", detail).at("data.origin")
        );
    }
    let body = String::from_utf8(body.to_vec())
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "malformed-body", "the body is not UTF-8"))?;
    let letter = Letter { id, print: print(&[body.as_bytes()]), actor: "ERP".to_owned(), body };
    let kept = match app.ledger.keep(&letter, app.now()).await.map_err(|error| host::unavailable(&error))? {
        Kept::Yes(kept) => kept,
        Kept::OtherBody => {
            let detail = "another message with this webhook-id was accepted before: use a new id";
            return Err(Problem::new(StatusCode::CONFLICT, "id-used", detail));
        }
    };
    let done = host::after(async move { app.work_off(&kept).await });
    match host::within(wait(&headers), done).await {
        Some(Ok(outcome)) => host::outcome(&outcome, about),
        // Stored: the tick goes on with it.
        Some(Err(_)) | None => host::outcome(&Outcome::Waits, about),
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

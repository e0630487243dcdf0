//! What people and automation platforms decide, by a token: `POST /activate-user` links a user to customers that exist and triggers the
//! mail. Under a registration's address a `POST` to `/decision` is what the ERP's message is, and one to `/resend-mail`, `/relink` or
//! `/reopen` puts something right. The console's forms for these come here too: this component may call the shop, and the console may
//! not.

mod by_form;

use std::rc::Rc;

use host::{Answer, Call, Reply, Request, Settings};
use http::HeaderMap;
use shared::{
    access::Scope,
    decision::{IdempotencyKey, Remedy},
    inbox::Outcome,
    problem::Problem,
    reception::Taken,
    route,
    settings::{API_TOKENS, RATE_LIMIT, ShopSettings},
};
use spin_sdk::http_service;

#[http_service]
async fn activate_user(request: Request) -> Answer {
    host::handle("activate-user", request, answer).await
}

async fn answer(request: Request, call: Rc<Call>) -> Reply {
    host::only("POST", &request)?;
    let settings = Settings::read(ShopSettings::NAMES.into_iter().chain([API_TOKENS, RATE_LIMIT])).await;
    if request.uri().path().starts_with(by_form::CONSOLE) {
        return by_form::decide(request, call, &settings).await;
    }
    let caller = call.admit(&settings, request.headers(), Scope::Decide)?;
    let shop = settings.check(ShopSettings::read).map_err(|bad| host::setting(&bad))?;

    let path = request.uri().path().trim_end_matches('/').to_owned();
    let (headers, body) = host::body(request).await?;
    let app = host::open(&settings, &caller, shop, call.outbound()).await?;
    let Some((about, sent)) = addressed(&path) else {
        let Taken { kept, about } =
            app.take_wish(caller.name(), &body).await.map_err(|why| host::not_taken(&why))?;
        let outcome = host::work_off(&app, &kept).await.map_err(|error| host::unavailable(&error))?;
        // A wish has its fields at the top.
        return host::outcome(&outcome, about.as_ref(), app.shop.http.dry()).map_err(
            |problem| match outcome {
                Outcome::NoSuchUser => problem.at("user_key"),
                _ => problem,
            },
        );
    };
    let about = route::named(about).ok_or_else(Problem::no_registration)?;
    let key = idempotency_key(&headers)?;
    let taken = match sent {
        Sent::Decision => app.take_decision(caller.name(), about, key.as_ref(), &body).await,
        Sent::Correction(remedy) => {
            app.take_correction(caller.name(), about, remedy, key.as_ref(), &body).await
        }
    };
    host::decided(app, taken.map_err(|why| host::not_taken(&why))?, &headers, call).await
}

/// What is sent to the address of a registration.
enum Sent {
    Decision,
    Correction(Remedy),
}

/// The address and what is sent there; `None` for the path that has none.
fn addressed(path: &str) -> Option<(&str, Sent)> {
    let (address, end) = path.rsplit_once('/').filter(|(address, _)| !address.is_empty())?;
    Some((address, end.parse().map_or(Sent::Decision, Sent::Correction)))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    // What is not ASCII reads as nothing, which is refused.
    let key = headers.get("idempotency-key").map(|value| value.to_str().unwrap_or_default().parse());
    key.transpose()
}

//! Starting origins: from then on their registrations are announced.

use host::{Call, Reply, Request, Settings};
use http::StatusCode;
use shared::{
    access::Scope,
    settings::StartSettings,
    start::{self, Asked, NotStarted},
};

pub async fn start(request: &Request, call: &Call) -> Reply {
    let (settings, caller) = crate::admitted(request, call, "POST", Scope::Decide).await?;
    let origins = Settings::read(StartSettings::NAMES).await;
    let origins = origins.check(StartSettings::read).map_err(|bad| host::setting(&bad))?;
    let asked = Asked::read(request.uri().query(), &origins)?;

    let ledger = host::ledger(&settings, &caller).await?;
    let started = start::start(&ledger, &asked, &origins, caller.name(), host::now()).await;
    let started = started.map_err(|why| match why {
        NotStarted::Problem(problem) => problem,
        NotStarted::Ledger(error) => host::unavailable(&error),
    })?;
    Ok(host::json(StatusCode::OK, &started))
}

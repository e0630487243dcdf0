//! How everything is, for uptime checkers and collectors of metrics.

use host::{Call, Reply, Request, Settings};
use http::{StatusCode, header};
use shared::{
    access::{Caller, Scope},
    key::OriginCode,
    metrics::{self, Format},
    problem::Problem,
    watch::{Snapshot, Status},
};

/// 503 with the same body when something is beyond a limit: a checker that only knows the status can alarm on it.
pub async fn status(request: &Request, call: &Call) -> Reply {
    let (settings, caller) = crate::admitted(request, call, "GET", Scope::Read).await?;
    let limits = crate::limits().await?;

    let snapshot = snapshot(&settings, &caller, &limits.origins).await?;
    let beyond = snapshot.beyond(&limits);
    let status = if beyond.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok(host::json(status, &Status::of(&snapshot, &beyond)))
}

pub async fn metrics(request: &Request, call: &Call) -> Reply {
    let (settings, caller) = crate::admitted(request, call, "GET", Scope::Read).await?;
    let limits = crate::limits().await?;
    let accept = request.headers().get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let format = Format::accepted(&accept.collect::<Vec<_>>().join(","));

    let text = metrics::text(&snapshot(&settings, &caller, &limits.origins).await?, format);
    Ok(host::text(StatusCode::OK, format.media_type(), text))
}

async fn snapshot(settings: &Settings, caller: &Caller, origins: &[OriginCode]) -> Result<Snapshot, Problem> {
    let ledger = host::ledger(settings, caller).await?;
    Snapshot::of(&ledger, origins, host::now()).await.map_err(|error| host::unavailable(&error))
}

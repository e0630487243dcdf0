//! How far one registration is.

use host::{Call, Reply, Request};
use shared::{
    access::Scope,
    key::{OriginCode, UserKey},
    problem::Problem,
    status::Status,
};

pub async fn show(request: &Request, call: &Call, named: Option<(OriginCode, UserKey)>) -> Reply {
    let (settings, caller) = crate::admitted(request, call, "GET", Scope::Read).await?;
    let (origin, user_key) = named.ok_or_else(Problem::no_registration)?;

    let ledger = host::ledger(&settings, &caller).await?;
    let entry = ledger.entry(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    let timeline = ledger.timeline(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    let outcomes = ledger.outcomes(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    let entry = entry.ok_or_else(Problem::no_registration)?;
    Ok(host::read(request, &Status::of(&entry, timeline, outcomes)))
}

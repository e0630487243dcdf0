//! How far one registration is.

use host::{Reply, Request};
use http::StatusCode;
use shared::{
    access::Scope,
    key::{OriginCode, UserKey},
    problem::Problem,
    status::Status,
};

pub async fn show(request: &Request, named: Option<(OriginCode, UserKey)>) -> Reply {
    crate::admitted(request, "GET", Scope::Read).await?;
    let (origin, user_key) = named.ok_or_else(Problem::no_registration)?;

    let ledger = host::ledger().await.map_err(|error| host::unavailable(&error))?;
    let entry = ledger.entry(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    let timeline = ledger.timeline(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    Ok(host::json(StatusCode::OK, &Status::of(&entry.ok_or_else(Problem::no_registration)?, timeline)))
}

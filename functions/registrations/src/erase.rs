//! Erasing the personal data of one registration.

use host::{Call, Reply, Request};
use http::StatusCode;
use shared::{
    access::Scope,
    erasure::{self, Erasure},
    key::{OriginCode, UserKey},
    problem::Problem,
    status::Status,
    tombstone::RowKey,
};

/// Answers with what remains, the first time and when it is asked again.
pub async fn erase(request: &Request, call: &Call, named: Option<(OriginCode, UserKey)>) -> Reply {
    let (settings, caller) = crate::admitted(request, call, "DELETE", Scope::Erase).await?;
    let (origin, user_key) = named.ok_or_else(Problem::no_registration)?;

    let ledger = host::ledger(&settings, &caller).await?;
    let key = RowKey::of([host::chance(), host::chance()]);
    let erasure = erasure::erase(&ledger, &origin, &user_key, caller.name(), key, host::now()).await;
    match erasure.map_err(|error| host::unavailable(&error))? {
        Erasure::Done(entry) => {
            let timeline = ledger.timeline(&origin, &user_key).await;
            let outcomes = ledger.outcomes(&origin, &user_key).await;
            let timeline = timeline.map_err(|error| host::unavailable(&error))?;
            let outcomes = outcomes.map_err(|error| host::unavailable(&error))?;
            Ok(host::json(StatusCode::OK, &Status::of(&entry, timeline, outcomes)))
        }
        Erasure::NotNow(why) => Err(Problem::new(StatusCode::CONFLICT, "not-now", why)),
        Erasure::Unknown => Err(Problem::no_registration()),
    }
}

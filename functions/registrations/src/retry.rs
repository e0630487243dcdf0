//! Trying again, because a person says so.

use host::{Call, Reply, Request};
use http::StatusCode;
use shared::{
    access::Scope,
    by_hand::{self, Group, Retried},
    key::{OriginCode, UserKey},
    problem::Problem,
    status::Brief,
};

/// One registration.
pub async fn one(request: &Request, call: &Call, origin: &OriginCode, user_key: &UserKey) -> Reply {
    let (settings, caller) = crate::admitted(request, call, "POST", Scope::Decide).await?;

    let ledger = host::ledger(&settings, &caller).await?;
    let retried = by_hand::retry(&ledger, origin, user_key, caller.name(), host::now()).await;
    match retried.map_err(|error| host::unavailable(&error))? {
        Retried::Goes(entry) => Ok(host::accepted(origin, user_key, &Brief::of(&entry))),
        Retried::Nothing(state) => {
            let detail = format!("the registration is {state}, and waits for no further try");
            Err(Problem::new(StatusCode::CONFLICT, "nothing-to-retry", detail))
        }
        Retried::Unknown => Err(Problem::no_registration()),
    }
}

/// All that are stuck for one reason.
pub async fn group(request: &Request, call: &Call) -> Reply {
    let (settings, caller) = crate::admitted(request, call, "POST", Scope::Decide).await?;
    let group = Group::read(request.uri().query())?;

    let ledger = host::ledger(&settings, &caller).await?;
    let retried = by_hand::retry_group(&ledger, &group, caller.name(), host::now()).await;
    Ok(host::json(StatusCode::OK, &retried.map_err(|error| host::unavailable(&error))?))
}

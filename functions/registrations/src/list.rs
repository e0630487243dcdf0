//! Pages of registrations, for who asks by itself.

use host::{Reply, Request};
use http::StatusCode;
use shared::{
    access::Scope,
    listing::{Asked, NoPage, page},
    status::List,
};

pub async fn list(request: &Request) -> Reply {
    crate::admitted(request, "GET", Scope::Read).await?;
    let asked = Asked::read(request.uri().query())?;

    let ledger = host::ledger().await.map_err(|error| host::unavailable(&error))?;
    let page = page(&ledger, &asked).await.map_err(|why| match why {
        NoPage::Problem(problem) => problem,
        NoPage::Ledger(error) => host::unavailable(&error),
    })?;
    Ok(host::json(StatusCode::OK, &List::of(&page)))
}

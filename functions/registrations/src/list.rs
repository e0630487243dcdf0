//! Pages of registrations, for who asks by itself.

use host::{Call, Reply, Request};
use shared::{
    access::Scope,
    listing::{Asked, NoPage, page},
    status::List,
};

pub async fn list(request: &Request, call: &Call) -> Reply {
    let (settings, caller) = crate::admitted(request, call, "GET", Scope::Read).await?;
    let asked = Asked::read(request.uri().query())?;

    let ledger = host::ledger(&settings, &caller).await?;
    let page = page(&ledger, &asked).await.map_err(|why| match why {
        NoPage::Problem(problem) => problem,
        NoPage::Ledger(error) => host::unavailable(&error),
    })?;
    Ok(host::read(request, &List::of(&page)))
}

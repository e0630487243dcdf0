//! `POST /fetch-new-users`: the tick, called by a scheduler.

use std::{rc::Rc, time::Duration};

use host::{Answer, Call, Reply, Request, Settings};
use http::StatusCode;
use shared::{
    access::Scope,
    problem::Problem,
    settings::{API_TOKENS, AlertSettings, ErpSettings, RATE_LIMIT, ShopSettings, TickSettings},
    tick::Ended,
};
use spin_sdk::http_service;

/// How long after the time budget a call may still be in flight.
const GRACE: Duration = Duration::from_secs(2);

#[http_service]
async fn fetch_new_users(request: Request) -> Answer {
    host::handle("fetch-new-users", request, run).await
}

async fn run(request: Request, call: Rc<Call>) -> Reply {
    host::only("POST", &request)?;
    let names = [
        &ShopSettings::NAMES[..],
        &ErpSettings::NAMES,
        &AlertSettings::NAMES,
        &TickSettings::NAMES,
        &[API_TOKENS, RATE_LIMIT],
    ];
    let settings = Settings::read(names.concat()).await;
    let caller = call.admit(&settings, request.headers(), Scope::Tick)?;
    let shop = settings.check(ShopSettings::read).map_err(|bad| host::setting(&bad))?;
    let erp = settings.check(ErpSettings::read).map_err(|bad| host::setting(&bad))?;
    let alerts = settings.check(AlertSettings::read).map_err(|bad| host::setting(&bad))?;
    let plan = settings.check(TickSettings::read).map_err(|bad| host::setting(&bad))?;

    let budget = plan.time_budget.to_std().unwrap_or_default();
    let app = host::open(&settings, &caller, shop, call.outbound().within(budget + GRACE)).await?;
    let ended = host::tick(&app, &plan, erp.as_ref(), alerts.as_ref()).await;
    match ended.map_err(|error| host::unavailable(&error))? {
        Ended::Ran(report) => {
            let status = if report.shop_read { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            Ok(host::counted(status, &report))
        }
        Ended::Busy => Err(Problem::new(StatusCode::CONFLICT, "tick-running", "another tick is running")),
    }
}

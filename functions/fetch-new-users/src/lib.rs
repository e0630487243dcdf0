//! `POST /fetch-new-users`: the tick, called by a scheduler. `POST /console/fetch` is the same, from the console's page.

use std::{rc::Rc, time::Duration};

use host::{Answer, Call, Reply, Request, Settings, Sqlite, Visit};
use http::StatusCode;
use shared::{
    access::Scope,
    ledger::Ledger,
    notice::Notice,
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

/// Where a person has it run, and the page that shows what it did.
const BY_FORM: &str = "/console/fetch";
const RUNS: &str = "/console/runs";

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
    if request.uri().path().trim_end_matches('/') == BY_FORM {
        return by_form(request, &call, &settings).await;
    }
    let caller = call.admit(&settings, request.headers(), Scope::Tick)?;
    match ticked(&settings, &call, async || host::ledger(&settings, &caller).await).await? {
        Ended::Ran(report) => {
            let status = if report.shop_read { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            Ok(host::counted(status, &report, report.would.as_deref()))
        }
        Ended::Busy => Err(Problem::new(StatusCode::CONFLICT, "tick-running", "another tick is running")),
    }
}

/// The same for a person, who is led to the page of the runs.
async fn by_form(request: Request, call: &Call, settings: &Settings) -> Reply {
    let visit = match Visit::of_form(settings, call, request, &[], Scope::Tick).await {
        Ok((visit, _)) => visit,
        Err(refused) => return Ok(host::refused(RUNS, refused)),
    };
    let notice = match ticked(settings, call, async || Ok(visit.ledger)).await? {
        Ended::Ran(report) if report.shop_read && report.problems.is_empty() => Notice::Ran,
        Ended::Ran(_) => Notice::RanBadly,
        Ended::Busy => Notice::Busy,
    };
    Ok(host::told(RUNS, notice))
}

/// Runs a tick. The ledger is opened once the settings are good.
async fn ticked(
    settings: &Settings,
    call: &Call,
    ledger: impl AsyncFnOnce() -> Result<Ledger<Sqlite>, Problem>,
) -> Result<Ended, Problem> {
    let shop = settings.check(ShopSettings::read).map_err(|bad| host::setting(&bad))?;
    let erp = settings.check(ErpSettings::read).map_err(|bad| host::setting(&bad))?;
    let alerts = settings.check(AlertSettings::read).map_err(|bad| host::setting(&bad))?;
    let plan = settings.check(TickSettings::read).map_err(|bad| host::setting(&bad))?;

    let budget = plan.time_budget.to_std().unwrap_or_default();
    let app = host::onboarding(ledger().await?, shop, call.outbound().within(budget + GRACE));
    let ended = host::tick(&app, &plan, erp.as_ref(), alerts.as_ref()).await;
    ended.map_err(|error| host::unavailable(&error))
}

//! The console: pages for people, at `/` and under `/console`. It reads the ledger, has things tried again and erases; it calls nobody.
//!
//! What calls the shop is not done here: a decision and "fetch now" are forms that the browser sends, in the same session, to the
//! components that do so anyway (`activate-user`, `fetch-new-users`).

mod act;
mod address;
mod approve;
mod chart;
mod detail;
mod files;
mod form;
mod frame;
mod list;
mod overview;
mod page;
mod person;
mod preferences;
mod problem;
mod runs;
mod said;
mod sign_in;
mod timeline;
mod when;
mod words;

use std::rc::Rc;

use frame::Frame;
use host::{Answer, Call, Reply, Request, Settings, Visit};
use http::{HeaderMap, Method, Uri};
use shared::{
    access::Scope,
    browser::is_from_elsewhere,
    decision::Remedy,
    ledger::Entry,
    problem::Problem,
    route,
    settings::{API_TOKENS, ConsoleSettings, RATE_LIMIT},
};
use spin_sdk::http_service;
use when::Clock;

#[http_service]
async fn console(request: Request) -> Answer {
    host::handle("console", request, answer).await
}

async fn answer(request: Request, call: Rc<Call>) -> Reply {
    let (headers, address) = (request.headers().clone(), request.uri().clone());
    let settings = Settings::read(ConsoleSettings::NAMES.into_iter().chain([API_TOKENS, RATE_LIMIT])).await;
    // For programs, and answered as they are answered.
    if address.path() == "/console/code" {
        return sign_in::make_code(&settings, &call, &request).await;
    }
    let answer = find(&settings, &call, request).await;
    Ok(answer.unwrap_or_else(|problem| problem::page(&headers, &Frame::of(&headers, &address), problem)))
}

/// The answer of whatever is at the address.
async fn find(settings: &Settings, call: &Call, request: Request) -> Reply {
    let (headers, address) = (request.headers().clone(), request.uri().clone());
    let frame = Frame::of(&headers, &address);
    let method = request.method().clone();
    let is_read = method == Method::GET || method == Method::HEAD;
    let path = address.path();
    match path.strip_prefix("/console").unwrap_or(path) {
        files if files.starts_with("/files/") => {
            host::only("GET", &request)?;
            return files::at(&headers, path).ok_or_else(problem::nothing_here);
        }
        "/signin" if is_read => return Ok(sign_in::show(&headers, &frame, address.query())),
        "/signin" => {
            host::only("POST", &request)?;
            return sign_in::begin(settings, call, request, &frame).await;
        }
        "/preferences" => {
            host::only("POST", &request)?;
            return preferences::keep(request).await;
        }
        _ => {}
    }
    match Visit::of(settings, call, &headers).await? {
        Some(visit) => {
            let frame = frame.for_whom(visit.caller.name(), visit.form_secret());
            inside(settings, &visit, request, frame).await
        }
        None => Ok(outside(&headers, &address, &frame)),
    }
}

/// What somebody gets who is not signed in.
fn outside(headers: &HeaderMap, address: &Uri, frame: &Frame) -> Answer {
    if headers.contains_key("x-live") {
        // A script asks: it says so on the page that is open.
        return host::text(http::StatusCode::UNAUTHORIZED, "text/plain", String::new());
    }
    if is_from_elsewhere(headers) {
        // By a link in a mail: the browser has kept the cookie back, and brings it along when the page loads itself once more.
        return page::moving_on(headers, frame.w);
    }
    let to = match address.path().trim_end_matches('/') {
        // Whoever signs in has no need to be signed out.
        "/console/signout" => "/",
        _ => address.path_and_query().map_or("/", |to| to.as_str()),
    };
    page::guarded(host::sign_in(to), headers)
}

/// The pages of somebody who is signed in.
async fn inside(settings: &Settings, visit: &Visit, request: Request, frame: Frame) -> Reply {
    let (headers, address) = (request.headers().clone(), request.uri().clone());
    let settings = settings.check(ConsoleSettings::read).map_err(|bad| host::setting(&bad))?;
    let clock = Clock { zone: settings.zone, now: host::now(), w: frame.w };
    match address.path().trim_end_matches('/') {
        "/console/signout" => {
            host::only("POST", &request)?;
            sign_in::end(visit, request).await
        }
        path => {
            visit.may(Scope::Read)?;
            match path {
                "" | "/console" => {
                    host::only("GET", &request)?;
                    overview::show(&headers, visit, &settings, &frame.live(), clock).await
                }
                "/console/registrations" => {
                    host::only("GET", &request)?;
                    list::show(&headers, visit, &settings, &frame.live(), clock, address.query()).await
                }
                "/console/runs" => {
                    host::only("GET", &request)?;
                    runs::show(&headers, visit, &frame.live(), clock).await
                }
                path => one(visit, request, &settings, frame, clock, path).await,
            }
        }
    }
}

/// What is shown of one registration, and done to it.
async fn one(
    visit: &Visit,
    request: Request,
    settings: &ConsoleSettings,
    frame: Frame,
    clock: Clock,
    path: &str,
) -> Reply {
    let headers = request.headers().clone();
    let path = path.strip_prefix("/console").unwrap_or_default();
    if let Some(named) = route::named(path) {
        host::only("GET", &request)?;
        return detail::show(&headers, visit, settings, &frame.live(), clock, &named).await;
    }
    let (named, what) = path.rsplit_once('/').ok_or_else(problem::nothing_here)?;
    let (origin, user_key) = route::named(named).ok_or_else(problem::nothing_here)?;
    let entry = visit.ledger.entry(&origin, &user_key).await.map_err(|error| host::unavailable(&error))?;
    let entry = entry.ok_or_else(problem::nothing_here)?;
    let wanted = match what {
        "retry" | "approve" | "reject" => Scope::Decide,
        what if what.parse::<Remedy>().is_ok() => Scope::Decide,
        "erase" => Scope::Erase,
        _ => return Err(problem::nothing_here()),
    };
    visit.may(wanted)?;
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_read {
        Ok(ask(&headers, frame, &entry, what, request.uri()))
    } else {
        done(visit, request, frame, &entry, what).await
    }
}

/// The page before something is done.
fn ask(headers: &HeaderMap, frame: Frame, entry: &Entry, what: &str, address: &Uri) -> Answer {
    match what {
        "retry" => act::ask_retry(headers, &frame, entry),
        "reject" => act::ask_reject(headers, &frame, entry),
        "erase" => act::ask_erase(headers, &frame, entry),
        what if let Ok(remedy) = what.parse() => act::ask_correction(headers, &frame, entry, remedy),
        _ => approve::show(headers, frame, entry, address.query() == Some("how=existing")),
    }
}

/// What its form does.
async fn done(visit: &Visit, request: Request, frame: Frame, entry: &Entry, what: &str) -> Reply {
    host::only("POST", &request)?;
    match what {
        "retry" => act::retry(visit, request, entry).await,
        "erase" => act::erase(visit, request, entry).await,
        "approve" => approve::review(visit, request, frame, entry).await,
        // Its form is sent to where decisions are taken in.
        _ => Err(Problem::method("GET, HEAD, OPTIONS")),
    }
}

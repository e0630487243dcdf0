//! Requests that the runner sends to itself, as a cloud's scheduler would.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Uri};
use http_body_util::{BodyExt, Empty};
use tokio::sync::watch;
use wasmtime_wasi_http::WasiBody;

use crate::clock::Clock;
use crate::instances::Stage;
use crate::site::Site;

/// A POST to a route at regular times.
#[derive(Clone)]
pub struct Every {
    /// From one call to the next, and from the start to the first, on the runner's clock. A call that takes longer
    /// delays the next; two never overlap.
    pub period: Duration,
    /// The path, with a query if wanted.
    pub route: String,
    /// More headers, for example `authorization`.
    pub headers: HeaderMap,
}

/// Shows no header's value.
impl std::fmt::Debug for Every {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Every")
            .field("period", &self.period)
            .field("route", &self.route)
            .finish_non_exhaustive()
    }
}

/// How much of an answer the log shows, in bytes: a report of counts fits.
const LONGEST_ANSWER: usize = 2000;

impl Every {
    /// A POST without headers of its own.
    #[must_use]
    pub fn new(period: Duration, route: impl Into<String>) -> Self {
        Self { period, route: route.into(), headers: HeaderMap::new() }
    }

    pub(crate) fn check(&self, site: &Site) -> Result<()> {
        let path =
            self.route.parse::<Uri>().with_context(|| format!("the timer's route `{}`", self.route))?;
        site.routes
            .find(path.path())
            // What takes every path takes a misspelt one too.
            .filter(|found| found.route != "/...")
            .map(|_| ())
            .with_context(|| format!("the timer's route `{}` is not one of the manifest", self.route))
    }

    fn request(&self, address: SocketAddr) -> Result<Request<WasiBody>> {
        let body = Empty::<Bytes>::new().map_err(|never| match never {}).boxed_unsync();
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = format!("http://{address}{}", self.route).parse()?;
        request.headers_mut().clone_from(&self.headers);
        Ok(request)
    }
}

/// Calls until the stage changes.
pub(crate) async fn run(
    every: Every,
    site: Arc<Site>,
    clock: Clock,
    address: SocketAddr,
    mut stage: watch::Receiver<Stage>,
) {
    let mut next = every.period;
    loop {
        let wait = clock.sleep(next.saturating_sub(clock.elapsed()));
        tokio::select! {
            () = wait => {}
            () = Stage::Ending.reached(&mut stage) => return,
        }
        tick(&every, &site, address).await;
        next = (next + every.period).max(clock.elapsed());
    }
}

async fn tick(every: &Every, site: &Site, address: SocketAddr) {
    let route = &every.route;
    let request = match every.request(address) {
        Ok(request) => request,
        Err(error) => return tracing::error!(route, "the timer's request: {error:#}"),
    };
    let answer = site.answer(request, address).await;
    let status = answer.status();
    // The call is over when its body is.
    let body = match answer.into_body().collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return tracing::warn!(route, %status, "timer: the answer broke off: {error}"),
    };
    let answer = String::from_utf8_lossy(&body[..body.len().min(LONGEST_ANSWER)]);
    if status.is_success() {
        tracing::info!(route, %status, "timer: {answer}");
    } else {
        tracing::warn!(route, %status, "timer: {answer}");
    }
}

//! From a request to the component that answers it.

mod failure;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::header::{HOST, HeaderName, HeaderValue};
use http::uri::{Authority, Scheme};
use http::{Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use wasmtime::PoolConcurrencyLimitError;
use wasmtime_wasi_http::WasiBody;
use wasmtime_wasi_http::handler::{InstantiationError, ProxyHandler, TrapOrPanicError};

use crate::instances::Instances;
use crate::room::NoRoom;
use crate::routes::{Match, Routes};
use failure::RequestId;

/// The routes of a runner with the components behind them.
pub(crate) struct Site {
    pub routes: Routes,
    pub handlers: BTreeMap<String, ProxyHandler<Instances>>,
}

/// Paths that Spin keeps to itself.
pub(crate) const WELL_KNOWN: &str = "/.well-known/spin/";
/// How long a request waits for an instance when all are taken.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it waits for one that is busy and not full; then another one is made.
const BUSY: Duration = Duration::from_secs(1);
/// How long until it looks again by itself.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

impl Site {
    /// Every request gets an answer; what went wrong inside stands in the log.
    pub async fn answer(&self, mut request: Request<WasiBody>, client: SocketAddr) -> Response<WasiBody> {
        let path = request.uri().path().to_owned();
        if let Some(known) = path.strip_prefix(WELL_KNOWN) {
            let health = known == "health";
            return if health { plain(StatusCode::OK, "OK") } else { plain(StatusCode::NOT_FOUND, "") };
        }
        let Some(found) = self.routes.find(&path) else {
            return plain(StatusCode::NOT_FOUND, "");
        };
        let Some(handler) = self.handlers.get(found.component) else {
            return failure::answer(&RequestId::of(request.headers()));
        };
        if let Err(error) = describe(&mut request, &found, client) {
            return plain(StatusCode::BAD_REQUEST, &format!("{error:#}"));
        }
        let began = Instant::now();
        let id = RequestId::of(request.headers());
        match call(handler, request).await {
            Ok(answer) => {
                let (route, status, took) = (found.route, answer.status().as_u16(), began.elapsed());
                tracing::debug!(component = found.component, route, status, ?took, "answered");
                answer
            }
            Err(error) => {
                tracing::error!(component = found.component, route = found.route, %id, "no answer: {error:#}");
                // Of a trap, the instance says why.
                let cause = match error.downcast_ref::<TrapOrPanicError>() {
                    Some(_) => "the instance failed".to_owned(),
                    None => format!("{error:#}"),
                };
                handler.state().shared.logs.line(found.component, &failure::line(&id, found.route, &cause));
                failure::answer(&id)
            }
        }
    }
}

/// Hands the request to an instance, and waits for a free one if necessary.
async fn call(
    handler: &ProxyHandler<Instances>,
    mut request: Request<WasiBody>,
) -> wasmtime::Result<Response<WasiBody>> {
    let mut waiting = handler.state().room.enter();
    let began = Instant::now();
    loop {
        let error = match handler.handle((), request).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let refused = error.downcast::<InstantiationError<()>>()?;
        let full = refused.error.is::<NoRoom>();
        if !full && !refused.error.is::<PoolConcurrencyLimitError>() || began.elapsed() > PATIENCE {
            return Err(refused.into());
        }
        request = refused.request.into_inner().unwrap_or_else(PoisonError::into_inner);
        if full && began.elapsed() > BUSY {
            waiting.insist();
        }
        // Whoever is free says so, but not to whom.
        let _ = tokio::time::timeout(LOOK_AGAIN, waiting.for_a_free_one()).await;
    }
}

/// Completes the address and adds the headers that Spin adds. Like Spin it puts them behind those of the same name that a client may have
/// sent: only the last one is the host's.
fn describe(request: &mut Request<WasiBody>, found: &Match<'_>, client: SocketAddr) -> Result<()> {
    let authority = authority(request)?;
    let mut parts = request.uri().clone().into_parts();
    let path = parts.path_and_query.as_ref().map_or("/", |path| path.as_str()).to_owned();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(authority.clone());
    *request.uri_mut() = Uri::from_parts(parts).context("the address")?;

    let prefix = found.route.strip_suffix("/...").unwrap_or(found.route);
    let headers = request.headers_mut();
    for (name, value) in [
        ("spin-path-info", found.rest.as_str()),
        ("spin-full-url", &format!("http://{authority}{path}")),
        ("spin-matched-route", found.route),
        ("spin-base-path", "/"),
        ("spin-raw-component-route", found.route),
        ("spin-component-route", prefix),
        ("spin-client-addr", &client.to_string()),
    ] {
        headers.append(HeaderName::from_static(name), HeaderValue::from_str(value)?);
    }
    for (name, value) in &found.named {
        headers
            .append(HeaderName::try_from(format!("spin-path-match-{name}"))?, HeaderValue::from_str(value)?);
    }
    Ok(())
}

fn authority(request: &Request<WasiBody>) -> Result<Authority> {
    let header =
        request.headers().get(HOST).map(HeaderValue::to_str).transpose().context("the Host header")?;
    let header: Option<Authority> = header.map(str::parse).transpose().context("the Host header")?;
    match (header, request.uri().authority().cloned()) {
        (Some(header), Some(uri)) if header != uri => bail!("the Host header differs from the address"),
        (Some(authority), _) | (None, Some(authority)) => Ok(authority),
        (None, None) => bail!("no Host header"),
    }
}

fn plain(status: StatusCode, text: &str) -> Response<WasiBody> {
    let body = Full::new(Bytes::copy_from_slice(text.as_bytes()));
    let mut response = Response::new(body.map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = status;
    response
}

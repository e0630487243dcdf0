//! Requests that components send: only where they may, over pooled connections, within their time limits.

mod body;
mod connect;
mod failure;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use http::header::HOST;
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use url::Url;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use crate::clock::Clock;
use crate::hosts::AllowedHosts;
use body::Paced;
use connect::Tcp;

/// How long each step of a request may take if the component sets no limit; Spin's number.
const PATIENCE: Duration = Duration::from_mins(10);

/// A pool of connections, shared by the components of a runner.
#[derive(Clone)]
pub(crate) struct Pool(Client<HttpsConnector<Tcp>, WasiBody>);

/// What one component may send.
#[derive(Clone)]
pub(crate) struct Outgoing {
    component: Arc<str>,
    /// `None` when the list turned out malformed after its templates were filled in: then nothing is allowed.
    allowed: Arc<Option<AllowedHosts>>,
    pool: Pool,
    clock: Clock,
}

impl Pool {
    /// An empty pool; certificates are checked against those that the system trusts.
    pub fn new() -> Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
            .context("the system's trusted certificates: install the package ca-certificates")?
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(Tcp);
        let executor = TokioExecutor::new();
        Ok(Self(Client::builder(executor).pool_timer(TokioTimer::new()).build(connector)))
    }
}

impl Outgoing {
    /// Takes the entries of `allowed_outbound_hosts`, their templates filled in.
    pub fn new(component: Arc<str>, hosts: &[String], pool: Pool, clock: Clock) -> Self {
        let allowed = AllowedHosts::parse(hosts)
            .inspect_err(|_| {
                // Without the entry: a variable that it was made from may hold anything.
                tracing::error!(
                    %component,
                    "every outgoing request is denied: with its variables filled in, an entry of `allowed_outbound_hosts` is not scheme://host or scheme://host:port"
                );
            })
            .ok();
        Self { component, allowed: Arc::new(allowed), pool, clock }
    }

    fn allow(&self, url: &http::Uri) -> bool {
        match (&*self.allowed, Url::parse(&url.to_string())) {
            (Some(hosts), Ok(url)) => hosts.allow(&url),
            _ => false,
        }
    }

    async fn send(
        self,
        mut request: Request<WasiBody>,
        options: RequestOptions,
    ) -> Result<Response<WasiBody>, Error> {
        // The connection puts it back where the protocol wants one.
        request.headers_mut().remove(HOST);
        let answer = connect::LIMIT.scope(
            connect::Limit {
                clock: self.clock.clone(),
                duration: options.connect_timeout.unwrap_or(PATIENCE),
            },
            self.pool.0.request(request),
        );
        let answer = self.clock.within(options.first_byte_timeout.unwrap_or(PATIENCE), answer).await;
        let answer = answer.ok_or(Error::ConnectionReadTimeout)?.map_err(|error| failure::of(&error))?;
        let limit = options.between_bytes_timeout.unwrap_or(PATIENCE);
        Ok(answer.map(|body| Paced::new(body, limit, self.clock).boxed_unsync()))
    }
}

type Finish = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for Outgoing {
    fn set_host_header(&mut self) -> bool {
        false
    }

    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        // The body of the answer reports what went wrong with it.
        _received: Finish,
    ) -> Box<dyn Future<Output = Result<(Response<WasiBody>, Finish), Error>> + Send> {
        let this = self.clone();
        Box::new(async move {
            let uri = request.uri();
            if !this.allow(uri) {
                tracing::warn!(
                    component = &*this.component,
                    "denied a request to {}://{}: add it to `allowed_outbound_hosts` if it is meant to go there",
                    uri.scheme_str().unwrap_or_default(),
                    uri.authority().map_or("", |authority| authority.as_str()),
                );
                return Err(Error::HttpRequestDenied);
            }
            let answer = this.send(request, options.unwrap_or_default()).await?;
            Ok((answer, Box::new(async { Ok(()) }) as Finish))
        })
    }
}

#[cfg(test)]
mod tests;

//! Opening connections.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::failure::ConnectFailure;
use crate::clock::Clock;

/// How long the request that is under way may wait for its connection.
#[derive(Clone)]
pub(super) struct Limit {
    pub clock: Clock,
    pub duration: Duration,
}

tokio::task_local! {
    /// The pool has no other way to hand a request's limit to what opens the connection.
    pub(super) static LIMIT: Limit;
}

/// Opens TCP connections, within [`LIMIT`].
#[derive(Clone)]
pub(crate) struct Tcp;

impl Service<Uri> for Tcp {
    type Response = TokioIo<TcpStream>;
    type Error = ConnectFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let limit = LIMIT.try_with(Limit::clone).ok();
        Box::pin(async move {
            let stream = match limit {
                Some(Limit { clock, duration }) => {
                    clock.within(duration, open(&uri)).await.ok_or(ConnectFailure::TimedOut)??
                }
                None => open(&uri).await?,
            };
            Ok(TokioIo::new(stream))
        })
    }
}

async fn open(uri: &Uri) -> Result<TcpStream, ConnectFailure> {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let found = tokio::net::lookup_host((host, port)).await.map_err(ConnectFailure::UnknownName)?;
    let addresses: Vec<SocketAddr> = found.collect();
    let stream = TcpStream::connect(&*addresses).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrNotAvailable => ConnectFailure::UnknownName(error),
        _ => ConnectFailure::Refused(error),
    })?;
    stream.set_nodelay(true).map_err(ConnectFailure::Refused)?;
    Ok(stream)
}

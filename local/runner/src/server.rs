//! The listening side.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use wasmtime_wasi_http::Error;

use crate::clock::Clock;
use crate::instances::Stage;
use crate::site::Site;

/// The most that the head of a request may have, in bytes; beyond it the answer is 431.
const HEAD: u32 = 32 * 1024;
/// How long the head of a request may take. A client that sends it byte by byte holds a connection no longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a new connection may be silent, in real time: a client may have opened it to have one more.
const SILENCE: Duration = Duration::from_mins(1);

/// Serves until the stage changes, then ends its connections, each after the request that it is in.
pub(crate) async fn serve(
    listener: TcpListener,
    site: Arc<Site>,
    clock: Clock,
    mut stage: watch::Receiver<Stage>,
) {
    let graceful = GracefulShutdown::new();
    // Whatever is left is aborted when this is dropped.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, client)) => {
                    connections.spawn(connection(stream, client, site.clone(), clock.clone(), graceful.watcher()));
                }
                Err(error) => {
                    // Too many open files, for example: it passes.
                    tracing::warn!("no connection accepted: {error}");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
            () = Stage::Ending.reached(&mut stage) => break,
        }
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = Stage::Over.reached(&mut stage) => {}
    }
}

async fn connection(
    stream: TcpStream,
    client: SocketAddr,
    site: Arc<Site>,
    clock: Clock,
    watcher: hyper_util::server::graceful::Watcher,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("TCP_NODELAY: {error}");
    }
    if !matches!(tokio::time::timeout(SILENCE, stream.peek(&mut [0])).await, Ok(Ok(1))) {
        return tracing::debug!(%client, "a connection stayed silent");
    }
    let begun = Arc::new(Notify::new());
    let first = begun.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        begun.notify_one();
        let site = site.clone();
        async move {
            let request = request.map(|body| body.map_err(Error::from).boxed_unsync());
            Ok::<_, std::convert::Infallible>(site.answer(request, client).await)
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(HEAD as usize);
    builder.http2().timer(TokioTimer::new()).max_header_list_size(HEAD);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(watcher.watch(connection));
    // Before it knows which protocol is spoken, the server waits without a limit of its own.
    let ended = tokio::select! {
        ended = &mut connection => ended,
        spoke = clock.within(PATIENCE, first.notified()) => match spoke {
            Some(()) => connection.await,
            None => return tracing::debug!(%client, "no request came in time"),
        },
    };
    if let Err(error) = ended {
        tracing::debug!(%client, "a connection broke off: {error}");
    }
}

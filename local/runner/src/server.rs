//! The listening side.

use std::net::SocketAddr;
use std::sync::Arc;

use http::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use wasmtime_wasi_http::Error;

use crate::instances::Stage;
use crate::site::Site;

/// Serves until the stage changes, then ends its connections, each after the request that it is in.
pub(crate) async fn serve(listener: TcpListener, site: Arc<Site>, mut stage: watch::Receiver<Stage>) {
    let graceful = GracefulShutdown::new();
    // Whatever is left is aborted when this is dropped.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, client)) => {
                    connections.spawn(connection(stream, client, site.clone(), graceful.watcher()));
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
    watcher: hyper_util::server::graceful::Watcher,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("TCP_NODELAY: {error}");
    }
    let service = service_fn(move |request: Request<Incoming>| {
        let site = site.clone();
        async move {
            let request = request.map(|body| body.map_err(Error::from).boxed_unsync());
            Ok::<_, std::convert::Infallible>(site.answer(request, client).await)
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new());
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%client, "a connection broke off: {error}");
    }
}

//! A stand-in behind real HTTP/1.1, on a free port of this machine.

mod body;
mod deliver;
mod door;
mod hanging;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderValue, Request, Response, StatusCode, header::DATE};
use http_body_util::{BodyExt, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::TokioIo,
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::{JoinHandle, JoinSet},
};

use crate::{Answer, StandIn};
use body::AnswerBody;
pub use deliver::Delivery;
use door::{Door, Reserved, Sign};
use hanging::Hanging;

/// The largest body that is read; a registration has a few kilobytes.
const LARGEST_BODY: usize = 1 << 20;

/// How long calls that still run get when the server stops. One that hangs on purpose would take for ever.
const LAST_CALLS: Duration = Duration::from_millis(500);

/// The time, as the stand-in is to see it.
type Now = dyn Fn() -> DateTime<Utc> + Send + Sync;

struct Shared<T> {
    stand_in: Mutex<T>,
    now: Box<Now>,
    latency_micros: AtomicU64,
    in_flight: AtomicUsize,
    peak: AtomicUsize,
    hanging: Hanging,
    door: Door,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, T> {
        // A test that panicked while it looked at the state has not spoiled it.
        self.stand_in.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a call for as long as it runs, also if the client leaves before it ends.
struct InFlight<'a>(&'a AtomicUsize);

impl<'a> InFlight<'a> {
    fn new(in_flight: &'a AtomicUsize, peak: &AtomicUsize) -> Self {
        let running = in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        peak.fetch_max(running, Ordering::Relaxed);
        Self(in_flight)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stand-in that is being served. Dropping it closes the port; [`Served::stop`] also waits for running calls.
pub struct Served<T> {
    shared: Arc<Shared<T>>,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl<T: StandIn> Served<T> {
    /// Serves a stand-in on a free port of 127.0.0.1. `now` gives the time of each call. Wants a tokio runtime with time
    /// and I/O.
    ///
    /// # Errors
    ///
    /// If no port can be bound.
    pub async fn start(
        stand_in: T,
        now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), stand_in, now).await
    }

    /// Serves a stand-in at this address.
    ///
    /// # Errors
    ///
    /// If it cannot be bound.
    pub async fn start_at(
        address: SocketAddr,
        stand_in: T,
        now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (door, sign) = door::open();
        let shared = Arc::new(Shared {
            stand_in: Mutex::new(stand_in),
            now: Box::new(now),
            latency_micros: AtomicU64::new(0),
            in_flight: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
            hanging: Hanging::default(),
            door,
        });
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(accept(listener, Arc::clone(&shared), sign, stopped));
        Ok(Self { shared, address, stop, task })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Scheme and host, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The stand-in, to look at or to change between calls. Calls wait while the guard lives: do not hold it over an await.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.shared.lock()
    }

    /// The time as the stand-in sees it.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.shared.now)()
    }

    /// From now on each call takes at least this long before it is carried out.
    pub fn set_latency(&self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.shared.latency_micros.store(micros, Ordering::Relaxed);
    }

    /// The most calls that ran at the same time, since the start or the last reset.
    #[must_use]
    pub fn peak_in_flight(&self) -> usize {
        self.shared.peak.load(Ordering::Relaxed)
    }

    /// Counts the peak anew.
    pub fn reset_peak(&self) {
        self.shared.peak.store(0, Ordering::Relaxed);
    }

    /// Closes the port and all connections: whoever calls is refused, until [`Served::open`]. The port stays reserved, so that
    /// nobody else gets it meanwhile. Returns when it is closed.
    pub async fn close(&self) {
        self.shared.door.set(false).await;
    }

    /// Opens the port again, at the same address. Returns when it is open.
    pub async fn open(&self) {
        self.shared.door.set(true).await;
    }

    /// Waits until a call hangs on purpose: then it is time to let time pass.
    pub async fn until_a_call_hangs(&self) {
        self.shared.hanging.until(|calls| calls > 0).await;
    }

    /// Waits until no call hangs any more: whoever made it has given up.
    pub async fn until_no_call_hangs(&self) {
        self.shared.hanging.until(|calls| calls == 0).await;
    }

    /// Takes no more connections, lets running calls end for half a second, and closes.
    pub async fn stop(self) {
        drop(self.stop);
        // The task ends by itself; that it was cancelled or has panicked changes nothing for who wants it gone.
        let _ = self.task.await;
    }
}

/// Serves until it is stopped, with pauses in which the port is closed.
async fn accept<T: StandIn>(
    mut listener: TcpListener,
    shared: Arc<Shared<T>>,
    sign: Sign,
    mut stopped: oneshot::Receiver<()>,
) {
    let Ok(address) = listener.local_addr() else { return };
    loop {
        let (connections, graceful) = (&mut JoinSet::new(), GracefulShutdown::new());
        let stops = loop {
            tokio::select! {
                accepted = listener.accept() => {
                    let Ok((stream, _)) = accepted else { continue };
                    connections.spawn(visit(stream, Arc::clone(&shared), graceful.watcher()));
                }
                _ = &mut stopped => break true,
                () = shared.door.wanted(false) => break false,
                Some(_) = connections.join_next() => {}
            }
        };
        drop(listener);
        let reserved = Reserved::at(address);
        // Leaving here drops the set, and with it the connections that still hang.
        let last_calls = tokio::time::timeout(LAST_CALLS, graceful.shutdown());
        if stops {
            let _ = last_calls.await;
            return;
        }
        // The call that wants the port closed is one of the last, and waits for this.
        let _ = tokio::join!(last_calls, async { sign.send_replace(false) });
        connections.shutdown().await;
        tokio::select! {
            _ = &mut stopped => return,
            () = shared.door.wanted(true) => {}
        }
        // Without its port there is nothing left to serve.
        let Ok(opened) = reserved.and_then(Reserved::listen) else { return };
        listener = opened;
        sign.send_replace(true);
    }
}

/// One connection, from its first call to its last.
async fn visit<T: StandIn>(stream: TcpStream, shared: Arc<Shared<T>>, watcher: Watcher) {
    // Small answers at once; a client that has gone already is found out by the first read.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { call(&shared, request).await }
    });
    // How a connection ends is the client's business, or what a fault asked for.
    let _ = watcher.watch(http1::Builder::new().serve_connection(TokioIo::new(stream), service)).await;
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed without an answer, on purpose")]
struct Closed;

async fn call<T: StandIn>(
    shared: &Shared<T>,
    request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Closed> {
    let _counted = InFlight::new(&shared.in_flight, &shared.peak);
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
        let mut response = Response::new(AnswerBody::whole(Bytes::new()));
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Ok(response);
    };
    let latency = shared.latency_micros.load(Ordering::Relaxed);
    if latency > 0 {
        tokio::time::sleep(Duration::from_micros(latency)).await;
    }
    let now = (shared.now)();
    let answer = shared.lock().take(now, Request::from_parts(parts, body.to_bytes()));
    carry_out(shared, answer).await.map(|response| dated(response, now))
}

/// The stand-in's clock is the one that its answers tell, as a server's is.
fn dated(mut response: Response<AnswerBody>, now: DateTime<Utc>) -> Response<AnswerBody> {
    let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::try_from(date) {
        response.headers_mut().entry(DATE).or_insert(date);
    }
    response
}

async fn carry_out<T: StandIn>(shared: &Shared<T>, answer: Answer) -> Result<Response<AnswerBody>, Closed> {
    match answer {
        Answer::Respond(response) => Ok(response.map(AnswerBody::whole)),
        Answer::Slow { response, wait } => {
            tokio::time::sleep(wait).await;
            Ok(response.map(AnswerBody::whole))
        }
        Answer::Cut { response, bytes } => Ok(response.map(|body| AnswerBody::cut(body, bytes))),
        Answer::Padded { response, bytes } => Ok(response.map(|body| AnswerBody::padded(body, bytes))),
        Answer::LastBeforeClosing(response) => {
            shared.door.set(false).await;
            Ok(response.map(AnswerBody::whole))
        }
        Answer::Drop => Err(Closed),
        Answer::Hang => match shared.hanging.hang().await {},
    }
}

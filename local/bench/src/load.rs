//! Calls, one after the other on each of many connections.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet};

/// What came of many calls.
#[derive(Debug, Default)]
pub struct Load {
    /// How long each call took to its whole answer, the shortest first.
    pub times: Vec<Duration>,
    /// How many were answered with which status.
    pub statuses: Vec<StatusCode>,
    /// From the first call to the last answer.
    pub took: Duration,
}

impl Load {
    /// Answers in a second.
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    pub fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }

    /// The time within which this share of the calls was answered, in percent.
    pub fn percentile(&self, share: usize) -> Duration {
        let last = self.times.len().saturating_sub(1);
        self.times.get(last * share / 100).copied().unwrap_or_default()
    }

    /// How many were answered with this status.
    pub fn answered(&self, status: StatusCode) -> usize {
        self.statuses.iter().filter(|answered| **answered == status).count()
    }
}

/// Sends these requests over so many connections, each once and in order, and stops when the time is over.
///
/// # Errors
/// A call was not answered.
pub async fn send(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    requests: Arc<Vec<Request<Bytes>>>,
) -> Result<Load> {
    let taken = Arc::new(AtomicUsize::new(0));
    let mut senders = Vec::new();
    for _ in 0..connections {
        senders.push(connect(address).await?);
    }
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for mut sender in senders {
        let (taken, requests) = (Arc::clone(&taken), Arc::clone(&requests));
        tasks.spawn(async move {
            let mut answers = Vec::new();
            while began.elapsed() < time {
                let Some(request) = requests.get(taken.fetch_add(1, Ordering::Relaxed)) else { break };
                let sent = Instant::now();
                let (status, _) = call(&mut sender, address, request.clone()).await?;
                answers.push((sent.elapsed(), status));
            }
            anyhow::Ok(answers)
        });
    }
    let mut answers = Vec::new();
    while let Some(done) = tasks.join_next().await {
        answers.extend(done??);
    }
    let took = began.elapsed();
    answers.sort_unstable();
    let (times, statuses) = answers.into_iter().unzip();
    Ok(Load { times, statuses, took })
}

/// One GET.
///
/// # Errors
/// It was not answered.
pub async fn get(address: SocketAddr, path: &str, token: Option<&str>) -> Result<(StatusCode, Bytes)> {
    once(address, request(Request::get(path), token)?).await
}

/// One POST without a body.
///
/// # Errors
/// It was not answered.
pub async fn post(address: SocketAddr, path: &str, token: &str) -> Result<(StatusCode, Bytes)> {
    once(address, request(Request::post(path), Some(token))?).await
}

fn request(builder: http::request::Builder, token: Option<&str>) -> Result<Request<Bytes>> {
    let mut request = builder.body(Bytes::new())?;
    if let Some(token) = token {
        request
            .headers_mut()
            .insert(header::AUTHORIZATION, HeaderValue::try_from(format!("Bearer {token}"))?);
    }
    Ok(request)
}

async fn once(address: SocketAddr, request: Request<Bytes>) -> Result<(StatusCode, Bytes)> {
    call(&mut connect(address).await?, address, request).await
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // How it ends shows at the call.
    tokio::spawn(connection);
    Ok(sender)
}

async fn call(
    sender: &mut SendRequest<Full<Bytes>>,
    address: SocketAddr,
    mut request: Request<Bytes>,
) -> Result<(StatusCode, Bytes)> {
    request.headers_mut().insert(header::HOST, HeaderValue::try_from(address.to_string())?);
    sender.ready().await?;
    let answer = sender.send_request(request.map(Full::new)).await.context("no answer")?;
    let (parts, body) = answer.into_parts();
    Ok((parts.status, body.collect().await.context("half an answer")?.to_bytes()))
}

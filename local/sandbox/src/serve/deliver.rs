//! The ERP's messages on their way to the application.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response, header::HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::AbortHandle};

use super::Served;
use crate::Erp;

/// A message that was sent to the application.
#[derive(Debug)]
pub struct Delivery {
    /// Its `webhook-id`.
    pub id: String,
    /// What came back, or `None` if no whole answer did.
    pub answer: Option<Response<Bytes>>,
}

impl Served<Erp> {
    /// Sends what is due to the application at this address, one after the other, and notes its answers.
    pub async fn deliver_due(&self, application: SocketAddr) -> Vec<Delivery> {
        let due = self.lock().due(self.now());
        let mut deliveries = Vec::new();
        for request in due {
            deliveries.push(self.deliver(application, request).await);
        }
        deliveries
    }

    /// Sends one signed request, such as [`Erp::decide`] gives, and notes its answer.
    pub async fn deliver(&self, application: SocketAddr, request: Request<Bytes>) -> Delivery {
        let id = request
            .headers()
            .get("webhook-id")
            .and_then(|id| id.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let answer = send(application, request).await;
        self.lock().answered(&id, answer.as_ref().map(|answer| answer.status().as_u16()));
        Delivery { id, answer }
    }
}

/// Ends the connection's task when the call ends, however it ends.
struct Connection(AbortHandle);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// One call on a connection of its own.
async fn send(application: SocketAddr, mut request: Request<Bytes>) -> Option<Response<Bytes>> {
    let host = application.to_string().parse().ok()?;
    request.headers_mut().insert(HOST, host);
    let stream = TcpStream::connect(application).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let task = tokio::spawn(async move {
        // A broken connection shows in the call below.
        let _ = connection.await;
    });
    let _connection = Connection(task.abort_handle());
    let (parts, body) = sender.send_request(request.map(Full::new)).await.ok()?.into_parts();
    Some(Response::from_parts(parts, body.collect().await.ok()?.to_bytes()))
}

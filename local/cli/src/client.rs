//! Calls to the running application, as anybody from outside makes them.

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Method, Request, StatusCode, header::AUTHORIZATION};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// Calls one application.
pub struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    base: String,
}

impl Client {
    /// For the application at `base`, without a slash at the end.
    pub fn new(base: String) -> Self {
        Self { pool: Pool::builder(TokioExecutor::new()).build_http(), base }
    }

    /// One call without a body. What is not JSON comes as text.
    ///
    /// # Errors
    /// There was no whole answer.
    pub async fn call(&self, method: Method, path: &str, token: &str) -> Result<(StatusCode, Value)> {
        let what = format!("{method} {path}");
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .body(Full::default())
            .with_context(|| what.clone())?;
        let unanswered = || format!("{what}: the application gave no whole answer");
        let (parts, body) = self.pool.request(request).await.with_context(unanswered)?.into_parts();
        let body = body.collect().await.with_context(unanswered)?.to_bytes();
        let value = serde_json::from_slice(&body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned()));
        Ok((parts.status, value))
    }
}

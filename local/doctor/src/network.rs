//! The way to other hosts: what came back, or why nothing did.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{CertificateError, ClientConfig};
use shared::send::{ANSWER_LIMIT, NoAnswer, SendRequest};

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The name has no address.
    #[error("the name was not found")]
    UnknownName,
    /// Nobody listens there, or nobody lets us through.
    #[error("the connection was refused")]
    Refused,
    /// No encrypted connection: why, in words.
    #[error("no encrypted connection: {0}")]
    Tls(String),
    /// It took longer than the limit.
    #[error("nothing came within {}", humantime::format_duration(*.0))]
    TimedOut(Duration),
    /// The connection ended before the answer did, or the answer was none.
    #[error("the answer broke off: {0}")]
    Broken(String),
}

/// The trusted certificates of this machine cannot be read, so nothing can be checked.
#[derive(Debug, thiserror::Error)]
#[error("the system's trusted certificates: {0}; install the package ca-certificates")]
pub struct NoCertificates(String);

/// Calls other hosts. It follows no redirect.
#[derive(Clone)]
pub struct Network {
    pool: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) limit: Duration,
}

impl Network {
    /// A way to other hosts on which no call takes longer than `limit`. Certificates are checked against those that the system
    /// trusts.
    ///
    /// # Errors
    /// [`NoCertificates`].
    pub fn new(limit: Duration) -> Result<Self, NoCertificates> {
        let wrong = |error: &dyn std::error::Error| NoCertificates(error.to_string());
        let config = ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong(&error))?
            .with_native_roots()
            .map_err(|error| wrong(&error))?
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config.clone())
            .https_or_http()
            .enable_all_versions()
            .build();
        let pool = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { pool, tls: Arc::new(config), limit })
    }

    /// One request, with the whole of its answer.
    ///
    /// # Errors
    /// [`Failure`]; the request may have been carried out all the same.
    pub async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Failure> {
        let answer = async {
            let answer = self.pool.request(request.map(Full::new)).await.map_err(|error| of(&error))?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, ANSWER_LIMIT).collect().await.map_err(|error| {
                let too_long = error.is::<LengthLimitError>();
                Failure::Broken(if too_long { "it is too long" } else { "the connection ended" }.to_owned())
            })?;
            Ok(Response::from_parts(parts, body.to_bytes()))
        };
        tokio::time::timeout(self.limit, answer).await.unwrap_or(Err(Failure::TimedOut(self.limit)))
    }
}

impl SendRequest for Network {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        self.exchange(request).await.map_err(|failure| NoAnswer(failure.to_string()))
    }
}

fn of(error: &hyper_util::client::legacy::Error) -> Failure {
    let first: &(dyn std::error::Error + 'static) = error;
    let causes = || std::iter::successors(Some(first), |error| error.source());
    let inner = causes().filter_map(|cause| cause.downcast_ref::<io::Error>());
    if let Some(tls) = inner.clone().find_map(tls_of) {
        return Failure::Tls(in_words(tls));
    }
    if !error.is_connect() {
        return Failure::Broken(causes().last().map(ToString::to_string).unwrap_or_default());
    }
    if causes().any(|cause| cause.to_string().contains("dns error")) {
        return Failure::UnknownName;
    }
    inner.last().map_or(Failure::Refused, of_connection)
}

/// Why there is no connection.
pub(crate) fn of_connection(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::ConnectionRefused => Failure::Refused,
        io::ErrorKind::AddrNotAvailable => Failure::UnknownName,
        _ => tls_of(error).map_or(Failure::Refused, |tls| Failure::Tls(in_words(tls))),
    }
}

/// rustls's error within an `io::Error`, or within one within that: each shows its own cause, and not itself.
fn tls_of(error: &io::Error) -> Option<&rustls::Error> {
    let inner = error.get_ref()?;
    inner.downcast_ref().or_else(|| tls_of(inner.downcast_ref()?))
}

/// What is wrong with an encrypted connection, as a person would say it.
pub(crate) fn in_words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the certificate has expired".to_owned()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the certificate is not valid yet".to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the certificate is for another name".to_owned()
            }
            CertificateError::UnknownIssuer => {
                "nobody whom this machine trusts has signed the certificate".to_owned()
            }
            other => format!("the certificate is not good: {other}"),
        },
        rustls::Error::InvalidMessage(_) => "the other side does not speak TLS at this port".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trouble_with_a_certificate_has_its_words() {
        for (error, words) in [
            (CertificateError::Expired, "expired"),
            (CertificateError::NotValidYet, "not valid yet"),
            (CertificateError::NotValidForName, "another name"),
            (CertificateError::UnknownIssuer, "nobody whom this machine trusts"),
        ] {
            let said = in_words(&rustls::Error::InvalidCertificate(error));
            assert!(said.contains(words), "{said}");
        }
    }
}

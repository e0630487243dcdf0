//! What a failed request looks like to the component, in Spin's choice of codes.

use std::fmt;
use std::io;

use wasmtime_wasi_http::Error;

/// Why there is no connection.
#[derive(Debug)]
pub(crate) enum ConnectFailure {
    UnknownName(io::Error),
    Refused(io::Error),
    TimedOut,
}

impl fmt::Display for ConnectFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownName(error) => write!(f, "unknown name: {error}"),
            Self::Refused(error) => write!(f, "no connection: {error}"),
            Self::TimedOut => f.write_str("no connection within the time limit"),
        }
    }
}

impl std::error::Error for ConnectFailure {}

/// The component's view of an error of the pool.
pub(super) fn of(error: &hyper_util::client::legacy::Error) -> Error {
    let causes = || std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    if let Some(failure) = causes().find_map(|cause| cause.downcast_ref::<ConnectFailure>()) {
        tracing::debug!("{failure}");
        return match failure {
            ConnectFailure::UnknownName(_) => {
                Error::DnsError { rcode: Some("address not available".to_owned()), info_code: Some(0) }
            }
            ConnectFailure::Refused(_) => Error::ConnectionRefused,
            ConnectFailure::TimedOut => Error::ConnectionTimeout,
        };
    }
    let reason = causes().map(ToString::to_string).collect::<Vec<_>>().join(": ");
    tracing::warn!("an outgoing request failed: {reason}");
    if error.is_connect() { Error::TlsProtocolError } else { Error::HttpProtocolError }
}

/// The component's view of an error within an answer's body.
pub(super) fn of_body(error: &hyper::Error) -> Error {
    tracing::warn!("the body of an answer broke off: {error}");
    Error::HttpProtocolError
}

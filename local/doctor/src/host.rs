//! Whether a host can be reached: its name, a connection, and the encryption. Nothing is sent.

use http::Uri;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;

use crate::{
    finding::{Check, Finding},
    network::{Failure, Network, of_connection},
};

/// One host. The name of its setting follows.
pub const HOST: Check = Check { id: "host", what: "host of" };

/// How a host was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Over an encrypted connection.
    Encrypted,
    /// In the clear.
    Plain,
}

/// Tries to reach a host, as `scheme://name[:port]`.
///
/// # Errors
/// How far it came.
pub async fn reach(network: &Network, host: &str) -> Result<Reached, Failure> {
    let tried = tokio::time::timeout(network.limit, connect(network, host)).await;
    tried.unwrap_or(Err(Failure::TimedOut(network.limit)))
}

async fn connect(network: &Network, host: &str) -> Result<Reached, Failure> {
    let uri: Uri = host.parse().map_err(|_| Failure::UnknownName)?;
    let encrypted = uri.scheme_str() == Some("https");
    let name = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = uri.port_u16().unwrap_or(if encrypted { 443 } else { 80 });
    let addresses: Vec<_> =
        lookup_host((name.as_str(), port)).await.map_err(|_| Failure::UnknownName)?.collect();
    let stream = TcpStream::connect(&*addresses).await.map_err(|error| of_connection(&error))?;
    if !encrypted {
        return Ok(Reached::Plain);
    }
    let server = ServerName::try_from(name).map_err(|_| Failure::UnknownName)?;
    let connector = TlsConnector::from(network.tls.clone());
    connector.connect(server, stream).await.map(|_| Reached::Encrypted).map_err(|error| {
        match of_connection(&error) {
            // Whoever listens hung up on the first words: to a program that expects HTTP they are none.
            Failure::Refused => Failure::Tls("the other side hung up".to_owned()),
            other => other,
        }
    })
}

/// What it means for the setting `name`.
#[must_use]
pub fn judge(name: &str, host: &str, reached: &Result<Reached, Failure>) -> Finding {
    let finding = match reached {
        Ok(Reached::Encrypted) => Finding::ok(HOST, format!("{host} answers, encrypted")),
        Ok(Reached::Plain) if is_local(host) => Finding::ok(HOST, format!("{host} answers, on this machine")),
        Ok(Reached::Plain) => Finding::warning(
            HOST,
            format!("{host} answers, and everything goes there in the clear"),
            format!("set SPIN_VARIABLE_{} to https://...", name.to_ascii_uppercase()),
        ),
        Err(failure) => Finding::wrong(HOST, format!("{host}: {failure}"), advice(failure, name)),
    };
    finding.about(name)
}

fn advice(failure: &Failure, name: &str) -> String {
    match failure {
        Failure::UnknownName => format!("check the spelling of {name}, and whether this machine can look up names"),
        Failure::Refused => {
            format!("check scheme and port of {name}, and whether a firewall lets this machine out")
        }
        Failure::Tls(_) => {
            "check the name, this machine's clock, and whether a proxy reads along; the functions will not connect either".to_owned()
        }
        Failure::TimedOut(_) => "a firewall may swallow the call; if the host is only slow, try --timeout 30s".to_owned(),
        Failure::Broken(_) => "try again; if it stays so, ask whoever runs the host".to_owned(),
    }
}

/// Whether the host is this machine.
pub(crate) fn is_local(host: &str) -> bool {
    let Ok(uri) = host.parse::<Uri>() else { return false };
    let name = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

//! `allowed_outbound_hosts`: the grammar and the decision, as Spin has them.

use std::net::IpAddr;
use std::ops::Range;

use anyhow::{Context, Result, bail};
use url::Url;

/// Where one component may connect to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct AllowedHosts(Vec<AllowedHost>);

#[derive(Debug, PartialEq, Eq)]
struct AllowedHost {
    scheme: Scheme,
    host: Host,
    port: Port,
}

#[derive(Debug, PartialEq, Eq)]
enum Scheme {
    Any,
    Exactly(String),
}

#[derive(Debug, PartialEq, Eq)]
enum Host {
    Any,
    /// Holds the suffix with its dot.
    SubdomainOf(String),
    Address(IpAddr),
    Exactly(String),
}

#[derive(Debug, PartialEq, Eq)]
enum Port {
    Any,
    Exactly(u16),
    /// The end is not part of it.
    Within(Range<u16>),
}

impl AllowedHosts {
    /// Reads the entries after their templates were filled in.
    pub fn parse<S: AsRef<str>>(entries: &[S]) -> Result<Self> {
        entries.iter().map(|entry| AllowedHost::parse(entry.as_ref())).collect::<Result<_>>().map(Self)
    }

    /// Whether a request to `url` may leave.
    pub fn allow(&self, url: &Url) -> bool {
        self.0.iter().any(|allowed| allowed.allows(url))
    }
}

impl AllowedHost {
    fn parse(written: &str) -> Result<Self> {
        let entry = written.trim();
        let Some((scheme, rest)) = entry.split_once("://") else {
            bail!("{entry:?} does not contain a scheme (e.g., 'http://' or '*://')");
        };
        let (host, rest) = rest.rsplit_once(':').unwrap_or((rest, ""));
        let port = match rest.split_once('/') {
            Some((_, path)) if !path.is_empty() => bail!("{entry:?} has a path but is not allowed to"),
            Some((port, _)) => port,
            None => rest,
        };
        let context = || format!("{entry:?} is not an allowed outbound host");
        Ok(Self {
            scheme: Scheme::parse(scheme).with_context(context)?,
            host: Host::parse(host, entry)?,
            port: Port::parse(port, scheme).with_context(context)?,
        })
    }

    fn allows(&self, url: &Url) -> bool {
        self.scheme.allows(url.scheme())
            && url.host_str().is_some_and(|host| self.host.allows(host))
            && self.port.allows(url.port().or_else(|| well_known_port(url.scheme())))
    }
}

impl Scheme {
    fn parse(scheme: &str) -> Result<Self> {
        if scheme == "*" {
            return Ok(Self::Any);
        }
        if scheme.chars().any(|c| !c.is_alphabetic()) {
            bail!("scheme {scheme:?} contains a character that is no letter");
        }
        Ok(Self::Exactly(scheme.to_owned()))
    }

    fn allows(&self, scheme: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(allowed) => allowed == scheme,
        }
    }
}

impl Host {
    fn parse(host: &str, entry: &str) -> Result<Self> {
        let host = host.trim();
        if host == "*" {
            return Ok(Self::Any);
        }
        if host == "self" || host == "self.alt" || host.ends_with("spin.internal") {
            bail!("{entry:?}: this runner does not support requests to the application itself; Spin does");
        }
        if host.starts_with('{') {
            bail!("{entry:?}: lists of hosts are not supported");
        }
        if let Ok(address) = host.parse() {
            return Ok(Self::Address(address));
        }
        if let Some((before, after)) = host.split_once('/')
            && !after.is_empty()
        {
            if before.parse::<IpAddr>().is_ok() {
                bail!("{entry:?}: this runner does not support ranges of addresses; Spin does");
            }
            bail!("{entry:?} has a path but is not allowed to: hosts must not contain paths");
        }
        if let Some(domain) = host.strip_prefix("*.") {
            if domain.contains('*') {
                bail!("{entry:?}: wildcards are allowed only as prefixes");
            }
            return Ok(Self::SubdomainOf(format!(".{domain}")));
        }
        if host.contains('*') {
            bail!("{entry:?}: wildcards are allowed only as subdomains");
        }
        Ok(Self::Exactly(host.trim_end_matches('/').to_owned()))
    }

    fn allows(&self, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::SubdomainOf(suffix) => host.ends_with(suffix),
            Self::Address(address) => host.parse() == Ok(*address),
            Self::Exactly(allowed) => allowed == host,
        }
    }
}

impl Port {
    fn parse(port: &str, scheme: &str) -> Result<Self> {
        let number = |text: &str| text.parse().with_context(|| format!("port {text:?} is not a number"));
        match port {
            "" => well_known_port(scheme)
                .map(Self::Exactly)
                .with_context(|| format!("no port was given and the scheme {scheme:?} has no known one")),
            "*" => Ok(Self::Any),
            _ => match port.split_once("..") {
                Some((start, end)) => Ok(Self::Within(number(start)?..number(end)?)),
                None => number(port).map(Self::Exactly),
            },
        }
    }

    fn allows(&self, port: Option<u16>) -> bool {
        match (self, port) {
            (Self::Any, _) => true,
            (Self::Exactly(allowed), Some(port)) => *allowed == port,
            (Self::Within(allowed), Some(port)) => allowed.contains(&port),
            (_, None) => false,
        }
    }
}

fn well_known_port(scheme: &str) -> Option<u16> {
    match scheme {
        "postgres" => Some(5432),
        "mysql" => Some(3306),
        "redis" => Some(6379),
        "mqtt" => Some(1883),
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_decides_by_scheme_host_and_port() {
        for (entry, url, allowed) in [
            ("https://shop.test", "https://shop.test/api?x=1", true),
            ("https://shop.test/", "https://shop.test:443/", true),
            ("https://shop.test", "http://shop.test/", false),
            ("https://shop.test", "https://shop.test:8443/", false),
            ("https://shop.test", "https://shop.test.evil.test/", false),
            ("https://shop.test", "https://SHOP.test/", true),
            ("https://*.shop.test", "https://api.shop.test/", true),
            ("https://*.shop.test", "https://shop.test/", false),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000/", true),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3001/", false),
            ("http://127.0.0.1:*", "http://127.0.0.1:3001/", true),
            ("http://127.0.0.1:3000..3010", "http://127.0.0.1:3009/", true),
            ("http://127.0.0.1:3000..3010", "http://127.0.0.1:3010/", false),
            ("http://[::1]:3000", "http://[::1]:3000/", true),
            ("*://shop.test:80", "http://shop.test/", true),
            ("*://*:*", "https://anything.test:9/", true),
        ] {
            let hosts = AllowedHosts::parse(&[entry]).unwrap();
            assert_eq!(hosts.allow(&Url::parse(url).unwrap()), allowed, "{entry} for {url}");
        }
    }

    #[test]
    fn a_malformed_entry_is_refused_with_its_reason() {
        for (entry, reason) in [
            ("shop.test", "does not contain a scheme"),
            ("*", "does not contain a scheme"),
            ("https://shop.test/api", "has a path but is not allowed to"),
            ("https://shop.test:443/api", "has a path but is not allowed to"),
            ("https://a.*.test", "wildcards are allowed only as subdomains"),
            ("https://*.*.test", "wildcards are allowed only as prefixes"),
            ("ftp://shop.test", "has no known one"),
            ("*://shop.test", "has no known one"),
            ("https://shop.test:x", "is not a number"),
            ("ht-tp://shop.test", "no letter"),
            ("http://self", "Spin does"),
            ("http://10.0.0.0/8", "Spin does"),
        ] {
            let error = format!("{:#}", AllowedHosts::parse(&[entry]).unwrap_err());
            assert!(error.contains(reason), "{entry}: {error}");
        }
    }
}

//! Which shop may be written to.

use http::Uri;

use crate::host::is_local;

/// Whether the host is recognisably a TEST shop. In doubt it is not: a write to the LIVE shop locks customers out or mails them.
#[must_use]
pub fn is_test(host: &str) -> bool {
    let Ok(uri) = host.parse::<Uri>() else { return false };
    let name = uri.host().unwrap_or_default().to_lowercase();
    is_local(host) || name.starts_with("test-") || name.starts_with("test.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_test_shop_is_written_to() {
        for host in [
            "https://test-api.cloudsuite.io",
            "https://TEST.cloudsuite.io",
            "http://127.0.0.1:4000",
            "http://[::1]:4000",
            "http://localhost:4000",
        ] {
            assert!(is_test(host), "{host}");
        }
        for host in [
            "https://api.cloudsuite.io",
            "https://api-test.cloudsuite.io",
            "https://latest.cloudsuite.io",
            "https://testing.example",
            "https://api.cloudsuite.io/test-",
            "https://localhost.example",
            "https://127.0.0.1.example",
            "",
        ] {
            assert!(!is_test(host), "{host}");
        }
    }
}

//! What a browser says with a request besides what its user typed: cookies, and which site the request comes from.

use http::{HeaderMap, Uri, header};

/// The cookie with a name.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies =
        lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find_map(|(known, value)| (known == name).then_some(value))
}

/// Whether a form was sent from one of our own pages. A browser says it in headers that no page can change; who says nothing is
/// refused.
#[must_use]
pub fn is_from_own_page(headers: &HeaderMap) -> bool {
    match text(headers, "sec-fetch-site") {
        Some(site) => site == "same-origin",
        // Older browsers, and plain http, have the origin alone.
        None => match (origin(headers), text(headers, "host")) {
            (Some(origin), Some(host)) => {
                origin.authority().is_some_and(|authority| authority.as_str() == host)
            }
            (None, _) | (_, None) => false,
        },
    }
}

/// Whether the page was opened from elsewhere, as by a link in a mail: then the browser keeps back a cookie that is `Strict`.
#[must_use]
pub fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    matches!(text(headers, "sec-fetch-site"), Some("cross-site" | "same-site"))
}

/// Whether a form was sent over plain http from another machine: whoever listens reads what was typed. Behind a proxy that speaks https
/// the browser says https.
#[must_use]
pub fn is_overheard(headers: &HeaderMap) -> bool {
    let Some(origin) = origin(headers) else { return false };
    origin.scheme_str() == Some("http") && !origin.host().is_some_and(is_this_machine)
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The header `Origin`; none for `null`, which a browser sends for a page without one.
fn origin(headers: &HeaderMap) -> Option<Uri> {
    text(headers, "origin")?.parse().ok().filter(|origin: &Uri| origin.scheme().is_some())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(given: &[(&'static str, &str)]) -> HeaderMap {
        given
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name_and_has_all_of_its_value() {
        let given = headers(&[("cookie", "xa=1; a=b=c;a=2"), ("cookie", "d=4")]);
        assert_eq!(
            (cookie(&given, "a"), cookie(&given, "d"), cookie(&given, "x")),
            (Some("b=c"), Some("4"), None)
        );
    }

    #[test]
    fn a_form_counts_only_from_our_own_pages() {
        for (given, want, why) in [
            (&[("sec-fetch-site", "same-origin")][..], true, "a browser of today"),
            (
                &[("sec-fetch-site", "cross-site"), ("origin", "https://a.example"), ("host", "a.example")],
                false,
                "it says so",
            ),
            (&[("sec-fetch-site", "same-site")], false, "a neighbour is not us"),
            (&[("sec-fetch-site", "none")], false, "a form does not come from nowhere"),
            (&[("origin", "https://a.example"), ("host", "a.example")], true, "an older one"),
            (&[("origin", "http://a.example:3000"), ("host", "a.example:3000")], true, "with a port"),
            (&[("origin", "https://b.example"), ("host", "a.example")], false, "another origin"),
            (&[("origin", "null"), ("host", "a.example")], false, "a page without origin"),
            (&[("host", "a.example")], false, "it says nothing"),
        ] {
            assert_eq!(is_from_own_page(&headers(given)), want, "{why}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for (origin, want) in [
            ("http://127.0.0.1:3000", false),
            ("http://127.8.0.1", false),
            ("http://[::1]:3000", false),
            ("http://localhost:3000", false),
            ("http://demo.localhost", false),
            ("https://shop.example", false),
            ("http://shop.example", true),
            ("http://192.168.0.7:3000", true),
            ("http://localhost.example", true),
        ] {
            assert_eq!(is_overheard(&headers(&[("origin", origin)])), want, "{origin}");
        }
    }
}

//! Answers as a browser gets them, with what it may do with them.

use askama::Template;
pub use host::Answer;
use host::Packed;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use shared::{conditional::Tag, host_header::host_header};

use crate::words::Words;

/// Nothing but our own files, no script or style within a page, and no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every answer has.
const GUARDS: [(&str, &str); 7] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // A form has to say where it comes from; others are told nothing.
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// A page. It is kept nowhere, and is not sent again to a script that says it has it.
pub fn page(headers: &HeaderMap, status: StatusCode, page: &impl Template) -> Answer {
    // Writing into a String cannot fail.
    let text = page.render().unwrap_or_default();
    let tag = Tag::of(text.as_bytes());
    let (status, text) =
        if tag.is_known(headers) { (StatusCode::NOT_MODIFIED, String::new()) } else { (status, text) };
    let mut answer = guarded(host::text(status, "text/html; charset=utf-8", text), headers);
    answer.headers_mut().extend(tag.header().map(|tag| (header::ETAG, tag)));
    answer
}

/// A file that never changes under its path.
pub fn file(headers: &HeaderMap, kind: &'static str, text: Packed) -> Answer {
    let mut answer = guarded(host::text(StatusCode::OK, kind, text.unpacked()), headers);
    let for_good = HeaderValue::from_static("public, max-age=31536000, immutable");
    answer.headers_mut().insert(header::CACHE_CONTROL, for_good);
    answer
}

/// Sends the browser on to another of our pages.
pub fn see_other(headers: &HeaderMap, to: &str) -> Answer {
    guarded(host::see_other(to), headers)
}

/// An answer with what every answer to a browser has.
pub fn guarded(mut answer: Answer, asked: &HeaderMap) -> Answer {
    let headers = answer.headers_mut();
    for (name, value) in GUARDS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Said over plain http it would mean nothing, and a proxy that speaks https says it by itself.
    let secure = host_header(asked, "spin-full-url").is_some_and(|url| url.starts_with("https:"));
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    answer
}

#[derive(Template)]
#[template(path = "moving_on.html")]
struct MovingOn {
    w: &'static Words,
}

/// A page that loads itself once more.
pub fn moving_on(headers: &HeaderMap, w: &'static Words) -> Answer {
    page(headers, StatusCode::OK, &MovingOn { w })
}

//! What is wrong, as a page.

use askama::Template;
use host::Answer;
use http::{HeaderMap, StatusCode};
use shared::problem::Problem;

use crate::{frame::Frame, page, words::Words};

#[derive(Template)]
#[template(path = "problem.html")]
struct Page<'a> {
    frame: &'a Frame,
    w: &'static Words,
    title: &'static str,
    hint: &'static str,
    detail: Option<String>,
}

/// An address at which there is nothing.
pub fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this path")
}

/// The page about a problem. What a setting lacks is said in its own words: whoever can read it can mend it, and nobody else needs to.
pub fn page(headers: &HeaderMap, frame: &Frame, problem: Problem) -> Answer {
    let words = &frame.w.frame;
    let is_setting = problem.kind().ends_with(":bad-setting");
    let (title, hint) = match problem.status() {
        StatusCode::NOT_FOUND => (words.not_found, words.not_found_hint),
        StatusCode::FORBIDDEN => (words.forbidden, words.forbidden_hint),
        StatusCode::TOO_MANY_REQUESTS => (words.too_many, words.too_many_hint),
        StatusCode::SERVICE_UNAVAILABLE if is_setting => (words.unavailable, words.setting_hint),
        StatusCode::SERVICE_UNAVAILABLE => (words.unavailable, words.unavailable_hint),
        _ => (words.bad_request, words.bad_request_hint),
    };
    let detail = is_setting.then(|| problem.detail().to_owned());
    let page = Page { frame, w: frame.w, title, hint, detail };
    let mut answer = page::page(headers, problem.status(), &page);
    answer.headers_mut().extend(problem.header().cloned());
    answer.extensions_mut().insert(problem);
    answer
}

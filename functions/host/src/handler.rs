//! The frame around a handler: what every function checks before it works, and the one line that it logs.

use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use shared::{
    access::{Denied, Scope},
    problem::Problem,
    reception::NotTaken,
    settings::{BadSetting, api_tokens},
    sql::SqlError,
};
use spin_sdk::http::Request;

use crate::{
    answer::{self, Answer},
    instance::Settings,
};

/// The largest body that a caller may send: 1 MiB.
const BODY_LIMIT: usize = 1024 * 1024;

/// What a handler returns: an answer, or what is wrong.
pub type Reply = Result<Answer, Problem>;

/// Runs a handler and logs one line about it: no body, no credentials, no personal data.
pub async fn handle<F: Future<Output = Reply>>(
    function: &str,
    request: Request,
    handler: impl FnOnce(Request) -> F,
) -> Answer {
    let began = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let reply = handler(request).await;
    let problem = reply
        .as_ref()
        .err()
        .map(|problem| serde_json::json!({ "type": problem.kind(), "field": problem.field() }));
    let answer = reply.unwrap_or_else(|problem| answer::problem(&problem));
    let line = serde_json::json!({
        "function": function,
        "method": method.as_str(),
        "path": path,
        "status": answer.status().as_u16(),
        "milliseconds": began.elapsed().as_millis(),
        "problem": problem,
    });
    log(&line);
    answer
}

/// Writes one line. A JSON value that prints itself would make a call of the host for every bracket.
pub fn log(line: &impl serde::Serialize) {
    // Our own lines are structs of texts and numbers, which always serialise.
    let line = serde_json::to_string(line).unwrap_or_default();
    eprintln!("{line}");
}

/// Refuses every method but `allowed`.
///
/// # Errors
/// 405, with the method to use.
pub fn only(allowed: &'static str, request: &Request) -> Result<(), Problem> {
    // Whoever may GET may ask for the head of it.
    let (asked, allow) = match allowed {
        "GET" if request.method() == "HEAD" => ("GET", allowed),
        "GET" => (request.method().as_str(), "GET, HEAD"),
        _ => (request.method().as_str(), allowed),
    };
    if asked == allowed { Ok(()) } else { Err(Problem::method(allow)) }
}

/// Reads the whole body.
///
/// # Errors
/// 413 for more than 1 MiB, 400 when it breaks off.
pub async fn body(request: Request) -> Result<(HeaderMap, Bytes), Problem> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY_LIMIT).collect().await.map_err(|error| {
        if error.is::<http_body_util::LengthLimitError>() {
            let detail = format!("the body may have at most {BODY_LIMIT} bytes");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail)
        } else {
            Problem::new(StatusCode::BAD_REQUEST, "malformed-body", "the body broke off")
        }
    })?;
    Ok((parts.headers, body.to_bytes()))
}

/// The name of the caller, if its token covers `scope`.
///
/// # Errors
/// 503 when no tokens are set, 401 for an unknown caller, 403 for one without the scope.
pub fn admit(settings: &Settings, headers: &HeaderMap, scope: Scope) -> Result<String, Problem> {
    let tokens = settings.check(api_tokens).map_err(|bad| setting(&bad))?;
    tokens.admit(headers, scope).map(str::to_owned).map_err(|denied| match denied {
        Denied::Unknown => Problem::new(
            StatusCode::UNAUTHORIZED,
            "not-authenticated",
            "send a token of api_tokens as bearer",
        ),
        Denied::OutOfScope => {
            Problem::new(StatusCode::FORBIDDEN, "out-of-scope", "the token does not have the scope for this")
        }
    })
}

/// A setting that keeps the function from working.
#[must_use]
pub fn setting(bad: &BadSetting) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "bad-setting", bad.to_string()).at(bad.name)
}

/// The ledger does not answer. What it says goes to the log; the caller can only come back.
#[must_use]
pub fn unavailable(error: &SqlError) -> Problem {
    log(&serde_json::json!({ "ledger": error.0 }));
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "ledger-unavailable",
        "the ledger does not answer: try again later",
    )
}

/// What came was not taken in.
#[must_use]
pub fn not_taken(why: &NotTaken) -> Problem {
    match why {
        NotTaken::Problem(problem) => problem.clone(),
        NotTaken::Ledger(error) => unavailable(error),
    }
}

//! The frame around a handler: one answer in one form, and the one line that is logged about it.

use std::{panic, rc::Rc, sync::Once, time::Instant};

use http::{Method, StatusCode};
use serde::Serialize;
use shared::{problem::Problem, reception::NotTaken, settings::BadSetting, sql::SqlError};
use spin_sdk::http::Request;

use crate::{
    answer::{self, Answer, Noted},
    call::{Call, Known},
};

/// The longest path that is logged, in characters. Ours have at most two keys.
const PATH: usize = 300;

/// What a handler returns: an answer, or what is wrong.
pub type Reply = Result<Answer, Problem>;

/// What is logged about a request: no query, no body, no credentials, no personal data, and nobody else's words.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    known: Known<'a>,
    method: &'a str,
    path: String,
    status: u16,
    milliseconds: u128,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
    #[serde(flatten)]
    noted: Noted,
}

/// Runs a handler and logs one line about it.
pub async fn handle<F: Future<Output = Reply>>(
    function: &'static str,
    request: Request,
    handler: impl FnOnce(Request, Rc<Call>) -> F,
) -> Answer {
    tell_panics();
    let began = Instant::now();
    let call = Rc::new(Call::of(function, request.headers()));
    let (method, path) = (request.method().clone(), request.uri().path().chars().take(PATH).collect());
    let (mut answer, problem) = match handler(request, Rc::clone(&call)).await {
        // A page that tells of a problem brings it along, for the line.
        Ok(mut answer) => {
            let problem = answer.extensions_mut().remove::<Problem>();
            (answer, problem)
        }
        // What may be asked here is asked most simply by trying.
        Err(problem) if method == Method::OPTIONS && problem.status() == StatusCode::METHOD_NOT_ALLOWED => {
            (answer::options(&problem), None)
        }
        Err(problem) => {
            let problem = problem.during(call.id());
            (answer::problem(&problem), Some(problem))
        }
    };
    answer::complete(&mut answer, &method, call.id());
    log(&Line {
        known: call.known(),
        method: method.as_str(),
        path,
        status: answer.status().as_u16(),
        milliseconds: began.elapsed().as_millis(),
        problem: problem.as_ref().map(Problem::kind),
        field: problem.as_ref().and_then(Problem::field).filter(|field| is_path(field)),
        cause: problem.as_ref().and_then(Problem::cause),
        noted: answer.extensions_mut().remove().unwrap_or_default(),
    });
    answer
}

/// Whether this looks like our own fields and settings. A path may lead through the caller's own names.
fn is_path(field: &str) -> bool {
    field.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.[]".contains(&byte))
}

/// A panic ends the instance, and the host answers 500. Its message may hold anything; where it was is enough to find it.
fn tell_panics() {
    #[derive(Serialize)]
    struct Panicked {
        panic: String,
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        panic::set_hook(Box::new(|about| {
            let panic = about.location().map(ToString::to_string).unwrap_or_default();
            log(&Panicked { panic });
        }));
    });
}

/// Writes one line. A JSON value that prints itself would make a call of the host for every bracket.
pub(crate) fn log(line: &impl Serialize) {
    // Our own lines are structs of texts and numbers, which always serialise.
    let line = serde_json::to_string(line).unwrap_or_default();
    eprintln!("{line}");
}

/// Refuses every method but `allowed`.
///
/// # Errors
/// 405, with the methods to use. [`handle`] makes the answer to OPTIONS of it.
pub fn only(allowed: &'static str, request: &Request) -> Result<(), Problem> {
    // Whoever may GET may ask for the head of it.
    let fits = request.method() == allowed || request.method() == Method::HEAD && allowed == "GET";
    let listed = match allowed {
        "GET" => "GET, HEAD, OPTIONS",
        "POST" => "POST, OPTIONS",
        _ => allowed,
    };
    if fits { Ok(()) } else { Err(Problem::method(listed)) }
}

/// A setting that keeps the function from working.
#[must_use]
pub fn setting(bad: &BadSetting) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "bad-setting", bad.to_string()).at(bad.name)
}

/// The ledger does not answer. What it says goes to the log; the caller can only come back.
#[must_use]
pub fn unavailable(error: &SqlError) -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "ledger-unavailable",
        "the ledger does not answer: try again later",
    )
    .because(&error.0)
}

/// What came was not taken in.
#[must_use]
pub fn not_taken(why: &NotTaken) -> Problem {
    match why {
        NotTaken::Problem(problem) => problem.clone(),
        NotTaken::Ledger(error) => unavailable(error),
    }
}

//! Signing in and out: a token, or a code that is good once, for a session.

use askama::Template;
use host::{Answer, Call, Request, Settings, Visit};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use shared::{
    access::{Caller, Scope},
    browser::{is_from_own_page, is_overheard},
    host_header::host_header,
    ledger::Counted,
    parameters::Parameters,
    problem::Problem,
    session::{CODE_LIFE, Session, Ticket},
    settings::api_tokens,
};

use crate::{
    address::local,
    frame::Frame,
    page,
    words::{SignInWords, Words},
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    frame: &'a Frame,
    w: &'static Words,
    /// Where to go afterwards.
    to: String,
    code: Option<String>,
    refused: Option<&'static str>,
}

/// The page with the form: for a token, or for the code that is in the address. Looking at it uses nothing up: programs that preview
/// links look too.
pub fn show(headers: &HeaderMap, frame: &Frame, query: Option<&str>) -> Answer {
    let query = Parameters::read(query, &["to", "code"]).ok();
    let text = |name| query.as_ref().and_then(|query| query.text(name));
    let to = local(text("to")).to_owned();
    let page = SignIn { frame, w: frame.w, to, code: text("code").map(str::to_owned), refused: None };
    page::page(headers, StatusCode::OK, &page)
}

/// Why somebody is not signed in.
enum Refused {
    Unknown,
    CodeUnknown,
    TooMany,
    Overheard,
}

impl Refused {
    fn words(&self, words: &SignInWords) -> &'static str {
        match self {
            Self::Unknown => words.refused,
            Self::CodeUnknown => words.code_refused,
            Self::TooMany => words.too_many,
            Self::Overheard => words.insecure,
        }
    }

    fn problem(&self) -> Problem {
        let (status, kind) = match self {
            Self::Unknown | Self::CodeUnknown => (StatusCode::UNAUTHORIZED, "not-authenticated"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "rate-limited"),
            Self::Overheard => (StatusCode::FORBIDDEN, "plain-http"),
        };
        Problem::new(status, kind, "nobody was signed in")
    }
}

/// Signs somebody in, or shows the form again. What is wrong with a token is not said.
pub async fn begin(
    settings: &Settings,
    call: &Call,
    request: Request,
    frame: &Frame,
) -> Result<Answer, Problem> {
    let headers = request.headers().clone();
    if !is_from_own_page(&headers) {
        let detail = "the form has to be sent from our own page";
        return Err(Problem::new(StatusCode::FORBIDDEN, "foreign-form", detail));
    }
    let (_, form) = host::form(request).await?;
    let form = Parameters::read(Some(&form), &["token", "code", "to"])?;
    let to = local(form.text("to")).to_owned();
    let refused = match ticket(settings, call, &headers, &form).await? {
        Ok(ticket) => {
            let mut answer = page::see_other(&headers, &to);
            set_cookie(&mut answer, &host::session_cookie(&ticket));
            return Ok(answer);
        }
        Err(refused) => refused,
    };
    let words = refused.words(&frame.w.sign_in);
    let page = SignIn { frame, w: frame.w, to, code: None, refused: Some(words) };
    let problem = refused.problem();
    let mut answer = page::page(&headers, problem.status(), &page);
    answer.extensions_mut().insert(problem);
    Ok(answer)
}

/// The ticket of a new session, for a token or a code that is good.
async fn ticket(
    settings: &Settings,
    call: &Call,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Result<Ticket, Refused>, Problem> {
    if is_overheard(headers) {
        return Ok(Err(Refused::Overheard));
    }
    let tokens = settings.check(api_tokens).map_err(|bad| host::setting(&bad))?;
    let (ledger, now) = (host::uncounted().await?, host::now());
    let failed = |error| host::unavailable(&error);
    // Counted before anything is compared: else whoever guesses right would not be held up by having guessed too often.
    if let Counted::Over(_) = ledger.count_sign_in(client(headers), now).await.map_err(failed)? {
        return Ok(Err(Refused::TooMany));
    }
    let granted = match form.text("code") {
        None => tokens.known(form.text("token").unwrap_or_default().trim()).ok_or(Refused::Unknown),
        Some(code) => match Ticket::read(code) {
            None => Err(Refused::CodeUnknown),
            Some(code) => {
                let bound = ledger.use_code(&code, now).await.map_err(failed)?;
                bound.and_then(|bound| tokens.bound(&code, &bound)).ok_or(Refused::CodeUnknown)
            }
        },
    };
    // A token that may read nothing has nothing to see here, and is refused as any other.
    let granted = match granted {
        Ok(granted) if granted.may(Scope::Read) => granted,
        Ok(_) => return Ok(Err(Refused::Unknown)),
        Err(refused) => return Ok(Err(refused)),
    };
    call.made_by(Caller::Token(granted.name.to_owned()));
    let ticket = host::ticket();
    ledger.begin_session(&ticket, &Session::begin(&ticket, &granted, now), now).await.map_err(failed)?;
    Ok(Ok(ticket))
}

/// The network address that the host says the request comes from; behind a proxy it is the proxy's.
fn client(headers: &HeaderMap) -> &str {
    let client = host_header(headers, "spin-client-addr").unwrap_or_default();
    client.rsplit_once(':').map_or(client, |(address, _port)| address)
}

/// Signs somebody out.
pub async fn end(visit: &Visit, request: Request) -> Result<Answer, Problem> {
    let headers = request.headers().clone();
    visit.form(request, &[]).await?;
    visit.end().await?;
    let mut answer = page::see_other(&headers, "/console/signin");
    set_cookie(&mut answer, &host::no_session_cookie());
    Ok(answer)
}

/// Makes a code that begins a session of the calling token: `POST /console/code`.
pub async fn make_code(settings: &Settings, call: &Call, request: &Request) -> Result<Answer, Problem> {
    host::only("POST", request)?;
    let caller = call.admit(settings, request.headers(), Scope::Read)?;
    let tokens = settings.check(api_tokens).map_err(|bad| host::setting(&bad))?;
    let Some(granted) = tokens.bearer(request.headers()) else {
        return Err(Problem::stranger("not-authenticated", "Bearer", "send a token of api_tokens as bearer"));
    };
    let ledger = host::ledger(settings, &caller).await?;
    let code = host::ticket();
    ledger.keep_code(&code, &granted, host::now()).await.map_err(|error| host::unavailable(&error))?;
    let (path, seconds) = (format!("/console/signin?code={}", code.reveal()), CODE_LIFE.num_seconds());
    Ok(host::json(StatusCode::CREATED, &serde_json::json!({ "path": path, "seconds": seconds })))
}

fn set_cookie(answer: &mut Answer, cookie: &str) {
    // Digits and names of ours are always a header value.
    let cookie = HeaderValue::from_str(cookie).ok();
    answer.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
}

//! A person at a browser: which session it is in, and whether a form that it sends is one of ours.

use http::{HeaderMap, StatusCode};
use shared::{
    access::{Caller, Scope},
    browser::{cookie, is_from_own_page},
    ledger::Ledger,
    notice::Notice,
    parameters::Parameters,
    problem::Problem,
    session::{LONGEST, Ticket},
    settings::api_tokens,
};
use spin_sdk::http::Request;

use crate::{
    answer::{Answer, sign_in, told},
    body::form,
    call::Call,
    database::Sqlite,
    handler::{setting, unavailable},
    instance::{Settings, chance, counted, now, uncounted},
};

/// The cookie with the session's ticket. By its name alone a browser takes it only from us, over https, and for all of our paths; and
/// over plain http from this machine.
const COOKIE: &str = "__Host-session";
/// What a page says when it looks again by itself: nobody has done anything.
const LIVE: &str = "x-live";

/// Somebody who is signed in.
pub struct Visit {
    /// Who it is, for the timeline.
    pub caller: Caller,
    /// The ledger, in which the request is counted.
    pub ledger: Ledger<Sqlite>,
    ticket: Ticket,
    scopes: Vec<Scope>,
}

/// What a form has besides its own fields, in the form and in its address.
const SECRET: &str = "csrf";

impl Visit {
    /// Finds the session that the request is in. There is none if its cookie opens none, or if its token is no longer set.
    ///
    /// # Errors
    /// 503 when the ledger does not answer or no tokens are set, 429 when its token has made too many requests.
    pub async fn of(settings: &Settings, call: &Call, headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let tokens = settings.check(api_tokens).map_err(|bad| setting(&bad))?;
        // Without a ticket that could be one the ledger is not opened.
        let Some(ticket) = cookie(headers, COOKIE).and_then(Ticket::read) else { return Ok(None) };
        let (ledger, now) = (uncounted().await?, now());
        let session = ledger.session(&ticket, now).await.map_err(|error| unavailable(&error))?;
        let Some(session) = session else { return Ok(None) };
        let Some(granted) = session.granted(&ticket, &tokens) else { return Ok(None) };
        let caller = call.made_by(Caller::Token(granted.name.to_owned()));
        let ledger = counted(ledger, settings, &caller).await?;
        if let (Some(lapses_at), false) = (session.renewed(now), headers.contains_key(LIVE)) {
            ledger.renew_session(&ticket, lapses_at).await.map_err(|error| unavailable(&error))?;
        }
        let scopes = granted.scopes().to_vec();
        Ok(Some(Self { caller, ledger, ticket, scopes }))
    }

    /// Finds the session of a form that was sent, and reads it. The form has to be one of our own pages', shown in this session.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn of_form(
        settings: &Settings,
        call: &Call,
        request: Request,
        fields: &[&'static str],
        scope: Scope,
    ) -> Result<(Self, Parameters), Refused> {
        let visit = Self::of(settings, call, request.headers()).await?.ok_or(Refused::SignedOut)?;
        let form = visit.form(request, fields).await?;
        visit.may(scope)?;
        Ok((visit, form))
    }

    /// Reads a form that was sent in this session.
    ///
    /// # Errors
    /// 403 when it is not one of ours; what is wrong with its fields.
    pub async fn form(&self, request: Request, fields: &[&'static str]) -> Result<Parameters, Problem> {
        let from_here = is_from_own_page(request.headers());
        let (_, text) = form(request).await?;
        let fields: Vec<_> = fields.iter().copied().chain([SECRET]).collect();
        let form = Parameters::read(Some(&text), &fields)?;
        if from_here && form.text(SECRET).is_some_and(|given| self.ticket.is_form_secret(given)) {
            return Ok(form);
        }
        let detail = "the form is none of this session's pages: load the page again, and send it from there";
        Err(Problem::new(StatusCode::FORBIDDEN, "foreign-form", detail))
    }

    /// Whether the session covers `scope`.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// The same, for what wants it.
    ///
    /// # Errors
    /// 403.
    pub fn may(&self, scope: Scope) -> Result<(), Problem> {
        if self.has(scope) {
            return Ok(());
        }
        let detail = "the token that signed in does not have the scope for this";
        Err(Problem::new(StatusCode::FORBIDDEN, "out-of-scope", detail))
    }

    /// What each form of this session's pages has in its field `csrf`.
    #[must_use]
    pub fn form_secret(&self) -> String {
        self.ticket.form_secret()
    }

    /// Ends the session.
    ///
    /// # Errors
    /// 503 when the ledger does not answer.
    pub async fn end(&self) -> Result<(), Problem> {
        self.ledger.end_session(&self.ticket).await.map_err(|error| unavailable(&error))
    }
}

/// Why a form was not taken.
#[derive(Debug)]
pub enum Refused {
    /// Nobody is signed in: sign in first.
    SignedOut,
    /// Something else.
    Problem(Problem),
}

/// Leads the browser back to a page that tells that nothing was done, or to the page for signing in first.
#[must_use]
pub fn refused(page: &str, refused: Refused) -> Answer {
    let problem = match refused {
        Refused::SignedOut => return sign_in(&format!("{page}?notice={}", Notice::Failed)),
        Refused::Problem(problem) => problem,
    };
    let notice = match problem.status() {
        StatusCode::FORBIDDEN => Notice::OutOfScope,
        _ => Notice::Failed,
    };
    let mut answer = told(page, notice);
    answer.extensions_mut().insert(problem);
    answer
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// The cookie that opens a session with this ticket, for the header `Set-Cookie`.
#[must_use]
pub fn session_cookie(ticket: &Ticket) -> String {
    let (ticket, age) = (ticket.reveal(), LONGEST.num_seconds());
    format!("{COOKIE}={ticket}; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Strict")
}

/// The cookie that takes it away.
#[must_use]
pub fn no_session_cookie() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict")
}

/// A new ticket.
#[must_use]
pub fn ticket() -> Ticket {
    Ticket::of([chance(), chance(), chance(), chance()])
}

//! What a person has done to one registration: each has a page that says what will happen, and a form on it.

use askama::Template;
use host::{Answer, Request, Visit};
use http::{HeaderMap, StatusCode};
use shared::{
    access::Scope,
    by_hand::{self, Retried},
    decision::Remedy,
    erasure::{self, Erasure},
    ledger::Entry,
    notice::Notice,
    problem::Problem,
    tombstone::RowKey,
};

use crate::{address, frame::Frame, page, person::name_of, words::Words};

/// What the form of a page has besides its button.
enum Field {
    None,
    /// A box to tick, for what cannot be undone.
    Sure(&'static str),
    /// Why, in words; and what makes two clicks one decision.
    Reason(Reason),
}

/// What the form has that a reason is given in.
struct Reason {
    id: String,
    /// What was looked at, where that matters.
    revision: Option<u32>,
    /// What is put right, if it is not a decision.
    remedy: Option<Remedy>,
}

#[derive(Template)]
#[template(path = "act.html")]
struct Act<'a> {
    frame: &'a Frame,
    w: &'static Words,
    title: &'static str,
    lead: &'static str,
    button: &'static str,
    class: &'static str,
    name: String,
    back: String,
    action: String,
    field: Field,
}

/// The page before something is tried again.
pub fn ask_retry(headers: &HeaderMap, frame: &Frame, entry: &Entry) -> Answer {
    let words = &frame.w.act;
    let (lead, button) = (words.retry_lead, words.retry_now);
    ask(headers, &Act { lead, button, ..base(frame, entry, words.retry_title, "retry") })
}

/// The page before somebody is erased.
pub fn ask_erase(headers: &HeaderMap, frame: &Frame, entry: &Entry) -> Answer {
    let words = &frame.w.act;
    let (lead, button, field) = (words.erase_lead, words.erase_now, Field::Sure(words.erase_sure));
    let base = base(frame, entry, words.erase_title, "erase");
    ask(headers, &Act { lead, button, field, class: "danger", ..base })
}

/// The page before a registration is rejected. Its form goes where decisions are taken in.
pub fn ask_reject(headers: &HeaderMap, frame: &Frame, entry: &Entry) -> Answer {
    let words = &frame.w.act;
    let field = reason(Some(entry.revision), None);
    let (lead, button) = (words.reject_lead, words.reject_now);
    let base = base(frame, entry, words.reject_title, "decision");
    ask(headers, &Act { lead, button, field, class: "danger", ..base })
}

/// The page before something is put right. Its form goes the same way.
pub fn ask_correction(headers: &HeaderMap, frame: &Frame, entry: &Entry, remedy: Remedy) -> Answer {
    let words = &frame.w.act;
    let (title, lead, button) = match remedy {
        Remedy::ResendMail => (words.resend_title, words.resend_lead, words.resend_now),
        Remedy::Relink => (words.relink_title, words.relink_lead, words.relink_now),
        Remedy::Reopen => (words.reopen_title, words.reopen_lead, words.reopen_now),
    };
    let field = reason(None, Some(remedy));
    ask(headers, &Act { lead, button, field, ..base(frame, entry, title, "decision") })
}

fn reason(revision: Option<u32>, remedy: Option<Remedy>) -> Field {
    Field::Reason(Reason { id: host::ticket().reveal().to_owned(), revision, remedy })
}

impl Reason {
    /// Whether another customer is asked for.
    fn wants_customer(&self) -> bool {
        self.remedy == Some(Remedy::Relink)
    }
}

fn base<'a>(frame: &'a Frame, entry: &Entry, title: &'static str, action: &str) -> Act<'a> {
    let back = address::of(&entry.origin, &entry.user_key);
    Act {
        frame,
        w: frame.w,
        title,
        lead: "",
        button: "",
        class: "primary",
        name: name_of(entry, frame.w),
        action: format!("{back}/{action}"),
        back,
        field: Field::None,
    }
}

fn ask(headers: &HeaderMap, act: &Act<'_>) -> Answer {
    page::page(headers, StatusCode::OK, act)
}

/// Has a registration tried again.
pub async fn retry(visit: &Visit, request: Request, entry: &Entry) -> Result<Answer, Problem> {
    let headers = request.headers().clone();
    visit.form(request, &[]).await?;
    visit.may(Scope::Decide)?;
    let (origin, user_key, caller) = (&entry.origin, &entry.user_key, visit.caller.name());
    let retried = by_hand::retry(&visit.ledger, origin, user_key, caller, host::now()).await;
    let notice = match retried.map_err(|error| host::unavailable(&error))? {
        Retried::Goes(_) => Notice::Retried,
        Retried::Nothing(_) | Retried::Unknown => Notice::NothingToRetry,
    };
    Ok(told(&headers, entry, notice))
}

/// Erases the personal data of a registration.
pub async fn erase(visit: &Visit, request: Request, entry: &Entry) -> Result<Answer, Problem> {
    let headers = request.headers().clone();
    let form = visit.form(request, &["sure"]).await?;
    visit.may(Scope::Erase)?;
    if form.text("sure").is_none() {
        return Ok(page::see_other(
            &headers,
            &format!("{}/erase", address::of(&entry.origin, &entry.user_key)),
        ));
    }
    let (key, caller) = (RowKey::of([host::chance(), host::chance()]), visit.caller.name());
    let erased =
        erasure::erase(&visit.ledger, &entry.origin, &entry.user_key, caller, key, host::now()).await;
    let notice = match erased.map_err(|error| host::unavailable(&error))? {
        Erasure::Done(_) => Notice::Erased,
        Erasure::NotNow(_) | Erasure::Unknown => Notice::NotNow,
    };
    Ok(told(&headers, entry, notice))
}

/// Back to the registration, which says what has come of it.
fn told(headers: &HeaderMap, entry: &Entry, notice: Notice) -> Answer {
    let back = address::of(&entry.origin, &entry.user_key);
    page::guarded(host::told(&back, notice), headers)
}

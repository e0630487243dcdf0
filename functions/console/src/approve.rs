//! Approving by hand: a form that the profile fills in, a page that says what will happen, and then the ERP's own message.
//!
//! The message is sent by the browser to the component that may call the shop, and read there as every other. Its id is made when the
//! form is first shown, so that two clicks are one decision.

use askama::Template;
use host::{Answer, Request, Visit};
use http::{HeaderMap, StatusCode};
use shared::{access::Scope, entered::Entered, ledger::Entry, problem::Problem};

use crate::{
    address,
    form::{FIELDS, Form},
    frame::Frame,
    page,
    person::name_of,
    preferences::Chosen,
    words::Words,
};

#[derive(Template)]
#[template(path = "approve.html")]
struct Approve<'a> {
    frame: &'a Frame,
    w: &'static Words,
    name: String,
    back: String,
    form: Form,
    /// The customer number that the applicant claims to have.
    hint: Option<String>,
    wrong: Option<String>,
    review: Option<Review>,
}

impl Approve<'_> {
    fn is_then(&self, value: &str) -> bool {
        self.form.then == value
    }

    fn thens(&self) -> [(&'static str, &'static str, &'static str); 3] {
        let words = &self.w.act;
        [
            ("mail", words.mail, words.mail_hint),
            ("direct", words.direct, words.direct_hint),
            ("none", words.link_only, words.link_only_hint),
        ]
    }
}

/// What will happen, and the message that brings it about.
struct Review {
    lines: Vec<String>,
    decision: String,
}

/// The id of the form in the page.
const FORM: &str = "approval";

/// The form, filled in from the profile.
pub fn show(headers: &HeaderMap, frame: Frame, entry: &Entry, existing: bool) -> Answer {
    let frame = frame.keeping(FORM);
    let page = form_page(&frame, entry, Form::of(entry, existing));
    page::page(headers, StatusCode::OK, &page)
}

/// The form again, with what will happen above it, or with what is wrong. A choice of language or colours changes nothing else.
pub async fn review(visit: &Visit, request: Request, frame: Frame, entry: &Entry) -> Result<Answer, Problem> {
    let headers = request.headers().clone();
    let sent = visit.form(request, FIELDS).await?;
    visit.may(Scope::Decide)?;
    let (form, chosen) = (Form::read(&sent), Chosen::of(&sent));
    let frame = match chosen {
        Some(chosen) => chosen.frame(frame),
        None => frame,
    };
    let frame = frame.keeping(FORM);
    let person = Entered::of(entry.message.as_deref()).unwrap_or_default().person;
    let (status, review, wrong) = match form.wrong() {
        _ if chosen.is_some() && sent.text("reviewed").is_none() => (StatusCode::OK, None, None),
        None => {
            let lines = form.lines(&person.email.unwrap_or_default(), &frame.w.act);
            let decision = form.decision().to_string();
            (StatusCode::OK, Some(Review { lines, decision }), None)
        }
        Some(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, None, Some(frame.w.said(&wrong.to_string()))),
    };
    let page = Approve { wrong, review, ..form_page(&frame, entry, form) };
    let mut answer = page::page(&headers, status, &page);
    if let Some(chosen) = chosen {
        chosen.remember(&mut answer);
    }
    Ok(answer)
}

fn form_page<'a>(frame: &'a Frame, entry: &Entry, form: Form) -> Approve<'a> {
    let hint = Entered::of(entry.message.as_deref()).and_then(|entered| entered.company.account_code);
    Approve {
        w: frame.w,
        name: name_of(entry, frame.w),
        back: address::of(&entry.origin, &entry.user_key),
        form,
        hint,
        wrong: None,
        review: None,
        frame,
    }
}

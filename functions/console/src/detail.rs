//! One registration: who it is, what has happened, what comes next, and what can be done.

use askama::Template;
use host::{Reply, Visit};
use http::{HeaderMap, StatusCode};
use shared::{
    access::Scope,
    correction::why_not,
    decision::Remedy,
    detail::{Actions, Detail, Next},
    entered::{Address, Entered},
    key::{OriginCode, UserKey},
    ledger::{Entry, State},
    plausible::{Mark, Which},
    settings::ConsoleSettings,
};

use crate::{
    address,
    frame::Frame,
    page,
    person::name_of,
    problem,
    timeline::{self, Told},
    when::{Clock, When},
    words::Words,
};

#[derive(Template)]
#[template(path = "detail.html")]
struct Page<'a> {
    frame: &'a Frame,
    w: &'static Words,
    name: String,
    state: State,
    origin: OriginCode,
    user_key: UserKey,
    first_seen: When,
    next: String,
    next_at: Option<When>,
    reason: Option<String>,
    actions: Vec<Action>,
    parts: Vec<Part>,
    marks: usize,
    nothing_entered: &'static str,
    links: Vec<Fact>,
    timeline: Vec<Told>,
    attempts: Vec<Told>,
    updates: Vec<Told>,
    outcomes: Vec<Told>,
}

struct Action {
    href: String,
    text: &'static str,
    class: &'static str,
}

/// Facts that belong together.
struct Part {
    title: &'static str,
    marks: Vec<String>,
    facts: Vec<Fact>,
}

struct Fact {
    label: &'static str,
    value: String,
    marks: Vec<String>,
}

/// The page of a registration.
pub async fn show(
    headers: &HeaderMap,
    visit: &Visit,
    settings: &ConsoleSettings,
    frame: &Frame,
    clock: Clock,
    (origin, user_key): &(OriginCode, UserKey),
) -> Reply {
    let detail = Detail::of(&visit.ledger, origin, user_key, &settings.pace, clock.now).await;
    let detail = detail.map_err(|error| host::unavailable(&error))?.ok_or_else(problem::nothing_here)?;
    let w = frame.w;
    let Detail { entry, entered, marks, timeline, failed, outcomes, updates, next, actions } = detail;
    let page = Page {
        frame,
        w,
        name: name_of(&entry, w),
        state: entry.state,
        first_seen: clock.show(entry.first_seen),
        next: (w.next)(&next),
        next_at: time_of(&next).map(|at| clock.show(at)),
        reason: entry.reason.as_deref().map(|reason| w.said(reason)),
        actions: offered(&entry, &actions, visit, clock),
        marks: marks.len(),
        parts: entered.map(|entered| parts(entered, &marks, w)).unwrap_or_default(),
        nothing_entered: match entry.state {
            State::Erased => w.detail.erased_lead,
            _ => w.detail.nothing_entered,
        },
        links: links(&entry, w),
        timeline: timeline.into_iter().rev().map(|line| Told::of(line, clock)).collect(),
        attempts: timeline::failed(failed, clock),
        updates: updates.into_iter().map(|update| Told::update(update, clock)).collect(),
        outcomes: outcomes.into_iter().rev().map(|line| Told::outcome(line, clock)).collect(),
        origin: entry.origin,
        user_key: entry.user_key,
    };
    Ok(page::page(headers, StatusCode::OK, &page))
}

fn time_of(next: &Next) -> Option<chrono::DateTime<chrono::Utc>> {
    match next {
        Next::Nothing => None,
        Next::BeingWorkedOn { until: at }
        | Next::Does { at, .. }
        | Next::Retries { at, .. }
        | Next::AsksWhatBecameOfLink { at }
        | Next::WaitsForErp { since: at, .. }
        | Next::WaitsForErpToAsk { since: at }
        | Next::WaitsForClick { since: at, .. }
        | Next::AsksWhetherGone { at }
        | Next::NeedsPerson { since: at, .. } => Some(*at),
    }
}

/// The buttons: for what can be done now, and what the session covers.
fn offered(entry: &Entry, actions: &Actions, visit: &Visit, clock: Clock) -> Vec<Action> {
    let (words, back) = (&clock.w.detail, address::of(&entry.origin, &entry.user_key));
    let waits = matches!(entry.state, State::Seen | State::Announced);
    let stuck = entry.state == State::Stuck;
    let can = |remedy| why_not(entry, remedy, clock.now).is_none();
    let all = [
        (actions.retry.is_ok(), Scope::Decide, "retry", words.retry, if stuck { "primary" } else { "" }),
        (
            actions.approve.is_ok(),
            Scope::Decide,
            "approve",
            words.approve,
            if waits { "primary" } else { "" },
        ),
        (actions.reject.is_ok(), Scope::Decide, "reject", words.reject, ""),
        (can(Remedy::Reopen), Scope::Decide, Remedy::Reopen.as_str(), words.reopen, ""),
        (can(Remedy::ResendMail), Scope::Decide, Remedy::ResendMail.as_str(), words.resend, ""),
        (can(Remedy::Relink), Scope::Decide, Remedy::Relink.as_str(), words.relink, ""),
        (actions.erase.is_ok(), Scope::Erase, "erase", words.erase, "quiet"),
    ];
    all.into_iter()
        .filter(|(can, scope, ..)| *can && visit.has(*scope))
        .map(|(_, _, what, text, class)| Action { href: format!("{back}/{what}"), text, class })
        .collect()
}

/// What the applicant typed in, with what looks wrong beside it.
fn parts(entered: Entered, marks: &[Mark], w: &Words) -> Vec<Part> {
    let words = &w.detail;
    let of = |fits: fn(&Mark) -> bool| marks.iter().filter(|mark| fits(mark)).map(w.mark).collect::<Vec<_>>();
    let Entered { person, company, invoice_address, delivery_address, .. } = entered;
    let names: Vec<_> = [person.first_name, person.last_name].into_iter().flatten().collect();
    let name = if names.is_empty() { None } else { Some(names.join(" ")) };
    let mut parts = vec![
        Part {
            title: words.person,
            marks: of(|mark| matches!(mark, Mark::NoName | Mark::NoEmail)),
            facts: facts([
                (words.name, name, vec![]),
                (words.email, person.email, of(|mark| *mark == Mark::Email)),
                (words.phone, person.phone, vec![]),
                (words.mobile, person.mobile, vec![]),
                (words.language, person.language, vec![]),
            ]),
        },
        Part {
            title: words.company,
            marks: of(|mark| *mark == Mark::NoCompany),
            facts: facts([
                (words.name, company.name, vec![]),
                (words.vat, company.vat, of(|mark| matches!(mark, Mark::Vat { .. }))),
                (words.coc, company.coc, vec![]),
                (words.account_code, company.account_code, vec![]),
                (words.web, company.web, vec![]),
                (words.phone, company.phone, vec![]),
            ]),
        },
    ];
    let invoice = of(|mark| matches!(mark, Mark::Zip { which: Which::Invoice, .. }));
    parts.extend(invoice_address.map(|entered| Part {
        title: words.invoice_address,
        marks: of(|mark| *mark == Mark::DeliveryCountryAlone),
        facts: address_facts(entered, invoice, w),
    }));
    let delivery = of(|mark| matches!(mark, Mark::Zip { which: Which::Delivery, .. }));
    parts.extend(delivery_address.map(|entered| Part {
        title: words.delivery_address,
        marks: vec![],
        facts: address_facts(entered, delivery, w),
    }));
    parts.retain(|part| !part.facts.is_empty() || !part.marks.is_empty());
    parts
}

fn address_facts(entered: Address, zip: Vec<String>, w: &Words) -> Vec<Fact> {
    let words = &w.detail;
    let number = [entered.house_number, entered.house_number_addition];
    let number: Vec<_> = number.into_iter().flatten().collect();
    let street: Vec<_> = entered.street.into_iter().chain(entered.street2).collect();
    let joined = |parts: Vec<String>, by| if parts.is_empty() { None } else { Some(parts.join(by)) };
    facts([
        (words.name, entered.name, vec![]),
        (words.attention, entered.attention, vec![]),
        (words.street, joined(street, ", "), vec![]),
        (words.number, joined(number, " "), vec![]),
        (words.zip, entered.zip, zip),
        (words.city, entered.city, vec![]),
        (words.country, entered.country, vec![]),
        (words.phone, entered.phone, vec![]),
    ])
}

/// Those that there are.
fn facts<const N: usize>(all: [(&'static str, Option<String>, Vec<String>); N]) -> Vec<Fact> {
    let there = all.into_iter().filter_map(|(label, value, marks)| {
        let value = value.filter(|value| !value.trim().is_empty())?;
        Some(Fact { label, value, marks })
    });
    there.collect()
}

/// What was written to the shop.
fn links(entry: &Entry, w: &Words) -> Vec<Fact> {
    let Some(link) = &entry.link else { return vec![] };
    let customers = link.customers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mail = (w.mail)(link.mail).to_owned();
    facts([(w.detail.customer, Some(customers), vec![]), (w.detail.mail, Some(mail), vec![])])
}

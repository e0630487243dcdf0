//! How a registration is shown to those who ask, and what a decision's outcome is called.

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    dry_run::Would,
    erp::message_id,
    inbox::Outcome,
    json,
    key::{CustomerKey, OriginCode, UserKey},
    ledger::{Changed, Entry, OutgoingLine, Rewritten, State, TimelineEvent},
    link::Mail,
    listing::Page,
    problem::Problem,
};

/// A registration with its timeline.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "RegistrationDetails"))]
pub struct Status<'a> {
    #[serde(flatten)]
    now: Brief<'a>,
    /// When it was seen in the shop for the first time.
    first_seen: DateTime<Utc>,
    /// The revision that the ERP has accepted; 0 before that.
    told: u32,
    /// What the ERP was told, as it was told.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<crate::erp::Message>"))]
    message: Option<&'a RawValue>,
    /// When the tick does something about it.
    due_at: Option<DateTime<Utc>>,
    /// What has happened, the oldest first.
    timeline: Vec<TimelineEvent>,
    /// What the ERP is told of how it ended.
    outcomes: Vec<OutgoingLine>,
}

/// How far a registration is.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "RegistrationBrief"))]
pub struct Brief<'a> {
    /// The origin that the registration is in.
    origin: &'a OriginCode,
    /// The key of its user.
    user_key: &'a UserKey,
    /// How far it is.
    #[cfg_attr(feature = "openapi", schemars(with = "State"))]
    state: &'static str,
    /// Why a person has to look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// Counts what the applicant has changed, from 1. A decision may name it.
    revision: u32,
    /// The customers that the user was linked to by the last attempt.
    customers: &'a [CustomerKey],
    /// What is known about the activation mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<Mail>,
    /// What is left to say, once the personal data is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    erased: Option<Erased<'a>>,
}

/// What is left to say about an erased registration.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Erased"))]
struct Erased<'a> {
    /// How far it was.
    outcome: State,
    /// When it was erased.
    at: DateTime<Utc>,
    /// By whom: a token's name, or the retention.
    by: &'a str,
}

impl<'a> Brief<'a> {
    /// What an entry shows.
    #[must_use]
    pub fn of(entry: &'a Entry) -> Self {
        Self {
            origin: &entry.origin,
            user_key: &entry.user_key,
            state: entry.state.as_str(),
            reason: entry.reason.as_deref(),
            revision: entry.revision,
            customers: entry.link.as_ref().map_or(&[], |link| &link.customers),
            mail: entry.link.as_ref().map(|link| link.mail),
            erased: entry.tombstone.as_ref().map(|tombstone| Erased {
                outcome: tombstone.outcome,
                at: tombstone.at,
                by: &tombstone.by,
            }),
        }
    }
}

impl<'a> Status<'a> {
    /// What an entry, its timeline and its outcomes show.
    #[must_use]
    pub fn of(entry: &'a Entry, timeline: Vec<TimelineEvent>, outcomes: Vec<OutgoingLine>) -> Self {
        Self {
            now: Brief::of(entry),
            first_seen: entry.first_seen,
            told: entry.told,
            message: raw(entry.message.as_deref()),
            due_at: entry.due_at,
            timeline,
            outcomes,
        }
    }
}

/// A registration in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ListedRegistration"))]
pub struct Listed<'a> {
    /// The same as long as the registration is the same, for whoever has to know which ones are new.
    id: String,
    #[serde(flatten)]
    now: Brief<'a>,
    /// The number of the last change, to tell one from the next.
    change: String,
    /// When it was changed last.
    changed_at: DateTime<Utc>,
    /// When it was seen in the shop for the first time.
    first_seen: DateTime<Utc>,
    /// What the ERP is told about it, whole.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<crate::erp::Message>"))]
    message: Option<&'a RawValue>,
}

/// A page of registrations.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "RegistrationPage"))]
pub struct List<'a> {
    /// The registrations on the page.
    registrations: Vec<Listed<'a>>,
    /// The cursor of the next page, also when nothing is on it yet. There is none in the order `newest`.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// Whether something is on the next page already.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<bool>,
}

impl<'a> List<'a> {
    /// What a page shows.
    #[must_use]
    pub fn of(page: &'a Page) -> Self {
        let listed = |changed: &'a Changed| Listed {
            id: message_id(&changed.entry.origin, &changed.entry.user_key, 1),
            now: Brief::of(&changed.entry),
            change: changed.change.to_string(),
            changed_at: changed.changed_at,
            first_seen: changed.entry.first_seen,
            message: raw(changed.entry.message.as_deref()),
        };
        Self {
            registrations: page.registrations.iter().map(listed).collect(),
            next: page.next.map(|next| next.to_string()),
            more: page.next.map(|_| page.more),
        }
    }
}

/// JSON as it was frozen.
fn raw(message: Option<&str>) -> Option<&RawValue> {
    message.and_then(|message| json::text(message.as_bytes()).ok())
}

/// The answer to a decision: what it is called, with which status, and the registration that it is about.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "DecisionOutcome"))]
pub struct Verdict<'a> {
    /// `superseded`, `ignored`, `waiting`, or the registration's state; of an update `updated` or `refused`.
    pub outcome: &'static str,
    /// The registration, where there is one to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Brief<'a>>,
    /// Why an update was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// What would have been done, in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would: Option<Would>,
}

/// How an outcome is answered.
///
/// # Errors
/// The problem, when the decision was not accepted.
pub fn verdict(outcome: &Outcome) -> Result<(StatusCode, Verdict<'_>), Problem> {
    let brief =
        |status, outcome| Ok((status, Verdict { outcome, registration: None, reason: None, would: None }));
    match outcome {
        Outcome::Ignored => brief(StatusCode::ACCEPTED, "ignored"),
        Outcome::Superseded => brief(StatusCode::OK, "superseded"),
        Outcome::Waits => brief(StatusCode::ACCEPTED, "waiting"),
        Outcome::Stands(entry) => {
            // An approval that is not carried out yet: the tick goes on with it.
            let done = entry.state != State::Approved;
            let status = if done { StatusCode::OK } else { StatusCode::ACCEPTED };
            let registration = Some(Brief::of(entry));
            Ok((status, Verdict { outcome: entry.state.as_str(), registration, reason: None, would: None }))
        }
        Outcome::Updated(rewrite) => match rewrite.result {
            None => brief(StatusCode::ACCEPTED, "waiting"),
            Some(Rewritten::Done) => brief(StatusCode::OK, "updated"),
            Some(Rewritten::Refused) => {
                let reason = rewrite.note.as_deref();
                Ok((StatusCode::OK, Verdict { outcome: "refused", registration: None, reason, would: None }))
            }
        },
        Outcome::Conflict(why) => Err(Problem::new(StatusCode::CONFLICT, "conflict", why.clone())),
        Outcome::NoSuchCustomer(key) => {
            let detail = format!("the shop has no customer {key}: name one that it has");
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-such-customer", detail).at("customer.key"))
        }
        Outcome::NoSuchUser => {
            let detail = "the shop has no user with this key in this origin";
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-such-user", detail).at("data.user_key"))
        }
    }
}

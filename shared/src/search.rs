//! Finding registrations, for people: a list that is filtered, searched and sorted, a page at a time.
//!
//! A page ends at a place in the order and not at a number of rows, so the next one is found as quickly as the first, and nobody who
//! comes in between shifts it. The words that a registration is found by are made here, from what the applicant typed in, and stored
//! with each change of it.

mod cursor;
mod query;
mod words;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

pub use cursor::{Cursor, Place};
pub use query::{Filter, Order, Query, Sort};
pub use words::Words;

use crate::{
    applicant::Applicant,
    key::{CustomerKey, OriginCode, UserKey},
    ledger::{Changed, Entry, Ledger, State},
    sql::{Sql, SqlError},
};

/// Registrations on a page.
pub const PAGE: usize = 50;
/// The most words that one registration is found by.
const WORDS: usize = 60;
/// As many characters of a company's name are sorted by.
const SORTED: usize = 40;

/// What a registration is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Findable {
    /// The words, as a JSON list in order.
    pub(crate) words: String,
    /// The company's name as it is sorted; empty if there is none.
    pub(crate) company: String,
}

impl Findable {
    /// Of an entry as it is about to be stored. One that is erased has no message, and so only its keys.
    pub(crate) fn of(entry: &Entry) -> Self {
        let applicant = Applicant::of(entry.message.as_deref());
        let customers = entry.link.iter().flat_map(|link| link.customers.iter().map(CustomerKey::as_str));
        let Applicant { first_name, last_name, email, company, vat, country: _ } = &applicant;
        let typed_in = [first_name, last_name, email, company, vat].into_iter().flatten().map(String::as_str);
        let mut all = BTreeSet::from([words::whole(entry.user_key.as_str())]);
        all.extend(typed_in.chain(customers).flat_map(words::findable).take(WORDS));
        // A list of texts always serialises.
        let list = serde_json::to_string(&all).unwrap_or_default();
        let sorted = |name: &str| {
            let mut plain = words::folded(name);
            plain.retain(|c| c.is_alphanumeric() || c == ' ');
            plain.trim_start().chars().take(SORTED).collect()
        };
        Self { words: list, company: company.as_deref().map(sorted).unwrap_or_default() }
    }
}

/// A registration in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its origin.
    pub origin: OriginCode,
    /// Its user.
    pub user_key: UserKey,
    /// How far it is.
    pub state: State,
    /// Why it is stuck, or why the last try failed.
    pub reason: Option<String>,
    /// The person's name.
    pub name: Option<String>,
    /// The person's e-mail address.
    pub email: Option<String>,
    /// The company's name.
    pub company: Option<String>,
    /// The country of its address.
    pub country: Option<String>,
    /// When it came.
    pub first_seen: DateTime<Utc>,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// Failed tries since the last success.
    pub attempts: u32,
    /// When the tick does something about it.
    pub due_at: Option<DateTime<Utc>>,
    /// The customers that the user was linked to by the last attempt.
    pub customers: Vec<CustomerKey>,
    /// How far it was, if it is erased.
    pub was: Option<State>,
}

impl Row {
    fn of(Changed { entry, changed_at, .. }: Changed) -> Self {
        let applicant = Applicant::of(entry.message.as_deref());
        Self {
            name: applicant.name(),
            email: applicant.email,
            company: applicant.company,
            country: applicant.country,
            origin: entry.origin,
            user_key: entry.user_key,
            state: entry.state,
            reason: entry.reason,
            first_seen: entry.first_seen,
            changed_at,
            attempts: entry.attempts,
            due_at: entry.due_at,
            customers: entry.link.map(|link| link.customers).unwrap_or_default(),
            was: entry.tombstone.map(|tombstone| tombstone.outcome),
        }
    }
}

/// A page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// What is on it.
    pub rows: Vec<Row>,
    /// Where the page before it is, if there is one.
    pub previous: Option<Cursor>,
    /// Where the page after it is, if there is one.
    pub next: Option<Cursor>,
}

/// The page that a query asks for.
///
/// # Errors
/// [`SqlError`].
pub async fn page<S: Sql>(ledger: &Ledger<S>, query: &Query) -> Result<Page, SqlError> {
    let Query { filter, order, limit, .. } = query;
    let most = limit + 1;
    match &query.cursor {
        Some(Cursor::Before(place)) => {
            let mut found = ledger.find(filter, order.reversed(), Some(place), most).await?;
            // What is before the first page is the first page.
            if found.len() <= *limit {
                return Box::pin(page(ledger, &Query { cursor: None, ..query.clone() })).await;
            }
            found.truncate(*limit);
            found.reverse();
            let ends = found.first().zip(found.last());
            let (previous, next) = ends
                .map(|(first, last)| (Cursor::Before(first.place.clone()), Cursor::After(last.place.clone())))
                .unzip();
            Ok(Page { previous, next, rows: found.into_iter().map(|found| Row::of(found.changed)).collect() })
        }
        cursor @ (Some(Cursor::After(_)) | None) => {
            let place = cursor.as_ref().map(Cursor::place);
            let mut found = ledger.find(filter, *order, place, most).await?;
            let more = found.len() > *limit;
            found.truncate(*limit);
            let next = found.last().filter(|_| more).map(|last| Cursor::After(last.place.clone()));
            let previous = place.map(|place| {
                Cursor::Before(found.first().map_or_else(|| place.clone(), |first| first.place.clone()))
            });
            Ok(Page { previous, next, rows: found.into_iter().map(|found| Row::of(found.changed)).collect() })
        }
    }
}

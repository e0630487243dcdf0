//! Pages of registrations, for an ERP or a platform that asks by itself.
//!
//! In the order of changes, the oldest first, a page ends with a cursor: a position in that order, whatever the filter is. A
//! registration that changes moves to the end. So whoever goes on from the cursor misses no last change, and meets a registration
//! again only if it has changed since. The newest first is for platforms that look at one page and know by the `id` what is new.

use chrono::{DateTime, Utc};
use http::StatusCode;

use crate::{
    ledger::{Change, Changed, Ledger, Shown, State},
    parameters::{Parameters, bad},
    problem::Problem,
    sql::{Sql, SqlError},
};

/// Registrations on a page, unless the caller says otherwise, and at most.
const LIMIT: usize = 100;
const MOST: usize = 500;

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With the oldest change.
    Beginning,
    /// With what has changed since.
    Since(DateTime<Utc>),
    /// Where an earlier page has ended.
    Cursor(Change),
    /// With the newest change, backwards.
    Newest,
}

/// What a caller wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    shown: Shown,
    start: Start,
    limit: usize,
}

impl Asked {
    /// Reads the query `state=...&origin=...&order=...&since=...&cursor=...&limit=...`, of which nothing is needed.
    ///
    /// # Errors
    /// 400 with the parameter that is wrong.
    pub fn read(query: Option<&str>) -> Result<Self, Problem> {
        let parameters = Parameters::read(query, &["state", "origin", "order", "since", "cursor", "limit"])?;
        let state = parameters.text("state").map(str::parse).transpose();
        let state = state.map_err(|_: String| {
            let all = State::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(", ");
            bad("state", format!("expected one of {all}"))
        })?;
        let shown = Shown { state, origin: parameters.parsed("origin")? };
        let limit = parameters.parsed("limit")?.unwrap_or(LIMIT);
        if !(1..=MOST).contains(&limit) {
            return Err(bad("limit", format!("expected a number from 1 to {MOST}")));
        }
        let since = parameters.text("since").map(DateTime::parse_from_rfc3339).transpose();
        let since = since.map_err(|_| bad("since", "expected a time such as 2026-03-02T09:15:00Z"))?;
        let cursor = parameters.parsed("cursor")?;
        let start = match (parameters.text("order"), cursor, since) {
            (Some("newest"), None, None) => Start::Newest,
            (Some("newest"), Some(_), _) => return Err(bad("cursor", "there is none in the order newest")),
            (Some("newest"), None, Some(_)) => {
                return Err(bad("since", "is not for the order newest, which has the latest in front"));
            }
            (None | Some("changed"), Some(cursor), _) => Start::Cursor(cursor),
            (None | Some("changed"), None, Some(since)) => Start::Since(since.to_utc()),
            (None | Some("changed"), None, None) => Start::Beginning,
            (Some(_), ..) => return Err(bad("order", "expected changed or newest")),
        };
        Ok(Self { shown, start, limit })
    }
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The registrations on it.
    pub registrations: Vec<Changed>,
    /// Where the next one begins; there is one, even if nothing is on it yet. None for the newest.
    pub next: Option<Change>,
    /// Whether there is more already.
    pub more: bool,
}

/// Why there is no page.
#[derive(Debug)]
pub enum NoPage {
    /// The caller's to mend.
    Problem(Problem),
    /// The ledger's fault.
    Ledger(SqlError),
}

impl From<SqlError> for NoPage {
    fn from(error: SqlError) -> Self {
        Self::Ledger(error)
    }
}

/// The page that is asked for.
///
/// # Errors
/// [`NoPage`].
pub async fn page<S: Sql>(ledger: &Ledger<S>, asked: &Asked) -> Result<Page, NoPage> {
    let after = match asked.start {
        Start::Newest => {
            let registrations = ledger.changed_last(&asked.shown, asked.limit).await?;
            return Ok(Page { registrations, next: None, more: false });
        }
        Start::Beginning => Change::NONE,
        Start::Since(since) => ledger.change_before(since).await?,
        Start::Cursor(cursor) => cursor,
    };
    let mut registrations = ledger.changed_after(&asked.shown, after, asked.limit + 1).await?;
    let more = registrations.len() > asked.limit;
    registrations.truncate(asked.limit);
    if registrations.is_empty() && after > ledger.last_change().await? {
        // A ledger that came back from a backup counts on from there: behind this cursor, changes would be missed.
        let detail = "the ledger has not come that far, so it was restored: begin without a cursor";
        return Err(NoPage::Problem(
            Problem::new(StatusCode::BAD_REQUEST, "unknown-cursor", detail).at("cursor"),
        ));
    }
    let next = registrations.last().map_or(after, |last| last.change);
    Ok(Page { registrations, next: Some(next), more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_what_is_shown_and_from_where() {
        let since = "2026-03-02T09:15:00Z".parse().unwrap();
        for (query, start) in [
            ("", Start::Beginning),
            ("order=changed", Start::Beginning),
            ("since=2026-03-02T09:15:00Z", Start::Since(since)),
            ("since=2026-03-02T10:15:00%2B01:00", Start::Since(since)),
            ("cursor=8000000000000000&since=2026-03-02T09:15:00Z", Start::Cursor(Change::NONE)),
            ("order=newest", Start::Newest),
        ] {
            assert_eq!(Asked::read(Some(query)).unwrap().start, start, "{query}");
        }
        let asked = Asked::read(Some("state=announced&origin=SHOP&limit=7")).unwrap();
        assert_eq!((asked.limit, asked.shown.origin.unwrap().as_str()), (7, "SHOP"));
    }

    #[test]
    fn a_query_that_means_nothing_is_refused_by_its_parameter() {
        for (query, want) in [
            ("state=new", "state"),
            ("origin=..", "origin"),
            ("limit=0", "limit"),
            ("limit=501", "limit"),
            ("limit=-1", "limit"),
            ("since=yesterday", "since"),
            ("cursor=7", "cursor"),
            ("order=oldest", "order"),
            ("order=newest&since=2026-03-02T09:15:00Z", "since"),
            ("order=newest&cursor=8000000000000000", "cursor"),
            ("page=2", "page"),
        ] {
            let problem = Asked::read(Some(query)).unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.field()), (400, Some(want)), "{query}");
        }
    }
}

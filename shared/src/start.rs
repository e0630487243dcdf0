//! The start: from when on the registrations of an origin are announced, and whether they are yet.
//!
//! A shop that runs for years has years of registrations that nobody ever activated. So an origin has to be started once, by a person
//! who has seen how many there are, or by the setting. It is started for good: what comes back under an earlier date is not announced
//! again, because the ledger knows it.

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Serialize;

use crate::{
    key::OriginCode,
    ledger::{Ledger, Start},
    parameters::{Parameters, bad},
    problem::Problem,
    settings::{FirstRun, StartSettings},
    sql::{Sql, SqlError},
    time::ShopTime,
};

/// The name under which the ledger has what the setting has started.
pub(crate) const FIRST_RUN: &str = "first_run";

/// What a tick does with registrations of an origin that the ledger does not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Begins {
    /// Those from before are left alone.
    pub from: Option<ShopTime>,
    /// Whether they are announced; if not, they are counted.
    pub announces: bool,
}

impl Begins {
    /// What follows from the settings and from what the ledger knows of a start.
    #[must_use]
    pub fn of(first_run: FirstRun, start_from: Option<ShopTime>, started: Option<&Start>) -> Self {
        let from = start_from.or(started.and_then(|start| start.from));
        let goes = started.is_some() || first_run == FirstRun::Announce;
        Self { from, announces: goes && from.is_some() }
    }
}

/// What `POST /start` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    origins: Vec<OriginCode>,
    from: Option<ShopTime>,
}

impl Asked {
    /// Reads the query `origin=...&from=...`. Without an origin it is about all that are set.
    ///
    /// # Errors
    /// 400 with the parameter that is wrong, 422 for an origin that is none of ours.
    pub fn read(query: Option<&str>, settings: &StartSettings) -> Result<Self, Problem> {
        let parameters = Parameters::read(query, &["origin", "from"])?;
        let origins = match parameters.parsed::<OriginCode>("origin")? {
            None => settings.origins.clone(),
            Some(origin) if settings.origins.contains(&origin) => vec![origin],
            Some(origin) => {
                let detail = format!("origin {origin} is none of the origins set");
                let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-origin", detail);
                return Err(problem.at("origin"));
            }
        };
        let from = parameters.parsed("from")?;
        if from.is_some() && settings.start_from.is_some() {
            return Err(bad("from", "start_from is set, and says so already: leave this out"));
        }
        Ok(Self { origins, from })
    }
}

/// An origin that is started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct StartedOrigin {
    /// The origin.
    pub origin: OriginCode,
    /// When it was started.
    pub at: DateTime<Utc>,
    /// By whom: a token's name, the setting `first_run`, or `upgrade` for what an earlier version had begun.
    pub by: String,
    /// Registrations from before are not announced. On the shop's clock.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<String>"))]
    pub from: Option<ShopTime>,
    /// Whether this request has started it.
    pub now: bool,
}

/// The answer of `POST /start`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Started {
    /// The origins that were asked for, each with its start.
    pub origins: Vec<StartedOrigin>,
}

/// Why it was not started.
#[derive(Debug)]
pub enum NotStarted {
    /// The caller's to mend.
    Problem(Problem),
    /// The ledger's fault: the same may be asked again.
    Ledger(SqlError),
}

impl From<SqlError> for NotStarted {
    fn from(error: SqlError) -> Self {
        Self::Ledger(error)
    }
}

/// Starts the origins that are asked for and wait for it. One that is started stays as it is.
///
/// # Errors
/// [`NotStarted`].
pub async fn start<S: Sql>(
    ledger: &Ledger<S>,
    asked: &Asked,
    settings: &StartSettings,
    caller: &str,
    now: DateTime<Utc>,
) -> Result<Started, NotStarted> {
    let before = ledger.starts().await?;
    let waits = |origin: &&OriginCode| !before.contains_key(*origin);
    let waiting: Vec<_> = asked.origins.iter().filter(waits).cloned().collect();
    if !waiting.is_empty() && asked.from.is_none() && settings.start_from.is_none() {
        let detail = "say from which date on, as start_from is not set: from=2026-03-02";
        return Err(NotStarted::Problem(bad("from", detail)));
    }
    let begun = ledger.start(&waiting, caller, asked.from, now).await?;
    let starts = ledger.starts().await?;
    let of = |origin: &OriginCode| {
        let Start { at, by, from } = starts.get(origin)?.clone();
        let from = settings.start_from.or(from);
        Some(StartedOrigin { origin: origin.clone(), at, by, from, now: begun.contains(origin) })
    };
    let origins: Vec<_> = asked.origins.iter().filter_map(of).collect();
    let other = origins.iter().find(|one| !one.now && asked.from.is_some_and(|from| one.from != Some(from)));
    match other {
        Some(other) if asked.origins.len() == 1 => {
            let from = other.from.map_or_else(|| "an unknown date".to_owned(), |from| from.to_string());
            let detail =
                format!("{} has been started from {from} by {}, and stays so", other.origin, other.by);
            Err(NotStarted::Problem(Problem::new(StatusCode::CONFLICT, "started-before", detail)))
        }
        Some(_) | None => Ok(Started { origins }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_announced_before_somebody_says_from_when_and_somebody_says_go() {
        let (early, late): (ShopTime, ShopTime) =
            ("2026-01-01".parse().unwrap(), "2026-03-02".parse().unwrap());
        let at = "2026-03-02T09:15:00Z".parse().unwrap();
        let started = |from| Some(Start { at, by: "anna".to_owned(), from });
        for (first_run, start_from, started, from, announces, why) in [
            (FirstRun::Report, None, None, None, false, "nothing is said"),
            (FirstRun::Report, Some(early), None, Some(early), false, "a date, and nobody has said go"),
            (FirstRun::Announce, None, None, None, false, "go, and no date"),
            (FirstRun::Announce, Some(early), None, Some(early), true, "both by settings"),
            (FirstRun::Report, Some(early), started(None), Some(early), true, "the date is a setting"),
            (FirstRun::Report, None, started(Some(late)), Some(late), true, "both by the request"),
            (FirstRun::Report, Some(early), started(Some(late)), Some(early), true, "the setting counts"),
            (FirstRun::Report, None, started(None), None, false, "the setting was taken away"),
        ] {
            let begins = Begins::of(first_run, start_from, started.as_ref());
            assert_eq!(begins, Begins { from, announces }, "{why}");
        }
    }
}

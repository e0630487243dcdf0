//! The statements about how much there is of everything, for those who watch. Each reads an index alone.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::{Ledger, ScanState, Start, State, stored, time};
use crate::{
    json,
    key::OriginCode,
    sql::{Columns, Sql, SqlError},
};

/// The registrations of one origin in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// How many there are.
    pub count: i64,
    /// When the oldest of them came to the ledger.
    pub first_seen: DateTime<Utc>,
    /// When the oldest of their decisions was made.
    pub decided_at: Option<DateTime<Utc>>,
}

/// How an origin is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OriginSnapshot {
    /// Its registrations, by state.
    pub groups: HashMap<State, Group>,
    /// Messages about registrations that the ERP has yet to accept.
    pub deliveries_waiting: i64,
    /// When the last scan began that has shown all of its lists. None if a list has never been seen completely.
    pub scanned_at: Option<DateTime<Utc>>,
    /// How it was started; none while nothing of it is announced.
    pub started: Option<Start>,
}

impl OriginSnapshot {
    /// When the oldest registration without a decision came.
    #[must_use]
    pub fn undecided_since(&self) -> Option<DateTime<Utc>> {
        self.in_any([State::Seen, State::Announced]).map(|group| group.first_seen).min()
    }

    /// When the oldest decision was made that is approved, and whose user is not active.
    #[must_use]
    pub fn approved_since(&self) -> Option<DateTime<Utc>> {
        self.in_any([State::Approved, State::Linked]).filter_map(|group| group.decided_at).min()
    }

    fn in_any(&self, states: [State; 2]) -> impl Iterator<Item = &Group> {
        states.into_iter().filter_map(|state| self.groups.get(&state))
    }

    /// How many registrations are in a state.
    #[must_use]
    pub fn count(&self, state: State) -> i64 {
        self.groups.get(&state).map_or(0, |group| group.count)
    }
}

/// What waits in the inbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Events that are still to be applied.
    pub count: i64,
    /// When the oldest of them came.
    pub received_at: Option<DateTime<Utc>>,
}

impl<S: Sql> Ledger<S> {
    /// How every origin is that the ledger knows.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn origins(&self) -> Result<BTreeMap<OriginCode, OriginSnapshot>, SqlError> {
        let mut origins = BTreeMap::<OriginCode, OriginSnapshot>::new();
        let statement = "SELECT origin, state, COUNT(*), MIN(first_seen), MIN(decided_at) FROM registration \
                         GROUP BY origin, state";
        for row in self.sql.run(statement, vec![]).await? {
            let mut row = Columns::of(row);
            let origin = stored(row.needed_text()?.parse())?;
            let state = stored(row.needed_text()?.parse())?;
            let (count, first_seen) = (row.needed_number()?, time(row.needed_number()?)?);
            let group = Group { count, first_seen, decided_at: row.number()?.map(time).transpose()? };
            origins.entry(origin).or_default().groups.insert(state, group);
        }
        // Without an ERP to tell, registrations are announced although it was told nothing: they wait for the ERP and not for us.
        let statement = "SELECT origin, SUM(CASE WHEN state IN ('seen', 'stuck') OR state = 'announced' AND told > 0 \
                         THEN 1 ELSE 0 END) FROM registration WHERE due_at IS NOT NULL AND told < revision GROUP BY origin";
        for row in self.sql.run(statement, vec![]).await? {
            let mut row = Columns::of(row);
            let origin = stored(row.needed_text()?.parse())?;
            origins.entry(origin).or_default().deliveries_waiting = row.needed_number()?;
        }
        for (origin, scanned_at) in self.scanned_at().await? {
            origins.entry(origin).or_default().scanned_at = scanned_at;
        }
        for (origin, start) in self.starts().await? {
            origins.entry(origin).or_default().started = Some(start);
        }
        Ok(origins)
    }

    /// When the last scan of each origin began that has shown all of it: of its two lists the one that is longer ago counts.
    async fn scanned_at(&self) -> Result<BTreeMap<OriginCode, Option<DateTime<Utc>>>, SqlError> {
        let mut origins = BTreeMap::new();
        for row in self.sql.run("SELECT origin, state FROM scan", vec![]).await? {
            let mut row = Columns::of(row);
            let origin = stored(row.needed_text()?.parse())?;
            let scan: ScanState = stored(json::read(&row.needed_text()?))?;
            let known = origins.entry(origin).or_insert(scan.complete_since);
            // None comes before any time.
            *known = (*known).min(scan.complete_since);
        }
        Ok(origins)
    }

    /// What waits in the inbox.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn inbox(&self) -> Result<Waiting, SqlError> {
        let statement = "SELECT COUNT(*), MIN(received_at) FROM inbox WHERE outcome IS NULL";
        let Some(row) = self.sql.run(statement, vec![]).await?.into_iter().next() else {
            return Ok(Waiting::default());
        };
        let mut row = Columns::of(row);
        Ok(Waiting { count: row.needed_number()?, received_at: row.number()?.map(time).transpose()? })
    }
}

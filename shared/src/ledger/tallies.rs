//! The statements about how many came and became active. The triggers of the schema count.

use chrono::{DateTime, Utc};

use super::{Ledger, stored, time, words::words};
use crate::sql::{Columns, Sql, SqlError};

/// A quarter of an hour, in milliseconds: what is counted together.
const QUARTER: i64 = 15 * 60 * 1000;

words! {
    /// What is counted.
    Tallied {
        /// A registration came.
        Registered = "registered",
        /// A user could log in for the first time.
        Activated = "activated",
    }
}

/// How many there were in a quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// When it began.
    pub at: DateTime<Utc>,
    /// What is counted.
    pub what: Tallied,
    /// How long it took from coming to being active: the class of it.
    pub took: usize,
    /// How many.
    pub count: i64,
}

impl<S: Sql> Ledger<S> {
    /// What was counted since.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn tallies(&self, since: DateTime<Utc>) -> Result<Vec<Tally>, SqlError> {
        let statement = "SELECT quarter, kind, took, SUM(count) FROM tally WHERE quarter >= ?1 GROUP BY quarter, kind, took";
        let first = since.timestamp_millis().div_euclid(QUARTER);
        let rows = self.sql.run(statement, vec![first.into()]).await?;
        rows.into_iter()
            .map(|row| {
                let mut row = Columns::of(row);
                let at = time(row.needed_number()? * QUARTER)?;
                let what = stored(row.needed_text()?.parse())?;
                let took = stored(row.needed_number()?.try_into())?;
                Ok(Tally { at, what, took, count: row.needed_number()? })
            })
            .collect()
    }
}

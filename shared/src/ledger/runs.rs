//! The statements about how the last ticks ended.

use chrono::{DateTime, Utc};

use super::{Ledger, millis, time};
use crate::sql::{Columns, Sql, SqlError, Value};

/// How many of them are kept.
const KEPT: i64 = 100;

/// A tick that ended by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Counts the ticks, from 1.
    pub number: i64,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// Its report, as JSON.
    pub report: String,
    /// What went wrong, if anything did.
    pub problem: Option<String>,
}

impl<S: Sql> Ledger<S> {
    /// Notes that a tick has ended, under the next number, and forgets the oldest.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn note_run(
        &self,
        began_at: DateTime<Utc>,
        ended_at: DateTime<Utc>,
        report: &str,
        problem: Option<&str>,
    ) -> Result<(), SqlError> {
        let statement = "INSERT INTO run (number, began_at, ended_at, report, problem) \
                         SELECT COALESCE(MAX(number), 0) + 1, ?1, ?2, ?3, ?4 FROM run RETURNING number";
        let parameters =
            vec![millis(began_at), millis(ended_at), report.into(), problem.map(Value::from).into()];
        let rows = self.sql.run(statement, parameters).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(()) };
        let oldest = Columns::of(row).needed_number()? - KEPT;
        self.sql.run("DELETE FROM run WHERE number <= ?1", vec![oldest.into()]).await.map(drop)
    }

    /// The last tick.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn last_run(&self) -> Result<Option<Run>, SqlError> {
        self.run_where("TRUE").await
    }

    /// When the first of the ticks that are kept began.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn first_run_began(&self) -> Result<Option<DateTime<Utc>>, SqlError> {
        let rows = self.sql.run("SELECT began_at FROM run ORDER BY number LIMIT 1", vec![]).await?;
        rows.into_iter().next().map(|row| time(Columns::of(row).needed_number()?)).transpose()
    }

    /// The last tick in which something went wrong, if it is among those that are kept.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn last_bad_run(&self) -> Result<Option<Run>, SqlError> {
        self.run_where("problem IS NOT NULL").await
    }

    /// All that are kept, the latest first.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn runs(&self) -> Result<Vec<Run>, SqlError> {
        self.runs_where("TRUE", KEPT).await
    }

    async fn run_where(&self, condition: &str) -> Result<Option<Run>, SqlError> {
        Ok(self.runs_where(condition, 1).await?.pop())
    }

    async fn runs_where(&self, condition: &str, most: i64) -> Result<Vec<Run>, SqlError> {
        let statement = format!(
            "SELECT number, began_at, ended_at, report, problem FROM run WHERE {condition} ORDER BY number DESC LIMIT {most}"
        );
        let rows = self.sql.run(&statement, vec![]).await?;
        rows.into_iter()
            .map(|row| {
                let mut row = Columns::of(row);
                let (number, began_at) = (row.needed_number()?, time(row.needed_number()?)?);
                let ended_at = time(row.needed_number()?)?;
                Ok(Run { number, began_at, ended_at, report: row.needed_text()?, problem: row.text()? })
            })
            .collect()
    }
}

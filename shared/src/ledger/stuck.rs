//! The statements about what is stuck, and whether somebody was called about it. The triggers of the schema keep it.

use serde::Serialize;

use super::{Ledger, placeholders};
use crate::sql::{Columns, Sql, SqlError, Value};

/// A registration that a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "StuckRegistration"))]
pub struct StuckOne {
    /// Its origin.
    pub origin: String,
    /// Its user.
    pub user_key: String,
    /// Why.
    pub reason: String,
    /// The version in which it became so.
    #[serde(skip)]
    pub version: i64,
}

impl<S: Sql> Ledger<S> {
    /// How many registrations are stuck.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn count_stuck(&self) -> Result<i64, SqlError> {
        let rows = self.sql.run("SELECT count(*) FROM stuck", vec![]).await?;
        rows.into_iter().next().map_or(Ok(0), |row| Columns::of(row).needed_number())
    }

    /// Why registrations are stuck, of at most so many.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn stuck_reasons(&self, most: usize) -> Result<Vec<String>, SqlError> {
        let statement = format!(
            "SELECT registration.reason FROM stuck \
             JOIN registration ON registration.origin = stuck.origin AND registration.user_key = stuck.user_key \
             ORDER BY stuck.origin, stuck.user_key LIMIT {most}"
        );
        let rows = self.sql.run(&statement, vec![]).await?;
        rows.into_iter().map(|row| Ok(Columns::of(row).text()?.unwrap_or_default())).collect()
    }

    /// Those that nobody was called about, the longest first.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn stuck_untold(&self, most: usize) -> Result<Vec<StuckOne>, SqlError> {
        let statement = format!(
            "SELECT stuck.origin, stuck.user_key, registration.reason, stuck.version FROM stuck \
             JOIN registration ON registration.origin = stuck.origin AND registration.user_key = stuck.user_key \
             WHERE stuck.told = 0 ORDER BY stuck.since, stuck.origin, stuck.user_key LIMIT {most}"
        );
        let rows = self.sql.run(&statement, vec![]).await?;
        rows.into_iter()
            .map(|row| {
                let mut row = Columns::of(row);
                Ok(StuckOne {
                    origin: row.needed_text()?,
                    user_key: row.needed_text()?,
                    reason: row.text()?.unwrap_or_default(),
                    version: row.needed_number()?,
                })
            })
            .collect()
    }

    /// Notes that somebody is called about these. One that has become stuck anew meanwhile is not among them.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn note_stuck_told(&self, told: &[StuckOne]) -> Result<(), SqlError> {
        if told.is_empty() {
            return Ok(());
        }
        let parameters = told.iter().flat_map(|one| {
            [Value::from(one.origin.as_str()), one.user_key.as_str().into(), one.version.into()]
        });
        let statement = format!(
            "UPDATE stuck SET told = 1 FROM (VALUES {}) AS seen \
             WHERE stuck.origin = seen.column1 AND stuck.user_key = seen.column2 AND stuck.version = seen.column3",
            placeholders(told.len(), 3)
        );
        self.sql.run(&statement, parameters.collect()).await.map(drop)
    }
}

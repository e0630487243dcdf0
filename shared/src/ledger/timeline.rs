//! The statements about the timeline, which people read. The triggers of the schema write it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Ledger, time};
use crate::{
    key::{OriginCode, UserKey},
    sql::{Columns, Sql, SqlError},
};

/// A line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TimelineEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened.
    #[cfg_attr(feature = "openapi", schemars(with = "super::Happened"))]
    pub event: String,
    /// Who brought it about, where it was somebody from outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Details in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl<S: Sql> Ledger<S> {
    /// What happened to a registration, the oldest first.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn timeline(
        &self,
        origin: &OriginCode,
        user_key: &UserKey,
    ) -> Result<Vec<TimelineEvent>, SqlError> {
        let statement = "SELECT at, event, actor, note FROM timeline WHERE origin = ?1 AND user_key = ?2 ORDER BY version";
        let rows = self.sql.run(statement, vec![origin.as_str().into(), user_key.as_str().into()]).await?;
        rows.into_iter()
            .map(|row| {
                let mut row = Columns::of(row);
                let at = time(row.needed_number()?)?;
                Ok(TimelineEvent { at, event: row.needed_text()?, actor: row.text()?, note: row.text()? })
            })
            .collect()
    }
}

//! The statements about how far the scans of the shop's lists are.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Ledger, stored};
use crate::{
    json,
    key::OriginCode,
    sql::{Columns, Sql, SqlError, Value},
    time::ShopTime,
};

/// How far the scan of one list is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScanState {
    /// Up to here the list was seen completely.
    pub watermark: Option<ShopTime>,
    /// When the last complete scan began.
    pub complete_since: Option<DateTime<Utc>>,
    /// When the scan under way began.
    pub began_at: Option<DateTime<Utc>>,
    /// The query of the first page that was not entered, when a tick ended before the list did.
    pub position: Option<String>,
    /// What the last row of the page before it is known by: its user's key, or the fingerprint of a row that cannot be read.
    pub last_row: Option<String>,
    /// Whether a page did not begin with the last row of the one before.
    pub drifted: bool,
    /// The latest registration date so far.
    pub latest: Option<ShopTime>,
}

impl<S: Sql> Ledger<S> {
    /// How far the scan of `list` is.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn scan(&self, origin: &OriginCode, list: &str) -> Result<ScanState, SqlError> {
        let statement = "SELECT state FROM scan WHERE origin = ?1 AND list = ?2";
        let rows = self.sql.run(statement, vec![origin.as_str().into(), list.into()]).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(ScanState::default()) };
        stored(json::read(&Columns::of(row).needed_text()?))
    }

    /// Stores how far the scan of `list` is.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn save_scan(
        &self,
        origin: &OriginCode,
        list: &str,
        state: &ScanState,
    ) -> Result<(), SqlError> {
        let statement = "INSERT INTO scan (origin, list, state) VALUES (?1, ?2, ?3) \
                         ON CONFLICT (origin, list) DO UPDATE SET state = excluded.state";
        let state = Value::from(stored(serde_json::to_string(state))?);
        self.sql.run(statement, vec![origin.as_str().into(), list.into(), state]).await.map(drop)
    }
}

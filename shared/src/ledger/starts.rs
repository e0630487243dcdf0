//! The statements about the origins whose registrations are announced.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Ledger, millis, placeholders, stored, time};
use crate::{
    key::OriginCode,
    sql::{Columns, Sql, SqlError, Value},
    time::ShopTime,
};

/// How an origin was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// Registrations from before are not announced, where no setting says otherwise.
    pub from: Option<ShopTime>,
}

impl<S: Sql> Ledger<S> {
    /// The origins that are started.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn starts(&self) -> Result<BTreeMap<OriginCode, Start>, SqlError> {
        let rows = self.sql.run("SELECT origin, at, actor, start_from FROM start", vec![]).await?;
        // One by one: collecting them would sort them first, and bring the code for it along.
        let mut starts = BTreeMap::new();
        for row in rows {
            let mut row = Columns::of(row);
            let origin = stored(row.needed_text()?.parse())?;
            let (at, by) = (time(row.needed_number()?)?, row.needed_text()?);
            let from = stored(row.text()?.as_deref().map(str::parse).transpose())?;
            starts.insert(origin, Start { at, by, from });
        }
        Ok(starts)
    }

    /// Starts origins; those that are started already stay as they are. What comes back was started now.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn start(
        &self,
        origins: &[OriginCode],
        by: &str,
        from: Option<ShopTime>,
        now: DateTime<Utc>,
    ) -> Result<Vec<OriginCode>, SqlError> {
        if origins.is_empty() {
            return Ok(Vec::new());
        }
        let from = from.map(|from| from.to_string());
        let parameters = origins
            .iter()
            .flat_map(|origin| [Value::from(origin.as_str()), millis(now), by.into(), from.clone().into()]);
        let statement = format!(
            "INSERT INTO start (origin, at, actor, start_from) VALUES {} \
             ON CONFLICT (origin) DO NOTHING RETURNING origin",
            placeholders(origins.len(), 4)
        );
        let rows = self.sql.run(&statement, parameters.collect()).await?;
        rows.into_iter().map(|row| stored(Columns::of(row).needed_text()?.parse())).collect()
    }
}

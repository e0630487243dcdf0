//! The statements about what somebody was called about.

use std::collections::BTreeMap;

use super::{Ledger, placeholders, time};
use crate::{
    alert::{Known, Raised, Topic},
    sql::{Columns, Sql, SqlError, Value},
};

impl<S: Sql> Ledger<S> {
    /// What was told last about each topic.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn alerts(&self) -> Result<BTreeMap<Topic, Known>, SqlError> {
        let rows = self.sql.run("SELECT origin, kind, number, since, told_at FROM alert", vec![]).await?;
        rows.into_iter()
            .map(|row| {
                let mut row = Columns::of(row);
                let topic = Topic { origin: row.needed_text()?, kind: row.needed_text()? };
                let number = row.needed_number()?;
                let since = row.number()?.map(time).transpose()?;
                Ok((topic, Known { number, since, told_at: time(row.needed_number()?)? }))
            })
            .collect()
    }

    /// Stores what somebody is to be called about, each only if nobody else has done so since it was read; the messages are stored
    /// with it.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn save_alerts(&self, raised: &[Raised]) -> Result<(), SqlError> {
        if raised.is_empty() {
            return Ok(());
        }
        let parameters = raised.iter().flat_map(|Raised { topic, now, body }| {
            [
                Value::from(topic.origin.as_str()),
                topic.kind.as_str().into(),
                now.number.into(),
                now.since.map(|at| at.timestamp_millis()).into(),
                now.told_at.timestamp_millis().into(),
                body.as_str().into(),
            ]
        });
        let statement = format!(
            "INSERT INTO alert (origin, kind, number, since, told_at, body) VALUES {} \
             ON CONFLICT (origin, kind) DO UPDATE SET number = excluded.number, since = excluded.since, \
             told_at = excluded.told_at, body = excluded.body WHERE alert.number = excluded.number - 1",
            placeholders(raised.len(), 6, 0)
        );
        self.sql.run(&statement, parameters.collect()).await.map(drop)
    }
}

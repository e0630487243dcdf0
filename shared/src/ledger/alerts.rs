//! The statements about what somebody was called about.

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
    pub async fn alerts(&self) -> Result<Vec<(Topic, Known)>, SqlError> {
        let rows = self.sql.run("SELECT origin, kind, number, since, told_at FROM alert", vec![]).await?;
        let mut alerts = Vec::new();
        for row in rows {
            let mut row = Columns::of(row);
            let topic = Topic { origin: row.needed_text()?, kind: row.needed_text()? };
            let number = row.needed_number()?;
            let since = row.number()?.map(time).transpose()?;
            alerts.push((topic, Known { number, since, told_at: time(row.needed_number()?)? }));
        }
        Ok(alerts)
    }

    /// Stores what somebody is to be called about, each only if nobody else has done so since it was read; the messages are stored
    /// with it. One that lists registrations is stored only if each of them is as it was read: whoever is erased or mended meanwhile
    /// is in no message. What comes back is stored.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn save_alerts(&self, raised: &[Raised]) -> Result<Vec<Topic>, SqlError> {
        if raised.is_empty() {
            return Ok(Vec::new());
        }
        let alerts = raised.iter().flat_map(|Raised { topic, now, body, .. }| {
            [
                Value::from(topic.origin.as_str()),
                topic.kind.as_str().into(),
                now.number.into(),
                now.since.map(|at| at.timestamp_millis()).into(),
                now.told_at.timestamp_millis().into(),
                body.as_str().into(),
            ]
        });
        let mut parameters: Vec<Value> = alerts.collect();
        let still_stuck = match raised.iter().map(|raised| raised.listed.len()).sum() {
            0 => "TRUE".to_owned(),
            listed => format!(
                "NOT EXISTS (SELECT 1 FROM (VALUES {}) AS listed WHERE listed.column1 = raised.column1 \
                 AND listed.column2 = raised.column2 AND NOT EXISTS (SELECT 1 FROM stuck \
                 WHERE stuck.origin = listed.column3 AND stuck.user_key = listed.column4 AND stuck.version = listed.column5))",
                placeholders(listed, 5)
            ),
        };
        let listed = raised.iter().flat_map(|Raised { topic, listed, .. }| {
            listed.iter().flat_map(|one| {
                [
                    Value::from(topic.origin.as_str()),
                    topic.kind.as_str().into(),
                    one.origin.as_str().into(),
                    one.user_key.as_str().into(),
                    one.version.into(),
                ]
            })
        });
        parameters.extend(listed);
        let statement = format!(
            "INSERT INTO alert (origin, kind, number, since, told_at, body) \
             SELECT * FROM (VALUES {}) AS raised WHERE {still_stuck} \
             ON CONFLICT (origin, kind) DO UPDATE SET number = excluded.number, since = excluded.since, \
             told_at = excluded.told_at, body = excluded.body WHERE alert.number = excluded.number - 1 \
             RETURNING origin, kind",
            placeholders(raised.len(), 6)
        );
        let saved = self.sql.run(&statement, parameters).await?;
        saved
            .into_iter()
            .map(|row| {
                let mut row = Columns::of(row);
                Ok(Topic { origin: row.needed_text()?, kind: row.needed_text()? })
            })
            .collect()
    }
}

//! The tick's lease: it saves work when two schedulers call at once. Safety does not rest on it but on the claims.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Ledger, millis};
use crate::sql::{Sql, SqlError};

/// How far the clocks of two instances may be apart.
const ODD: TimeDelta = TimeDelta::minutes(5);

impl<S: Sql> Ledger<S> {
    /// Takes the lease `name` until a time, unless somebody else holds it. One that lasts much longer than a new one would was taken
    /// by a clock that has been set back since, and keeps nobody out.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn take_lease(
        &self,
        name: &str,
        token: &str,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, SqlError> {
        let statement = "INSERT INTO lease (name, token, until) VALUES (?1, ?2, ?3) \
             ON CONFLICT (name) DO UPDATE SET token = excluded.token, until = excluded.until \
             WHERE lease.until <= ?4 OR lease.until > ?5 RETURNING name";
        let parameters = vec![name.into(), token.into(), millis(until), millis(now), millis(until + ODD)];
        Ok(!self.sql.run(statement, parameters).await?.is_empty())
    }

    /// Gives the lease back, if it is still ours.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn give_lease_back(&self, name: &str, token: &str) -> Result<(), SqlError> {
        let statement = "DELETE FROM lease WHERE name = ?1 AND token = ?2";
        self.sql.run(statement, vec![name.into(), token.into()]).await.map(drop)
    }
}

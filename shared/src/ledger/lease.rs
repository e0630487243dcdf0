//! The tick's lease: it saves work when two schedulers call at once. Safety does not rest on it but on the claims.

use chrono::{DateTime, Utc};

use super::{Ledger, millis};
use crate::sql::{Sql, SqlError};

impl<S: Sql> Ledger<S> {
    /// Takes the lease `name` until a time, unless somebody else holds it.
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
        let statement = "INSERT INTO lease (name, token, until) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET token = excluded.token, until = excluded.until WHERE lease.until <= $4 \
             RETURNING name";
        let parameters = vec![name.into(), token.into(), millis(until), millis(now)];
        Ok(!self.sql.run(statement, parameters).await?.is_empty())
    }

    /// Gives the lease back, if it is still ours.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn give_lease_back(&self, name: &str, token: &str) -> Result<(), SqlError> {
        let statement = "DELETE FROM lease WHERE name = $1 AND token = $2";
        self.sql.run(statement, vec![name.into(), token.into()]).await.map(drop)
    }
}

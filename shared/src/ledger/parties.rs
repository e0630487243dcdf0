//! The statements about customers and addresses that this application has written, or was about to write.

use chrono::{DateTime, Utc};

use super::{Ledger, millis, placeholders, stored, time};
use crate::{
    key::{OriginCode, UserKey},
    sql::{Columns, Sql, SqlError, Value},
};

/// A customer or an address: their keys are spaces of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartyKind {
    /// A customer.
    Customer,
    /// An address.
    Address,
}

impl PartyKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Address => "address",
        }
    }
}

/// A customer or address that is ours: the shop did not have it when we set out to write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnParty {
    /// What it is.
    pub kind: PartyKind,
    /// Its key.
    pub key: String,
    /// The registration that it was written for.
    pub user_key: UserKey,
    /// The fingerprint of the body.
    pub print: String,
    /// Whether the shop has answered that it is written.
    pub confirmed: bool,
    /// When the ERP decided that it is to look so; `None` for what a version wrote that did not remember it.
    pub decided_at: Option<DateTime<Utc>>,
}

impl<S: Sql> Ledger<S> {
    /// Those of the keys that are ours.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn own_parties(
        &self,
        origin: &OriginCode,
        keys: &[(PartyKind, String)],
    ) -> Result<Vec<OwnParty>, SqlError> {
        let mut parameters = vec![origin.as_str().into()];
        parameters
            .extend(keys.iter().flat_map(|(kind, key)| [Value::from(kind.as_str()), key.as_str().into()]));
        let statement = format!(
            "SELECT kind, key, user_key, print, confirmed, decided_at FROM party WHERE origin = ?1 AND (kind, key) IN (VALUES {})",
            placeholders(keys.len(), 2)
        );
        let rows = self.sql.run(&statement, parameters).await?;
        rows.into_iter()
            .map(|row| {
                let mut row = Columns::of(row);
                let kind = match row.needed_text()?.as_str() {
                    "customer" => PartyKind::Customer,
                    _ => PartyKind::Address,
                };
                let key = row.needed_text()?;
                let user_key = stored(row.needed_text()?.parse())?;
                Ok(OwnParty {
                    kind,
                    key,
                    user_key,
                    print: row.needed_text()?,
                    confirmed: row.needed_number()? != 0,
                    decided_at: row.number()?.map(time).transpose()?,
                })
            })
            .collect()
    }

    /// Notes that what a registration was to have by the decision of this time is written for certain.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn confirm_parties(
        &self,
        origin: &OriginCode,
        user_key: &UserKey,
        decided_at: DateTime<Utc>,
    ) -> Result<(), SqlError> {
        let statement =
            "UPDATE party SET confirmed = 1 WHERE origin = ?1 AND user_key = ?2 AND decided_at = ?3";
        let parameters = vec![origin.as_str().into(), user_key.as_str().into(), millis(decided_at)];
        self.sql.run(statement, parameters).await.map(drop)
    }

    /// Takes back that these were about to be written: the shop has refused them, or nothing was sent. What is confirmed stays.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn withdraw_parties(&self, origin: &OriginCode, parties: &[OwnParty]) -> Result<(), SqlError> {
        let Some(first) = parties.first() else { return Ok(()) };
        let mut parameters = vec![origin.as_str().into(), first.user_key.as_str().into()];
        parameters.extend(
            parties.iter().flat_map(|party| [Value::from(party.kind.as_str()), party.key.as_str().into()]),
        );
        let statement = format!(
            "DELETE FROM party WHERE origin = ?1 AND user_key = ?2 AND confirmed = 0 AND (kind, key) IN (VALUES {})",
            placeholders(parties.len(), 2)
        );
        self.sql.run(&statement, parameters).await.map(drop)
    }

    /// Stores that these are about to be written, or are written. A key that another registration holds is not taken from it.
    /// Returns how many are stored.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn note_parties(&self, origin: &OriginCode, parties: &[OwnParty]) -> Result<usize, SqlError> {
        if parties.is_empty() {
            return Ok(0);
        }
        let parameters = parties.iter().flat_map(|party| {
            [
                Value::from(origin.as_str()),
                party.kind.as_str().into(),
                party.key.as_str().into(),
                party.user_key.as_str().into(),
                party.print.as_str().into(),
                i64::from(party.confirmed).into(),
                party.decided_at.map(|at| at.timestamp_millis()).into(),
            ]
        });
        let statement = format!(
            "INSERT INTO party (origin, kind, key, user_key, print, confirmed, decided_at) VALUES {} \
             ON CONFLICT (origin, kind, key) DO UPDATE SET print = excluded.print, confirmed = excluded.confirmed, \
             decided_at = excluded.decided_at \
             WHERE party.user_key = excluded.user_key RETURNING key",
            placeholders(parties.len(), 7)
        );
        Ok(self.sql.run(&statement, parameters.collect()).await?.len())
    }
}

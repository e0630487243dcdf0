//! The statements about registrations in the order of their changes, for those who ask what is new.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};

use super::{
    Entry, Ledger, State, millis,
    registrations::{COLUMNS, entry},
    time,
};
use crate::{
    key::OriginCode,
    sql::{Columns, Sql, SqlError, Value},
};

/// The number of a change. The database gives it in the statement that changes the row, and of two changes the one that is committed
/// later has the greater number. So whoever has read everything up to a number finds all that comes later behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change(pub(super) i64);

impl Change {
    /// Before all changes.
    pub const NONE: Self = Self(i64::MIN);
}

/// Written as 16 hexadecimal digits: nobody is to count with it.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Change {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = text.as_bytes();
        let plain = bytes.len() == 16 && bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let number = u64::from_str_radix(text, 16).ok().filter(|_| plain);
        number.map(|number| Self(number.cast_signed())).ok_or("expected what `next` of an earlier answer was")
    }
}

/// Which registrations are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those of this origin.
    pub origin: Option<OriginCode>,
}

/// A registration with its last change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The number of the change.
    pub change: Change,
    /// When it was, by the clock of who made it.
    pub changed_at: DateTime<Utc>,
    /// The registration.
    pub entry: Entry,
}

impl Shown {
    /// The condition and its parameters. `origin || ''` is the origin, but keeps the database from looking it up in another index
    /// than the one that has the rows in order.
    fn condition(&self) -> (String, Vec<Value>) {
        let state = self.state.map(|state| ("state", Value::from(state.as_str())));
        let origin = self.origin.as_ref().map(|origin| ("origin || ''", Value::from(origin.as_str())));
        let (columns, parameters): (Vec<_>, Vec<_>) = state.into_iter().chain(origin).unzip();
        let wanted = (1..).zip(columns).map(|(number, column)| format!("{column} = ?{number} AND "));
        (wanted.collect(), parameters)
    }
}

/// The registration in the next columns of a row: number and time of its change, and itself.
pub(super) fn changed(row: &mut Columns) -> Result<Changed, SqlError> {
    let change = Change(row.needed_number()?);
    let changed_at = time(row.needed_number()?)?;
    Ok(Changed { change, changed_at, entry: entry(row)? })
}

impl<S: Sql> Ledger<S> {
    /// The registrations that changed after `after`, in the order of their last changes.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn changed_after(
        &self,
        shown: &Shown,
        after: Change,
        most: usize,
    ) -> Result<Vec<Changed>, SqlError> {
        let (condition, mut parameters) = shown.condition();
        parameters.push(after.0.into());
        let rest = format!("{condition}change > ?{} ORDER BY change LIMIT {most}", parameters.len());
        self.changed(&rest, parameters).await
    }

    /// The registrations that changed last, the latest first.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn changed_last(&self, shown: &Shown, most: usize) -> Result<Vec<Changed>, SqlError> {
        let (condition, parameters) = shown.condition();
        let rest = format!("{condition}change IS NOT NULL ORDER BY change DESC LIMIT {most}");
        self.changed(&rest, parameters).await
    }

    async fn changed(&self, rest: &str, parameters: Vec<Value>) -> Result<Vec<Changed>, SqlError> {
        let statement = format!("SELECT change, shown_at, {COLUMNS} FROM registration WHERE {rest}");
        let rows = self.sql.run(&statement, parameters).await?;
        rows.into_iter().map(|row| changed(&mut Columns::of(row))).collect()
    }

    /// The last change there has been.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn last_change(&self) -> Result<Change, SqlError> {
        let rows = self.sql.run("SELECT value FROM counter WHERE name = 'change'", vec![]).await?;
        let row = rows.into_iter().next().ok_or_else(|| SqlError("the counter is not there".to_owned()))?;
        Columns::of(row).needed_number().map(Change)
    }

    /// The change behind which everything lies that changed at `since` or later. Clocks differ, so a few may lie there that changed
    /// before.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn change_before(&self, since: DateTime<Utc>) -> Result<Change, SqlError> {
        // Before the first question: what changes between the two has a greater number.
        let last = self.last_change().await?;
        // The sum keeps the database from walking through all changes in their order until one is late enough.
        let statement = "SELECT MIN(change + 0) FROM registration WHERE shown_at >= ?1";
        let row = self.sql.run(statement, vec![millis(since)]).await?.into_iter().next();
        let first = row.map_or(Ok(None), |row| Columns::of(row).number())?;
        Ok(first.map_or(last, |first| Change(first - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back_from_its_text_and_other_texts_are_none() {
        for number in [Change::NONE, Change(-1), Change(0), Change(7), Change(i64::MAX)] {
            assert_eq!(number.to_string().parse(), Ok(number));
        }
        for other in
            ["", "7", "+000000000000007", "000000000000000G", "000000000000000F", "00000000000000007"]
        {
            assert!(other.parse::<Change>().is_err(), "{other}");
        }
    }
}

//! The statements about the timeline for a person who reads it: its two ends, where it is long.

use chrono::{DateTime, Utc};

use super::{Happened, Ledger, stored, time};
use crate::{
    key::{OriginCode, UserKey},
    sql::{Columns, Sql, SqlError, Value},
};

/// As many lines are read from each end. What fails for a week, as often as the settings allow, is read whole by most.
const END: usize = 250;

/// A line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened.
    pub what: Happened,
    /// Who brought it about, where it was somebody from outside.
    pub actor: Option<String>,
    /// Details in words.
    pub note: Option<String>,
}

fn line(row: Vec<Value>) -> Result<(i64, Line), SqlError> {
    let mut row = Columns::of(row);
    let (version, at) = (row.needed_number()?, time(row.needed_number()?)?);
    let what = stored(row.needed_text()?.parse())?;
    Ok((version, Line { at, what, actor: row.text()?, note: row.text()? }))
}

impl<S: Sql> Ledger<S> {
    /// What happened to a registration, the oldest first, and how many lines in the middle were left out.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn lines(
        &self,
        origin: &OriginCode,
        user_key: &UserKey,
    ) -> Result<(Vec<Line>, usize), SqlError> {
        let of = "FROM timeline WHERE origin = ?1 AND user_key = ?2";
        let parameters = || vec![origin.as_str().into(), user_key.as_str().into()];
        let end = async |direction: &str| {
            let statement = format!(
                "SELECT version, at, event, actor, note {of} ORDER BY version {direction} LIMIT {END}"
            );
            let rows = self.sql.run(&statement, parameters()).await?;
            rows.into_iter().map(line).collect::<Result<Vec<_>, _>>()
        };
        let mut lines = end("ASC").await?;
        let mut left_out = 0;
        if lines.len() == END {
            let known = lines.last().map_or(0, |(version, _)| *version);
            let mut last = end("DESC").await?;
            last.retain(|(version, _)| *version > known);
            last.reverse();
            lines.extend(last);
            let count =
                self.sql.run(&format!("SELECT COUNT(*) {of}"), parameters()).await?.into_iter().next();
            let count = count.map_or(Ok(0), |row| Columns::of(row).needed_number())?;
            left_out = usize::try_from(count).unwrap_or_default().saturating_sub(lines.len());
        }
        Ok((lines.into_iter().map(|(_, line)| line).collect(), left_out))
    }
}

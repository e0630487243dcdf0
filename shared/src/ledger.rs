//! The ledger: what has happened to each registration, and what is still to do. Every statement of SQL lives in this module.
//!
//! A Spin host promises no transaction over two calls, so each change of state is one statement. It holds only if the row still has
//! the version that was read: whoever comes second changes nothing, reads again, and decides again. The timeline is written by a
//! trigger in that same statement, and so are the outcomes that the ERP is told: they can neither miss a change nor tell of one that
//! did not happen.
//!
//! The statements are written for SQLite and PostgreSQL alike, but for the schema's pragma and triggers.

mod alerts;
mod changes;
mod entry;
mod erasure;
mod inbox;
mod lease;
mod lines;
mod outgoing;
mod parties;
mod rates;
mod registrations;
mod restores;
mod runs;
mod scans;
mod schema;
mod search;
mod sessions;
mod snapshot;
mod starts;
mod state;
mod stuck;
mod tallies;
mod timeline;
mod updates;
mod words;

pub use changes::{Change, Changed, Shown};
pub use entry::{CLAIM_LIFE, Claim, DecisionRef, Entry};
pub use inbox::{Applied, Kept, KeptEvent, Letter};
pub use lines::Line;
pub use outgoing::{Outgoing, OutgoingLine, Sent, To};
pub use parties::{OwnParty, PartyKind};
pub use rates::Counted;
pub use registrations::Turn;
pub use restores::Restored;
pub use runs::Run;
pub use scans::ScanState;
pub use snapshot::{Group, OriginSnapshot, Waiting};
pub use starts::Start;
pub use state::{Happened, State};
pub use stuck::StuckOne;
pub use tallies::{Tallied, Tally};
pub use timeline::TimelineEvent;
pub use updates::{Rewrite, Rewritten};
pub(crate) use words::words;

use chrono::{DateTime, Utc};

use crate::sql::{Sql, SqlError, Value};

/// The ledger over a database.
pub struct Ledger<S> {
    sql: S,
}

impl<S: Sql> Ledger<S> {
    /// Opens the ledger and brings its schema up to date.
    ///
    /// # Errors
    /// [`SqlError`], also when the database was written by a newer version of this application.
    pub async fn open(sql: S) -> Result<Self, SqlError> {
        schema::migrate(&sql).await?;
        // What is written over or deleted is filled with zeros, so that what is erased is in no free part of the file. It holds for the
        // connection. Other databases do not know the words.
        let _ = sql.run("PRAGMA secure_delete = ON", vec![]).await;
        Ok(Self { sql })
    }

    /// The ledger over a connection by which it was opened before.
    #[must_use]
    pub fn opened(sql: S) -> Self {
        Self { sql }
    }
}

/// `(?,?),(?,?)` for `rows` rows of `columns` columns: the next parameters.
fn placeholders(rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(","));
    vec![row.as_str(); rows].join(",")
}

fn millis(time: DateTime<Utc>) -> Value {
    Value::Integer(time.timestamp_millis())
}

fn time(millis: i64) -> Result<DateTime<Utc>, SqlError> {
    DateTime::from_timestamp_millis(millis).ok_or_else(|| SqlError(format!("no time: {millis}")))
}

fn stored<T, E: std::fmt::Display>(parsed: Result<T, E>) -> Result<T, SqlError> {
    parsed.map_err(|error| SqlError(format!("unreadable row: {error}")))
}

#[cfg(test)]
mod tests;

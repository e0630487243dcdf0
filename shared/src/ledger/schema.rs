//! The tables, and the steps that lead from each version of them to the next.

mod changes;
mod erasing;
mod first;
mod outcomes;
mod restores;
mod searching;
mod sessions;
mod starting;
mod tallies;

use super::stored;
use crate::sql::{Columns, Sql, SqlError, Value};

/// The version that this code reads and writes.
const VERSION: usize = STEPS.len();

/// One step. A step that was cut off is simply repeated, and two instances may be at it at once.
struct Step {
    /// Statements that can each be run again.
    statements: &'static [&'static str],
    /// Columns to add after them: table, name and type.
    columns: &'static [(&'static str, &'static str, &'static str)],
}

const STEPS: [Step; 19] = [
    first::FIRST,
    first::FAILING_SINCE,
    first::TURNS,
    first::RATES,
    changes::CHANGE_COLUMNS,
    changes::CHANGES,
    changes::RUNS,
    outcomes::OUTCOME_COLUMNS,
    outcomes::OUTGOING,
    erasing::ERASURE_COLUMNS,
    erasing::ERASURE,
    searching::SEARCH_COLUMNS,
    searching::SEARCH,
    tallies::ACTIVE_COLUMN,
    tallies::TALLIES,
    sessions::SESSIONS,
    starting::STARTS,
    restores::RESTORES,
    erasing::FINISHED,
];

/// Brings the schema to [`VERSION`].
pub(super) async fn migrate(sql: &impl Sql) -> Result<(), SqlError> {
    let found = found(sql).await?;
    if found == 0 {
        // Twice the writes a second of the default journal, and readers that do not wait for writers. It stays in the file. Two
        // instances that open a new database at once can be in each other's way here, so only one of them needs to succeed.
        let _ = sql.run("PRAGMA journal_mode = WAL", vec![]).await;
    }
    if found > VERSION {
        return Err(SqlError(format!(
            "the ledger was written by a newer version (its schema is {found}, this one knows {VERSION}): \
             deploy that version again, or restore a ledger from before"
        )));
    }
    for (version, step) in (1_i64..).zip(STEPS).skip(found) {
        for statement in step.statements {
            sql.run(statement, vec![]).await?;
        }
        for (table, column, kind) in step.columns {
            let added = sql.run(&format!("ALTER TABLE {table} ADD COLUMN {column} {kind}"), vec![]).await;
            // SQLite has no "add if not exists": it was added before if it can be asked for.
            if sql.run(&format!("SELECT {column} FROM {table} LIMIT 0"), vec![]).await.is_err() {
                added?;
            }
        }
        // Two instances may migrate at once: the row is made once, and only ever counts up.
        sql.run(
            "INSERT INTO schema_version SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)",
            vec![],
        )
        .await?;
        sql.run("UPDATE schema_version SET version = ?1 WHERE version < ?1", vec![Value::from(version)])
            .await?;
    }
    Ok(())
}

/// The version of the database; 0 for a new one.
async fn found(sql: &impl Sql) -> Result<usize, SqlError> {
    let Ok(rows) = sql.run("SELECT version FROM schema_version", vec![]).await else {
        // The table is not there: a new database, or no database at all, which this statement tells.
        sql.run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)", vec![]).await?;
        return Ok(0);
    };
    let version = rows.into_iter().next().map_or(Ok(0), |row| Columns::of(row).needed_number())?;
    stored(usize::try_from(version))
}

//! The port to the database: a real SQLite, slow and unreliable as the weather has it.

use std::time::Duration;

use rusqlite::{Connection, backup::Backup, types::Value as Stored};
use shared::sql::{Sql, SqlError, Value};

use crate::process::Process;

/// The database as one process sees it.
pub struct Statements(pub Process);

impl Sql for Statements {
    async fn run(&self, statement: &str, mut parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        let process = &self.0;
        let world = process.world();
        let weather = world.weather();
        world.wait_up_to(weather.longest_statement).await;
        if world.down.get() {
            return Err(SqlError("there is no ledger".to_owned()));
        }
        if world.chance(weather.statement_fails) {
            world.trace(process.name(), || format!("fails: {}", head(statement)));
            return Err(SqlError("the database is busy".to_owned()));
        }
        if let Some(mutation) = world.mutation {
            mutation.bend(statement, &mut parameters, world.clock.shown(), world.zone());
            if mutation.does_not_await(statement) {
                return Ok(not_awaited(process, statement, parameters));
            }
        }
        let (first, second) = (parameters.first().cloned(), parameters.get(1).cloned());
        let rows = world.query(statement, parameters);
        if let Ok(rows) = &rows {
            world.history.note(world, statement, first.as_ref(), second.as_ref(), rows);
        }
        process.effect(|| format!("{} -> {} rows", head(statement), rows.as_ref().map_or(0, Vec::len))).await;
        if world.chance(weather.statement_unsure) {
            return Err(SqlError("the database broke off".to_owned()));
        }
        rows
    }
}

/// The mistake of [`crate::Mutation::StatementNotAwaited`]: what the statement would return comes at once, and it is carried out by and by, if
/// the process lives that long.
fn not_awaited(process: &Process, statement: &str, parameters: Vec<Value>) -> Vec<Vec<Value>> {
    let row = vec![parameters[0].clone()];
    let (process, statement) = (process.clone(), statement.to_owned());
    let world = std::rc::Rc::clone(process.world());
    tokio::task::spawn_local(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        process.effect(|| format!("at last: {}", head(&statement))).await;
        let _ = world.query(&statement, parameters);
    });
    vec![row]
}

/// The words by which one tells statements apart.
fn head(statement: &str) -> String {
    statement.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
}

/// A new database in memory, with the mutation's additions once the ledger has its tables.
pub fn new() -> Connection {
    let connection = Connection::open_in_memory().expect("SQLite opens a database in memory");
    connection.set_prepared_statement_cache_capacity(256);
    connection
}

/// Makes one database like another.
pub fn copy(from: &Connection, to: &mut Connection) {
    let backup = Backup::new(from, to).expect("both are in memory");
    backup.run_to_completion(i32::MAX, Duration::ZERO, None).expect("nobody else has them open");
}

/// Runs one statement.
///
/// # Errors
/// What SQLite says.
pub fn query(
    connection: &Connection,
    statement: &str,
    parameters: Vec<Value>,
) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut statement = connection.prepare_cached(statement)?;
    let columns = statement.column_count();
    let parameters = parameters.into_iter().map(|value| match value {
        Value::Null => Stored::Null,
        Value::Integer(number) => Stored::Integer(number),
        Value::Text(text) => Stored::Text(text),
    });
    let mut rows = statement.query(rusqlite::params_from_iter(parameters))?;
    let mut read = Vec::new();
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|column| {
            Ok(match row.get(column)? {
                Stored::Integer(number) => Value::Integer(number),
                Stored::Text(text) => Value::Text(text),
                Stored::Null | Stored::Real(_) | Stored::Blob(_) => Value::Null,
            })
        });
        read.push(values.collect::<rusqlite::Result<_>>()?);
    }
    Ok(read)
}

//! The model's port to the database, over a file that nobody else has open.

use anyhow::Result;
use futures_util::FutureExt as _;
use rusqlite::{Connection, types::Value as Stored};
use shared::sql::{Sql, SqlError, Value};

/// A connection, as the model uses it.
pub struct Statements<'a>(pub &'a Connection);

impl Sql for Statements<'_> {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        run(self.0, statement, parameters).map_err(|error| SqlError(error.to_string()))
    }
}

fn run(db: &Connection, statement: &str, parameters: Vec<Value>) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut statement = db.prepare_cached(statement)?;
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
                // The ledger has no others.
                Stored::Null | Stored::Real(_) | Stored::Blob(_) => Value::Null,
            })
        });
        read.push(values.collect::<rusqlite::Result<_>>()?);
    }
    Ok(read)
}

/// What the model answers: over this connection it never has to wait.
pub fn at_once<T>(work: impl Future<Output = Result<T, SqlError>>) -> Result<T> {
    work.now_or_never().ok_or_else(|| anyhow::anyhow!("the database was waited for"))?.map_err(Into::into)
}

//! The port to the database over a real SQLite.

use std::rc::Rc;

use rusqlite::{Connection, types::Value as Stored};
use shared::sql::{Sql, SqlError, Value};

/// A database in memory, or in a file.
#[derive(Clone)]
pub struct Sqlite(pub Rc<Connection>);

impl Sqlite {
    pub fn in_memory() -> Self {
        Self(Rc::new(Connection::open_in_memory().unwrap()))
    }
}

fn run(db: &Connection, statement: &str, parameters: Vec<Value>) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut statement = db.prepare_cached(statement)?;
    for number in 1..=parameters.len() {
        let name = statement.parameter_name(number);
        // A plain one has no name, and is the next.
        assert!(name.is_none_or(|name| name == format!("?{number}")), "parameters out of order: {name:?}");
    }
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
                Stored::Null => Value::Null,
                Stored::Integer(number) => Value::Integer(number),
                Stored::Text(text) => Value::Text(text),
                other @ (Stored::Real(_) | Stored::Blob(_)) => panic!("the ledger holds no {other:?}"),
            })
        });
        read.push(values.collect::<rusqlite::Result<_>>()?);
    }
    Ok(read)
}

impl Sql for Sqlite {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        run(&self.0, statement, parameters).map_err(|error| SqlError(error.to_string()))
    }
}

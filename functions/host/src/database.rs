//! SQLite: the port to the database, as Spin offers it.

use shared::sql::{Sql, SqlError, Value};
use spin_sdk::sqlite::{Connection, Value as Stored};

/// A connection to the application's database.
pub struct Sqlite(Connection);

impl Sqlite {
    /// Connects to the database named `default`.
    ///
    /// # Errors
    /// [`SqlError`] when the host does not give one.
    pub async fn open() -> Result<Self, SqlError> {
        Connection::open_default().await.map(Self).map_err(|error| SqlError(error.to_string()))
    }
}

impl Sql for Sqlite {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        let failed = |error: spin_sdk::sqlite::Error| SqlError(error.to_string());
        let parameters = parameters.into_iter().map(|value| match value {
            Value::Null => Stored::Null,
            Value::Integer(number) => Stored::Integer(number),
            Value::Text(text) => Stored::Text(text),
        });
        // `collect` also waits for the end of the statement: an error of a later step comes only there.
        let rows =
            self.0.execute(statement, parameters).await.map_err(failed)?.collect().await.map_err(failed)?;
        rows.into_iter()
            .map(|row| {
                let values = row.values.into_iter().map(|value| match value {
                    Stored::Null => Ok(Value::Null),
                    Stored::Integer(number) => Ok(Value::Integer(number)),
                    Stored::Text(text) => Ok(Value::Text(text)),
                    Stored::Real(_) | Stored::Blob(_) => {
                        Err(SqlError("the ledger holds only text and numbers".to_owned()))
                    }
                });
                values.collect()
            })
            .collect()
    }
}

//! SQLite: the port to the database, as Spin offers it.

use std::{cell::RefCell, rc::Rc};

use shared::{
    ledger::Ledger,
    sql::{Sql, SqlError, Value},
};
use spin_sdk::sqlite::{Connection, Value as Stored};

thread_local! {
    /// The connection lives as long as the instance: to open one, to read the schema and to prepare each statement anew costs more
    /// than what a request does with it. Requests that run at once may share it, because no change spans two statements. A ledger that a
    /// newer version has migrated meanwhile is refused by the next instance.
    static KEPT: RefCell<Option<Sqlite>> = const { RefCell::new(None) };
}

/// A connection to the application's database.
#[derive(Clone)]
pub struct Sqlite(Rc<Connection>);

/// The ledger, by the connection of an earlier request if there was one: it is opened once.
///
/// # Errors
/// [`SqlError`] when the host gives no connection, or as [`Ledger::open`].
pub async fn ledger() -> Result<Ledger<Sqlite>, SqlError> {
    if let Some(kept) = KEPT.with_borrow(Clone::clone) {
        return Ok(Ledger::opened(kept));
    }
    let connection = Connection::open_default().await.map_err(|error| SqlError(error.to_string()))?;
    let sqlite = Sqlite(Rc::new(connection));
    let ledger = Ledger::open(sqlite.clone()).await?;
    KEPT.set(Some(sqlite));
    Ok(ledger)
}

impl Sql for Sqlite {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        let failed = |error: spin_sdk::sqlite::Error| {
            // It may be the connection that is broken: the next request opens another.
            KEPT.set(None);
            SqlError(error.to_string())
        };
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

//! The database as Spin offers it: a connection per opened resource, a statement per call, and no setting of our own.
//!
//! SQLite has one writer at a time, and who finds it busy sleeps and tries again: for up to 100 ms each time, while others come
//! first. So statements that write take turns here, in the order in which they come.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{Value as SqlValue, ValueRef};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use crate::bindings::spin::sqlite::sqlite::{Error, RowResult, Value};

/// The file of a database. Copies are of the same one, and so are the turns that its writers take.
#[derive(Clone)]
pub(crate) struct Database(Arc<File>);

struct File {
    path: PathBuf,
    turn: tokio::sync::Mutex<()>,
}

/// A connection, opened when it is first used.
#[derive(Clone)]
pub struct Connection(Arc<Lazy>);

struct Lazy {
    database: Database,
    connection: Mutex<Option<rusqlite::Connection>>,
}

/// A statement that has begun.
pub(crate) struct Running {
    pub columns: Vec<String>,
    /// Rows in the order of the result, some at a time.
    pub rows: mpsc::Receiver<Vec<RowResult>>,
    /// How the last step ended; it comes after the rows.
    pub end: oneshot::Receiver<Result<(), Error>>,
}

/// Rows that cross to the component at once.
const BATCH: usize = 64;
/// Batches that wait for the component before the statement does.
const BATCHES_AHEAD: usize = 64;
/// How long a statement waits for its turn; then it is SQLite's to say that the database is busy. As long as rusqlite has it wait.
const PATIENCE: Duration = Duration::from_secs(5);

impl Database {
    pub fn new(path: PathBuf) -> Self {
        Self(Arc::new(File { path, turn: tokio::sync::Mutex::default() }))
    }

    /// Waits for the turn of who writes. It blocks.
    fn turn(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        // A mutex of the standard library would not keep the order.
        Handle::current().block_on(tokio::time::timeout(PATIENCE, self.0.turn.lock())).ok()
    }
}

impl Connection {
    pub(crate) fn new(database: &Database) -> Self {
        Self(Arc::new(Lazy { database: database.clone(), connection: Mutex::new(None) }))
    }

    /// Begins a statement; it goes on while the component takes its rows, and stops when it drops them.
    pub(crate) async fn execute(&self, statement: String, parameters: Vec<Value>) -> Result<Running, Error> {
        let (begin, columns) = oneshot::channel();
        let (sender, rows) = mpsc::channel(BATCHES_AHEAD);
        let (finish, end) = oneshot::channel();
        let this = self.clone();
        tokio::task::spawn_blocking(move || {
            let mut begin = Some(begin);
            let result = this.with(|connection| {
                run(&this.0.database, connection, &statement, parameters, &mut begin, &sender)
            });
            // Nobody listens any more when the component has gone; there is nobody to tell.
            let _ = match begin {
                Some(begin) => begin.send(result.map(|()| Vec::new())).is_ok(),
                None => finish.send(result).is_ok(),
            };
        });
        let columns = columns.await.map_err(|_| Error::Io("the statement was given up".to_owned()))??;
        Ok(Running { columns, rows, end })
    }

    /// The row id of the last insert through this connection.
    pub(crate) async fn last_insert_rowid(&self) -> Result<i64, Error> {
        self.ask(rusqlite::Connection::last_insert_rowid).await
    }

    /// How many rows the last insert, update or delete through this connection changed.
    pub(crate) async fn changes(&self) -> Result<u64, Error> {
        self.ask(rusqlite::Connection::changes).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&rusqlite::Connection) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let this = self.clone();
        tokio::task::spawn_blocking(move || this.with(|connection| Ok(question(connection))))
            .await
            .map_err(|error| Error::Io(error.to_string()))?
    }

    fn with<T>(&self, work: impl FnOnce(&rusqlite::Connection) -> Result<T, Error>) -> Result<T, Error> {
        let mut connection = self.0.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.is_none() {
            *connection = Some(rusqlite::Connection::open(&self.0.database.0.path).map_err(io)?);
        }
        connection.as_ref().map_or_else(|| Err(Error::InvalidConnection), work)
    }
}

/// Sends the columns through `begin` once the statement is ready, then its rows.
fn run(
    database: &Database,
    connection: &rusqlite::Connection,
    statement: &str,
    parameters: Vec<Value>,
    begin: &mut Option<oneshot::Sender<Result<Vec<String>, Error>>>,
    sender: &mpsc::Sender<Vec<RowResult>>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(statement).map_err(io)?;
    let columns: Vec<String> = statement.column_names().into_iter().map(ToOwned::to_owned).collect();
    let width = columns.len();
    let parameters = rusqlite::params_from_iter(parameters.into_iter().map(to_sql));
    // Whoever is in a transaction has the writer's place already.
    let writes = !statement.readonly() && connection.is_autocommit();
    let _turn = writes.then(|| database.turn());
    let mut rows = statement.query(parameters).map_err(io)?;
    if begin.take().is_none_or(|begin| begin.send(Ok(columns)).is_err()) {
        return Ok(());
    }
    let mut batch = Vec::new();
    while let Some(row) = rows.next().map_err(io)? {
        let values = (0..width).map(|i| from_sql(row.get_ref(i).map_err(io)?)).collect::<Result<_, _>>()?;
        batch.push(RowResult { values });
        if batch.len() == BATCH && sender.blocking_send(std::mem::take(&mut batch)).is_err() {
            return Ok(());
        }
    }
    if !batch.is_empty() {
        let _ = sender.blocking_send(batch);
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "so that it fits map_err")]
fn io(error: rusqlite::Error) -> Error {
    Error::Io(error.to_string())
}

fn to_sql(value: Value) -> SqlValue {
    match value {
        Value::Null => SqlValue::Null,
        Value::Integer(value) => SqlValue::Integer(value),
        Value::Real(value) => SqlValue::Real(value),
        Value::Text(value) => SqlValue::Text(value),
        Value::Blob(value) => SqlValue::Blob(value),
    }
}

fn from_sql(value: ValueRef<'_>) -> Result<Value, Error> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(text) => {
            Value::Text(String::from_utf8(text.to_vec()).map_err(|error| Error::Io(error.to_string()))?)
        }
        ValueRef::Blob(value) => Value::Blob(value.to_vec()),
    })
}

#[cfg(test)]
mod tests;

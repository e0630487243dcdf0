//! The database as Spin offers it: a connection per opened resource, a statement per call, and no setting of our own.
//!
//! SQLite has one writer at a time, and who finds it busy sleeps and tries again: for up to 100 ms each time, while others come
//! first. So one thread runs all statements that may write, in the order in which they come.

use std::path::PathBuf;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

use rusqlite::types::{Value as SqlValue, ValueRef};
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard, mpsc, oneshot};
use tokio::task::spawn_blocking;

use crate::bindings::spin::sqlite::sqlite::{Error, RowResult, Value};

/// The file of a database. Copies are of the same one, and so is its writer.
#[derive(Clone)]
pub(crate) struct Database(Arc<File>);

struct File {
    path: PathBuf,
    writer: std::sync::mpsc::Sender<Work>,
}

/// A statement that is ready to be run.
type Work = Box<dyn FnOnce() + Send>;

/// A connection, opened when it is first used.
#[derive(Clone)]
pub struct Connection(Arc<Lazy>);

struct Lazy {
    database: Database,
    connection: Arc<Mutex<Option<rusqlite::Connection>>>,
    /// Whoever is in a transaction may have the writer's place already, and waits for SQLite where it does not.
    in_transaction: AtomicBool,
}

/// A statement that has begun.
pub(crate) struct Running {
    pub columns: Vec<String>,
    /// Rows in the order of the result, some at a time.
    pub rows: mpsc::Receiver<Vec<RowResult>>,
    /// How the last step ended; it comes after the rows.
    pub end: oneshot::Receiver<Result<(), Error>>,
}

/// Rows that cross to the component at once. Whoever takes more of a statement that writes than fit here has others wait.
const BATCH: usize = 64;
/// Batches that wait for the component before the statement does.
const BATCHES_AHEAD: usize = 64;

impl Database {
    /// The database in this file, with its writer.
    ///
    /// # Errors
    /// There can be no thread for it.
    pub fn new(path: PathBuf) -> io::Result<Self> {
        let (writer, work) = std::sync::mpsc::channel::<Work>();
        thread::Builder::new().name("sqlite-writer".to_owned()).spawn(move || {
            for work in work {
                // Of one that panics, the rest of the component's calls tell; the others' statements still have to be run.
                if catch_unwind(AssertUnwindSafe(work)).is_err() {
                    tracing::error!("a statement that writes has panicked");
                }
            }
        })?;
        Ok(Self(Arc::new(File { path, writer })))
    }
}

impl Connection {
    pub(crate) fn new(database: &Database) -> Self {
        let (connection, in_transaction) = (Arc::default(), AtomicBool::default());
        Self(Arc::new(Lazy { database: database.clone(), connection, in_transaction }))
    }

    /// Begins a statement; it goes on while the component takes its rows, and stops when it drops them.
    pub(crate) async fn execute(&self, statement: String, parameters: Vec<Value>) -> Result<Running, Error> {
        let (begin, columns) = oneshot::channel();
        let (sender, rows) = mpsc::channel(BATCHES_AHEAD);
        let (finish, end) = oneshot::channel();
        let (this, connection) = (self.clone(), self.open().await?);
        let writes = self.writes(&statement);
        let work = move || {
            let mut begin = Some(begin);
            let result = run(&connection, &statement, parameters, &mut begin, &sender);
            this.0.in_transaction.store(!connection.is_autocommit(), Ordering::Relaxed);
            drop(connection);
            // Nobody listens any more when the component has gone; there is nobody to tell.
            let _ = match begin {
                Some(begin) => begin.send(result.map(|()| Vec::new())).is_ok(),
                None => finish.send(result).is_ok(),
            };
        };
        let given_up = || Error::Io("the statement was given up".to_owned());
        if writes {
            self.0.database.0.writer.send(Box::new(work)).map_err(|_| given_up())?;
        } else {
            spawn_blocking(work);
        }
        let columns = columns.await.map_err(|_| given_up())??;
        Ok(Running { columns, rows, end })
    }

    /// Whether a statement is the writer's. One of a transaction is not: while others wait for its end, it must go on.
    fn writes(&self, statement: &str) -> bool {
        let verb = statement.trim_start().get(..6);
        !verb.is_some_and(|verb| verb.eq_ignore_ascii_case("select"))
            && !self.0.in_transaction.load(Ordering::Relaxed)
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
        let connection = self.open().await?;
        let answer = spawn_blocking(move || question(&connection)).await;
        answer.map_err(|error| Error::Io(error.to_string()))
    }

    /// The connection, once it is free.
    async fn open(
        &self,
    ) -> Result<OwnedMappedMutexGuard<Option<rusqlite::Connection>, rusqlite::Connection>, Error> {
        let mut connection = Arc::clone(&self.0.connection).lock_owned().await;
        if connection.is_none() {
            *connection = Some(rusqlite::Connection::open(&self.0.database.0.path).map_err(failed)?);
        }
        OwnedMutexGuard::try_map(connection, Option::as_mut).map_err(|_| Error::InvalidConnection)
    }
}

/// Sends the columns through `begin` once the statement is ready, then its rows.
fn run(
    connection: &rusqlite::Connection,
    statement: &str,
    parameters: Vec<Value>,
    begin: &mut Option<oneshot::Sender<Result<Vec<String>, Error>>>,
    sender: &mpsc::Sender<Vec<RowResult>>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(statement).map_err(failed)?;
    let columns: Vec<String> = statement.column_names().into_iter().map(ToOwned::to_owned).collect();
    let width = columns.len();
    let parameters = rusqlite::params_from_iter(parameters.into_iter().map(to_sql));
    let mut rows = statement.query(parameters).map_err(failed)?;
    if begin.take().is_none_or(|begin| begin.send(Ok(columns)).is_err()) {
        return Ok(());
    }
    let mut batch = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let values =
            (0..width).map(|i| from_sql(row.get_ref(i).map_err(failed)?)).collect::<Result<_, _>>()?;
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
fn failed(error: rusqlite::Error) -> Error {
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

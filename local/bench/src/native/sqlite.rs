//! The port to the database as a native server would have it: one thread that writes, one that reads, each with its connection and
//! its prepared statements.

use std::{
    path::Path,
    sync::mpsc::{self, Receiver, Sender},
    thread,
};

use anyhow::Result;
use rusqlite::{Connection, types::Value as Stored};
use shared::sql::{Sql, SqlError, Value};
use tokio::sync::oneshot;

/// Prepared statements that are kept; the ledger has fewer.
const STATEMENTS: usize = 128;

type Rows = Result<Vec<Vec<Value>>, SqlError>;

struct Job {
    statement: String,
    parameters: Vec<Value>,
    done: oneshot::Sender<Rows>,
}

#[derive(Clone)]
pub struct Sqlite {
    writer: Sender<Job>,
    reader: Sender<Job>,
}

impl Sqlite {
    pub fn open(file: &Path) -> Result<Self> {
        Ok(Self { writer: worker(file)?, reader: worker(file)? })
    }
}

fn worker(file: &Path) -> Result<Sender<Job>> {
    let db = Connection::open(file)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    let (jobs, work) = mpsc::channel();
    thread::Builder::new().spawn(move || go_on(&db, &work))?;
    Ok(jobs)
}

fn go_on(db: &Connection, work: &Receiver<Job>) {
    while let Ok(Job { statement, parameters, done }) = work.recv() {
        // Whoever asked may have left.
        let _ = done.send(run(db, &statement, parameters).map_err(|error| SqlError(error.to_string())));
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
                Stored::Null => Value::Null,
                Stored::Integer(number) => Value::Integer(number),
                Stored::Text(text) => Value::Text(text),
                other @ (Stored::Real(_) | Stored::Blob(_)) => {
                    let kind = other.data_type();
                    return Err(rusqlite::Error::InvalidColumnType(column, String::new(), kind));
                }
            })
        });
        read.push(values.collect::<rusqlite::Result<_>>()?);
    }
    Ok(read)
}

impl Sql for Sqlite {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Rows {
        let gone = || SqlError("the database's thread is gone".to_owned());
        let (done, rows) = oneshot::channel();
        let worker = if statement.starts_with("SELECT") { &self.reader } else { &self.writer };
        let job = Job { statement: statement.to_owned(), parameters, done };
        worker.send(job).map_err(|_| gone())?;
        rows.await.unwrap_or_else(|_| Err(gone()))
    }
}

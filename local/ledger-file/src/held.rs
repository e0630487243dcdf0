//! A ledger that nobody else has open, and that nobody gets while it is held.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use shared::ledger::{Entry, Ledger};

use crate::{
    facts::open,
    statements::{Statements, at_once},
};

/// How long it is tried to have it alone.
const PATIENCE: Duration = Duration::from_secs(2);

/// The lock on a ledger. When it is dropped, the ledger is as it was; [`Held::given_up`] ends it once another one has its place.
pub struct Held(Option<Connection>);

/// What was found at the ledger's place.
pub enum Found {
    /// Nothing.
    Nothing,
    /// A ledger, which is held now.
    Ledger(Held),
    /// Something that cannot be read as a ledger: why.
    Unreadable(String),
}

impl Held {
    /// Takes hold of the ledger, once its write-ahead log is part of it.
    ///
    /// # Errors
    /// Somebody is at work on it, or has it open.
    pub fn take(file: &Path, now: DateTime<Utc>) -> Result<Found> {
        if !file.exists() {
            return Ok(Found::Nothing);
        }
        let connection = match open(file, OpenFlags::SQLITE_OPEN_READ_WRITE) {
            Ok(connection) => connection,
            Err(error) => return unusable(file, error),
        };
        connection.busy_timeout(PATIENCE)?;
        let free = nobody_works(&connection, now).and_then(|()| alone(&connection));
        match free {
            Ok(true) => Ok(Found::Ledger(Self(Some(connection)))),
            Ok(false) => Err(in_use(file)),
            Err(error) => unusable(file, error),
        }
    }

    /// Whom it has erased since a time. Its schema may be an older one; what is done to it for this is taken back.
    ///
    /// # Errors
    /// It cannot be read, or a newer version wrote it.
    pub fn erased_since(&self, since: DateTime<Utc>) -> Result<Vec<Entry>> {
        let Some(connection) = &self.0 else { return Ok(Vec::new()) };
        let read = at_once(Ledger::open(Statements(connection)))
            .and_then(|ledger| at_once(ledger.erased_since(since)));
        // No journal may be left beside the file: it would be taken for one of the file that gets this name next.
        connection
            .execute_batch("ROLLBACK; BEGIN EXCLUSIVE")
            .context("the ledger could not be held any longer")?;
        read
    }

    /// Another ledger has its name now, so nothing more may be written beside that name.
    pub fn given_up(mut self) {
        self.0.take();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(connection) = &self.0 {
            // If this fails, the ledger works as well, only slower.
            let _ = connection.execute_batch("ROLLBACK; PRAGMA journal_mode = WAL");
        }
    }
}

/// The log is only taken in, and the mode only changed, when nobody else has the file open. Within the transaction nobody can open it.
fn alone(connection: &Connection) -> Result<bool> {
    let mode: String = connection.query_row("PRAGMA journal_mode = DELETE", (), |row| row.get(0))?;
    if mode != "delete" {
        return Ok(false);
    }
    connection.execute_batch("BEGIN EXCLUSIVE")?;
    Ok(true)
}

/// What is damaged or no ledger makes way. Anything else, such as a missing right, is mended first.
fn unusable(file: &Path, error: anyhow::Error) -> Result<Found> {
    let code = error.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
    match code {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Err(in_use(file)),
        // `Unknown` is a table that is not there.
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::Unknown) => {
            Ok(Found::Unreadable(format!("{error:#}")))
        }
        _ => Err(error),
    }
}

fn in_use(file: &Path) -> anyhow::Error {
    anyhow::anyhow!(
        "somebody has the ledger {} open: stop the application and its scheduler, then restore again",
        file.display()
    )
}

/// Whoever has died leaves a lease or a claim that lapses within a minute.
fn nobody_works(connection: &Connection, now: DateTime<Utc>) -> Result<()> {
    let count = |statement: &str| {
        connection
            .query_row(statement, [now.timestamp_millis()], |row| row.get::<_, i64>(0))
            .context("who is at work")
    };
    if count("SELECT count(*) FROM lease WHERE until > ?1")? > 0 {
        bail!(
            "a tick is running, or died less than a minute ago: stop the scheduler, and restore in a minute"
        );
    }
    let claims = count("SELECT count(*) FROM registration WHERE claim_until > ?1")?;
    ensure!(
        claims == 0,
        "{claims} registrations are being worked on, or were less than a minute ago: stop the application, and restore in a minute"
    );
    Ok(())
}

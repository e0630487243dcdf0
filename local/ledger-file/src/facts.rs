//! What a ledger's file is seen to hold.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use rusqlite::{Connection, OpenFlags};

/// How long a statement waits for whoever is writing.
const PATIENCE: Duration = Duration::from_secs(30);

/// A ledger in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The version of its tables.
    pub schema: i64,
    /// How many registrations are in each state.
    pub registrations: Vec<(String, i64)>,
    /// How many events the inbox has.
    pub events: i64,
    /// How many customers and addresses are known as ours.
    pub parties: i64,
    /// How many lines the timelines have.
    pub lines: i64,
}

impl Facts {
    /// Checks the whole file, page by page, and counts what is in it.
    ///
    /// # Errors
    /// It is no ledger, or it is damaged.
    pub fn check(file: &Path) -> Result<Self> {
        let connection = open(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Self::of(&connection).with_context(|| format!("the ledger {}", file.display()))
    }

    pub(crate) fn of(connection: &Connection) -> Result<Self> {
        let whole: String = connection.query_row("PRAGMA integrity_check(1)", (), |row| row.get(0))?;
        ensure!(whole == "ok", "it is damaged: {whole}");
        let count = |table: &str| {
            connection.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get::<_, i64>(0))
        };
        let mut states =
            connection.prepare("SELECT state, count(*) FROM registration GROUP BY state ORDER BY state")?;
        let registrations =
            states.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        Ok(Self {
            schema: connection.query_row("SELECT version FROM schema_version", (), |row| row.get(0))?,
            registrations,
            events: count("inbox")?,
            parties: count("party")?,
            lines: count("timeline")?,
        })
    }

    /// How many registrations there are.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.registrations.iter().map(|(_, count)| count).sum()
    }
}

/// Opens a ledger that is there.
pub(crate) fn open(file: &Path, flags: OpenFlags) -> Result<Connection> {
    if !file.exists() {
        bail!("there is no ledger {}: name its folder with --state", file.display());
    }
    let name = || format!("the ledger {}", file.display());
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).with_context(name)?;
    connection.busy_timeout(PATIENCE).with_context(name)?;
    connection.query_row("SELECT version FROM schema_version", (), |_| Ok(())).with_context(name)?;
    Ok(connection)
}

//! What somebody who was killed leaves in the ledger's file, and what it has to look like when all is over.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::surroundings::Busy;

/// What somebody who was killed left there.
#[derive(Debug, Default)]
pub struct Remains {
    /// The token of the tick that did not give its lease back.
    lease: Option<String>,
    /// The tokens of those who were writing registrations.
    claims: BTreeSet<String>,
    /// How many registrations had ended.
    pub ended: usize,
}

impl Remains {
    /// Reads them, from a copy: whoever comes next has to find the file and its write-ahead log as they were left.
    ///
    /// # Errors
    /// The file cannot be copied or read.
    pub fn read(file: &Path) -> Result<Self> {
        let folder = tempfile::tempdir().context("a folder for a copy of the ledger")?;
        let copy = folder.path().join("ledger");
        let mut files = vec![(file.to_owned(), copy.clone())];
        files.extend(Some((log_of(file), log_of(&copy))).filter(|(log, _)| log.exists()));
        for (from, to) in files {
            fs::copy(&from, to).with_context(|| format!("a copy of {}", from.display()))?;
        }
        Self::found(&copy).with_context(|| format!("the ledger {}", file.display()))
    }

    fn found(file: &Path) -> rusqlite::Result<Self> {
        let ledger = Connection::open(file)?;
        let lease = "SELECT token FROM lease WHERE name = 'tick'";
        let claims = "SELECT DISTINCT claim_token FROM registration WHERE claim_token IS NOT NULL";
        let ended = "SELECT count(*) FROM registration WHERE state IN ('active', 'rejected')";
        Ok(Self {
            lease: ledger.query_row(lease, (), |row| row.get(0)).optional()?,
            claims: ledger.prepare(claims)?.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?,
            ended: ledger.query_row(ended, (), |row| row.get(0))?,
        })
    }

    /// What the killed one was busy with, by what was not there `before` it lived. A tick gives its lease back when it ends. Who
    /// writes a registration and is no tick is a webhook, even if it has been answered: its work may go on after the answer.
    pub fn busy(&self, before: &Self) -> Option<Busy> {
        if self.lease.is_some() && self.lease != before.lease {
            Some(Busy::Tick)
        } else if self.claims.is_subset(&before.claims) {
            None
        } else {
            Some(Busy::Webhook)
        }
    }
}

/// Where SQLite puts what is written and not yet in the file itself.
fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// What is wrong with it, in words.
///
/// # Errors
/// It cannot be read at all.
pub fn complaints(file: &Path) -> Result<Vec<String>> {
    let reading = || format!("the ledger {}", file.display());
    // Whoever was killed left a write-ahead log, which only a connection that may write can take in.
    let ledger =
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).with_context(reading)?;
    let whole: String =
        ledger.query_row("PRAGMA integrity_check", (), |row| row.get(0)).with_context(reading)?;
    let mut wrong = Vec::new();
    if whole != "ok" {
        wrong.push(format!("the ledger's file is damaged: {whole}"));
    }
    for (what, count) in [
        ("events of the inbox are not applied", "SELECT count(*) FROM inbox WHERE outcome IS NULL"),
        ("registrations are still due", "SELECT count(*) FROM registration WHERE due_at IS NOT NULL"),
    ] {
        let count: u32 = ledger.query_row(count, (), |row| row.get(0)).with_context(reading)?;
        if count > 0 {
            wrong.push(format!("{count} {what}"));
        }
    }
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_in_the_ledger_is_what_the_killed_one_was_busy_with() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sqlite_db.db");
        // The connection stays open, so that all of it is still in the write-ahead log.
        let ledger = Connection::open(&file).unwrap();
        ledger
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                 CREATE TABLE lease (name TEXT, token TEXT);
                 CREATE TABLE registration (state TEXT, claim_token TEXT);
                 INSERT INTO registration VALUES ('active', NULL), ('rejected', NULL), ('approved', 'dead');",
            )
            .unwrap();
        let mut before = Remains::read(&file).unwrap();
        assert_eq!(before.ended, 2);
        for (happened, busy, why) in [
            ("SELECT 1", None, "nobody has begun anything since"),
            ("UPDATE registration SET claim_token = 'hook'", Some(Busy::Webhook), "no tick, and a new claim"),
            ("INSERT INTO lease VALUES ('tick', 't1')", Some(Busy::Tick), "a lease"),
            ("SELECT 1", None, "the lease and the claim are those of the dead"),
            ("UPDATE lease SET token = 't2'", Some(Busy::Tick), "another tick has taken the lapsed lease"),
            ("DELETE FROM lease", None, "the tick has ended, and a claim is left from before"),
        ] {
            ledger.execute_batch(happened).unwrap();
            let after = Remains::read(&file).unwrap();
            assert_eq!(after.busy(&before), busy, "{why}");
            before = after;
        }
    }
}

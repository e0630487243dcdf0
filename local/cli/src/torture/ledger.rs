//! What the ledger's file has to look like when all is over.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};

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

//! A copy of the ledger while it is in use.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use rusqlite::OpenFlags;

use crate::{
    facts::{Facts, open},
    publish::Draft,
};

/// Copies the ledger as it is at one moment into a file, and checks the copy.
///
/// It is one statement of SQLite's (`VACUUM INTO`), which reads while others write, and leaves out the free parts of the file. Whoever
/// copies the file by other means gets one without what is still in the write-ahead log.
///
/// # Errors
/// There is no ledger, the file is there already and is not to be replaced, or the copy is not what it should be; then nothing is left.
pub fn backup(ledger: &Path, to: &Path, replace: bool) -> Result<Facts> {
    let same = |to: &Path| to.canonicalize().ok().is_some_and(|to| ledger.canonicalize().ok() == Some(to));
    ensure!(!same(to), "{} is the ledger itself", to.display());
    // Only a connection that may write can take in a write-ahead log that somebody who died has left.
    let source = open(ledger, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let draft = Draft::begin(to, replace)?;
    let path = draft.path().to_str().context("the copy's name is not UTF-8")?;
    source.execute("VACUUM INTO ?1", [path]).with_context(|| format!("copying {}", ledger.display()))?;
    let facts = Facts::check(draft.path())?;
    draft.publish()?;
    Ok(facts)
}

//! The return of the ledger from a copy.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};
use shared::{
    ledger::Ledger,
    restoring::{Reconciled, reconcile},
    tombstone::RowKey,
};
use tempfile::NamedTempFile;

use crate::{
    aside, beside,
    facts::{Facts, open},
    held::{Found, Held},
    publish::folder_of,
    statements::{Statements, at_once},
};

/// What has become of it.
#[derive(Debug)]
pub struct Restored {
    /// What was found in the copy, and what was changed in it.
    pub reconciled: Reconciled,
    /// What the ledger holds now.
    pub facts: Facts,
    /// The ledger that was there before, under its new name.
    pub aside: Option<PathBuf>,
    /// Why nobody knows whom the ledger that was there had erased, if nobody does.
    pub erasures_unknown: Option<String>,
}

/// Puts a copy of the ledger in its place, made fit to go on from ([`reconcile`]). The copy itself is not touched. Nobody may have the
/// ledger open; it is held until its place is taken.
///
/// # Errors
/// The copy is damaged or of a newer version, or somebody has the ledger open. Then everything is as before.
pub fn restore(
    copy: &Path,
    ledger: &Path,
    now: DateTime<Utc>,
    key: impl FnMut() -> RowKey,
) -> Result<Restored> {
    ensure!(copy.exists(), "there is no {}", copy.display());
    fs::create_dir_all(folder_of(ledger)).with_context(|| format!("the folder of {}", ledger.display()))?;
    let draft = draft_of(copy, folder_of(ledger))?;
    let connection = open(draft.path(), OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|connection| Facts::of(&connection).map(|_| connection))
        .with_context(|| format!("the copy {}", copy.display()))?;
    let found = Held::take(ledger, now)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = DELETE", (), |row| row.get(0))?;
    ensure!(mode == "delete", "the copy's log cannot be taken in");
    // All of it or nothing, and one flush to the disk.
    connection.execute_batch("PRAGMA secure_delete = ON; BEGIN IMMEDIATE")?;
    let (reconciled, erasures_unknown) = make_fit(&connection, &found, key, now)?;
    connection.execute_batch("COMMIT; PRAGMA journal_mode = WAL")?;
    let facts = Facts::of(&connection)?;
    // Whoever closes a ledger last takes its log in.
    connection.close().map_err(|(_, error)| error)?;
    ensure!(!beside(draft.path(), "-wal").exists(), "the new ledger's log is left over");
    fs::File::open(draft.path())?.sync_all()?;
    let new = draft.into_temp_path();
    let aside = aside::replace(ledger, &new, now)?;
    // Nothing is there under its first name.
    let _ = new.keep();
    if let Found::Ledger(held) = found {
        held.given_up();
    }
    Ok(Restored { reconciled, facts, aside, erasures_unknown })
}

/// A file of our own, with what the copy has and what is still in its log, if it was made by copying files.
fn draft_of(copy: &Path, folder: &Path) -> Result<NamedTempFile> {
    let draft = tempfile::Builder::new().prefix(".onboarding-").tempfile_in(folder);
    let draft = draft.with_context(|| format!("a file in {}", folder.display()))?;
    let log = beside(copy, "-wal");
    let logged = log.exists().then(|| (log, beside(draft.path(), "-wal")));
    for (from, to) in std::iter::once((copy.to_owned(), draft.path().to_owned())).chain(logged) {
        // Not by `fs::copy`, which would let everybody read it who can read the copy.
        let copied = fs::File::open(&from).and_then(|mut from| io::copy(&mut from, &mut for_its_owner(&to)?));
        copied.with_context(|| format!("a copy of {}", from.display()))?;
    }
    Ok(draft)
}

/// A file that nobody else can read, or the one that is there already.
fn for_its_owner(file: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

fn make_fit(
    connection: &Connection,
    found: &Found,
    key: impl FnMut() -> RowKey,
    now: DateTime<Utc>,
) -> Result<(Reconciled, Option<String>)> {
    let ledger = at_once(Ledger::open(Statements(connection)))?;
    let since = at_once(ledger.last_noted())?.unwrap_or(now);
    let (erased, unknown) = match found {
        Found::Nothing => (Vec::new(), Some("there was no ledger to ask".to_owned())),
        Found::Unreadable(why) => (Vec::new(), Some(why.clone())),
        Found::Ledger(held) => match held.erased_since(since) {
            Ok(erased) => (erased, None),
            Err(error) => (Vec::new(), Some(format!("{error:#}"))),
        },
    };
    Ok((at_once(reconcile(&ledger, erased, key, now))?, unknown))
}

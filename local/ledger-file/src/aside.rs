//! Putting a ledger in another one's place, and that one aside.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};

use crate::{beside, publish::sync_folder_of};

/// Puts `new` in the place of `ledger`, and what was there aside, under the name that is returned. There is no moment without a ledger at
/// that place: the application would make a new one.
pub fn replace(ledger: &Path, new: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>> {
    let aside = beside(ledger, &format!(".before-{}", now.format("%Y%m%dT%H%M%SZ")));
    let there = ledger.exists();
    ensure!(!aside.exists(), "{} is there already", aside.display());
    // A log belongs to its file. Beside another one it would be taken for that one's, and spoil it, even if its own is gone.
    for ending in ["-wal", "-shm", "-journal"] {
        let log = beside(ledger, ending);
        if log.exists() {
            fs::rename(&log, beside(&aside, ending)).with_context(|| log.display().to_string())?;
        }
    }
    if there {
        keep_owner(ledger, new).context("the owner of the ledger")?;
        fs::hard_link(ledger, &aside).with_context(|| aside.display().to_string())?;
    }
    fs::rename(new, ledger).with_context(|| ledger.display().to_string())?;
    sync_folder_of(ledger).with_context(|| ledger.display().to_string())?;
    Ok(there.then_some(aside))
}

/// Whoever could use the ledger can use the new one.
#[cfg(unix)]
fn keep_owner(old: &Path, new: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, chown};

    let (was, is) = (fs::metadata(old)?, fs::metadata(new)?);
    if (was.uid(), was.gid()) != (is.uid(), is.gid()) {
        chown(new, Some(was.uid()), Some(was.gid()))?;
    }
    fs::set_permissions(new, was.permissions())
}

#[cfg(not(unix))]
fn keep_owner(old: &Path, new: &Path) -> io::Result<()> {
    fs::set_permissions(new, fs::metadata(old)?.permissions())
}

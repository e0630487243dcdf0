//! Counts what SQLite does to the disk: commits and flushes, of every connection that this process opens.
//!
//! SQLite reaches files through a table of functions (its VFS). This puts a copy of the usual one in front, which counts on the way
//! through and changes nothing. It has to be there before the first connection.

use std::{
    ffi::{c_int, c_void},
    ptr,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Result, ensure};
use rusqlite::ffi;

static COMMITS: AtomicU64 = AtomicU64::new(0);
static FLUSHES: AtomicU64 = AtomicU64::new(0);
static METHODS: Mutex<Vec<&'static Methods>> = Mutex::new(Vec::new());
static USUAL: OnceLock<Usual> = OnceLock::new();

/// The functions of one kind of file, as we have them and as SQLite does. There are few kinds, such as databases and logs.
#[repr(C)]
struct Methods {
    /// In front, so that a file's pointer to these is one to all of it.
    counting: ffi::sqlite3_io_methods,
    usual: &'static ffi::sqlite3_io_methods,
}

impl Methods {
    fn of(usual: &'static ffi::sqlite3_io_methods) -> &'static Self {
        let mut known = METHODS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(methods) = known.iter().find(|methods| ptr::eq(methods.usual, usual)) {
            return methods;
        }
        let counting = ffi::sqlite3_io_methods { xWrite: Some(write), xSync: Some(sync), ..*usual };
        let methods = Box::leak(Box::new(Self { counting, usual }));
        known.push(methods);
        methods
    }
}

struct Usual(*mut ffi::sqlite3_vfs);

// SAFETY: SQLite's own VFS lives as long as the process, and SQLite calls it from any thread.
unsafe impl Send for Usual {}
// SAFETY: as above.
unsafe impl Sync for Usual {}

/// So many of each, since the process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Transactions that were committed to a write-ahead log.
    pub commits: u64,
    /// Flushes to disk.
    pub flushes: u64,
}

/// The counts so far.
pub fn counts() -> Counts {
    Counts { commits: COMMITS.load(Ordering::Relaxed), flushes: FLUSHES.load(Ordering::Relaxed) }
}

/// Begins to count. Only the first call does something.
///
/// # Errors
/// SQLite does not take it.
pub fn count() -> Result<()> {
    if USUAL.get().is_some() {
        return Ok(());
    }
    // SAFETY: a null name asks for the VFS that is used by default; SQLite keeps it for ever. Its copy is leaked, so it lives as long,
    // and differs from it only in its name and in how it opens a file.
    let registered = unsafe {
        let usual = ffi::sqlite3_vfs_find(ptr::null());
        ensure!(!usual.is_null(), "SQLite has no way to files");
        let _ = USUAL.set(Usual(usual));
        let counting = ffi::sqlite3_vfs {
            zName: c"counting".as_ptr(),
            pNext: ptr::null_mut(),
            xOpen: Some(open),
            ..*usual
        };
        ffi::sqlite3_vfs_register(Box::into_raw(Box::new(counting)), 1)
    };
    ensure!(registered == ffi::SQLITE_OK, "SQLite does not let us count: {registered}");
    Ok(())
}

/// Opens a file as usual, and counts what is done to it from then on.
unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let Some(Usual(usual)) = USUAL.get() else { return ffi::SQLITE_CANTOPEN };
    // SAFETY: the arguments are SQLite's, handed on to the function that they are meant for.
    let opened = unsafe {
        let Some(open) = (**usual).xOpen else { return ffi::SQLITE_CANTOPEN };
        open(*usual, name, file, flags, out_flags)
    };
    // SAFETY: SQLite's functions of a file are static.
    let Some(usual) = (unsafe { (*file).pMethods.as_ref() }) else { return opened };
    let methods: *const Methods = Methods::of(usual);
    // SAFETY: the file was just opened, and what we put there lives as long as the process.
    unsafe { (*file).pMethods = methods.cast() };
    opened
}

/// The head of a page in a write-ahead log has 24 bytes; in the last one of a commit the second number is not 0.
unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    const HEAD: c_int = 24;
    if length == HEAD {
        // SAFETY: SQLite hands over as many bytes as it says.
        let second = unsafe { bytes.cast::<[u8; 4]>().add(1).read_unaligned() };
        if second != [0; 4] {
            COMMITS.fetch_add(1, Ordering::Relaxed);
        }
    }
    // SAFETY: only a file that has our functions gets here; the arguments are SQLite's, handed on to the function they are meant for.
    unsafe {
        match (*(*file).pMethods.cast::<Methods>()).usual.xWrite {
            Some(usual) => usual(file, bytes, length, offset),
            None => ffi::SQLITE_IOERR_WRITE,
        }
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    FLUSHES.fetch_add(1, Ordering::Relaxed);
    // SAFETY: as above.
    unsafe {
        match (*(*file).pMethods.cast::<Methods>()).usual.xSync {
            Some(usual) => usual(file, flags),
            None => ffi::SQLITE_IOERR_FSYNC,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_that_changes_something_is_a_commit_and_a_flush() {
        count().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let db = rusqlite::Connection::open(folder.path().join("db")).unwrap();
        db.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (0);").unwrap();
        let before = counts();
        for number in 1..=5 {
            db.execute("INSERT INTO t VALUES ($1)", [number]).unwrap();
            db.query_row("SELECT max(x) FROM t", [], |_| Ok(())).unwrap();
            assert_eq!(db.execute("UPDATE t SET x = 0 WHERE x = -1", []).unwrap(), 0);
        }
        let Counts { commits, flushes } = counts();
        assert_eq!((commits - before.commits, flushes - before.flushes), (5, 5));
    }
}

//! The ledger's file, while the application uses it or after it is lost: a copy that fits together, its return from a copy, and tables
//! for accountants and auditors. It knows SQLite's files; what the rows mean is the model's (`shared`).

mod aside;
mod backup;
mod export;
mod facts;
mod held;
mod publish;
mod restore;
mod statements;

pub use backup::backup;
pub use export::{Format, What, export};
pub use facts::Facts;
pub use publish::Draft;
pub use restore::{Restored, restore};
pub use statements::Statements;

use std::path::{Path, PathBuf};

/// The ledger in a folder of state, as Spin names the file of the database `default`.
#[must_use]
pub fn in_folder(state: &Path) -> PathBuf {
    state.join("sqlite_db.db")
}

/// A file that belongs to a database: SQLite puts them beside it.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

//! When the ledger was brought back from a copy.

use super::Step;

/// One row for each time that the ledger was restored: when, and when the copy was made.
pub(super) const RESTORES: Step = Step {
    columns: &[],
    statements: &["CREATE TABLE IF NOT EXISTS restored (
        at INTEGER PRIMARY KEY,
        taken_at INTEGER NOT NULL
    )"],
};

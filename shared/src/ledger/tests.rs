//! The schema's own rules. What the ledger does in the whole is tested in the crate's integration tests, on a real SQLite.

use super::placeholders;

#[test]
fn placeholders_count_through() {
    assert_eq!(placeholders(2, 2), "(?,?),(?,?)");
    assert_eq!(placeholders(1, 3), "(?,?,?)");
}

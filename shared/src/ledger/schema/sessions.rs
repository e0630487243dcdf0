//! Who is signed in to the console.

use super::Step;

/// Sessions, and codes that begin one once. Neither has a name, a token or a ticket in it.
pub(super) const SESSIONS: Step = Step {
    columns: &[],
    statements: &[
        "CREATE TABLE IF NOT EXISTS session (
        print TEXT PRIMARY KEY,
        bound TEXT NOT NULL,
        begun_at INTEGER NOT NULL,
        lapses_at INTEGER NOT NULL
    )",
        "CREATE INDEX IF NOT EXISTS session_lapsed ON session (lapses_at)",
        "CREATE TABLE IF NOT EXISTS signin_code (
        print TEXT PRIMARY KEY,
        bound TEXT NOT NULL,
        lapses_at INTEGER NOT NULL
    )",
        "CREATE INDEX IF NOT EXISTS signin_code_lapsed ON signin_code (lapses_at)",
    ],
};

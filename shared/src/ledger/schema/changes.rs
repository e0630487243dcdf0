//! Changes as others are shown them, and how the ticks ended.

use super::Step;

/// The number of a registration's last change, and when that was.
pub(super) const CHANGE_COLUMNS: Step = Step {
    statements: &[],
    columns: &[("registration", "change", "INTEGER"), ("registration", "shown_at", "INTEGER")],
};

/// Numbers for the changes that others are shown, in the order in which they are committed.
///
/// A trigger takes the number, in the statement that changes the row. A second statement that wants a number waits until the first one
/// is committed (SQLite has one writer; PostgreSQL locks the counter's row), so whoever has read up to a number never finds a smaller
/// one later. A time could not promise that: clocks differ, and what began first may be committed last. The numbers are counted in a
/// table of their own, because the greatest one in use goes away with a registration that is forgotten.
///
/// A claim or a pause is no change to others. What was there before there were numbers has numbers up to 0.
pub(super) const CHANGES: Step = Step {
    columns: &[],
    statements: &[
        "CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
        "INSERT INTO counter (name, value) VALUES ('change', 0) ON CONFLICT (name) DO NOTHING",
        "CREATE TRIGGER IF NOT EXISTS change_of_new AFTER INSERT ON registration BEGIN
            UPDATE counter SET value = value + 1 WHERE name = 'change';
            UPDATE registration SET change = (SELECT value FROM counter WHERE name = 'change'), shown_at = NEW.changed_at
            WHERE origin = NEW.origin AND user_key = NEW.user_key;
        END",
        "CREATE TRIGGER IF NOT EXISTS change_of_known AFTER UPDATE OF version ON registration
        WHEN NEW.state IS NOT OLD.state OR NEW.reason IS NOT OLD.reason OR NEW.revision IS NOT OLD.revision
            OR NEW.message IS NOT OLD.message OR NEW.link IS NOT OLD.link BEGIN
            UPDATE counter SET value = value + 1 WHERE name = 'change';
            UPDATE registration SET change = (SELECT value FROM counter WHERE name = 'change'), shown_at = NEW.changed_at
            WHERE origin = NEW.origin AND user_key = NEW.user_key;
        END",
        "UPDATE registration SET change = before.change, shown_at = changed_at FROM (
            SELECT origin, user_key, ROW_NUMBER() OVER (ORDER BY changed_at, origin, user_key) - COUNT(*) OVER () AS change
            FROM registration
        ) AS before WHERE before.origin = registration.origin AND before.user_key = registration.user_key
            AND registration.change IS NULL",
        "CREATE INDEX IF NOT EXISTS registration_change ON registration (change, origin)",
        "CREATE INDEX IF NOT EXISTS registration_state_change ON registration (state, change, origin)",
        "CREATE INDEX IF NOT EXISTS registration_shown ON registration (shown_at, change)",
        "CREATE INDEX IF NOT EXISTS registration_age ON registration (origin, state, first_seen, decided_at)",
        "CREATE INDEX IF NOT EXISTS registration_untold ON registration (origin) WHERE due_at IS NOT NULL AND told < revision",
    ],
};

/// How the last ticks ended.
pub(super) const RUNS: Step = Step {
    columns: &[],
    statements: &["CREATE TABLE IF NOT EXISTS run (
        number INTEGER PRIMARY KEY,
        began_at INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        report TEXT NOT NULL,
        problem TEXT
    )"],
};

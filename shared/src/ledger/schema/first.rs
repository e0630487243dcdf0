//! What the first versions had.

use super::Step;

pub(super) const FIRST: Step = Step { columns: &[], statements: &[
    "CREATE TABLE IF NOT EXISTS registration (
        origin TEXT NOT NULL,
        user_key TEXT NOT NULL,
        version INTEGER NOT NULL,
        state TEXT NOT NULL,
        revision INTEGER NOT NULL,
        told INTEGER NOT NULL,
        row_print TEXT,
        data_print TEXT,
        message TEXT,
        decision_id TEXT,
        decided_at INTEGER,
        link TEXT,
        reason TEXT,
        attempts INTEGER NOT NULL,
        due_at INTEGER,
        checked_at INTEGER NOT NULL,
        missing_since INTEGER,
        first_seen INTEGER NOT NULL,
        claim_token TEXT,
        claim_until INTEGER,
        changed_at INTEGER NOT NULL,
        event TEXT,
        event_actor TEXT,
        event_note TEXT,
        listed INTEGER NOT NULL,
        looked_for INTEGER,
        PRIMARY KEY (origin, user_key)
    )",
    "CREATE INDEX IF NOT EXISTS registration_due ON registration (due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS registration_checked ON registration (origin, checked_at) WHERE state = 'announced'",
    "CREATE INDEX IF NOT EXISTS registration_listed ON registration (origin, listed)
        WHERE state IN ('seen', 'announced', 'linked', 'stuck')",
    "CREATE TABLE IF NOT EXISTS timeline (
        origin TEXT NOT NULL,
        user_key TEXT NOT NULL,
        version INTEGER NOT NULL,
        at INTEGER NOT NULL,
        event TEXT NOT NULL,
        actor TEXT,
        note TEXT,
        PRIMARY KEY (origin, user_key, version)
    )",
    "CREATE TRIGGER IF NOT EXISTS timeline_of_new AFTER INSERT ON registration WHEN NEW.event IS NOT NULL BEGIN
        INSERT INTO timeline VALUES (NEW.origin, NEW.user_key, NEW.version, NEW.changed_at, NEW.event, NEW.event_actor, NEW.event_note);
    END",
    "CREATE TRIGGER IF NOT EXISTS timeline_of_change AFTER UPDATE OF version ON registration WHEN NEW.event IS NOT NULL BEGIN
        INSERT INTO timeline VALUES (NEW.origin, NEW.user_key, NEW.version, NEW.changed_at, NEW.event, NEW.event_actor, NEW.event_note);
    END",
    "CREATE TABLE IF NOT EXISTS inbox (
        id TEXT PRIMARY KEY,
        print TEXT NOT NULL,
        actor TEXT NOT NULL,
        body TEXT NOT NULL,
        received_at INTEGER NOT NULL,
        outcome TEXT
    )",
    "CREATE INDEX IF NOT EXISTS inbox_waiting ON inbox (received_at) WHERE outcome IS NULL",
    "CREATE TABLE IF NOT EXISTS party (
        origin TEXT NOT NULL,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        user_key TEXT NOT NULL,
        print TEXT NOT NULL,
        confirmed INTEGER NOT NULL,
        PRIMARY KEY (origin, kind, key)
    )",
    "CREATE TABLE IF NOT EXISTS scan (
        origin TEXT NOT NULL,
        list TEXT NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (origin, list)
    )",
    "CREATE TABLE IF NOT EXISTS lease (
        name TEXT PRIMARY KEY,
        token TEXT NOT NULL,
        until INTEGER NOT NULL
    )",
] };

/// Since when a registration has been failing.
pub(super) const FAILING_SINCE: Step =
    Step { statements: &[], columns: &[("registration", "failing_since", "INTEGER")] };

/// The order in which what is due has its turn, and rows that are forgotten together with their lines of the timeline.
pub(super) const TURNS: Step = Step {
    columns: &[],
    statements: &[
        "CREATE INDEX IF NOT EXISTS registration_turn ON registration (attempts, due_at, origin, user_key) WHERE due_at IS NOT NULL",
        "DROP INDEX IF EXISTS registration_due",
        "CREATE TRIGGER IF NOT EXISTS timeline_of_forgotten AFTER DELETE ON registration BEGIN
        DELETE FROM timeline WHERE origin = OLD.origin AND user_key = OLD.user_key;
    END",
    ],
};

/// How many requests each caller has made in the minute that it is in.
pub(super) const RATES: Step = Step {
    columns: &[],
    statements: &["CREATE TABLE IF NOT EXISTS rate (
        caller TEXT PRIMARY KEY,
        minute INTEGER NOT NULL,
        requests INTEGER NOT NULL
    )"],
};

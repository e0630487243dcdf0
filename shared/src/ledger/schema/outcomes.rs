//! What others are told.

use super::Step;

/// What a change of a registration tells the ERP, and when the ERP decided what a customer or address looks like.
pub(super) const OUTCOME_COLUMNS: Step = Step {
    statements: &[],
    columns: &[
        ("registration", "outcome_kind", "TEXT"),
        ("registration", "outcome_body", "TEXT"),
        ("party", "decided_at", "INTEGER"),
    ],
};

/// Messages about what a change has brought about; what is stuck, and whether somebody was called about it; alerts; customers to be
/// written again.
pub(super) const OUTGOING: Step = Step {
    columns: &[],
    statements: &[
        "CREATE TABLE IF NOT EXISTS outgoing (
        receiver TEXT NOT NULL,
        origin TEXT NOT NULL,
        topic TEXT NOT NULL,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        at INTEGER NOT NULL,
        due_at INTEGER,
        attempts INTEGER NOT NULL,
        failing_since INTEGER,
        result TEXT,
        note TEXT,
        PRIMARY KEY (receiver, origin, topic, number)
    )",
        "CREATE INDEX IF NOT EXISTS outgoing_turn ON outgoing (receiver, attempts, due_at, origin, topic, number)
        WHERE due_at IS NOT NULL",
        // A stuck one that is stuck for the same reason once more is no news.
        "CREATE TRIGGER IF NOT EXISTS outcome_of_change AFTER UPDATE OF version ON registration
        WHEN NEW.outcome_kind IS NOT NULL
            AND (NEW.outcome_kind <> 'registration.stuck' OR OLD.state <> 'stuck' OR OLD.reason IS NOT NEW.reason) BEGIN
        INSERT INTO outgoing (receiver, origin, topic, number, kind, body, at, due_at, attempts) VALUES
            ('erp', NEW.origin, NEW.user_key, NEW.version, NEW.outcome_kind, NEW.outcome_body, NEW.changed_at, NEW.changed_at, 0);
    END",
        "CREATE TABLE IF NOT EXISTS stuck (
        origin TEXT NOT NULL,
        user_key TEXT NOT NULL,
        version INTEGER NOT NULL,
        since INTEGER NOT NULL,
        told INTEGER NOT NULL,
        PRIMARY KEY (origin, user_key)
    )",
        "CREATE INDEX IF NOT EXISTS stuck_untold ON stuck (since, origin, user_key) WHERE told = 0",
        "INSERT INTO stuck SELECT origin, user_key, version, changed_at, 0 FROM registration
        WHERE state = 'stuck' ON CONFLICT DO NOTHING",
        "CREATE TRIGGER IF NOT EXISTS stuck_new AFTER INSERT ON registration WHEN NEW.state = 'stuck' BEGIN
        INSERT INTO stuck VALUES (NEW.origin, NEW.user_key, NEW.version, NEW.changed_at, 0);
    END",
        "CREATE TRIGGER IF NOT EXISTS stuck_now AFTER UPDATE OF version ON registration
        WHEN NEW.state = 'stuck' AND (OLD.state <> 'stuck' OR OLD.reason IS NOT NEW.reason) BEGIN
        DELETE FROM stuck WHERE origin = NEW.origin AND user_key = NEW.user_key;
        INSERT INTO stuck VALUES (NEW.origin, NEW.user_key, NEW.version, NEW.changed_at, 0);
    END",
        "CREATE TRIGGER IF NOT EXISTS stuck_no_more AFTER UPDATE OF version ON registration
        WHEN OLD.state = 'stuck' AND NEW.state <> 'stuck' BEGIN
        DELETE FROM stuck WHERE origin = NEW.origin AND user_key = NEW.user_key;
    END",
        "CREATE TRIGGER IF NOT EXISTS rest_of_forgotten AFTER DELETE ON registration BEGIN
        DELETE FROM stuck WHERE origin = OLD.origin AND user_key = OLD.user_key;
        DELETE FROM outgoing WHERE receiver = 'erp' AND origin = OLD.origin AND topic = OLD.user_key;
    END",
        "CREATE TABLE IF NOT EXISTS alert (
        origin TEXT NOT NULL,
        kind TEXT NOT NULL,
        number INTEGER NOT NULL,
        since INTEGER,
        told_at INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (origin, kind)
    )",
        // Of what was sent, the last few are enough to look at.
        "CREATE TRIGGER IF NOT EXISTS alert_of_new AFTER INSERT ON alert BEGIN
        INSERT INTO outgoing (receiver, origin, topic, number, kind, body, at, due_at, attempts) VALUES
            ('alert', NEW.origin, NEW.kind, NEW.number, 'alert', NEW.body, NEW.told_at, NEW.told_at, 0);
    END",
        "CREATE TRIGGER IF NOT EXISTS alert_of_change AFTER UPDATE OF number ON alert BEGIN
        INSERT INTO outgoing (receiver, origin, topic, number, kind, body, at, due_at, attempts) VALUES
            ('alert', NEW.origin, NEW.kind, NEW.number, 'alert', NEW.body, NEW.told_at, NEW.told_at, 0);
        DELETE FROM outgoing WHERE receiver = 'alert' AND origin = NEW.origin AND topic = NEW.kind
            AND number < NEW.number - 20 AND due_at IS NULL;
    END",
        "CREATE TABLE IF NOT EXISTS rewrite (
        origin TEXT NOT NULL,
        customer TEXT NOT NULL,
        user_key TEXT NOT NULL,
        event_id TEXT NOT NULL,
        decided_at INTEGER NOT NULL,
        due_at INTEGER,
        attempts INTEGER NOT NULL,
        failing_since INTEGER,
        result TEXT,
        note TEXT,
        PRIMARY KEY (origin, customer)
    )",
        "CREATE INDEX IF NOT EXISTS rewrite_for ON rewrite (origin, user_key)",
        "CREATE INDEX IF NOT EXISTS rewrite_turn ON rewrite (attempts, due_at, origin, customer) WHERE due_at IS NOT NULL",
    ],
};

//! The tables, and the steps that lead from each version of them to the next.

use super::{erasure, stored};
use crate::sql::{Columns, Sql, SqlError, Value};

/// The version that this code reads and writes.
const VERSION: usize = STEPS.len();

/// One step. A step that was cut off is simply repeated, and two instances may be at it at once.
struct Step {
    /// Statements that can each be run again.
    statements: &'static [&'static str],
    /// Columns to add after them: table, name and type.
    columns: &'static [(&'static str, &'static str, &'static str)],
}

const STEPS: [Step; 11] = [
    FIRST,
    FAILING_SINCE,
    TURNS,
    RATES,
    CHANGE_COLUMNS,
    CHANGES,
    RUNS,
    OUTCOME_COLUMNS,
    OUTGOING,
    ERASURE_COLUMNS,
    ERASURE,
];

const FIRST: Step = Step { columns: &[], statements: &[
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
const FAILING_SINCE: Step =
    Step { statements: &[], columns: &[("registration", "failing_since", "INTEGER")] };

/// The order in which what is due has its turn, and rows that are forgotten together with their lines of the timeline.
const TURNS: Step = Step {
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
const RATES: Step = Step {
    columns: &[],
    statements: &["CREATE TABLE IF NOT EXISTS rate (
        caller TEXT PRIMARY KEY,
        minute INTEGER NOT NULL,
        requests INTEGER NOT NULL
    )"],
};

/// The number of a registration's last change, and when that was.
const CHANGE_COLUMNS: Step = Step {
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
const CHANGES: Step = Step {
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
const RUNS: Step = Step {
    columns: &[],
    statements: &["CREATE TABLE IF NOT EXISTS run (
        number INTEGER PRIMARY KEY,
        began_at INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        report TEXT NOT NULL,
        problem TEXT
    )"],
};

/// What a change of a registration tells the ERP, and when the ERP decided what a customer or address looks like.
const OUTCOME_COLUMNS: Step = Step {
    statements: &[],
    columns: &[
        ("registration", "outcome_kind", "TEXT"),
        ("registration", "outcome_body", "TEXT"),
        ("party", "decided_at", "INTEGER"),
    ],
};

/// Messages about what a change has brought about; what is stuck, and whether somebody was called about it; alerts; customers to be
/// written again.
const OUTGOING: Step = Step {
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
        "CREATE INDEX IF NOT EXISTS rewrite_turn ON rewrite (attempts, due_at, origin, customer) WHERE due_at IS NOT NULL",
    ],
};

/// What remains of an erased registration, how its row looked when it was listed last, and whom an event is about.
const ERASURE_COLUMNS: Step = Step {
    statements: &[],
    columns: &[
        ("registration", "tombstone", "TEXT"),
        ("registration", "listed_print", "TEXT"),
        ("inbox", "origin", "TEXT"),
        ("inbox", "user_key", "TEXT"),
    ],
};

/// Finding and erasing what is kept about a user. Events of older versions are given their user; those that are about no registration
/// lose their bodies, as they do from now on.
const ERASURE: Step = Step {
    columns: &[],
    statements: &[
        "UPDATE inbox SET origin = json_extract(body, '$.data.origin'), user_key = json_extract(body, '$.data.user_key')
        WHERE origin IS NULL AND CASE WHEN json_valid(body) THEN json_type(body, '$.data.origin') = 'text' END",
        "UPDATE inbox SET body = '' WHERE outcome IN ('refused', 'ignored') AND NOT EXISTS (SELECT 1 FROM registration
            WHERE registration.origin = inbox.origin AND registration.user_key = inbox.user_key)",
        "CREATE INDEX IF NOT EXISTS inbox_about ON inbox (origin, user_key)",
        "CREATE INDEX IF NOT EXISTS party_of ON party (origin, user_key)",
        "CREATE INDEX IF NOT EXISTS registration_finished ON registration (changed_at) WHERE state IN ('active', 'rejected', 'gone')",
        erasure::TRIGGERS[0],
        erasure::TRIGGERS[1],
        erasure::TRIGGERS[2],
        erasure::TRIGGERS[3],
        erasure::TRIGGERS[4],
        erasure::TRIGGERS[5],
        erasure::TRIGGERS[6],
        erasure::TRIGGERS[7],
    ],
};

/// Brings the schema to [`VERSION`].
pub(super) async fn migrate(sql: &impl Sql) -> Result<(), SqlError> {
    let found = found(sql).await?;
    if found == 0 {
        // Twice the writes a second of the default journal, and readers that do not wait for writers. It stays in the file. Two
        // instances that open a new database at once can be in each other's way here, so only one of them needs to succeed.
        let _ = sql.run("PRAGMA journal_mode = WAL", vec![]).await;
    }
    if found > VERSION {
        return Err(SqlError(format!(
            "the ledger was written by a newer version (its schema is {found}, this one knows {VERSION}): \
             deploy that version again, or restore a ledger from before"
        )));
    }
    for (version, step) in (1_i64..).zip(STEPS).skip(found) {
        for statement in step.statements {
            sql.run(statement, vec![]).await?;
        }
        for (table, column, kind) in step.columns {
            let added = sql.run(&format!("ALTER TABLE {table} ADD COLUMN {column} {kind}"), vec![]).await;
            // SQLite has no "add if not exists": it was added before if it can be asked for.
            if sql.run(&format!("SELECT {column} FROM {table} LIMIT 0"), vec![]).await.is_err() {
                added?;
            }
        }
        // Two instances may migrate at once: the row is made once, and only ever counts up.
        sql.run(
            "INSERT INTO schema_version SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)",
            vec![],
        )
        .await?;
        sql.run("UPDATE schema_version SET version = $1 WHERE version < $1", vec![Value::from(version)])
            .await?;
    }
    Ok(())
}

/// The version of the database; 0 for a new one.
async fn found(sql: &impl Sql) -> Result<usize, SqlError> {
    let Ok(rows) = sql.run("SELECT version FROM schema_version", vec![]).await else {
        // The table is not there: a new database, or no database at all, which this statement tells.
        sql.run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)", vec![]).await?;
        return Ok(0);
    };
    let version = rows.into_iter().next().map_or(Ok(0), |row| Columns::of(row).needed_number())?;
    stored(usize::try_from(version))
}

//! What remains of whom is erased.

use super::Step;
use crate::ledger::erasure;

/// What remains of an erased registration, how its row looked when it was listed last, and whom an event is about.
pub(super) const ERASURE_COLUMNS: Step = Step {
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
pub(super) const ERASURE: Step = Step {
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

/// Finds who is finished for long by the time alone, and by nothing else.
pub(super) const FINISHED: Step = Step {
    columns: &[],
    statements: &[
        "CREATE INDEX IF NOT EXISTS registration_final ON registration (changed_at) WHERE state || '' IN ('active', 'rejected', 'gone')",
        "DROP INDEX IF EXISTS registration_finished",
    ],
};

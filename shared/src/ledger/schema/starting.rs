//! The origins whose registrations are announced.

use super::Step;

/// Which origin was started, when, by whom, and from which registration date on. Older versions had no start: what they had brought in,
/// or had read to the end, goes on.
pub(super) const STARTS: Step = Step {
    columns: &[],
    statements: &[
        "CREATE TABLE IF NOT EXISTS start (
        origin TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        start_from TEXT
    )",
        "INSERT INTO start (origin, at, actor) SELECT origin, MIN(first_seen), 'upgrade' FROM registration
        WHERE revision > 0 GROUP BY origin ON CONFLICT (origin) DO NOTHING",
        "INSERT INTO start (origin, at, actor)
        SELECT origin, MIN(unixepoch(json_extract(state, '$.complete_since')) * 1000), 'upgrade' FROM scan
        WHERE json_extract(state, '$.complete_since') IS NOT NULL GROUP BY origin ON CONFLICT (origin) DO NOTHING",
    ],
};

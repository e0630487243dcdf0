//! How many came and became active, and when.

use super::Step;

/// When the user could log in for the first time.
pub(super) const ACTIVE_COLUMN: Step =
    Step { statements: &[], columns: &[("registration", "active_since", "INTEGER")] };

/// The class of the time between two columns: how many of these have passed, in milliseconds. [`crate::overview`] has them too.
macro_rules! class {
    ($at:literal, $seen:literal) => {
        concat!(
            "((",
            $at,
            " - ",
            $seen,
            " >= 900000) + (",
            $at,
            " - ",
            $seen,
            " >= 1800000) + (",
            $at,
            " - ",
            $seen,
            " >= 3600000) + (",
            $at,
            " - ",
            $seen,
            " >= 7200000) + (",
            $at,
            " - ",
            $seen,
            " >= 14400000) + (",
            $at,
            " - ",
            $seen,
            " >= 28800000) + (",
            $at,
            " - ",
            $seen,
            " >= 57600000) + (",
            $at,
            " - ",
            $seen,
            " >= 86400000) + (",
            $at,
            " - ",
            $seen,
            " >= 172800000) + (",
            $at,
            " - ",
            $seen,
            " >= 259200000) + (",
            $at,
            " - ",
            $seen,
            " >= 432000000) + (",
            $at,
            " - ",
            $seen,
            " >= 604800000) + (",
            $at,
            " - ",
            $seen,
            " >= 1209600000) + (",
            $at,
            " - ",
            $seen,
            " >= 2592000000))"
        )
    };
}

/// Counts by quarters of an hour, of which the days of every zone are made.
///
/// Triggers count, so that nobody has to count a million registrations to draw thirty days; and who is erased stays counted. What is
/// forgotten was no registration.
pub(super) const TALLIES: Step = Step {
    columns: &[],
    statements: &[
        "CREATE TABLE IF NOT EXISTS tally (
        quarter INTEGER NOT NULL,
        kind TEXT NOT NULL,
        took INTEGER NOT NULL,
        origin TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (quarter, kind, took, origin)
    )",
        "UPDATE registration SET active_since = COALESCE((SELECT MIN(at) FROM timeline WHERE timeline.origin = registration.origin
            AND timeline.user_key = registration.user_key AND event = 'active'), CASE WHEN state = 'active' THEN changed_at END)
        WHERE active_since IS NULL",
        "INSERT INTO tally SELECT first_seen / 900000, 'registered', 0, origin, COUNT(*) FROM registration WHERE TRUE GROUP BY 1, 4
        ON CONFLICT DO NOTHING",
        concat!(
            "INSERT INTO tally SELECT active_since / 900000, 'activated', ",
            class!("active_since", "first_seen"),
            ", origin, COUNT(*) FROM registration WHERE active_since IS NOT NULL GROUP BY 1, 3, 4 ON CONFLICT DO NOTHING"
        ),
        "CREATE TRIGGER IF NOT EXISTS tally_of_new AFTER INSERT ON registration BEGIN
        INSERT INTO tally VALUES (NEW.first_seen / 900000, 'registered', 0, NEW.origin, 1)
            ON CONFLICT DO UPDATE SET count = count + 1;
    END",
        concat!(
            "CREATE TRIGGER IF NOT EXISTS tally_of_active AFTER UPDATE OF version ON registration
        WHEN NEW.state = 'active' AND OLD.active_since IS NULL BEGIN
        INSERT INTO tally VALUES (NEW.changed_at / 900000, 'activated', ",
            class!("NEW.changed_at", "NEW.first_seen"),
            ", NEW.origin, 1) ON CONFLICT DO UPDATE SET count = count + 1;
        UPDATE registration SET active_since = NEW.changed_at WHERE origin = NEW.origin AND user_key = NEW.user_key;
    END"
        ),
        "CREATE TRIGGER IF NOT EXISTS tally_of_forgotten AFTER DELETE ON registration BEGIN
        UPDATE tally SET count = count - 1
        WHERE quarter = OLD.first_seen / 900000 AND kind = 'registered' AND took = 0 AND origin = OLD.origin;
    END",
    ],
};

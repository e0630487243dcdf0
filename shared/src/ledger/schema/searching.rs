//! Finding registrations for people.

use super::Step;

/// What a registration is found by: its words, as a JSON list, the name of its company as it is sorted, and a number that stands for it
/// among the words. No words: an older version wrote it, and the tick makes them.
pub(super) const SEARCH_COLUMNS: Step = Step {
    statements: &[],
    columns: &[
        ("registration", "words", "TEXT"),
        ("registration", "company", "TEXT NOT NULL DEFAULT ''"),
        ("registration", "findable_as", "INTEGER"),
    ],
};

/// The words one by one, and the orders in which people list registrations.
///
/// Triggers keep the words in the statement that changes the registration. So one that is erased or forgotten is found by nothing that
/// tells who it was, without anybody having to think of it.
pub(super) const SEARCH: Step = Step {
    columns: &[],
    statements: &[
        "CREATE TABLE IF NOT EXISTS word (
        word TEXT NOT NULL,
        findable_as INTEGER NOT NULL,
        PRIMARY KEY (word, findable_as)
    ) WITHOUT ROWID",
        "CREATE INDEX IF NOT EXISTS registration_findable_as ON registration (findable_as)",
        "CREATE INDEX IF NOT EXISTS registration_first_seen ON registration (first_seen, origin, user_key)",
        "CREATE INDEX IF NOT EXISTS registration_company ON registration (company, origin, user_key)",
        "CREATE INDEX IF NOT EXISTS registration_wordless ON registration (origin, user_key) WHERE words IS NULL",
        "CREATE TRIGGER IF NOT EXISTS word_of_new AFTER INSERT ON registration WHEN NEW.words IS NOT NULL BEGIN
        INSERT INTO word SELECT value, NEW.findable_as FROM json_each(NEW.words) WHERE TRUE ON CONFLICT DO NOTHING;
    END",
        "CREATE TRIGGER IF NOT EXISTS word_of_change AFTER UPDATE OF words ON registration WHEN NEW.words IS NOT OLD.words BEGIN
        DELETE FROM word WHERE findable_as = OLD.findable_as AND word IN (SELECT value FROM json_each(OLD.words));
        INSERT INTO word SELECT value, NEW.findable_as FROM json_each(NEW.words) WHERE TRUE ON CONFLICT DO NOTHING;
    END",
        "CREATE TRIGGER IF NOT EXISTS word_of_forgotten AFTER DELETE ON registration BEGIN
        DELETE FROM word WHERE findable_as = OLD.findable_as AND word IN (SELECT value FROM json_each(OLD.words));
    END",
    ],
};

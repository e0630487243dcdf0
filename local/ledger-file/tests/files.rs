//! Copies and tables of real files.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};
use ledger_file::{Facts, Format, What, backup, export, in_folder, restore};
use rusqlite::Connection;
use shared::tombstone::RowKey;

/// The schema, and registrations in some states, by the model itself.
struct Place {
    folder: tempfile::TempDir,
}

fn now() -> DateTime<Utc> {
    "2026-03-02T09:15:00Z".parse().unwrap()
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        place.model("SELECT 1");
        place
    }

    fn ledger(&self) -> PathBuf {
        in_folder(self.folder.path())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A connection to the ledger with its schema, as long as it lives.
    fn model(&self, statements: &str) -> Connection {
        let connection = Connection::open(self.ledger()).unwrap();
        let opened = shared::ledger::Ledger::open(ledger_file::Statements(&connection));
        futures_util::FutureExt::now_or_never(opened).unwrap().unwrap();
        connection.execute_batch(statements).unwrap();
        connection
    }

    fn restore(&self, copy: &Path) -> anyhow::Result<ledger_file::Restored> {
        restore(copy, &self.ledger(), now(), || RowKey::of([1, 2]))
    }

    fn export(&self, what: What, format: Format, since: Option<DateTime<Utc>>) -> String {
        let mut out = Vec::new();
        export(&self.ledger(), (what, format), since, &mut out, |_| {}).unwrap();
        String::from_utf8(out).unwrap()
    }
}

fn registration(user: &str, state: &str) -> String {
    format!(
        "INSERT INTO registration (origin, user_key, version, state, revision, told, attempts, checked_at, first_seen, changed_at, \
         listed, event) VALUES ('SHOP', '{user}', 1, '{state}', 1, 1, 0, 0, 0, 1772442900000, 0, 'seen');"
    )
}

#[cfg(unix)]
fn mode(file: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_copy_of_a_ledger_in_use_has_what_is_only_in_the_log_and_only_its_owner_reads_it() {
    let place = Place::new();
    let in_use = place.model(&registration("u1", "seen"));
    assert!(fs::metadata(place.at("sqlite_db.db-wal")).unwrap().len() > 0, "nothing is left to the log");
    let facts = backup(&place.ledger(), &place.at("copy"), false).unwrap();
    assert_eq!((facts.total(), facts.lines), (1, 1));
    assert_eq!(Facts::check(&place.at("copy")).unwrap(), facts);
    #[cfg(unix)]
    assert_eq!(mode(&place.at("copy")), 0o600);
    drop(in_use);
}

#[test]
fn a_writer_is_not_in_the_way_of_a_copy_nor_a_copy_of_a_writer() {
    let place = Place::new();
    let writing = place.model(&registration("u1", "seen"));
    writing.execute_batch("BEGIN IMMEDIATE").unwrap();
    writing.execute_batch(&registration("u2", "seen")).unwrap();
    assert_eq!(backup(&place.ledger(), &place.at("copy"), false).unwrap().total(), 1);
    writing.execute_batch("COMMIT").unwrap();
    assert_eq!(backup(&place.ledger(), &place.at("copy"), true).unwrap().total(), 2);
}

#[test]
fn nothing_is_replaced_unasked_and_no_half_of_a_copy_is_left() {
    let place = Place::new();
    fs::write(place.at("copy"), "mine").unwrap();
    let refused = backup(&place.ledger(), &place.at("copy"), false).unwrap_err();
    assert!(refused.to_string().contains("--force"), "{refused:#}");
    assert_eq!(fs::read(place.at("copy")).unwrap(), b"mine");
    assert!(backup(&place.ledger(), &place.ledger(), true).is_err(), "the ledger is no copy of itself");
    assert!(backup(&place.at("nowhere"), &place.at("other"), false).is_err());
    fs::write(
        place.at("no-ledger"),
        "this is no database at all, and long enough to be read as one".repeat(9),
    )
    .unwrap();
    assert!(backup(&place.at("no-ledger"), &place.at("other"), false).is_err());
    let left: Vec<_> =
        fs::read_dir(place.folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_str().unwrap().starts_with(".onboarding")), "{left:?}");
    assert!(!place.at("other").exists());
}

#[test]
fn a_copy_takes_the_ledgers_place_and_that_one_is_kept() {
    let place = Place::new();
    drop(place.model(&registration("u1", "announced")));
    backup(&place.ledger(), &place.at("copy"), false).unwrap();
    drop(place.model(&registration("u2", "seen")));
    let before = fs::read(place.at("copy")).unwrap();

    let restored = place.restore(&place.at("copy")).unwrap();
    assert_eq!(restored.reconciled.states, [("announced".to_owned(), 1)]);
    assert_eq!(restored.erasures_unknown, None);
    assert_eq!(fs::read(place.at("copy")).unwrap(), before, "the copy is not touched");
    assert_eq!(Facts::check(&restored.aside.unwrap()).unwrap().total(), 2);
    assert_eq!(Facts::check(&place.ledger()).unwrap().total(), 1);
    // It is worked with as before.
    let mode: String =
        place.model("SELECT 1").query_row("PRAGMA journal_mode", (), |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn nobody_may_have_the_ledger_open_and_then_everything_is_as_before() {
    let place = Place::new();
    drop(place.model(&registration("u1", "announced")));
    backup(&place.ledger(), &place.at("copy"), false).unwrap();
    let lease = format!(
        "INSERT INTO lease VALUES ('tick', 't', {})",
        (now() + TimeDelta::seconds(5)).timestamp_millis()
    );
    for (statements, open, want, why) in [
        ("SELECT 1", true, Some("stop the application"), "a connection that was used"),
        (lease.as_str(), false, Some("a tick is running"), "a lease"),
        (
            "DELETE FROM lease; UPDATE registration SET claim_token = 'x', claim_until = 99999999999999",
            false,
            Some("being worked on"),
            "a claim",
        ),
        ("UPDATE registration SET claim_until = 1", false, None, "a claim that has lapsed"),
    ] {
        let connection = place.model(statements);
        let held = if open {
            Some(connection)
        } else {
            drop(connection);
            None
        };
        let before = Facts::check(&place.ledger()).unwrap();
        match (place.restore(&place.at("copy")), want) {
            (Ok(_), None) => {}
            (Err(error), Some(want)) => {
                assert!(format!("{error:#}").contains(want), "{why}: {error:#}");
                drop(held);
                assert_eq!(Facts::check(&place.ledger()).unwrap(), before, "{why}");
                let mode: String =
                    place.model("SELECT 1").query_row("PRAGMA journal_mode", (), |row| row.get(0)).unwrap();
                assert_eq!(mode, "wal", "{why}");
            }
            (other, _) => panic!("{why}: {other:?}"),
        }
    }
}

#[test]
fn a_damaged_copy_is_refused_and_a_damaged_ledger_makes_way_with_its_log() {
    let place = Place::new();
    drop(place.model(&registration("u1", "announced")));
    backup(&place.ledger(), &place.at("copy"), false).unwrap();
    let mut bytes = fs::read(place.at("copy")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0x5a);
    fs::write(place.at("damaged"), &bytes).unwrap();
    assert!(place.restore(&place.at("damaged")).is_err());
    assert_eq!(Facts::check(&place.ledger()).unwrap().total(), 1);

    fs::write(place.ledger(), "what is left after the disk broke".repeat(200)).unwrap();
    fs::write(place.at("sqlite_db.db-wal"), "a log of what is no more").unwrap();
    let restored = place.restore(&place.at("copy")).unwrap();
    assert!(restored.erasures_unknown.is_some());
    let aside = restored.aside.unwrap();
    assert!(fs::read_to_string(&aside).unwrap().starts_with("what is left"));
    assert!(!place.at("sqlite_db.db-wal").exists(), "a log of another file spoils the new one");
    assert_eq!(Facts::check(&place.ledger()).unwrap().total(), 1);
}

#[test]
fn a_ledger_that_is_gone_comes_back() {
    let place = Place::new();
    drop(place.model(&registration("u1", "linked")));
    backup(&place.ledger(), &place.at("copy"), false).unwrap();
    fs::remove_file(place.ledger()).unwrap();
    fs::write(place.at("sqlite_db.db-wal"), "a log of what is no more").unwrap();
    let restored = place.restore(&place.at("copy")).unwrap();
    assert!(!place.at("sqlite_db.db-wal").exists(), "a log of another file spoils the new one");
    assert!(restored.aside.is_none() && restored.erasures_unknown.is_some());
    assert_eq!(Facts::check(&place.ledger()).unwrap().total(), 1);
}

#[test]
fn a_copy_of_a_newer_version_is_refused() {
    let place = Place::new();
    drop(place.model(&registration("u1", "linked")));
    backup(&place.ledger(), &place.at("copy"), false).unwrap();
    Connection::open(place.at("copy"))
        .unwrap()
        .execute_batch("UPDATE schema_version SET version = 9999")
        .unwrap();
    let error = place.restore(&place.at("copy")).unwrap_err();
    assert!(format!("{error:#}").contains("newer version"), "{error:#}");
    assert_eq!(Facts::check(&place.ledger()).unwrap().total(), 1);
    let mode: String =
        place.model("SELECT 1").query_row("PRAGMA journal_mode", (), |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

/// Whom it has erased is asked in the words of this version, and what that does to it is taken back before it makes way.
#[test]
fn a_ledger_of_an_older_version_makes_way_and_leaves_no_journal_beside_the_new_one() {
    let place = Place::new();
    drop(place.model(&registration("u1", "linked")));
    backup(&place.ledger(), &place.at("copy"), false).unwrap();
    drop(place.model("DROP TABLE restored; UPDATE schema_version SET version = version - 1"));
    let restored = place.restore(&place.at("copy")).unwrap();
    assert_eq!(restored.erasures_unknown, None);
    for ending in ["-journal", "-wal", "-shm"] {
        assert!(!place.at(&format!("sqlite_db.db{ending}")).exists(), "{ending}");
    }
    let aside = Facts::check(&restored.aside.unwrap()).unwrap();
    assert_eq!(aside.schema, restored.facts.schema - 1);
}

const RICH: &str = r#"
    UPDATE registration SET decision_id = 'd1', decided_at = 1772442900000,
        message = '{"data":{"registered_at":"2026-03-02T10:00:00.1","company":{"name":"=cmd(), \"B.V.\"","vat":"NL000000000B00","coc":null}}}',
        link = '{"customers":["C-1","C-2"],"intended_at":"2026-03-02T09:15:00Z","mail":"confirmed"}' WHERE user_key = 'u1';
    INSERT INTO inbox (id, print, actor, body, received_at) VALUES ('d1', 'p', 'ERP', '{"type":"customer.approved"}', 0);
    UPDATE registration SET tombstone = '{"at":"2026-03-01T00:00:00Z","by":"eva","outcome":"active"}' WHERE user_key = 'u2';
"#;

#[test]
fn registrations_are_a_table_of_stable_columns_and_who_is_erased_is_a_tombstone() {
    let place = Place::new();
    let rows = registration("u1", "linked") + &registration("u2", "erased") + RICH;
    let in_use = place.model(&rows);
    let csv = place.export(What::Registrations, Format::Csv, None);
    assert_eq!(
        csv,
        r#""origin","user_key","state","reason","revision","told_revision","registered_at","company","vat_number","coc_number",
"first_seen_at","changed_at","decision","decision_id","decided_at","decided_by","customers","link_begun_at","mail","erased_at",
"erased_by","state_before_erasure"
"SHOP","u1","linked","","1","1","2026-03-02T10:00:00.1","'=cmd(), ""B.V.""","NL000000000B00","",
"1970-01-01T00:00:00.000Z","2026-03-02T09:15:00.000Z","customer.approved","d1","2026-03-02T09:15:00.000Z","ERP","C-1 C-2",
"2026-03-02T09:15:00Z","confirmed","","",""
"SHOP","u2","erased","","1","1","","","","",
"1970-01-01T00:00:00.000Z","2026-03-02T09:15:00.000Z","","","","","","","","2026-03-01T00:00:00Z",
"eva","active"
"#
        .replace(",\n", ",")
        .replace('\n', "\r\n")
    );
    let jsonl = place.export(What::Registrations, Format::Jsonl, None);
    let first: serde_json::Value = serde_json::from_str(jsonl.lines().next().unwrap()).unwrap();
    assert_eq!(first["company"], "=cmd(), \"B.V.\"");
    assert_eq!((first["reason"].is_null(), &first["revision"]), (true, &serde_json::json!(1)));
    assert_eq!(jsonl.lines().count(), 2);
    drop(in_use);
}

#[test]
fn the_timeline_is_a_table_and_only_what_is_late_enough_is_in_it() {
    let place = Place::new();
    drop(place.model(&registration("u1", "seen")));
    let csv = place.export(What::Timeline, Format::Csv, Some(now()));
    assert_eq!(
        csv,
        "\"origin\",\"user_key\",\"number\",\"at\",\"event\",\"actor\",\"note\"\r\n\
         \"SHOP\",\"u1\",\"1\",\"2026-03-02T09:15:00.000Z\",\"seen\",\"\",\"\"\r\n"
    );
    let later = place.export(What::Timeline, Format::Jsonl, Some(now() + TimeDelta::seconds(1)));
    assert_eq!(later, "");
}

/// How the table is split is the reader's choice: where a comma stands in numbers, a spreadsheet splits at semicolons.
#[test]
fn no_cell_begins_a_formula_whatever_a_spreadsheet_splits_at() {
    let place = Place::new();
    let names =
        ["=1", "Voorbeeld;=1", "Voorbeeld; \"=1\"", "Voorbeeld\r\n=1", "Voorbeeld\t@1;;-1", "a\";\"=1"];
    for (number, name) in names.iter().enumerate() {
        let message = serde_json::json!({ "data": { "company": { "name": name } } });
        let add = "UPDATE registration SET message = ?1 WHERE user_key = ?2";
        let user = format!("u{number}");
        let model = place.model(&registration(&user, "seen"));
        assert_eq!(model.execute(add, [message.to_string(), user]).unwrap(), 1);
    }
    let csv = place.export(What::Registrations, Format::Csv, None);
    for splits_at in [b',', b';', b'\t'] {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader =
            reader.delimiter(splits_at).flexible(true).has_headers(false).from_reader(csv.as_bytes());
        let mut cells = 0;
        for cell in
            reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        {
            let begins = cell.trim_start_matches([' ', '"']).chars().next();
            assert!(!begins.is_some_and(|first| "=+-@".contains(first)), "{cell:?}");
            cells += 1;
        }
        assert!(cells > names.len());
    }
    let company = 7;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let read: Vec<_> = reader.records().map(|row| row.unwrap()[company].replace('\'', "")).collect();
    assert_eq!(read, names, "and a reader of commas finds each in its column");
}

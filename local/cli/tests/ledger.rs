//! `backup`, `restore` and `export` as people call them: what they print, what they leave, and how they end.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    path::Path,
    process::{Command, Output},
};

use futures_util::FutureExt as _;
use ledger_file::Statements;
use rusqlite::Connection;
use shared::ledger::Ledger;

fn onboarding(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_onboarding")).current_dir(folder).args(arguments).output().unwrap()
}

/// A ledger with one registration, in the folder where it is looked for.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join(".spin");
    std::fs::create_dir(&state).unwrap();
    let connection = Connection::open(ledger_file::in_folder(&state)).unwrap();
    Ledger::open(Statements(&connection)).now_or_never().unwrap().unwrap();
    connection
        .execute_batch(
            "INSERT INTO registration (origin, user_key, version, state, revision, told, attempts, checked_at, first_seen, \
             changed_at, listed, event) VALUES ('SHOP', 'u1', 1, 'announced', 1, 1, 0, 0, 0, 0, 0, 'seen')",
        )
        .unwrap();
    folder
}

fn ended(output: &Output, code: i32, words: &str) {
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(words), "{words} is missing in:\n{said}");
}

#[test]
fn a_ledger_is_copied_restored_and_exported_by_three_commands() {
    let folder = folder();
    let call = |arguments: &[&str]| onboarding(folder.path(), arguments);
    ended(&call(&["backup", "copy.db"]), 0, "1 registrations: 1 announced");
    ended(&call(&["backup", "copy.db"]), 1, "--force");
    ended(&call(&["backup", "copy.db", "--force"]), 0, "undamaged");
    ended(&call(&["restore", "copy.db"]), 0, "decisions.wanted");
    ended(&call(&["restore", "nowhere.db"]), 1, "nowhere.db");
    let table = call(&["export", "--what", "timeline"]);
    ended(&table, 0, "2 rows");
    let text = String::from_utf8(table.stdout).unwrap();
    assert!(
        text.starts_with("\"origin\",\"user_key\",\"number\",") && text.contains("\"SHOP\",\"u1\",\"1\","),
        "{text}"
    );
    ended(&call(&["export", "--ledger", "copy.db", "--format", "jsonl", "--output", "table"]), 0, "1 rows");
    assert_eq!(std::fs::read_to_string(folder.path().join("table")).unwrap().lines().count(), 1);
    ended(&call(&["export", "--since", "yesterday"]), 2, "expected a date");
    ended(&call(&["backup", "other.db", "--state", "elsewhere"]), 1, "there is no ledger");
}

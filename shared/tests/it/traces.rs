//! Looking for what is left of a person, in every column of every table and in the bytes of the database's files.

use std::path::Path;

use sandbox::Registration;
use shared::sql::{Sql as _, Value};

use crate::sqlite::Sqlite;

/// What tells who somebody is, as it would be found: as it was typed in, and as people search for it.
pub fn telling(registration: &Registration) -> Vec<String> {
    let typed_in: Vec<_> = registration.telling().map(str::to_owned).collect();
    let searched = typed_in.iter().map(|text| text.to_lowercase()).filter(|text| !typed_in.contains(text));
    typed_in.iter().cloned().chain(searched).collect()
}

/// Where any of the texts stands: table, column and text.
pub async fn in_tables(sqlite: &Sqlite, texts: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for table in names(sqlite, "SELECT name FROM sqlite_master WHERE type = 'table'").await {
        for column in names(sqlite, &format!("SELECT name FROM pragma_table_info('{table}')")).await {
            for text in texts {
                let statement = format!("SELECT 1 FROM {table} WHERE instr({column}, ?1) > 0 LIMIT 1");
                if !sqlite.run(&statement, vec![text.as_str().into()]).await.unwrap().is_empty() {
                    found.push(format!("{table}.{column} has {text}"));
                }
            }
        }
    }
    found
}

async fn names(sqlite: &Sqlite, statement: &str) -> Vec<String> {
    let rows = sqlite.run(statement, vec![]).await.unwrap();
    let name = |value| match value {
        Value::Text(name) => name,
        other => panic!("{other:?} is no name"),
    };
    rows.into_iter().flatten().map(name).collect()
}

/// Those of the texts that stand anywhere in the database's file or its write-ahead log.
pub fn in_files(database: &Path, texts: &[String]) -> Vec<String> {
    let log = database.with_extension("db-wal");
    let bytes = [std::fs::read(database).unwrap(), std::fs::read(log).unwrap_or_default()].concat();
    let stands = |text: &&String| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    texts.iter().filter(stands).cloned().collect()
}

//! One value of a table.

use chrono::{DateTime, SecondsFormat};
use rusqlite::{
    Result,
    types::{FromSql, FromSqlResult, ValueRef},
};
use serde::{Serialize, Serializer};

/// A value, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// There is none.
    Nothing,
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
}

impl FromSql for Cell {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(match value {
            ValueRef::Null => Self::Nothing,
            ValueRef::Integer(number) => Self::Number(number),
            other => Self::Text(other.as_str()?.to_owned()),
        })
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
        }
    }
}

impl Cell {
    /// A time: ISO 8601 in UTC.
    pub fn time(millis: Option<i64>) -> Self {
        let at = millis.and_then(DateTime::from_timestamp_millis);
        at.map_or(Self::Nothing, |at| Self::Text(at.to_rfc3339_opts(SecondsFormat::Millis, true)))
    }

    /// Several texts, separated by blanks: keys have none at their ends.
    pub fn list(texts: Option<&str>) -> Result<Self> {
        let Some(texts) = texts else { return Ok(Self::Nothing) };
        let read: Vec<String> = serde_json::from_str(texts).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
        })?;
        Ok(Self::Text(read.join(" ")))
    }

    /// As a spreadsheet is to show it. A text that begins like a formula would be carried out, and people type in what they like.
    pub fn in_csv(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => disarmed(text),
        }
    }
}

/// What a formula begins with.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];
/// Where a spreadsheet may begin another cell within a text. One that is set up for semicolons, as most of Europe's are, opens a table
/// with commas all the same, and to it our quotes stand in the middle of a cell, where they mean nothing.
const ENDS: [char; 4] = [';', '\t', '\r', '\n'];

/// The text with an apostrophe wherever a cell of it would begin a formula.
fn disarmed(text: &str) -> String {
    let begins_formula = |cell: &str| cell.trim_start_matches([' ', '"']).starts_with(FORMULA);
    let mut safe = String::with_capacity(text.len());
    // At the very beginning some look past a tab or line break.
    if text.starts_with(['\t', '\r', '\n']) {
        safe.push('\'');
    }
    for cell in text.split_inclusive(ENDS) {
        if begins_formula(cell) {
            safe.push('\'');
        }
        safe.push_str(cell);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_carry_out_is_only_text() {
        for (text, want) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+31 30 1234567", "'+31 30 1234567"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1", "' =1"),
            ("\t=1", "'\t'=1"),
            ("\nVoorbeeld", "'\nVoorbeeld"),
            ("Voorbeeld;=1;-2; \"+3", "Voorbeeld;'=1;'-2;' \"+3"),
            ("Voorbeeld\r\n=1", "Voorbeeld\r\n'=1"),
            ("Voorbeeld = B.V.; a-b, +c", "Voorbeeld = B.V.; a-b, +c"),
        ] {
            assert_eq!(Cell::Text(text.to_owned()).in_csv(), want);
        }
        assert_eq!(Cell::Number(-1).in_csv(), "-1");
    }
}

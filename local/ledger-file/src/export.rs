//! Registrations and timelines as tables, row by row, however many there are.
//!
//! It reads the file and not the HTTP interface: one statement sees the ledger as it is at one moment, needs no token, and works on a
//! backup as well.

mod cell;
mod columns;

use std::{
    io::{self, Write},
    path::Path,
};

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use rusqlite::OpenFlags;
use serde::Serializer as _;

use crate::facts::open;
use cell::Cell;
pub use columns::What;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values by RFC 4180, in UTF-8, all of them in quotes, with the names of the columns first. A text that a spreadsheet
    /// would take for a formula has an apostrophe before it.
    Csv,
    /// A JSON object in each line, with every column; what is not there is null.
    Jsonl,
}

/// Writes a table to `out`, of what is from `since` on, and returns how many rows it has. `progress` is told how many are written.
///
/// # Errors
/// The ledger cannot be read, or the table cannot be written.
pub fn export(
    ledger: &Path,
    (what, format): (What, Format),
    since: Option<DateTime<Utc>>,
    out: &mut impl Write,
    mut progress: impl FnMut(u64),
) -> Result<u64> {
    let connection = open(ledger, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let reading = || format!("reading {}", ledger.display());
    let mut statement = connection.prepare(what.statement()).with_context(reading)?;
    let since = since.map_or(i64::MIN, |since| since.timestamp_millis());
    let mut rows = statement.query([since]).with_context(reading)?;
    let mut table = Table::begin(what.columns(), format, out)?;
    let mut count = 0;
    while let Some(row) = rows.next().with_context(reading)? {
        table.row(&what.cells(row).with_context(reading)?)?;
        count += 1;
        progress(count);
    }
    table.end()?;
    Ok(count)
}

/// A table that is being written.
enum Table<'a, W: Write> {
    Csv(Box<csv::Writer<&'a mut W>>),
    Jsonl(&'static [&'static str], &'a mut W),
}

impl<'a, W: Write> Table<'a, W> {
    fn begin(columns: &'static [&'static str], format: Format, out: &'a mut W) -> Result<Self> {
        Ok(match format {
            Format::Jsonl => Self::Jsonl(columns, out),
            Format::Csv => {
                // Always in quotes: to a reader that takes both commas and semicolons for ends, one in a text would shift the columns.
                let mut writer = csv::WriterBuilder::new()
                    .quote_style(csv::QuoteStyle::Always)
                    .terminator(csv::Terminator::CRLF)
                    .from_writer(out);
                writer.write_record(columns)?;
                Self::Csv(Box::new(writer))
            }
        })
    }

    fn row(&mut self, cells: &[Cell]) -> Result<()> {
        match self {
            Self::Csv(writer) => {
                let written = writer.write_record(cells.iter().map(Cell::in_csv));
                // Who reads may have left, which only this error tells.
                written.map_err(io::Error::from)?;
            }
            Self::Jsonl(columns, out) => {
                serde_json::Serializer::new(&mut **out).collect_map(columns.iter().zip(cells))?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn end(self) -> Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush()?,
            Self::Jsonl(_, out) => out.flush()?,
        }
        Ok(())
    }
}

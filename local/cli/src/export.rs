//! `onboarding export`: registrations and timelines as tables.

use std::{
    io::{self, BufWriter, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Args, ValueEnum};
use ledger_file::Draft;

use crate::{
    command::Outcome,
    screen::{self, Progress},
};

/// Write registrations, or what has happened to them, as a table.
///
/// For accountants and auditors. It reads the ledger's file, or a backup of it, as it is at one moment, and changes nothing; the
/// application may go on. Who is erased is there without personal data: when, by whom, and how far it was.
///
/// The table holds personal data. A file is made so that only its owner can read it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onboarding export --output registrations.csv
  onboarding export --what timeline --format jsonl --since 2026-01-01 --output timeline.jsonl
  onboarding export --ledger /var/backups/onboarding/ledger.db | grep rejected

Times are ISO 8601 in UTC. CSV is UTF-8 by RFC 4180, with the names of the columns first and all in
quotes; a text that begins with = + - @ or a tab has an apostrophe before it, because a spreadsheet
would take it for a formula, also after a semicolon or line break within it. JSON Lines has the
texts as they are. docs/backup.md lists the columns.")]
pub struct Arguments {
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Which table.
    #[arg(long, value_enum, default_value_t = What::Registrations)]
    what: What,
    /// Only registrations that have changed since, or what has happened since: 2026-03-02, or 2026-03-02T09:15:00Z.
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<DateTime<Utc>>,
    /// Where it is written; `-` is standard output.
    #[arg(long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Replace a file of that name, once the new one is complete.
    #[arg(long)]
    force: bool,
    /// The folder that the ledger is in.
    #[arg(long, value_name = "FOLDER", default_value = ".spin")]
    state: PathBuf,
    /// A ledger by its own name, such as a backup.
    #[arg(long, value_name = "FILE", conflicts_with = "state")]
    ledger: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Comma-separated values, for spreadsheets.
    Csv,
    /// A JSON object in each line, for programs.
    Jsonl,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// One row for each registration, as it is now.
    Registrations,
    /// One row for each thing that has happened to one.
    Timeline,
}

/// Rows between two signs of life.
const SIGN: u64 = 10_000;

/// Writes it and says how much it is.
pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let format = match arguments.format {
        Format::Csv => ledger_file::Format::Csv,
        Format::Jsonl => ledger_file::Format::Jsonl,
    };
    let what = match arguments.what {
        What::Registrations => ledger_file::What::Registrations,
        What::Timeline => ledger_file::What::Timeline,
    };
    let ledger = arguments.ledger.clone().unwrap_or_else(|| ledger_file::in_folder(&arguments.state));
    let progress = Progress::new();
    let sign = |rows: u64| {
        if rows.is_multiple_of(SIGN) {
            progress.show(&format!("{rows} rows"));
        }
    };
    let (asked, since) = ((what, format), arguments.since);
    let rows = if arguments.output == Path::new("-") {
        let mut out = BufWriter::new(io::stdout().lock());
        match ledger_file::export(&ledger, asked, since, &mut out, sign) {
            // The reader has what it wanted.
            Err(error) if has_left(&error) => return Ok(Outcome::Well),
            rows => rows?,
        }
    } else {
        let mut draft = Draft::begin(&arguments.output, arguments.force)?;
        let mut out = BufWriter::new(draft.writer());
        let rows = ledger_file::export(&ledger, asked, since, &mut out, sign)?;
        out.flush().context("the end of the table")?;
        drop(out);
        draft.publish()?;
        rows
    };
    progress.clear();
    screen::note(format_args!("{rows} rows"));
    Ok(Outcome::Well)
}

fn has_left(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(broken)
            || cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind)
                == Some(ErrorKind::BrokenPipe)
    })
}

fn time(text: &str) -> Result<DateTime<Utc>, String> {
    let day = || Ok(text.parse::<NaiveDate>()?.and_time(NaiveTime::MIN).and_utc());
    text.parse::<DateTime<Utc>>().or_else(|_| day()).map_err(|_: chrono::ParseError| {
        "expected a date such as 2026-03-02, or a time such as 2026-03-02T09:15:00Z".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_day_or_a_moment() {
        for (text, want) in [
            ("2026-03-02", Some("2026-03-02T00:00:00Z")),
            ("2026-03-02T10:15:00+01:00", Some("2026-03-02T09:15:00Z")),
            ("yesterday", None),
        ] {
            assert_eq!(time(text).ok(), want.map(|want| want.parse().unwrap()), "{text}");
        }
    }
}

//! How long a copy of 100,000 registrations takes while somebody writes, how long that one waits, and what an export and a return cost.
//!
//! `cargo run --release -p ledger-file --example hundred_thousand`
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has nothing to say")]

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use chrono::Utc;
use futures_util::FutureExt as _;
use ledger_file::{Format, Statements, What, backup, export, in_folder, restore};
use rusqlite::Connection;
use shared::{ledger::Ledger, tombstone::RowKey};

const COUNT: u32 = 100_000;

/// A registration as it is after an approval: with a message of two kilobytes, a decision, and five lines of a timeline.
const MAKE: &str = r#"
    INSERT INTO registration (origin, user_key, version, state, revision, told, message, decision_id, decided_at, link, attempts,
        checked_at, first_seen, changed_at, listed, event)
    VALUES ('SHOP', ?1, 10, 'linked', 1, 1,
        json_object('type', 'registration.created', 'data', json_object('company', json_object('name', 'Company ' || ?1, 'vat', 'NL'), 'rest', ?2)),
        'd' || ?1, 0, '{"customers":["C-1"],"intended_at":"2026-03-02T09:15:00Z","mail":"confirmed"}', 0, 0, 0, 0, 0, 'seen');
    "#;

fn fill(ledger: &Path) {
    let mut db = Connection::open(ledger).unwrap();
    Ledger::open(Statements(&db)).now_or_never().unwrap().unwrap();
    let filler = "x".repeat(1800);
    let all = db.transaction().unwrap();
    for number in 0..COUNT {
        let user = format!("5b1f0c1e-0000-4000-8000-{number:012}");
        all.prepare_cached(MAKE).unwrap().execute([&user, &filler]).unwrap();
        let event = "INSERT INTO inbox (id, print, actor, body, received_at, outcome) \
             VALUES ('d' || ?1, 'p', 'ERP', json_object('type', 'customer.approved', 'data', ?2), 0, 'followed')";
        all.prepare_cached(event).unwrap().execute([&user, &filler]).unwrap();
        let line = "INSERT INTO timeline VALUES ('SHOP', ?1, ?2, 0, 'approved', 'ERP', NULL)";
        for version in 2..6 {
            all.prepare_cached(line).unwrap().execute((&user, version)).unwrap();
        }
    }
    all.commit().unwrap();
}

/// Writes one registration after the other, each flushed to the disk, until it is told to stop; the longest that one took.
fn write(ledger: &Path, stop: &AtomicBool) -> (u32, Duration) {
    let db = Connection::open(ledger).unwrap();
    db.busy_timeout(Duration::from_mins(1)).unwrap();
    let (mut count, mut longest) = (0, Duration::ZERO);
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        let user = format!("5b1f0c1e-0000-4000-8000-{:012}", count % COUNT);
        let change = "UPDATE registration SET version = version + 1, event = 'changed' WHERE origin = 'SHOP' AND user_key = ?1";
        db.prepare_cached(change).unwrap().execute([user]).unwrap();
        count += 1;
        longest = longest.max(began.elapsed());
    }
    (count, longest)
}

/// In kilobytes.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim().to_owned()
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = in_folder(folder.path());
    fill(&ledger);
    let size = |file: &Path| fs::metadata(file).unwrap().len() / 1_000_000;
    println!("{COUNT} registrations, {} MB", size(&ledger));

    for format in [Format::Csv, Format::Jsonl] {
        let began = Instant::now();
        let mut out = std::io::BufWriter::new(fs::File::create(folder.path().join("table")).unwrap());
        let rows = export(&ledger, (What::Registrations, format), None, &mut out, |_| {}).unwrap();
        println!("export as {format:?}: {rows} rows in {:?}", began.elapsed());
    }
    println!("peak memory, with filling and exporting: {}", peak_memory());

    let alone = AtomicBool::new(false);
    let (count, longest) = thread::scope(|scope| {
        let writer = scope.spawn(|| write(&ledger, &alone));
        thread::sleep(Duration::from_secs(3));
        alone.store(true, Ordering::Relaxed);
        writer.join().unwrap()
    });
    println!("a writer alone: {count} writes in 3 s, the longest {longest:?}");
    let (stop, copy) = (AtomicBool::new(false), folder.path().join("copy"));
    let (took, (count, longest)) = thread::scope(|scope| {
        let writer = scope.spawn(|| write(&ledger, &stop));
        thread::sleep(Duration::from_millis(500));
        let began = Instant::now();
        backup(&ledger, &copy, false).unwrap();
        let took = began.elapsed();
        stop.store(true, Ordering::Relaxed);
        (took, writer.join().unwrap())
    });
    println!(
        "backup: {} MB in {took:?}; a writer beside it: {count} writes, the longest {longest:?}",
        size(&copy)
    );

    let began = Instant::now();
    restore(&copy, &ledger, Utc::now(), || RowKey::of([1, 2])).unwrap();
    println!("restore: {:?}", began.elapsed());
}

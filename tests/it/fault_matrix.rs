//! Every fault of every kind of call, end to end: what has to come of it is stated, driven, and printed into
//! `docs/fault-matrix.md`.

mod columns;
mod drive;
mod expected;
mod rows;
mod table;

use anyhow::{Context as _, Result};
use expect_test::expect_file;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use columns::Fault;
use drive::{Cell, drive};
use expected::{expected, is_loud};
use rows::Call;

/// Cells that are driven at once: enough to keep the cores busy while some of them wait.
const AT_ONCE: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_every_call_comes_to_what_is_stated() -> Result<()> {
    let all = Call::ALL.into_iter().flat_map(|call| Fault::ALL.map(|fault| (call, fault)));
    let driven = stream::iter(all).map(|(call, fault)| {
        let cell = async move {
            drive(call, fault).await.with_context(|| format!("{}, {}", call.name(), fault.name()))
        };
        tokio::spawn(cell)
    });
    let driven = driven.buffered(AT_ONCE);
    let cells: Vec<Cell> = driven.map(|cell| cell?).try_collect().await?;
    let wrong: Vec<_> = cells.iter().filter_map(complaint).collect();
    assert!(wrong.is_empty(), "{} of {} cells:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
    expect_file!["../../docs/fault-matrix.md"].assert_eq(&table::document(&cells));
    Ok(())
}

/// What is wrong with a cell, in words.
fn complaint(cell: &Cell) -> Option<String> {
    let (wanted, seen) = (expected(cell.call, cell.fault), cell.seen());
    let mut wrong = cell.broken.clone();
    if !wanted.is(&seen) {
        wrong.push(format!("{seen:?} instead of {wanted:?}"));
    }
    if cell.loud != is_loud(cell.call, cell.fault) {
        wrong.push(format!("a tick answered 503: {}", cell.loud));
    }
    if cell.end != "active" {
        wrong.push(format!("ended as {}, {}", cell.end, cell.said));
    }
    let name = format!("{}, {}", cell.call.name(), cell.fault.name());
    (!wrong.is_empty()).then(|| format!("{name}: {}", wrong.join("; ")))
}

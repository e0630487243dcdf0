//! The whole of the logic against the sandbox's shop and ERP and a real SQLite, in one process and without a socket.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod alerts;
mod anew;
mod approvals;
mod corrections;
mod dry_runs;
mod erasure;
mod exhaustion;
mod faults;
mod glance;
mod hard_cases;
mod interposed;
mod ledger;
mod listing;
mod odd_input;
mod outcomes;
mod pages;
mod plans;
mod properties;
mod restores;
mod retention;
mod scans;
mod searching;
mod sessions;
mod sqlite;
mod starts;
mod strangers;
mod traces;
mod turns;
mod updates;
mod upgrades;
mod words;
mod world;

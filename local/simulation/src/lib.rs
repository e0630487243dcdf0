//! The whole onboarding in one process, under a scheduler that owns time, order and faults.
//!
//! A seed makes a [`Plan`]: a shop with its nature, people who register, clerks who decide, and the weather: what gets lost, late,
//! doubled, refused or killed. [`run()`] plays it with the real logic of `shared` on a real `SQLite` and the sandbox's shop and ERP, on one
//! thread and a clock that only moves when everybody waits, so that the same seed always does the same. After a time of faults comes a
//! time of calm in which everything has to come right; then what the shop, the ERP and the ledger hold is judged promise by promise.
//!
//! Time and order come from tokio's paused clock: each statement and each way over the network takes a time that the seed draws, and
//! whoever's time is over first goes on first.

mod application;
mod arrival;
pub mod backlog;
mod calls;
mod clock;
mod corrections;
pub mod crash;
mod database;
mod erasure;
mod facts;
mod history;
mod loss;
mod message;
mod mutation;
mod network;
mod office;
mod people;
pub mod plan;
mod process;
mod promises;
mod run;
mod seeds;
mod target;
mod trace;
mod weather;
mod world;

pub use facts::Deed;
pub use loss::Loss;
pub use mutation::Mutation;
pub use plan::Plan;
pub use run::{Ended, How, run};
pub use seeds::every_plan;

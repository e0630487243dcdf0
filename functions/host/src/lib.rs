//! The one crate that knows Spin: settings from variables, outbound HTTP, SQLite, time and chance, and the frame around a handler.

mod after;
mod answer;
mod database;
mod decided;
mod handler;
mod instance;
mod outbound;

pub use answer::{Answer, accepted, json, outcome, text};
pub use decided::decided;
pub use handler::{Reply, admit, body, handle, log, not_taken, only, setting, unavailable};
pub use instance::{Settings, ledger, now, open};
pub use outbound::Outbound;
pub use spin_sdk::http::Request;

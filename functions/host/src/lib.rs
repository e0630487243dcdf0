//! The one crate that knows Spin: settings from variables, outbound HTTP, SQLite, time and chance, and the frame around a handler.

mod after;
mod answer;
mod database;
mod handler;
mod instance;
mod outbound;

pub use after::{after, within};
pub use answer::{Answer, accepted, json, outcome};
pub use handler::{Reply, admit, body, handle, log, not_taken, only, setting, unavailable};
pub use instance::{Settings, chance, ledger, now, open};
pub use outbound::Outbound;
pub use spin_sdk::http::Request;

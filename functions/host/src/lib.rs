//! The one crate that knows Spin: settings from variables, outbound HTTP, SQLite, time and chance, and the frame around a handler.

mod after;
mod alarm;
mod answer;
mod body;
mod call;
mod database;
mod decided;
mod handler;
mod instance;
mod outbound;
mod tick;

pub use answer::{Answer, accepted, counted, json, outcome, published, read, text};
pub use body::body;
pub use call::Call;
pub use decided::{decided, work_off};
pub use handler::{Reply, handle, not_taken, only, setting, unavailable};
pub use instance::{Settings, chance, ledger, now, open};
pub use outbound::Outbound;
pub use spin_sdk::http::Request;
pub use tick::tick;

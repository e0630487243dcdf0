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
mod packed;
mod tick;
mod visit;

pub use answer::{Answer, accepted, counted, json, outcome, published, read, see_other, sign_in, text, told};
pub use body::{body, form};
pub use call::Call;
pub use database::Sqlite;
pub use decided::{carried_out, decided, work_off};
pub use handler::{Reply, handle, not_taken, only, setting, unavailable};
pub use instance::{Settings, chance, ledger, now, onboarding, open, uncounted};
pub use outbound::Outbound;
pub use packed::Packed;
pub use spin_sdk::http::Request;
pub use tick::tick;
pub use visit::{Refused, Visit, no_session_cookie, refused, session_cookie, ticket};

//! Examines an installation: its settings, its hosts, and how the shop behaves where its documentation is silent.
//!
//! Effects and judgement are apart. `facts`, `token`, `host`, `announce` and `ping` call others and keep what came of it as values;
//! `judge` and `question` say what these mean and what to do, and call nobody. Of people, only keys and numbers are kept to be shown.
//!
//! [`examine`] only reads, but for the pings that are asked for. [`write_test`] writes, on a TEST shop only.

mod announce;
mod caller;
mod clock;
mod examination;
mod facts;
mod finding;
mod host;
mod judge;
mod list;
mod misspelt;
mod network;
mod ping;
mod probe;
mod question;
mod report;
mod setting;
mod token;
mod write_test;

pub use caller::Trouble;
pub use examination::examine;
pub use finding::{Finding, Mark};
pub use network::Failure;
pub use network::NoCertificates;
pub use question::{QUESTIONS, Question, State};
pub use report::{Counts, Examination, Plan, World};
pub use setting::{Declared, Settings};
pub use write_test::{NoTest, Prompt, Reply, Write, WriteReport, is_test, write_test};

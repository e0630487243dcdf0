//! The advice that is given, by how the shop behaves and what is in the way.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod behaviours;
mod failures;
mod overview;
mod pings;
mod settings;
mod stage;
mod writing;

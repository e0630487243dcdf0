//! What is promised, tried on the real thing.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod activate_user;
mod bad_input;
mod console;
mod correction;
mod decision;
mod erasure;
mod erp_webhook;
mod failing;
mod fault_matrix;
mod fetch_new_users;
mod frame;
mod limits;
mod openapi;
mod outcomes;
mod registrations;
mod restore;
mod secrecy;
mod start;
mod tidy;
mod watch;

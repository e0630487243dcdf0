//! The model of the onboarding: what a registration is, what to do next with it, and how to talk to the shop, the ERP and the
//! ledger about it.
//!
//! Nothing here opens a socket or reads a clock. Two ports let the effects in: [`send::SendRequest`] (Spin's outbound HTTP, the
//! sandbox in tests) and [`sql::Sql`] (Spin's SQLite, rusqlite in tests). Time and randomness come in as values.
//!
//! The way of a registration, and the module that knows about each part:
//!
//! 1. [`scan`] walks the shop's lists, [`registration::next_step`] says what each row means;
//! 2. [`tick`] reads the profiles and hands new registrations to the ERP ([`erp`]);
//! 3. [`decision`] reads the ERP's answer, [`inbox`] keeps it and rules on it;
//! 4. [`approval`] writes customer and addresses and links the user, by the plan of [`party`] and [`link`];
//! 5. [`retry`] says when what failed is tried again or given up, [`by_hand`] lets a person have it tried, and [`correction`] put
//!    right;
//! 6. [`outcome`] tells the ERP how it ended, [`update`] takes a later change of the customer, and [`alert`] calls a person;
//! 7. [`listing`] shows it to who asks, [`watch`] and [`metrics`] to who watches;
//! 8. [`erasure`] takes a person's data out of it, and [`tombstone`] is what remains;
//! 9. [`ledger`] remembers all of it; every statement of SQL lives there.

pub mod access;
pub mod alert;
pub mod applicant;
pub mod approval;
mod brief;
pub mod browser;
pub mod by_hand;
pub mod conditional;
pub mod correction;
pub mod decision;
pub mod detail;
pub mod dry_run;
pub mod entered;
pub mod erasure;
pub mod erp;
pub mod fault;
pub mod host_header;
pub mod inbox;
pub mod json;
pub mod key;
pub mod ledger;
mod limits;
pub mod link;
pub mod listing;
mod located;
pub mod message;
pub mod metrics;
pub mod notice;
pub mod onboarding;
pub mod outcome;
pub mod overview;
pub mod parameters;
mod parts;
pub mod party;
pub mod plausible;
pub mod print;
pub mod problem;
pub mod reception;
pub mod registration;
pub mod restoring;
pub mod retry;
pub mod route;
pub mod runs;
pub mod scan;
#[cfg(feature = "openapi")]
pub mod schema;
pub mod search;
pub mod secret;
pub mod send;
pub mod session;
pub mod settings;
pub mod shop;
pub mod sql;
pub mod start;
pub mod status;
pub mod tick;
pub mod time;
mod together;
pub mod tombstone;
pub mod trace;
pub mod update;
pub mod watch;
pub mod webhook;

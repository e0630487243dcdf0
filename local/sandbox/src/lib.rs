//! A stand-in `CloudSuite` shop, a stand-in ERP and a stand-in for whoever is called, for demos, end-to-end tests and simulation.
//!
//! [`Shop`] and [`Erp`] are plain values: a request and the time go in, an [`Answer`] comes out. They have no clock, no
//! sockets and no randomness but that of their seed, so that the same calls always give the same answers. [`serve`] puts
//! either of them behind real HTTP, and [`generator`] invents the people who register.
//!
//! The shop follows the vendor's public pages ("Usage Info", "New user registration without activation in `CloudSuite`",
//! "New customer/address/user registration in `CloudSuite`" and others). What they leave open is a switch in
//! [`shop::Behaviour`], because an integration has to work whichever way it turns out.

pub mod alerts;
mod answer;
pub mod erp;
pub mod fault;
pub mod generator;
pub mod journal;
pub mod serve;
pub mod shop;

pub use alerts::Alerts;
pub use answer::{Answer, StandIn};
pub use erp::Erp;
pub use generator::{Generator, Odd, Registration};
pub use shop::{Crowd, Shop};

/// A JSON object: what the vendor's bodies are, and what lets a test leave out or add any field.
pub type Object = serde_json::Map<String, serde_json::Value>;

//! A local stand-in for `spin up`: serves an application from its `spin.toml`, on wasmtime.
//!
//! It supports what this project's manifest needs, and refuses everything else by name, so that an application that
//! runs here runs on Spin too. What differs on purpose: time can be driven by the embedder ([`Clock`]), the components'
//! lines can be collected ([`Logs`]), and a timer can call routes ([`Every`]).
//!
//! ```no_run
//! # async fn run() -> anyhow::Result<()> {
//! use runner::{Application, Manifest, Options, Runner};
//!
//! let manifest = Manifest::read("spin.toml".as_ref())?;
//! runner::build::ensure(&manifest, |progress| println!("{progress:?}"))?;
//! let application = Application::load(&manifest)?;
//! let runner = Runner::start(&application, Options::default()).await?;
//! println!("{}", runner.url());
//! runner.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod application;
#[allow(missing_docs, clippy::pedantic, reason = "generated")]
mod bindings;
pub mod build;
mod clock;
mod database;
mod hosts;
mod imports;
mod instances;
mod logs;
mod manifest;
mod outgoing;
mod room;
mod routes;
mod runner;
mod server;
mod site;
mod store;
mod template;
mod timer;
mod usage;
mod variables;

pub use application::Application;
pub use clock::Clock;
pub use logs::Logs;
pub use manifest::{Build, Component, Manifest, Route, Variable};
pub use runner::{Options, Runner};
pub use template::Template;
pub use timer::Every;

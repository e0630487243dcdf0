//! What belongs to one instance of a component while it lives.

use std::sync::Arc;

use tokio::sync::mpsc;
use wasmtime::component::{HasData, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::clock::Clock;
use crate::database::Database;
use crate::logs::{Lines, Logs};
use crate::outgoing::Outgoing;
use crate::usage::Usage;
use crate::variables::Variables;

/// What all instances of a component share in one runner.
pub(crate) struct Shared {
    pub id: Arc<str>,
    pub variables: Variables,
    /// The database `default`, if the component may use it.
    pub database: Option<Database>,
    pub outgoing: Outgoing,
    pub clock: Clock,
    pub logs: Logs,
    pub usage: Usage,
}

/// The data of a store.
pub(crate) struct Data {
    pub shared: Arc<Shared>,
    pub table: ResourceTable,
    /// How many database connections are open.
    pub connections: usize,
    pub usage: Usage,
    outgoing: Outgoing,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    /// While a copy of it exists, the runner is not over.
    _alive: mpsc::Sender<()>,
}

/// Says that the host functions work on [`Data`].
pub(crate) struct InStore;

impl HasData for InStore {
    type Data<'a> = &'a mut Data;
}

impl Data {
    pub fn new(shared: Arc<Shared>, alive: mpsc::Sender<()>) -> Self {
        let lines = || Lines::new(shared.id.clone(), shared.logs.clone());
        let wasi = WasiCtx::builder()
            .stdout(lines())
            .stderr(lines())
            .wall_clock(shared.clock.clone())
            .monotonic_clock(shared.clock.clone())
            .build();
        Self {
            outgoing: shared.outgoing.clone(),
            usage: shared.usage.clone(),
            shared,
            table: ResourceTable::new(),
            connections: 0,
            wasi,
            http: WasiHttpCtx::new(),
            _alive: alive,
        }
    }
}

impl WasiView for Data {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Data {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.outgoing, table: &mut self.table, ctx: &mut self.http }
    }
}

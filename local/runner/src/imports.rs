//! What a component may import: WASI 0.2 and 0.3, with this runner's clock, and Spin's interfaces.

mod clocks;
mod sqlite;
mod variables;

use anyhow::Result;
use wasmtime::Engine;
use wasmtime::component::Linker;

use crate::store::{Data, InStore};

pub(crate) fn linker(engine: &Engine) -> Result<Linker<Data>> {
    let mut linker = Linker::new(engine);
    // Components that the standard library is in import WASI 0.2, those that use spin-sdk 7 import 0.3 too.
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    clocks::add_to_linker(&mut linker)?;
    crate::bindings::spin::sqlite::sqlite::add_to_linker::<_, InStore>(&mut linker, |data| data)?;
    crate::bindings::spin::variables::variables::add_to_linker::<_, InStore>(&mut linker, |data| data)?;
    Ok(linker)
}

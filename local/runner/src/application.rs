//! A manifest whose components are compiled.

mod cache;
mod engine;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use wasmtime::Engine;
use wasmtime_wasi_http::p3::bindings::ServicePre;

use crate::Manifest;
use crate::imports;
use crate::store::Data;

/// Compiled components, ready to be served any number of times with different settings. Copies share the code.
#[derive(Clone)]
pub struct Application(Arc<Loaded>);

struct Loaded {
    manifest: Manifest,
    engine: Engine,
    components: BTreeMap<String, ServicePre<Data>>,
}

impl Application {
    /// Compiles the components, or takes them from `.spin/compiled` next to the manifest where an earlier run put them.
    ///
    /// It blocks: half a second for each component that has changed. It does not build the components from their
    /// sources; [`crate::build::ensure`] does.
    ///
    /// # Errors
    /// A file is missing or no component, or a component wants something that the runner does not offer.
    pub fn load(manifest: &Manifest) -> Result<Self> {
        let engine = engine::new()?;
        let linker = imports::linker(&engine)?;
        let folder = kept_in(manifest);
        let load = |id: &str, source: &Path| -> Result<ServicePre<Data>> {
            let component = cache::load(&engine, &folder, id, source)?;
            let ready =
                linker.instantiate_pre(&component).map_err(anyhow::Error::from).with_context(|| {
                    format!("{} asks for something that this runner does not offer", source.display())
                })?;
            ServicePre::new(ready).map_err(anyhow::Error::from).with_context(|| {
                format!(
                    "{} does not export wasi:http/handler@0.3: build it with spin-sdk 7",
                    source.display()
                )
            })
        };
        let components = thread::scope(|scope| {
            let threads: Vec<_> = manifest
                .components
                .iter()
                .map(|(id, component)| (id, scope.spawn(|| load(id, &component.source))))
                .collect();
            threads
                .into_iter()
                .map(|(id, thread)| {
                    let loaded = thread.join().unwrap_or_else(|_| Err(anyhow!("the compiler panicked")));
                    Ok((id.clone(), loaded.with_context(|| format!("component `{id}`"))?))
                })
                .collect::<Result<_>>()
        })?;
        Ok(Self(Arc::new(Loaded { manifest: manifest.clone(), engine, components })))
    }

    /// Whether nothing would have to be compiled. A compiler takes more memory than all that runs afterwards.
    ///
    /// # Errors
    /// Wasmtime does not start.
    pub fn is_compiled(manifest: &Manifest) -> Result<bool> {
        let (engine, folder) = (engine::new()?, kept_in(manifest));
        Ok(manifest
            .components
            .iter()
            .all(|(id, component)| cache::has(&engine, &folder, id, &component.source)))
    }

    /// The manifest that it was made from.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.0.manifest
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn components(&self) -> &BTreeMap<String, ServicePre<Data>> {
        &self.0.components
    }
}

fn kept_in(manifest: &Manifest) -> PathBuf {
    manifest.folder.join(".spin/compiled")
}

//! Compiled code, kept for the next start.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use wasmtime::Engine;
use wasmtime::component::Component;

static COMPILING: Mutex<()> = Mutex::new(());

/// Compiles `source`, or takes what was compiled from the same bytes for the same engine out of `folder`.
pub(super) fn load(engine: &Engine, folder: &Path, id: &str, source: &Path) -> Result<Component> {
    let wasm = fs::read(source).with_context(|| {
        format!("{} cannot be read: build the components first, with `spin build`", source.display())
    })?;
    let (prefix, kept) = place(engine, folder, id, &wasm);
    if let Some(component) = take(engine, &kept) {
        return Ok(component);
    }
    // One at a time, which is as fast, since the compiler uses all processors for one, and takes half the memory.
    let compiling = COMPILING.lock().unwrap_or_else(PoisonError::into_inner);
    let compiled = engine
        .precompile_component(&wasm)
        .map_err(anyhow::Error::from)
        .with_context(|| format!("{} is not a component that can be compiled", source.display()))?;
    drop(compiling);
    if let Err(error) = keep(folder, &prefix, &kept, &compiled) {
        tracing::warn!("the compiled code is not kept, the next start will be as slow: {error:#}");
    }
    // SAFETY: `precompile_component` has just made these bytes.
    Ok(unsafe { Component::deserialize(engine, &compiled) }?)
}

/// Whether `source` was compiled for this engine before.
pub(super) fn has(engine: &Engine, folder: &Path, id: &str, source: &Path) -> bool {
    fs::read(source).is_ok_and(|wasm| place(engine, folder, id, &wasm).1.exists())
}

/// Where the compiled code is kept, and how the names of all that is kept for the component begin.
fn place(engine: &Engine, folder: &Path, id: &str, wasm: &[u8]) -> (String, PathBuf) {
    let prefix = format!("{id}.");
    let kept = folder.join(format!("{prefix}{}.cwasm", key(engine, wasm)));
    (prefix, kept)
}

fn take(engine: &Engine, kept: &Path) -> Option<Component> {
    if !kept.exists() {
        return None;
    }
    // SAFETY: only `keep` writes to this folder, whole files at once. It lies within the project, like the other results
    // of a build: who can change it can change the sources too.
    unsafe { Component::deserialize_file(engine, kept) }
        .inspect_err(|error| tracing::warn!("{} is of no use, it is made anew: {error:#}", kept.display()))
        .ok()
}

/// Writes the file as a whole, and removes what was kept for the component before.
fn keep(folder: &Path, prefix: &str, kept: &Path, compiled: &[u8]) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut draft = NamedTempFile::new_in(folder)?;
    draft.write_all(compiled)?;
    draft.persist(kept)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let old = name.starts_with(prefix) && name.ends_with(".cwasm") && path != kept;
        if old {
            fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

fn key(engine: &Engine, wasm: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    let mut content = [0; 16];
    content.copy_from_slice(&Sha256::digest(wasm)[..16]);
    format!("{:032x}-{:016x}", u128::from_be_bytes(content), hasher.finish())
}

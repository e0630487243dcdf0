//! The components' files.

use anyhow::{Context as _, Result};

use super::Case;
use crate::{
    bench::Bench,
    line::{Figure, Goal},
};

/// The largest that a component may be, in bytes.
const LARGEST: u64 = 600_000;

pub fn measure(bench: &mut Bench<'_>) -> Result<()> {
    for (id, component) in &bench.setup.manifest.components {
        let source = &component.source;
        let size = source.metadata().with_context(|| source.display().to_string())?.len();
        bench.judged(
            Case::Sizes,
            format!("`{id}`"),
            Figure::Bytes(size),
            Goal::AtMost(Figure::Bytes(LARGEST)),
        );
    }
    Ok(())
}

//! From a `spin.toml` to components that can be served.

use std::{path::Path, time::Instant};

use anyhow::Result;
use runner::{Application, Manifest, build};

use crate::{
    screen::{self, Progress},
    toolchain,
};

/// Reads the manifest.
///
/// # Errors
/// It is not there, or not to be used; the message says what to do.
pub fn manifest(path: &Path) -> Result<Manifest> {
    if !path.exists() {
        anyhow::bail!(
            "there is no {}: go to the folder with the application's spin.toml, or name it with --manifest",
            path.display()
        );
    }
    Manifest::read(path)
}

/// Builds what is missing or older than its sources, and says so.
///
/// # Errors
/// Rust or a target is missing, or a build failed.
pub fn build(manifest: &Manifest) -> Result<()> {
    toolchain::ensure_target(&manifest.folder)?;
    let mut building = Building { progress: Progress::new(), current: None };
    let built = build::ensure(manifest, |progress| building.note(progress));
    if built.is_ok() {
        building.end();
    } else {
        building.progress.clear();
    }
    built
}

/// Makes the components ready to run.
///
/// # Errors
/// A file is missing or not a component that the runner can serve.
pub fn load(manifest: &Manifest) -> Result<Application> {
    let progress = Progress::new();
    progress.show("Loading the components");
    let loaded = Application::load(manifest);
    progress.clear();
    loaded
}

/// What is being built.
struct Building {
    progress: Progress,
    current: Option<(String, Instant)>,
}

impl Building {
    fn note(&mut self, progress: build::Progress<'_>) {
        match progress {
            build::Progress::Starts { component, command } => {
                self.end();
                screen::note(format_args!("Building {component}: {command}"));
                self.current = Some((component.to_owned(), Instant::now()));
            }
            build::Progress::Line(line) => {
                tracing::info!("{line}");
                self.progress.show(line.trim());
            }
        }
    }

    fn end(&mut self) {
        if let Some((component, since)) = self.current.take() {
            self.progress.clear();
            screen::note(format_args!("Built {component} in {:.1} s", since.elapsed().as_secs_f64()));
        }
    }
}

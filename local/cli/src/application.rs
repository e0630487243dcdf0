//! From a `spin.toml` to components that can be served.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::Result;
use clap::Args;
use runner::{Application, Manifest, build};

use crate::{
    command::Outcome,
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

/// Makes the components ready to run. `path` is the manifest's own.
///
/// # Errors
/// A file is missing or not a component that the runner can serve.
pub fn load(path: &Path, manifest: &Manifest) -> Result<Application> {
    let progress = Progress::new();
    progress.show("Loading the components");
    if !Application::is_compiled(manifest)? {
        compile_apart(path);
    }
    let loaded = Application::load(manifest);
    progress.clear();
    loaded
}

/// Compiles the components in a process of its own: with it goes the compiler's memory, which is several times what serving them takes.
/// If that fails, it fails again where the reason is told.
fn compile_apart(path: &Path) {
    let compiled = env::current_exe().and_then(|program| {
        Command::new(program)
            .args(["compile", "--manifest"])
            .arg(path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
    });
    tracing::debug!("compiled apart: {compiled:?}");
}

/// Compile the components, and keep the code for the next start.
#[derive(Debug, Args)]
#[command(
    hide = true,
    after_help = "\
Examples:
  onboarding compile"
)]
pub struct Arguments {
    /// The application's manifest.
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    manifest: PathBuf,
}

/// Compiles.
pub fn compile(arguments: &Arguments) -> Result<Outcome> {
    Application::load(&manifest(&arguments.manifest)?).map(|_| Outcome::Well)
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

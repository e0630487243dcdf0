//! Builds the components whose sources have changed, by the commands of the manifest.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::manifest::{Build, Component, Manifest};

/// Something that happened on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A component's command starts.
    Starts {
        /// The component's id.
        component: &'a str,
        /// The shell command.
        command: &'a str,
    },
    /// The command wrote a line.
    Line(&'a str),
}

/// How much of a failed command's output the error shows.
const LAST_LINES: usize = 40;

/// Makes every component's file up to date.
///
/// A component is built when its file is missing, or when a file that its `watch` patterns match, or a folder among
/// them, has changed since its last build began. Several processes may call this at once: one builds, the others wait.
/// It blocks; when there is nothing to do it only looks at the times of the files.
///
/// # Errors
/// A command failed: the message has the command and the end of its output. Or a file is missing and the manifest does
/// not say how to make it.
pub fn ensure(manifest: &Manifest, mut progress: impl FnMut(Progress<'_>)) -> Result<()> {
    if stale(manifest)?.is_empty() {
        return Ok(());
    }
    let folder = manifest.folder.join(".spin");
    let lock = folder.join("build.lock");
    let context = || format!("the lock {}", lock.display());
    fs::create_dir_all(&folder).with_context(context)?;
    let lock = File::create(&lock).with_context(context)?;
    lock.lock().with_context(context)?;
    // Another process may have done some of it while we waited for the lock.
    for (id, component, build) in stale(manifest)? {
        make(id, component, build, &mut progress).with_context(|| format!("component `{id}`"))?;
    }
    Ok(())
}

fn stale(manifest: &Manifest) -> Result<Vec<(&str, &Component, &Build)>> {
    let mut stale = Vec::new();
    for (id, component) in &manifest.components {
        match &component.build {
            Some(build) => {
                if is_stale(component, build).with_context(|| format!("component `{id}`"))? {
                    stale.push((id.as_str(), component, build));
                }
            }
            None if component.source.exists() => {}
            None => bail!(
                "component `{id}`: {} is missing and the manifest has no [component.{id}.build]",
                component.source.display()
            ),
        }
    }
    Ok(stale)
}

fn is_stale(component: &Component, build: &Build) -> Result<bool> {
    let Ok(file) = fs::metadata(&component.source) else {
        return Ok(true);
    };
    // The stamp tells when the last build began. The file does not: cargo leaves it alone when nothing is to be done.
    let last = fs::metadata(stamp(&component.source)).unwrap_or(file).modified()?;
    for pattern in &build.watch {
        let pattern = build.workdir.join(pattern);
        let pattern = pattern.to_str().context("a `watch` pattern is not valid Unicode")?;
        for path in glob::glob(pattern).with_context(|| format!("the `watch` pattern {pattern:?}"))? {
            // What disappears while we look has changed its folder.
            let changed = path.ok().and_then(|path| fs::metadata(path).ok()?.modified().ok());
            if changed.is_some_and(|changed| changed > last) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn stamp(source: &Path) -> PathBuf {
    source.with_added_extension("built")
}

fn make(
    id: &str,
    component: &Component,
    build: &Build,
    progress: &mut impl FnMut(Progress<'_>),
) -> Result<()> {
    let began = SystemTime::now();
    for command in &build.commands {
        tracing::info!(component = id, command, "builds");
        progress(Progress::Starts { component: id, command });
        run(command, &build.workdir, progress)?;
    }
    if !component.source.exists() {
        bail!("the build made no {}: correct `source` or the build's `command`", component.source.display());
    }
    File::create(stamp(&component.source))?.set_modified(began)?;
    Ok(())
}

fn run(command: &str, workdir: &Path, progress: &mut impl FnMut(Progress<'_>)) -> Result<()> {
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(format!("exec 2>&1\n{command}"))
        .current_dir(workdir)
        // `source` names a file in the default target folder.
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("CARGO_BUILD_TARGET_DIR")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{command}` does not start in {}", workdir.display()))?;
    let mut last = VecDeque::new();
    let output = child.stdout.take().context("the command's output")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        progress(Progress::Line(&line));
        if last.len() == LAST_LINES {
            last.pop_front();
        }
        last.push_back(line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{command}` failed ({status}):\n{}", Vec::from(last).join("\n"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;

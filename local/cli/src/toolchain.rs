//! Whether this machine's Rust can build components.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::screen;

const TARGET: &str = "wasm32-wasip2";

/// Adds the target if it is missing and rustup is there to add it.
///
/// # Errors
/// Rust is missing, or the target is and cannot be added. The message says what to do.
pub fn ensure_target(folder: &Path) -> Result<()> {
    if has_target(&sysroot(folder)?) {
        return Ok(());
    }
    screen::note(format_args!("Rust lacks the target {TARGET}; adding it: rustup target add {TARGET}"));
    let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(folder).status();
    match added {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!(
            "`rustup target add {TARGET}` failed ({status}): see its message above, repair that (it needs the network), and \
             run it by hand"
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => bail!(
            "this Rust lacks the target {TARGET}, and there is no rustup to add it: install Rust by https://rustup.rs, or your \
             distribution's package with Rust's standard library for {TARGET}"
        ),
        Err(error) => Err(error).context("`rustup` does not start"),
    }
}

/// Where the Rust that builds in this folder is installed. Asking it works without rustup, too.
fn sysroot(folder: &Path) -> Result<PathBuf> {
    let asked = Command::new("rustc")
        .args(["--print", "sysroot"])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output();
    let answer = match asked {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!(
                "there is no `rustc` on the PATH, and the components are built with it: install Rust by https://rustup.rs"
            )
        }
        other => other.context("`rustc` does not start")?,
    };
    if !answer.status.success() {
        bail!("`rustc --print sysroot` failed ({}): see its message above", answer.status);
    }
    Ok(String::from_utf8_lossy(&answer.stdout).trim().into())
}

fn has_target(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_there_when_its_standard_library_is() {
        let sysroot = tempfile::tempdir().unwrap();
        assert!(!has_target(sysroot.path()));
        std::fs::create_dir_all(sysroot.path().join("lib/rustlib").join(TARGET).join("lib")).unwrap();
        assert!(has_target(sysroot.path()));
    }
}

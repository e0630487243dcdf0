//! A new file that is either there completely or not at all. It may hold personal data, so only its owner can read it.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use tempfile::NamedTempFile;

/// A file that is being written, beside the place where it is to be.
pub struct Draft {
    file: NamedTempFile,
    to: PathBuf,
    replace: bool,
}

impl Draft {
    /// Begins a file. One that is there already is only replaced if that is wanted.
    ///
    /// # Errors
    /// It is there, or its folder cannot be written to.
    pub fn begin(to: &Path, replace: bool) -> Result<Self> {
        if to.exists() && !replace {
            bail!("{} is there already: choose another name, or say --force to replace it", to.display());
        }
        let folder = folder_of(to);
        let file = tempfile::Builder::new().prefix(".onboarding-").tempfile_in(folder);
        let file = file.with_context(|| format!("a file in {}", folder.display()))?;
        Ok(Self { file, to: to.to_owned(), replace })
    }

    /// Where it is for now.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// What is written to it.
    pub fn writer(&mut self) -> &mut impl io::Write {
        self.file.as_file_mut()
    }

    /// Puts it where it is to be, once it is on the disk.
    ///
    /// # Errors
    /// Somebody else has made it meanwhile, or the disk failed.
    pub fn publish(self) -> Result<()> {
        let name = || format!("{}", self.to.display());
        // Whatever has written to it may have had a file of its own open.
        File::open(self.file.path()).and_then(|file| file.sync_all()).with_context(name)?;
        let kept =
            if self.replace { self.file.persist(&self.to) } else { self.file.persist_noclobber(&self.to) };
        kept.map_err(|error| error.error).with_context(name)?;
        sync_folder_of(&self.to).with_context(name)
    }
}

pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new name in a folder lasts when the folder is on the disk.
pub(crate) fn sync_folder_of(file: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder_of(file))?.sync_all() } else { Ok(()) }
}

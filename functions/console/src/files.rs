//! What the pages need besides themselves. Each file has a hash of its bytes in its path, so a browser may keep it for good.

use host::Packed;
use http::HeaderMap;

use crate::page::{self, Answer};

/// What the build has made of a file.
macro_rules! packed {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".packed"))
    };
}

/// A file that is delivered as it is.
pub struct File {
    name: &'static str,
    kind: &'static str,
    text: Packed,
    hash: u64,
}

impl File {
    const fn new(name: &'static str, kind: &'static str, packed: &'static [u8]) -> Self {
        Self { name, kind, text: Packed(packed), hash: hash(packed) }
    }

    /// Where it is.
    pub fn path(&self) -> String {
        format!("/console/files/{:016x}/{}", self.hash, self.name)
    }
}

pub static STYLE: File = File::new("console.css", "text/css; charset=utf-8", packed!("console.css"));
pub static SCRIPT: File = File::new("console.js", "text/javascript; charset=utf-8", packed!("console.js"));
pub static ICON: File = File::new("icon.svg", "image/svg+xml", packed!("icon.svg"));

/// The file at a path.
pub fn at(headers: &HeaderMap, path: &str) -> Option<Answer> {
    let file = [&STYLE, &SCRIPT, &ICON].into_iter().find(|file| file.path() == path)?;
    Some(page::file(headers, file.kind, file.text))
}

/// FNV-1a, which is enough to tell one version from the next.
const fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

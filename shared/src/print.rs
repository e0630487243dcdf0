//! Fingerprints: whether two texts are the same, and ids that come out the same however often they are derived.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The first 128 bits of SHA-256 over the parts, as 32 hexadecimal digits.
///
/// Each part goes in with its length, so that `("ab", "c")` and `("a", "bc")` differ.
#[must_use]
pub fn print(parts: &[&[u8]]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part);
    }
    sha.finalize().iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_one_part_ends_matters() {
        assert_ne!(print(&[b"ab", b"c"]), print(&[b"a", b"bc"]));
        assert_eq!(print(&[b"ab"]).len(), 32);
    }
}

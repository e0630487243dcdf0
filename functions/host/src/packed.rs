//! What a component brings along packed: long texts that are seldom asked for.

use bytes::Bytes;
use miniz_oxide::inflate::decompress_to_vec;

/// A text that was packed when the component was built (DEFLATE, RFC 1951). Its bytes tell one version from another.
#[derive(Debug, Clone, Copy)]
pub struct Packed(pub &'static [u8]);

impl Packed {
    /// The text.
    #[must_use]
    pub fn unpacked(self) -> Bytes {
        // What the build has packed can be unpacked.
        decompress_to_vec(self.0).unwrap_or_default().into()
    }
}

//! Packs the description of the edge: it is part of the component, and seldom asked for. The blanks are taken out first, so that what is
//! sent is small too.

use std::{env, fs, io, path::Path};

use miniz_oxide::deflate::compress_to_vec;

/// The description, as people read it.
const DESCRIPTION: &str = "../../docs/openapi.json";
/// How hard the packer tries: as hard as it can.
const LEVEL: u8 = 10;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={DESCRIPTION}");
    let folder = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let json = without_blanks(&fs::read_to_string(DESCRIPTION)?);
    fs::write(Path::new(&folder).join("openapi.json.packed"), compress_to_vec(json.as_bytes(), LEVEL))
}

/// JSON without the blanks between its values.
fn without_blanks(json: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    json.chars()
        .filter(|&char| {
            in_text ^= char == '"' && !escaped;
            escaped = in_text && char == '\\' && !escaped;
            in_text || !char.is_ascii_whitespace()
        })
        .collect()
}

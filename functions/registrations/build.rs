//! Takes the blanks out of the description of the edge: they are nearly half of it, and it is part of the component.

use std::{env, fs, io, path::Path};

/// The description, as people read it.
const DESCRIPTION: &str = "../../docs/openapi.json";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={DESCRIPTION}");
    let folder = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&folder).join("openapi.json"), without_blanks(&fs::read_to_string(DESCRIPTION)?))
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

//! Packs what the pages need besides themselves: it is part of the component, and a browser asks for it once.

use std::{env, fs, io, path::Path};

use miniz_oxide::deflate::compress_to_vec;

/// What is delivered, and the files that it is made of, one after the other. A library comes before what uses it.
const FILES: [(&str, &[&str]); 3] = [
    ("console.css", &["static/console.css"]),
    ("console.js", &["static/idiomorph.js", "static/console.js"]),
    ("icon.svg", &["static/icon.svg"]),
];
/// How hard the packer tries: as hard as it can.
const LEVEL: u8 = 10;

fn main() -> io::Result<()> {
    let folder = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    for (name, parts) in FILES {
        let mut text = Vec::new();
        for part in parts {
            println!("cargo::rerun-if-changed={part}");
            text.extend(fs::read(part)?);
            text.push(b'\n');
        }
        fs::write(Path::new(&folder).join(format!("{name}.packed")), compress_to_vec(&text, LEVEL))?;
    }
    Ok(())
}

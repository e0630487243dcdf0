//! What must hold for any bytes that come from outside: one function for each door of the product.
//!
//! Each takes whatever there is and fails on a property that does not hold; `docs/fuzzing.md` lists them. The tests of this package
//! try a corpus and variations of it, and the fuzzer in `fuzz/` tries what it can think of.

mod event;
mod manifest;
mod pages;
mod profile;
mod settings;
mod webhook;

pub use event::event;
pub use manifest::manifest;
pub use pages::pages;
pub use profile::profile;
pub use settings::settings;
pub use webhook::webhook;

/// A target: a function that fails if a property does not hold for the bytes.
pub type Target = fn(&[u8]);

/// The targets by name, which is also that of their folder in the corpus.
pub const TARGETS: [(&str, Target); 6] = [
    ("webhook", webhook),
    ("event", event),
    ("pages", pages),
    ("profile", profile),
    ("settings", settings),
    ("manifest", manifest),
];

/// The most characters of what is shown to a person or goes to a log: no stranger fills it.
const SHOWN: usize = 1500;

/// Something that is shown, and must stay short whatever came in.
fn bounded(text: &str) {
    assert!(
        text.chars().count() <= SHOWN,
        "{} bytes are shown: {}...",
        text.len(),
        text.chars().take(200).collect::<String>()
    );
}

/// The first line, and what comes after it.
fn line(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    (&data[..end], data.get(end + 1..).unwrap_or_default())
}

/// The parts between lines of two hyphens.
fn parts(data: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = data;
    while let Some(at) = rest.windows(4).position(|four| four == b"\n--\n") {
        parts.push(&rest[..at]);
        rest = &rest[at + 4..];
    }
    parts.push(rest);
    parts
}

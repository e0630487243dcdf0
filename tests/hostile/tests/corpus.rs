//! The corpus, and a short run over variations of it that is the same every time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
};

use hostile_input::{TARGETS, Target};

/// Variations for each target: together some seconds without optimisation.
const VARIATIONS: usize = 4000;

/// What changes a meaning, and a random byte seldom hits.
const WORDS: [&str; 22] = [
    "\n",
    "\n--\n",
    "\"",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "[]",
    "{}",
    "[[[[[[[[",
    "{\"a\":",
    ",",
    ":",
    "-1",
    "1e999",
    "18446744073709551616",
    "..",
    "%2e",
    "#",
    "?offset=1",
    "\u{202e}",
    "2026-10-25T02:30:00",
];

fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut inputs: Vec<_> = files
        .map(|path| (path.file_name().unwrap().display().to_string(), fs::read(&path).unwrap()))
        .collect();
    inputs.sort();
    inputs
}

/// Says so when a property does not hold, with the input, so that it can be kept as a file of the corpus.
fn fails(name: &str, target: Target, origin: &str, input: &[u8]) -> Option<String> {
    let held = panic::catch_unwind(AssertUnwindSafe(|| target(input)));
    held.is_err().then(|| format!("{name} fails on {origin}: b\"{}\"", input.escape_ascii()))
}

/// xorshift64*: the same numbers in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap() % limit.max(1)
    }
}

/// One to four changes: a byte, a cut, a word, a repetition, or the end of another input.
fn varied(mut input: Vec<u8>, other: &[u8], chance: &mut Chance) -> Vec<u8> {
    for _ in 0..=chance.below(4) {
        let at = chance.below(input.len() + 1);
        let end = (at + chance.below(24)).min(input.len());
        match chance.below(6) {
            0 if at < input.len() => input[at] ^= 1 << chance.below(8),
            0 | 1 => drop(input.drain(at..end)),
            2 => drop(input.splice(at..at, WORDS[chance.below(WORDS.len())].bytes())),
            3 => drop(input.splice(at..end, WORDS[chance.below(WORDS.len())].bytes())),
            4 => drop(input.splice(at..at, input[at..end].repeat(1 + chance.below(9)))),
            _ => drop(input.splice(at.., other.iter().copied().skip(chance.below(other.len() + 1)))),
        }
    }
    input
}

#[test]
fn every_input_of_the_corpus_is_treated_as_it_should_be() {
    let mut failures = Vec::new();
    for (name, target) in TARGETS {
        let inputs = inputs(name);
        assert!(inputs.len() >= 20, "{name} has {} inputs", inputs.len());
        failures.extend(inputs.iter().filter_map(|(file, input)| fails(name, target, file, input)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn variations_of_the_corpus_are_treated_as_they_should_be() {
    for (name, target) in TARGETS {
        let inputs = inputs(name);
        let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
        for _ in 0..VARIATIONS {
            let (file, input) = &inputs[chance.below(inputs.len())];
            let other = &inputs[chance.below(inputs.len())].1;
            let varied = varied(input.clone(), other, &mut chance);
            assert_eq!(fails(name, target, &format!("a variation of {file}"), &varied), None);
        }
    }
}

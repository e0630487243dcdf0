//! Countries: the form of their addresses and numbers.

use rand::{RngExt, rngs::Xoshiro256PlusPlus, seq::IndexedRandom};
use serde_json::{Value, json};

use super::{
    vat,
    words::{DUTCH, FLEMISH, GERMAN, Words},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Country {
    Netherlands,
    Belgium,
    Germany,
}

impl Country {
    pub fn code(self) -> &'static str {
        match self {
            Self::Netherlands => "NL",
            Self::Belgium => "BE",
            Self::Germany => "DE",
        }
    }

    pub fn words(self) -> &'static Words {
        match self {
            Self::Netherlands => &DUTCH,
            Self::Belgium => &FLEMISH,
            Self::Germany => &GERMAN,
        }
    }

    pub fn language(self, rng: &mut Xoshiro256PlusPlus) -> &'static str {
        match self {
            Self::Netherlands => "nl_NL",
            Self::Belgium => ["nl_BE", "fr_BE"].choose(rng).copied().unwrap_or("nl_BE"),
            Self::Germany => "de_DE",
        }
    }

    /// Invented, and with the right check digits.
    pub fn vat(self, count: u32) -> String {
        // Zero is no number.
        let count = (count % 10_000).max(1);
        match self {
            Self::Netherlands => vat::dutch(count),
            Self::Belgium => vat::belgian(count),
            Self::Germany => vat::german(count),
        }
    }

    /// Invented: of the right length, but such zeros are never given out.
    pub fn coc(self, count: u32) -> String {
        let count = count % 10_000;
        match self {
            Self::Netherlands => format!("0000{count:04}"),
            Self::Belgium => format!("000000{count:04}"),
            Self::Germany => format!("HRB 0{count:04}"),
        }
    }

    /// Invented: subscriber numbers of zeros, written in the ways people write them.
    pub fn phone(self, count: u32, rng: &mut Xoshiro256PlusPlus) -> String {
        let count = count % 10_000;
        let local = rng.random_bool(0.3);
        match (self, local) {
            (Self::Netherlands, true) => format!("020-000{count:04}"),
            (Self::Netherlands, false) => format!("+31 20 000 {count:04}"),
            (Self::Belgium, true) => format!("02 000 {count:04}"),
            (Self::Belgium, false) => format!("+32 2 000 {count:04}"),
            (Self::Germany, true) => format!("030/0000{count:04}"),
            (Self::Germany, false) => format!("+49 30 0000{count:04}"),
        }
    }

    fn zip(self, rng: &mut Xoshiro256PlusPlus) -> String {
        match self {
            Self::Netherlands => {
                let mut letter = || char::from(b"ABCDEGHJKLMNPRTVWXZ"[rng.random_range(0..19)]);
                let letters: String = [letter(), letter()].iter().collect();
                let gap = if rng.random_bool(0.8) { " " } else { "" };
                format!("{}{gap}{letters}", rng.random_range(1000..10_000))
            }
            Self::Belgium => rng.random_range(1000..10_000).to_string(),
            Self::Germany => format!("{:05}", rng.random_range(1067..99_999)),
        }
    }
}

/// An address with the field names of a profile.
pub fn address(country: Country, rng: &mut Xoshiro256PlusPlus) -> Value {
    let words = country.words();
    let additions: &[&str] = match country {
        Country::Netherlands => &["a", "B", "-2", "bis", "II", "hs"],
        Country::Belgium => &["bus 3", "bte 12", "A"],
        Country::Germany => &["a", "c", "Hinterhaus"],
    };
    let addition = if rng.random_bool(0.3) { additions.choose(rng).copied().unwrap_or_default() } else { "" };
    json!({
        "street1": words.street.choose(rng), "street2": "", "house_number": rng.random_range(1..400).to_string(),
        "addition": addition, "zip": country.zip(rng), "city": words.city.choose(rng), "country": country.code(),
    })
}

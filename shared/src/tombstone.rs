//! What remains of a registration whose personal data is erased, and how its person is known again.
//!
//! The shop goes on listing a user that was erased here. Without a trace of it the next tick would bring the person back as new. So the
//! keyed hash of the list row stays: as long as the row is that one, nobody is read, told or updated; a row that changed is somebody
//! who registered anew.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{ledger::State, print::print};

/// A key of 128 random bits for the row of one registration. It is no setting, because settings change, and with another key each row
/// would look changed and each person would come back. And it is no key for all rows, so that no two rows can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowKey(String);

impl RowKey {
    /// The key of these random bits.
    #[must_use]
    pub fn of(bits: [u64; 2]) -> Self {
        Self(format!("{:016x}{:016x}", bits[0], bits[1]))
    }

    /// The keyed hash of a row's fingerprint.
    fn hash(&self, row_print: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(row_print.as_bytes());
        print(&[&mac.finalize().into_bytes()])
    }
}

/// What remains, besides keys, times and customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// How far the registration was.
    pub outcome: State,
    /// When it was erased.
    pub at: DateTime<Utc>,
    /// Who erased it: the name of a token, or of the setting that said so.
    pub by: String,
    key: RowKey,
    row: Option<String>,
}

/// How a list row relates to the one that was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The registration had not been listed before it was erased: this row is the one to compare with.
    First,
    /// It is the same.
    Same,
    /// It is another one.
    Other,
}

impl Tombstone {
    /// For a registration that was `outcome`, and whose row had the fingerprint `row` when it was listed last.
    #[must_use]
    pub fn of(outcome: State, row: Option<&str>, by: &str, key: RowKey, at: DateTime<Utc>) -> Self {
        let row = row.map(|print| key.hash(print));
        Self { outcome, at, by: by.to_owned(), key, row }
    }

    /// The same, for a row that does not bring the person back.
    #[must_use]
    pub fn showing(self, row_print: &str) -> Self {
        Self { row: Some(self.key.hash(row_print)), ..self }
    }

    /// What a list row with this fingerprint is to it.
    #[must_use]
    pub fn compare(&self, row_print: &str) -> Shown {
        match &self.row {
            None => Shown::First,
            Some(row) if *row == self.key.hash(row_print) => Shown::Same,
            Some(_) => Shown::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tombstone(row: Option<&str>, bits: [u64; 2]) -> Tombstone {
        Tombstone::of(State::Active, row, "anna", RowKey::of(bits), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_row_is_known_again_and_its_fingerprint_is_nowhere() {
        for (row, want) in [("same", Shown::Same), ("other", Shown::Other)] {
            assert_eq!(tombstone(Some("same"), [1, 2]).compare(row), want, "{row}");
        }
        let never_listed = tombstone(None, [1, 2]);
        assert_eq!(never_listed.compare("same"), Shown::First);
        assert_eq!(never_listed.showing("same").compare("same"), Shown::Same);
        let kept = serde_json::to_string(&tombstone(Some("same"), [1, 2])).unwrap();
        assert!(!kept.contains("same"), "{kept}");
        assert!(!kept.contains(&print(&[b"same"])), "{kept}");
        assert_eq!(serde_json::from_str::<Tombstone>(&kept).unwrap(), tombstone(Some("same"), [1, 2]));
    }

    #[test]
    fn the_same_row_under_two_keys_looks_like_two() {
        assert_ne!(tombstone(Some("same"), [1, 2]).row, tombstone(Some("same"), [2, 1]).row);
    }
}

//! Where a page begins or ends.

use std::{fmt, str::FromStr};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde::{Deserialize, Serialize};

use super::Sort;
use crate::json;

/// A place in an order: what is sorted by, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The order that it is a place in.
    pub(crate) sort: Sort,
    /// The number or time that is sorted by; 0 where it is a text.
    pub(crate) number: i64,
    /// The text that is sorted by; empty where it is a number.
    pub(crate) text: String,
    /// The registration there, which decides where several have the same.
    pub(crate) origin: String,
    pub(crate) user_key: String,
}

/// The page after a place, or the one before it. Written as a text that nobody is to look into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cursor {
    /// The rows after it.
    After(Place),
    /// The rows before it.
    Before(Place),
}

impl Place {
    /// The place of whoever has this number or text, and these keys.
    #[must_use]
    pub fn of(sort: Sort, number: i64, text: &str, origin: &str, user_key: &str) -> Self {
        let [text, origin, user_key] = [text, origin, user_key].map(str::to_owned);
        Self { sort, number, text, origin, user_key }
    }
}

impl Cursor {
    pub(super) fn place(&self) -> &Place {
        match self {
            Self::After(place) | Self::Before(place) => place,
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Texts and numbers always serialise.
        f.write_str(&Base64UrlUnpadded::encode_string(&serde_json::to_vec(self).unwrap_or_default()))
    }
}

impl FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let json = Base64UrlUnpadded::decode_vec(text).ok();
        json.and_then(|json| json::read(&json).ok()).ok_or("expected the cursor of a page")
    }
}

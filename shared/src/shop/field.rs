//! The three things an absent value can mean in the shop's JSON.

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use crate::json;

/// A field of an object that was read.
///
/// A list row may be a short form of its object (the shop's order lists are), so a field that is not there says nothing; `null`
/// says that the shop has no value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Not in the JSON: ask for the whole object before concluding anything.
    #[default]
    Absent,
    /// `null`.
    Empty,
    /// A value.
    Is(T),
}

impl<T> Field<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Empty => None,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Empty, Self::Is))
    }
}

/// Text that means something: `null`, blank text and nothing at all are the same. A number is taken as its digits, because house
/// numbers come in both forms.
pub(super) fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = match json::any(deserializer)? {
        Value::Null => return Ok(None),
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(D::Error::custom("expected text")),
    };
    Ok(Some(text).filter(|text| !text.is_empty()))
}

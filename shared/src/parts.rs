//! The parts of an object or a list as the texts that they are, so that one that cannot be read spoils no other.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::json;

/// What there is in a piece of JSON.
pub(crate) enum Parts<'a> {
    /// Of an object: its fields.
    Fields(Vec<(String, &'a RawValue)>),
    /// Of a list: its items.
    Items(Vec<&'a RawValue>),
    /// Anything else has no parts.
    None,
}

impl<'a> Parts<'a> {
    /// The parts of `json`.
    ///
    /// # Errors
    /// When it is no JSON.
    pub(crate) fn of(json: &'a [u8]) -> serde_json::Result<Self> {
        json::text(json)
    }
}

impl<'de> Deserialize<'de> for Parts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Each)
    }
}

struct Each;

// As in `json`, all kinds are told apart.
impl<'de> Visitor<'de> for Each {
    type Value = Parts<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Parts<'de>, E> {
        Ok(Parts::None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Parts<'de>, E> {
        Ok(Parts::None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Parts<'de>, E> {
        Ok(Parts::None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Parts<'de>, E> {
        Ok(Parts::None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Parts<'de>, E> {
        Ok(Parts::None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Parts<'de>, E> {
        Ok(Parts::None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Parts<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Parts::Items(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Parts<'de>, A::Error> {
        let mut object = Vec::new();
        while let Some(field) = fields.next_entry()? {
            object.push(field);
        }
        Ok(Parts::Fields(object))
    }
}

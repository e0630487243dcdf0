//! JSON of others, before it becomes a [`Value`].
//!
//! `serde_json` has a back door: with its feature `raw_value`, which the user list needs, a `Value` is not what the text says when an
//! object in it begins with the key `$serde_json::private::RawValue`. The text behind that key is then read in the object's place, and
//! the limit of 128 levels begins anew in it. No shop and no ERP has such a key, so it is refused.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

/// How the keys begin that `serde_json` keeps to itself.
const PRIVATE: &str = "$serde_json::private::";

/// Reads a value that is what its text says.
///
/// # Errors
/// When it is no JSON, has more than 128 levels, or one of the keys that `serde_json` keeps to itself.
pub(crate) fn value(json: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice::<Plain>(json)?;
    serde_json::from_slice(json)
}

/// A value without such keys; it is looked at and forgotten.
struct Plain;

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Plain {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self, A::Error> {
        while let Some(key) = fields.next_key::<String>()? {
            if key.starts_with(PRIVATE) {
                return Err(A::Error::custom("a key that begins with $serde_json::private"));
            }
            fields.next_value::<Self>()?;
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_what_its_text_says_or_is_refused() {
        for (given, taken, why) in [
            (r#"{"a":[null,true,1,-1,0.5,"x"]}"#, true, "all kinds"),
            (r#"{"$serde_json::private::RawValue":"[1]"}"#, false, "another document in its place"),
            (r#"{"a":[{"$serde_json::private::RawValue":"[1]"}]}"#, false, "deeper"),
            (r#"{"\u0024serde_json::private::RawValue":"[1]"}"#, false, "spelt otherwise"),
            (r#"{"a":1,"$serde_json::private::Number":"1"}"#, false, "another key of this kind"),
            (r#"{"a":"$serde_json::private::RawValue"}"#, true, "a text is no key"),
            (&format!("{}{}", "[".repeat(127), "]".repeat(127)), true, "as deep as it may be"),
            (&format!("{}{}", "[".repeat(128), "]".repeat(128)), false, "too deep"),
            (r#"{"a":1} x"#, false, "something behind it"),
            ("1e999", false, "a number that is none"),
        ] {
            assert_eq!(value(given.as_bytes()).is_ok(), taken, "{why}: {given}");
        }
    }
}

//! JSON of others, before it becomes a [`Value`].
//!
//! `serde_json` has a back door: with its feature `raw_value`, which the user list needs, a `Value` is not what the text says when an
//! object in it begins with the key `$serde_json::private::RawValue`. The text behind that key is then read in the object's place, and
//! the limit of 128 levels begins anew in it. No shop and no ERP has such a key, so it is refused.

use std::{cell::Cell, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

/// The levels that `serde_json` reads.
const LEVELS: usize = 128;

/// How the keys begin that `serde_json` keeps to itself.
const PRIVATE: &str = "$serde_json::private::";

/// Reads anything from JSON. All reading goes through here and reads bytes: for text `serde_json` has a reader of its own, and of each type
/// that is read by both there would be two copies in a component.
///
/// # Errors
/// What is wrong, and where.
pub(crate) fn read<'de, T: Deserialize<'de>>(
    json: &'de (impl AsRef<[u8]> + ?Sized),
) -> serde_json::Result<T> {
    serde_json::from_slice(json.as_ref())
}

/// Reads a value that is what its text says.
///
/// # Errors
/// When it is no JSON, has more than 128 levels, or one of the keys that `serde_json` keeps to itself.
pub(crate) fn value(json: &[u8]) -> serde_json::Result<Value> {
    bounded(json, LEVELS, usize::MAX)
}

/// The same with at most so many levels and values in all. A value takes up to a hundred times the memory of its text, so that a
/// mebibyte of `{"":0}` would be more than an instance has.
///
/// # Errors
/// As [`value`], and when there are more.
pub(crate) fn bounded(json: &[u8], levels: usize, values: usize) -> serde_json::Result<Value> {
    let left = Cell::new(values);
    let mut text = serde_json::Deserializer::from_slice(json);
    Plain { most: (levels, values), levels, values: &left }.deserialize(&mut text)?;
    read(json)
}

/// A value without such keys; it is looked at and forgotten.
#[derive(Clone, Copy)]
struct Plain<'a> {
    /// The levels and values that there may be.
    most: (usize, usize),
    /// The levels that may follow.
    levels: usize,
    /// The values that may follow.
    values: &'a Cell<usize>,
}

impl Plain<'_> {
    /// What is within an object or a list.
    fn inner<E: Error>(self) -> Result<Self, E> {
        let levels = self.levels.checked_sub(1);
        let levels =
            levels.ok_or_else(|| E::custom(format_args!("nested more than {} levels deep", self.most.0)))?;
        Ok(Self { levels, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Plain<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let left = self.values.get().checked_sub(1);
        let more = || D::Error::custom(format_args!("more than {} values in all", self.most.1));
        self.values.set(left.ok_or_else(more)?);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Plain<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        while items.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        while let Some(key) = fields.next_key::<String>()? {
            if key.starts_with(PRIVATE) {
                return Err(A::Error::custom("a key that begins with $serde_json::private"));
            }
            fields.next_value_seed(inner)?;
        }
        Ok(())
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

    #[test]
    fn levels_and_values_are_counted_before_any_is_kept() {
        for (given, want) in [
            ("[[1]]", None),
            ("[[[1]]]", Some("nested more than 2 levels deep")),
            (r#"{"a":{"b":{}}}"#, Some("nested more than 2 levels deep")),
            ("[1,2,3]", None),
            ("[1,2,3,4]", Some("more than 4 values in all")),
            (r#"{"a":[1],"b":[2]}"#, Some("more than 4 values in all")),
        ] {
            let said = bounded(given.as_bytes(), 2, 4).err().map(|error| error.to_string());
            assert_eq!(said.is_some(), want.is_some(), "{given}: {said:?}");
            assert!(said.unwrap_or_default().starts_with(want.unwrap_or_default()), "{given}");
        }
    }
}

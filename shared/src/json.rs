//! JSON of others, before it becomes a [`Value`].
//!
//! `serde_json` has a back door: with its feature `raw_value`, which the user list needs, a `Value` is not what the text says when an
//! object in it begins with the key `$serde_json::private::RawValue`. The text behind that key is then read in the object's place, and
//! the limit of 128 levels begins anew in it. No shop and no ERP has such a key, so it is refused.

use std::{cell::Cell, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use crate::located::{Misread, Text};

/// The levels that `serde_json` reads.
const LEVELS: usize = 128;

/// How the keys begin that `serde_json` keeps to itself.
const PRIVATE: &str = "$serde_json::private::";

/// Reads a type from JSON. Of a type with fields only those are looked into: what else is there may be as deep and as much as it
/// likes. There is one way to read a type, by way of a value: for each other one a component would have a second copy of every type.
///
/// # Errors
/// What is wrong, and where.
pub(crate) fn read<T: DeserializeOwned>(json: &(impl AsRef<[u8]> + ?Sized)) -> Result<T, Misread> {
    T::deserialize(Text(json.as_ref()))
}

/// Reads what is kept as the text that it is, or not at all.
///
/// # Errors
/// When it is no JSON.
pub(crate) fn text<'de, T: Deserialize<'de>>(json: &'de [u8]) -> serde_json::Result<T> {
    serde_json::from_slice(json)
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
    whole(json, Plain { most: (levels, values), levels, values: &Cell::new(values), only: None })
}

/// As [`value`], but of an object only these fields; the others are passed over.
///
/// # Errors
/// As [`value`], but not for what is passed over; and when one of these fields is there twice.
pub(crate) fn only(json: &[u8], fields: &[&str]) -> serde_json::Result<Value> {
    whole(json, Plain { only: Some(fields), ..Plain::unlimited(&Cell::new(usize::MAX)) })
}

/// Reads any value within a type. `serde_json` has its own way, which is behind its back door, and brings along its reader of text.
///
/// # Errors
/// As [`value`].
pub(crate) fn any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    deserializer.deserialize_any(Plain::unlimited(&Cell::new(usize::MAX)))
}

/// Reads the fields that a type has no names for.
///
/// # Errors
/// As [`value`].
pub(crate) fn others<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    match deserializer.deserialize_map(Plain::unlimited(&Cell::new(usize::MAX)))? {
        Value::Object(fields) => Ok(fields),
        // What is asked for as an object is none of these.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Ok(Map::new())
        }
    }
}

/// What a type looks like in JSON, as a value. It goes by way of the text, because there is no other copy of how a type is written.
#[must_use]
pub fn of(thing: &impl Serialize) -> Value {
    // Structs of texts and numbers always serialise, and what was written can be read.
    serde_json::to_vec(thing).ok().and_then(|json| value(&json).ok()).unwrap_or_default()
}

fn whole(json: &[u8], plain: Plain<'_>) -> serde_json::Result<Value> {
    let mut text = serde_json::Deserializer::from_slice(json);
    let value = plain.deserialize(&mut text)?;
    text.end()?;
    Ok(value)
}

/// A value without such keys.
#[derive(Clone, Copy)]
struct Plain<'a> {
    /// The levels and values that there may be.
    most: (usize, usize),
    /// The levels that may follow.
    levels: usize,
    /// The values that may follow.
    values: &'a Cell<usize>,
    /// The fields that are wanted of this object; none for all.
    only: Option<&'a [&'a str]>,
}

impl<'a> Plain<'a> {
    /// As deep as `serde_json` reads, and with as many values as the cell says.
    fn unlimited(values: &'a Cell<usize>) -> Self {
        Self { most: (LEVELS, usize::MAX), levels: LEVELS, values, only: None }
    }

    /// What is within an object or a list.
    fn inner<E: Error>(self) -> Result<Self, E> {
        let levels = self.levels.checked_sub(1);
        let levels =
            levels.ok_or_else(|| E::custom(format_args!("nested more than {} levels deep", self.most.0)))?;
        Ok(Self { levels, only: None, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Plain<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.values.get().checked_sub(1);
        let more = || D::Error::custom(format_args!("more than {} values in all", self.most.1));
        self.values.set(left.ok_or_else(more)?);
        deserializer.deserialize_any(self)
    }
}

// All kinds are told apart here: for one that is not, serde brings code along that prints any kind, floats among them (20 kB).
impl<'de> Visitor<'de> for Plain<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let (inner, mut list) = (self.inner()?, Vec::new());
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let (inner, mut object) = (self.inner()?, Map::new());
        while let Some(key) = fields.next_key::<String>()? {
            if self.only.is_some_and(|only| !only.contains(&key.as_str())) {
                fields.next_value::<IgnoredAny>()?;
                continue;
            }
            if key.starts_with(PRIVATE) {
                return Err(A::Error::custom("a key that begins with $serde_json::private"));
            }
            // Nobody can tell which of them is meant.
            if self.only.is_some() && object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("duplicate field `{key}`")));
            }
            let value = fields.next_value_seed(inner)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_one_that_serde_json_reads() {
        for given in
            [r#"{"b":[null,true,1,-1,0.5,"x\u00e9",{}],"a":18446744073709551615,"a":1e300}"#, " [1] ", "1"]
        {
            assert_eq!(
                value(given.as_bytes()).unwrap(),
                serde_json::from_str::<Value>(given).unwrap(),
                "{given}"
            );
        }
    }

    #[test]
    fn what_nobody_asks_for_is_passed_over() {
        let deep = "[".repeat(1 << 20) + &"]".repeat(1 << 20);
        for (given, taken, why) in [
            (format!(r#"{{"a":1,"b":{deep},"c":2}}"#), true, "it may be as deep as it likes"),
            (format!(r#"{{"a":1,"c":{deep}}}"#), false, "what is asked for may not"),
            (r#"{"a":1,"$serde_json::private::RawValue":"[1]","c":2}"#.to_owned(), true, "any key"),
            (r#"{"a":1,"b":x,"c":2}"#.to_owned(), false, "but it is JSON"),
            (r#"{"b":1,"a":1,"b":2,"c":2}"#.to_owned(), true, "and may be there twice"),
            (r#"{"a":1,"c":1,"c":2}"#.to_owned(), false, "what is asked for may not"),
        ] {
            let read = only(given.as_bytes(), &["a", "c"]).ok();
            assert_eq!(read, taken.then(|| serde_json::json!({"a": 1, "c": 2})), "{why}");
        }
    }

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
    fn levels_and_values_are_counted() {
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

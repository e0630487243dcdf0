//! Reading a value into a type such that an error says where it is: it takes its path along on its way up.
//!
//! So nothing has to be remembered while all goes well, and what others send is read by one piece of code, whether somebody has to
//! answer for it or not. An object is read from an object only: serde would also take a list of its fields' values.

use std::{fmt, vec};

use serde::{
    de::{
        DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer as _,
        MapAccess, SeqAccess, Unexpected, Visitor,
        value::{MapAccessDeserializer, StrDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Map, Number, Value, map};

use crate::json;

/// Reads a value into a type.
///
/// # Errors
/// What is wrong, and where.
pub(crate) fn read<T: DeserializeOwned>(value: Value) -> Result<T, Misread> {
    T::deserialize(At(value))
}

/// What is wrong, and where. It is behind a pointer, because it is part of every result on the way.
#[derive(Debug)]
pub struct Misread(Box<(String, String)>);

impl Misread {
    /// The path, such as `data.addresses[0].zip`; empty for the whole value.
    pub(crate) fn path(&self) -> &str {
        &self.0.1
    }

    /// It is something else than what was expected there.
    pub(crate) fn of(found: &Value, expected: &dyn Expected) -> Self {
        let found = match found {
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(number) => of_number(number),
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        Self::invalid_type(found, expected)
    }

    /// It is within the field `key`.
    pub(crate) fn in_field(mut self, key: &str) -> Self {
        let path = &mut self.0.1;
        let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        *path = format!("{key}{dot}{path}");
        self
    }

    fn in_item(self, at: usize) -> Self {
        self.in_field(&format!("[{at}]"))
    }
}

impl From<Error> for Misread {
    fn from(error: Error) -> Self {
        Self::custom(error)
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.fmt(f)
    }
}

impl std::error::Error for Misread {}

impl serde::de::Error for Misread {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Box::new((message.to_string(), String::new())))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid type: {}, expected {expected}", Found(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid value: {}, expected {expected}", Found(found)))
    }
}

/// What is there instead, in the words of `serde_json`. Those of serde itself would bring along a second way of printing floats.
struct Found<'a>(Unexpected<'a>);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Bool(value) => write!(f, "boolean `{value}`"),
            Unexpected::Unsigned(number) => write!(f, "integer `{number}`"),
            Unexpected::Signed(number) => write!(f, "integer `{number}`"),
            Unexpected::Float(number) => match Number::from_f64(number) {
                Some(number) => write!(f, "floating point `{number}`"),
                None => f.write_str("floating point"),
            },
            Unexpected::Str(text) => write!(f, "string {text:?}"),
            Unexpected::Unit => f.write_str("null"),
            Unexpected::Seq => f.write_str("sequence"),
            Unexpected::Map => f.write_str("map"),
            // JSON has no other kinds.
            _ => f.write_str("another kind"),
        }
    }
}

fn of_number(number: &Number) -> Unexpected<'_> {
    match (number.as_u64(), number.as_i64()) {
        (Some(number), _) => Unexpected::Unsigned(number),
        (None, Some(number)) => Unexpected::Signed(number),
        (None, None) => Unexpected::Float(number.as_f64().unwrap_or_default()),
    }
}

/// JSON that is being read, of which only the fields that are asked for become values.
pub(crate) struct Text<'a>(pub(crate) &'a [u8]);

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Misread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        At(json::value(self.0)?).deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        At(json::only(self.0, fields)?).deserialize_struct(name, fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        At(json::value(self.0)?).deserialize_enum(name, variants, visitor)
    }

    // Nothing else is read whole.
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map identifier ignored_any
    }
}

/// A value that is being read.
struct At(Value);

impl<'de> Deserializer<'de> for At {
    type Error = Misread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match of_number(&number) {
                Unexpected::Unsigned(number) => visitor.visit_u64(number),
                Unexpected::Signed(number) => visitor.visit_i64(number),
                _ => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items::of(items)),
            Value::Object(fields) => visitor.visit_map(Fields::of(fields)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Bool(value) => visitor.visit_bool(value),
            other => Err(Misread::of(&other, &visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            other => Err(Misread::of(&other, &visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items::of(items)),
            other => Err(Misread::of(&other, &visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Fields::of(fields)),
            other => Err(Misread::of(&other, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(text.into_deserializer()),
            Value::Object(fields) => visitor.visit_enum(MapAccessDeserializer::new(Fields::of(fields))),
            other => Err(Misread::of(&other, &visitor)),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
        ignored_any
    }
}

/// The items of a list.
struct Items(std::iter::Enumerate<vec::IntoIter<Value>>);

impl Items {
    fn of(items: Vec<Value>) -> Self {
        Self(items.into_iter().enumerate())
    }
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Misread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misread> {
        let Some((at, item)) = self.0.next() else { return Ok(None) };
        seed.deserialize(At(item)).map(Some).map_err(|error| error.in_item(at))
    }
}

/// The fields of an object: the next ones, and the one whose name was read.
struct Fields {
    next: map::IntoIter,
    named: Option<(String, Value)>,
}

impl Fields {
    fn of(fields: Map<String, Value>) -> Self {
        Self { next: fields.into_iter(), named: None }
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Misread;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misread> {
        let Some((key, value)) = self.next.next() else { return Ok(None) };
        let read = seed.deserialize(StrDeserializer::<Misread>::new(&key));
        let read = read.map(Some).map_err(|error| error.in_field(&key));
        self.named = Some((key, value));
        read
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misread> {
        let Some((key, value)) = self.named.take() else {
            return Err(Misread::custom("a value without its name"));
        };
        seed.deserialize(At(value)).map_err(|error| error.in_field(&key))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Outer {
        name: String,
        #[serde(default)]
        list: Vec<Inner>,
        #[serde(flatten)]
        other: Map<String, Value>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        count: Option<u32>,
    }

    #[test]
    fn what_is_read_is_what_serde_json_reads() {
        for given in [
            json!({"name": "n"}),
            json!({"name": "n", "list": [{"count": 1}, {"count": null}, {}], "x": {"y": [1.5, -1, true, null]}}),
            json!({"name": "n", "list": []}),
        ] {
            assert_eq!(read::<Outer>(given.clone()).unwrap(), serde_json::from_value(given).unwrap());
        }
    }

    #[test]
    fn an_error_says_what_serde_json_says_and_where() {
        for (given, want) in [
            (json!({}), ""),
            (json!({"name": 1}), "name"),
            (json!({"name": null}), "name"),
            (json!({"name": "n", "list": {}}), "list"),
            (json!({"name": "n", "list": [{}, "x"]}), "list[1]"),
            (json!({"name": "n", "list": [{"count": "1"}]}), "list[0].count"),
            (json!({"name": "n", "list": [{"count": -1}]}), "list[0].count"),
            (json!({"name": "n", "list": [{"count": 1.5}]}), "list[0].count"),
            (json!({"name": "n", "list": [{"more": 1}]}), "list[0].more"),
        ] {
            let error = read::<Outer>(given.clone()).unwrap_err();
            let plain = serde_json::from_value::<Outer>(given).unwrap_err();
            assert_eq!((error.to_string(), error.path()), (plain.to_string(), want));
        }
    }

    #[test]
    fn a_list_is_no_object() {
        assert!(read::<Inner>(json!([1])).unwrap_err().to_string().contains("expected struct Inner"));
    }
}

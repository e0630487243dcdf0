//! Checks of a written body, with the field errors that Django REST framework gives.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::Object;

/// The field errors of one body: `{"<field>": ["message"]}`.
#[derive(Debug, Default)]
pub struct FieldErrors(Map<String, Value>);

impl FieldErrors {
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        let messages = self.0.entry(field).or_insert_with(|| json!([]));
        if let Value::Array(messages) = messages {
            messages.push(Value::String(message.into()));
        }
    }

    /// The value, if nothing was wrong.
    pub fn or<T>(self, value: T) -> Result<T, Value> {
        if self.0.is_empty() { Ok(value) } else { Err(Value::Object(self.0)) }
    }
}

/// The body being checked, the errors found, and the object to be stored.
#[derive(Debug)]
pub struct Form<'a> {
    body: &'a Object,
    pub errors: FieldErrors,
    pub stored: Object,
}

impl<'a> Form<'a> {
    pub fn new(body: &'a Object) -> Self {
        Self { body, errors: FieldErrors::default(), stored: Object::new() }
    }

    /// A field that has to be there and must not be blank.
    pub fn mandatory(&mut self, field: &str) -> Option<&'a str> {
        let message = match self.body.get(field) {
            Some(Value::String(text)) if !text.trim().is_empty() => {
                self.stored.insert(field.to_owned(), json!(text));
                return Some(text);
            }
            Some(Value::String(_)) => "This field may not be blank.",
            Some(Value::Null) => "This field may not be null.",
            Some(_) => "Not a valid string.",
            None => "This field is required.",
        };
        self.errors.add(field, message);
        None
    }

    /// Text or null; null if it is absent, because a PUT replaces the whole object.
    pub fn text(&mut self, field: &str) {
        match self.body.get(field) {
            None | Some(Value::Null) => self.keep(field, Value::Null),
            Some(Value::String(text)) => self.keep(field, json!(text)),
            Some(_) => self.errors.add(field, "Not a valid string."),
        }
    }

    pub fn flag(&mut self, field: &str, default: bool) {
        match self.body.get(field) {
            None => self.keep(field, json!(default)),
            Some(Value::Bool(flag)) => self.keep(field, json!(flag)),
            Some(_) => self.errors.add(field, "Must be a valid boolean."),
        }
    }

    /// A list of text; with `known`, of keys of objects that have to exist.
    pub fn texts(&mut self, field: &str, known: Option<&BTreeSet<String>>) {
        let value = self.body.get(field).cloned().unwrap_or_else(|| json!([]));
        let Some(items) = value.as_array() else {
            self.errors.add(field, "Expected a list of items.");
            return;
        };
        for item in items {
            match item.as_str() {
                None => self.errors.add(field, "Not a valid string."),
                Some(key) if known.is_some_and(|known| !known.contains(key)) => self.unknown(field, key),
                Some(_) => {}
            }
        }
        self.keep(field, value);
    }

    /// A list of `{"company": "...", "value": "..."}`, as "Price lists" and "Stock" use it.
    pub fn per_company(&mut self, field: &str) {
        let value = self.body.get(field).cloned().unwrap_or_else(|| json!([]));
        let pair = |item: &Value| item["company"].is_string() && item["value"].is_string();
        if value.as_array().is_some_and(|items| items.iter().all(pair)) {
            self.keep(field, value);
        } else {
            self.errors.add(field, "Expected a list of company and value.");
        }
    }

    pub fn unknown(&mut self, field: &str, key: &str) {
        self.errors.add(field, format!("Object with key={key} does not exist."));
    }

    fn keep(&mut self, field: &str, value: Value) {
        self.stored.insert(field.to_owned(), value);
    }
}

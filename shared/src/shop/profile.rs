//! A registration's profile: what the applicant typed in, besides name and e-mail address.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{json, time::ShopTime};

/// The documented fields that are text, as the example in "New user registration without activation in CloudSuite" has them.
const TEXTS: [&str; 28] = [
    "account_code",
    "addition",
    "attention",
    "city",
    "coc",
    "company_telephone_number",
    "country",
    "create_date",
    "delivery_addition",
    "delivery_attention",
    "delivery_city",
    "delivery_country",
    "delivery_house_number",
    "delivery_name",
    "delivery_street1",
    "delivery_street2",
    "delivery_telephone_number",
    "delivery_zip",
    "department",
    "house_number",
    "modified_date",
    "name",
    "street1",
    "street2",
    "subdivision",
    "vat",
    "web",
    "zip",
];

/// How deep a profile may be nested. Readers of JSON commonly stop at 128 levels, and the message to the ERP adds three.
const DEPTH: usize = 100;

fn depth(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
    }
}

/// A profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Every field as the shop sent it, for the ERP.
    pub all: Map<String, Value>,
    texts: BTreeMap<&'static str, String>,
}

impl Profile {
    /// Reads a profile from the shop's JSON.
    ///
    /// # Errors
    /// The field that has another form, or why it is no JSON object at all.
    pub fn read(body: &[u8]) -> Result<Self, String> {
        let Ok(Value::Object(all)) = json::value(body) else {
            return Err("the profile is not a JSON object".to_owned());
        };
        if all.values().map(depth).max().is_some_and(|depth| depth >= DEPTH) {
            return Err(format!(
                "the profile has more than {DEPTH} levels, which not every reader would take"
            ));
        }
        let mut texts = BTreeMap::new();
        for name in TEXTS {
            let text = match all.get(name) {
                None | Some(Value::Null) => continue,
                Some(Value::String(text)) => text.trim().to_owned(),
                // House numbers come in both forms.
                Some(Value::Number(number)) => number.to_string(),
                Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
                    return Err(format!("the profile's field {name} is no text"));
                }
            };
            // Blank text means no more than null.
            if !text.is_empty() {
                texts.insert(name, text);
            }
        }
        Ok(Self { all, texts })
    }

    /// A documented field's text, unless it is blank. The names are the shop's own.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// When the profile was made: the newest of several is the primary one.
    #[must_use]
    pub fn created(&self) -> Option<ShopTime> {
        self.text("create_date")?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_null_and_blank_are_no_text_and_a_number_is_its_digits() {
        let profile = Profile::read(br#"{"zip":" ","city":null,"house_number":12,"name":" A B "}"#).unwrap();
        let read = ["zip", "city", "country", "house_number", "name"].map(|name| profile.text(name));
        assert_eq!(read, [None, None, None, Some("12"), Some("A B")]);
    }

    fn nested(lists: usize) -> String {
        format!(r#"{{"list":{}{}}}"#, "[".repeat(lists), "]".repeat(lists))
    }

    #[test]
    fn what_is_no_profile_is_refused_with_the_field() {
        for (given, want) in [
            ("", "the profile is not a JSON object"),
            ("[]", "the profile is not a JSON object"),
            (r#"{"name":{"nested":1}}"#, "the profile's field name is no text"),
            (&nested(100), "the profile has more than 100 levels, which not every reader would take"),
            (&nested(1000), "the profile is not a JSON object"),
        ] {
            assert_eq!(Profile::read(given.as_bytes()).err().as_deref(), Some(want), "{given}");
        }
        assert!(Profile::read(nested(99).as_bytes()).is_ok());
    }
}

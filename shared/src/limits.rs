//! How much a decision may hold when it comes in. What the inbox kept before is read without limits.
//!
//! The shop documents no lengths, so these are only far beyond anything sensible: what the shop itself refuses beyond them makes the
//! registration `stuck` with the shop's words. Keys have a limit of their own ([`crate::key::KEY_LIMIT`]).

use serde_json::Value;

use crate::json;

/// Objects and lists in one another. A decision with its addresses has four.
const LEVELS: usize = 32;
/// Values in all: a hundred addresses with fifty fields each. They take less than 4 MB of an instance's memory.
const VALUES: usize = 5_000;
/// Addresses of a customer, and customers to link.
const LISTED: usize = 100;
/// Characters of a text.
pub(crate) const TEXT: usize = 1_000;

/// Something that there is too much of: what to do, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excess {
    pub detail: String,
    /// Its JSON path.
    pub field: String,
}

/// Reads JSON that comes in, if it is not too deep and has not too many values.
///
/// # Errors
/// Says so, by line and column.
pub(crate) fn value(body: &[u8]) -> serde_json::Result<Value> {
    json::bounded(body, LEVELS, VALUES)
}

/// Looks for the first text that is too long, and for too many addresses or customers.
///
/// # Errors
/// [`Excess`].
pub(crate) fn check(value: &Value) -> Result<(), Excess> {
    within(value, &mut String::new())
}

fn within(value: &Value, path: &mut String) -> Result<(), Excess> {
    let excess = |detail| Err(Excess { detail, field: path.clone() });
    match value {
        // In the words of the shop.
        Value::String(text) if text.len() > TEXT && text.chars().count() > TEXT => {
            excess(format!("Ensure this field has no more than {TEXT} characters."))
        }
        Value::Array(items) if items.len() > LISTED && is_limited(path) => {
            excess(format!("Ensure this field has no more than {LISTED} elements."))
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            each(items.map(|(at, item)| (format!("[{at}]"), item)), path)
        }
        Value::Object(fields) => {
            let dot = if path.is_empty() { "" } else { "." };
            each(fields.iter().map(|(key, field)| (format!("{dot}{key}"), field)), path)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn each<'a>(values: impl Iterator<Item = (String, &'a Value)>, path: &mut String) -> Result<(), Excess> {
    let end = path.len();
    for (step, value) in values {
        path.push_str(&step);
        within(value, path)?;
        path.truncate(end);
    }
    Ok(())
}

/// Other lists are the ERP's own: how long they may be is for the shop to say.
fn is_limited(path: &str) -> bool {
    path == "data.addresses" || path == "customer_keys"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_too_much_is_named_by_its_path() {
        let texts = |count: usize| json!(vec!["x"; count]);
        for (given, want, why) in [
            (json!({"data": {"addresses": texts(100)}}), None, "as many addresses as there may be"),
            (json!({"data": {"addresses": texts(101)}}), Some("data.addresses"), "one address more"),
            (json!({"customer_keys": texts(101)}), Some("customer_keys"), "one customer more"),
            (json!({"data": {"customer": {"price_lists": texts(101)}}}), None, "another list"),
            (json!({"a": "é".repeat(1000)}), None, "characters, not bytes"),
            (json!({"a": [0, {"b": "é".repeat(1001)}]}), Some("a[1].b"), "one character more"),
            (json!([["x".repeat(1001)]]), Some("[0][0]"), "in a list of lists"),
            (json!({"a": [1, 2], "b": "x".repeat(1001)}), Some("b"), "behind others"),
        ] {
            assert_eq!(check(&given).err().map(|excess| excess.field).as_deref(), want, "{why}");
        }
    }

    #[test]
    fn depth_and_values_are_limited_before_anything_is_kept() {
        let deep = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(value(deep(32).as_bytes()).is_ok());
        assert!(
            value(deep(33).as_bytes()).unwrap_err().to_string().starts_with("nested more than 32 levels")
        );
        let wide = |values: usize| format!("[{}0]", "0,".repeat(values - 2));
        assert!(value(wide(5_000).as_bytes()).is_ok());
        assert!(value(wide(5_001).as_bytes()).unwrap_err().to_string().starts_with("more than 5000 values"));
    }
}

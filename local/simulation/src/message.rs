//! What a decision says: a message of the ERP, the body of `/activate-user`, or what the inbox keeps of it.

use serde_json::Value;
use shared::decision::Remedy;

/// The characters of the longest text that is let in.
const LONGEST_TEXT: usize = 1_000;

/// The judge's own field for the customers that a correction names by another decision.
const LINKED: &str = "linked";

/// A decision's own words.
#[derive(Debug, Clone, PartialEq)]
pub struct Message(pub Value);

impl Message {
    /// The part that says it; the body of `/activate-user` has no envelope.
    fn said(&self) -> &Value {
        if self.0["data"].is_object() { &self.0["data"] } else { &self.0 }
    }

    fn flag(&self, name: &str, unless_said: bool) -> bool {
        self.said()[name].as_bool().unwrap_or(unless_said)
    }

    /// The user that it is about.
    pub fn user(&self) -> &str {
        self.said()["user_key"].as_str().unwrap_or_default()
    }

    /// The customers that it names.
    pub fn customers(&self) -> Vec<&str> {
        let said = self.said();
        let wished = [&said["customer_keys"], &said[LINKED]].into_iter().filter_map(Value::as_array);
        let wished = wished.flatten().filter_map(Value::as_str);
        let named = [&said["customer"]["key"], &said["other"]["key"]].into_iter().filter_map(Value::as_str);
        named.chain(wished).collect()
    }

    /// What it puts right, if it is a correction.
    pub fn remedy(&self) -> Option<Remedy> {
        self.said()["remedy"].as_str()?.parse().ok()
    }

    /// The decision that it corrects.
    pub fn after(&self) -> Option<&str> {
        self.said()["after"].as_str()
    }

    /// The same about these customers: who wants a mail once more names none.
    pub fn about(mut self, customers: &[&str]) -> Self {
        self.0["data"][LINKED] = customers.into();
        self
    }

    /// Whether it is a wish of `/activate-user`, whose id in the inbox is derived from what it says.
    pub fn is_wish(&self) -> bool {
        self.said()["customer_keys"].is_array()
    }

    /// Whether both are the same wish.
    pub fn is_same_wish(&self, other: &Self) -> bool {
        let wish =
            |of: &Self| (of.user().to_owned(), of.said()["customer_keys"].clone(), of.flag("mail", true));
        self.is_wish() && wish(self) == wish(other)
    }

    /// Whether it holds a text that is longer than what is let in.
    pub fn is_excessive(&self) -> bool {
        fn holds(value: &Value) -> bool {
            match value {
                Value::String(text) => text.chars().count() > LONGEST_TEXT,
                Value::Array(items) => items.iter().any(holds),
                Value::Object(fields) => fields.values().any(holds),
                Value::Null | Value::Bool(_) | Value::Number(_) => false,
            }
        }
        holds(&self.0)
    }

    /// Whether it says no.
    pub fn rejects(&self) -> bool {
        self.customers().is_empty()
    }

    /// Whether it asks for the activation mail.
    pub fn wants_mail(&self) -> bool {
        !self.rejects()
            && self.remedy() != Some(Remedy::Relink)
            && self.flag("activate", true)
            && self.flag("mail", true)
    }

    /// Whether the user is to become active without a mail.
    pub fn activates(&self) -> bool {
        !self.rejects() && self.flag("activate", true) && !self.flag("mail", true)
    }

    /// Whether its customers exist already.
    pub fn is_existing(&self) -> bool {
        self.is_wish() || self.remedy().is_some() || self.flag("existing", false)
    }

    /// Whether it may write over what stands in the shop.
    pub fn overwrites(&self) -> bool {
        self.flag("overwrite", false)
    }

    /// Whether the user is to lose its other customers.
    pub fn replaces(&self) -> bool {
        self.flag("replace", false) || self.said()["other"]["remove"] == true
    }

    /// Whether it has the customer's addresses; else they come from the profile.
    pub fn has_addresses(&self) -> bool {
        self.said()["addresses"].is_array()
    }

    /// The revision that it looked at, if it names one.
    pub fn revision(&self) -> Option<u64> {
        self.said()["revision"].as_u64()
    }
}

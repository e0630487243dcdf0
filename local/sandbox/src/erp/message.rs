//! The messages of an ERP, as values, so that a test can also make a wrong one.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::Object;

/// `customer.approved`, or `customer.updated`. A field that is `None` is left out of the message.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// The `type` of the message.
    pub kind: String,
    /// The origin of the user.
    pub origin: String,
    /// The key of the user.
    pub user_key: String,
    /// Which revision of the registration the clerk saw.
    pub revision: Option<u64>,
    /// The customer: `key`, `name` and what else the shop takes.
    pub customer: Object,
    /// Its addresses; without a `customer`, which the receiver adds.
    pub addresses: Vec<Value>,
    /// Whether the customer is in the shop already.
    pub existing: Option<bool>,
    /// Whether the user shall become active.
    pub activate: Option<bool>,
    /// Whether by the activation mail.
    pub mail: Option<bool>,
    /// Whether the user's other customers shall be taken away.
    pub replace: Option<bool>,
    /// Whether a customer that stands in the shop may be replaced.
    pub overwrite: Option<bool>,
    /// Anything else in `data`.
    pub more: Object,
}

impl Approval {
    /// An approval as a new customer, activated by mail, with no addresses yet.
    #[must_use]
    pub fn new(origin: &str, user_key: &str, customer_key: &str) -> Self {
        let code = customer_key.rsplit('-').next().unwrap_or(customer_key);
        let customer = [
            ("key", json!(customer_key)),
            ("code", json!(code)),
            ("name", json!(format!("Voorbeeld {code} B.V."))),
            ("vat_numbers", json!([])),
            ("price_lists", json!(["PL-STD"])),
        ];
        Self {
            kind: "customer.approved".to_owned(),
            origin: origin.to_owned(),
            user_key: user_key.to_owned(),
            revision: None,
            customer: customer.into_iter().map(|(field, value)| (field.to_owned(), value)).collect(),
            addresses: Vec::new(),
            existing: Some(false),
            activate: Some(true),
            mail: Some(true),
            replace: None,
            overwrite: None,
            more: Object::new(),
        }
    }

    /// With name, VAT number, addresses and revision from the `data` of an announced registration.
    #[must_use]
    pub fn with_announced(mut self, data: &Value) -> Self {
        self.revision = data["revision"].as_u64();
        let company = &data["company"];
        if let Some(name) = filled(company, &["name"]) {
            self.customer.insert("name".to_owned(), json!(name));
        }
        if let Some(vat) = filled(company, &["vat"]) {
            let vat: String = vat.split_whitespace().collect();
            self.customer.insert("vat_numbers".to_owned(), json!([vat]));
        }
        let key = self.customer.get("key").and_then(Value::as_str).unwrap_or_default();
        let name = self.customer.get("name").and_then(Value::as_str).unwrap_or_default();
        let delivery = data["delivery_address"].is_object();
        let main = address(&format!("{key}-1"), name, &data["invoice_address"], true, !delivery);
        let second = address(&format!("{key}-2"), name, &data["delivery_address"], false, true);
        self.addresses = [main, second].into_iter().flatten().collect();
        self
    }

    /// The message: `type`, `timestamp` and `data`.
    #[must_use]
    pub fn message(&self, at: DateTime<Utc>) -> Value {
        let mut data = self.more.clone();
        let flags = [
            ("existing", self.existing),
            ("activate", self.activate),
            ("mail", self.mail),
            ("replace", self.replace),
            ("overwrite", self.overwrite),
        ];
        data.extend(flags.into_iter().filter_map(|(name, flag)| Some((name.to_owned(), json!(flag?)))));
        data.insert("origin".to_owned(), json!(self.origin));
        data.insert("user_key".to_owned(), json!(self.user_key));
        data.insert("customer".to_owned(), json!(self.customer));
        data.insert("addresses".to_owned(), json!(self.addresses));
        if let Some(revision) = self.revision {
            data.insert("revision".to_owned(), json!(revision));
        }
        message(&self.kind, at, &Value::Object(data))
    }
}

/// `registration.rejected`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The origin of the user.
    pub origin: String,
    /// The key of the user.
    pub user_key: String,
    /// Which revision of the registration the clerk saw.
    pub revision: Option<u64>,
    /// Why, in the clerk's words.
    pub reason: String,
}

impl Rejection {
    /// A rejection that names no revision.
    #[must_use]
    pub fn new(origin: &str, user_key: &str, reason: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            user_key: user_key.to_owned(),
            revision: None,
            reason: reason.to_owned(),
        }
    }

    /// The message: `type`, `timestamp` and `data`.
    #[must_use]
    pub fn message(&self, at: DateTime<Utc>) -> Value {
        let mut data = json!({"origin": self.origin, "user_key": self.user_key, "reason": self.reason});
        if let Some(revision) = self.revision {
            data["revision"] = json!(revision);
        }
        message("registration.rejected", at, &data)
    }
}

/// A message of any type.
#[must_use]
pub fn message(kind: &str, at: DateTime<Utc>, data: &Value) -> Value {
    json!({"type": kind, "timestamp": at.to_rfc3339_opts(SecondsFormat::Secs, true), "data": data})
}

/// The first of these fields that holds more than blanks.
fn filled<'a>(object: &'a Value, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| object[*name].as_str().map(str::trim).filter(|text| !text.is_empty()))
}

/// An address for the shop, or `None` if what the shop wants is not all there: then a clerk would have to ask.
fn address(key: &str, company: &str, from: &Value, invoice: bool, delivery: bool) -> Option<Value> {
    Some(json!({
        "key": key, "name": filled(from, &["name"]).unwrap_or(company),
        "street": filled(from, &["street", "street1"])?, "house_number": filled(from, &["house_number"]),
        "house_number_addition": filled(from, &["house_number_addition", "addition"]),
        "zip": filled(from, &["zip"])?, "city": filled(from, &["city"])?, "country": filled(from, &["country"])?,
        "phone": filled(from, &["phone", "company_telephone_number"]),
        "invoice": invoice, "delivery": delivery, "default_invoice": invoice, "default_delivery": delivery,
    }))
}

//! The shop's customers and addresses, as they are written. A PUT replaces the whole object, so each is sent complete.
//!
//! The fields are those of a third party's client; the vendor's list is not public. Fields that are unknown here pass through as the
//! ERP wrote them, because a shop may have more than anybody outside has seen.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    json,
    key::{AddressKey, CustomerKey},
};

/// A customer, as the ERP sends it and the shop takes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Customer"))]
pub struct CustomerBody {
    /// The import key: equal to the one in the address of the call, and never changed again.
    pub key: CustomerKey,
    /// The number that people see; the key when nothing else is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The company's name; the profile's when nothing else is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the customer is in use; yes, when nothing else is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Whether the customer may look but not order; no, when nothing else is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<bool>,
    /// VAT numbers with the country's prefix; the profile's when nothing else is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_numbers: Option<Vec<String>>,
    /// Languages by company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<Vec<OfCompany>>,
    /// Keys of price lists, which exist already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_lists: Option<Vec<String>>,
    /// Keys of payment terms by company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_terms: Option<Vec<OfCompany>>,
    /// Keys of tax rules by company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_rules: Option<Vec<OfCompany>>,
    /// Whatever else the ERP sends.
    #[serde(flatten, deserialize_with = "json::others")]
    pub other: Map<String, Value>,
}

/// A value that holds for one of the shop owner's companies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OfCompany {
    /// The company's import key.
    pub company: String,
    /// The value, mostly a key.
    pub value: String,
}

/// An address, as the ERP sends it and the shop takes it. Its `customer` is set when it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Address"))]
#[expect(clippy::struct_excessive_bools, reason = "the shop's object has them")]
pub struct AddressBody {
    /// The import key.
    pub key: AddressKey,
    /// The key of the customer it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerKey>,
    /// The name on the label; the customer's when nothing else is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the address is in use; yes, when nothing else is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Street, without the number.
    #[serde(default)]
    pub street: Option<String>,
    /// House number.
    #[serde(default)]
    pub house_number: Option<String>,
    /// Addition to the house number.
    #[serde(default)]
    pub house_number_addition: Option<String>,
    /// Postcode.
    #[serde(default)]
    pub zip: Option<String>,
    /// Town.
    #[serde(default)]
    pub city: Option<String>,
    /// Country, ISO 3166-1 alpha-2.
    #[serde(default)]
    pub country: Option<String>,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// Whether goods may be sent here.
    #[serde(default)]
    pub delivery: bool,
    /// Whether invoices may be sent here.
    #[serde(default)]
    pub invoice: bool,
    /// Whether this is preselected for deliveries.
    #[serde(default)]
    pub default_delivery: bool,
    /// Whether this is preselected for invoices.
    #[serde(default)]
    pub default_invoice: bool,
    /// Whatever else the ERP sends.
    #[serde(flatten, deserialize_with = "json::others")]
    pub other: Map<String, Value>,
}

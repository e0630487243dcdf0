//! A registration's profile: what the applicant typed in, besides name and e-mail address.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::field::filled;
use crate::time::ShopTime;

/// The fields that the onboarding itself uses; `all` keeps the object as it came, for the ERP.
///
/// Source of the names: the example in "New user registration without activation in CloudSuite".
#[derive(Debug, Clone)]
pub struct Profile {
    /// Every field as the shop sent it.
    pub all: Map<String, Value>,
    /// The fields with a meaning here.
    pub fields: Fields,
}

/// The documented fields of a profile. Blank text is `None`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    #[serde(deserialize_with = "filled")]
    pub name: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub attention: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub department: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub street1: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub street2: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub house_number: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub addition: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub zip: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub city: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub country: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub company_telephone_number: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub delivery_name: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub delivery_attention: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub delivery_street1: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub delivery_street2: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub delivery_house_number: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub delivery_addition: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub delivery_zip: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub delivery_city: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub delivery_country: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub delivery_telephone_number: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub vat: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub coc: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub web: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub account_code: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub create_date: Option<String>,
}

impl Profile {
    /// Reads a profile from the shop's JSON.
    ///
    /// # Errors
    /// The path of the field that has another form, or why it is no JSON object at all.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        let all: Map<String, Value> =
            serde_json::from_slice(json).map_err(|_| "the profile is not a JSON object".to_owned())?;
        let fields =
            serde_json::from_slice(json).map_err(|error| format!("the profile is unreadable: {error}"))?;
        Ok(Self { all, fields })
    }

    /// When the profile was made: the newest of several is the primary one.
    #[must_use]
    pub fn created(&self) -> Option<ShopTime> {
        self.fields.create_date.as_deref()?.parse().ok()
    }
}

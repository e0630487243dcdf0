//! What an applicant has typed in, as the message to the ERP has it, for people to read.

use serde::Deserialize;

use crate::json;

/// A registration as it was typed in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Entered {
    /// Counts what the applicant has changed, from 1.
    pub revision: u32,
    /// When the person registered, as the shop wrote it, in `time_zone`.
    pub registered_at: Option<String>,
    /// The zone of the shop's times.
    pub time_zone: String,
    /// Who registered.
    pub person: Person,
    /// The company.
    pub company: Company,
    /// The company's address.
    pub invoice_address: Option<Address>,
    /// Where deliveries go, if elsewhere.
    pub delivery_address: Option<Address>,
    /// What the profiles have beside that, the primary one first.
    profiles: Vec<ProfileRest>,
}

/// Who registered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Person {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Mobile telephone.
    pub mobile: Option<String>,
    /// As the shop has it.
    pub gender: Option<String>,
    /// The language that the person uses the shop in, a locale such as `nl_NL`.
    pub language: Option<String>,
}

/// A company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Company {
    /// Name.
    pub name: Option<String>,
    /// VAT number.
    pub vat: Option<String>,
    /// Number in the chamber of commerce's register.
    pub coc: Option<String>,
    /// Website.
    pub web: Option<String>,
    /// An existing customer number that the applicant typed in: a hint, never proof.
    pub account_code: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// An address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Address {
    /// The name on the label.
    pub name: Option<String>,
    /// For whose attention.
    pub attention: Option<String>,
    /// Street, without the number.
    pub street: Option<String>,
    /// Second line of the street.
    pub street2: Option<String>,
    /// House number.
    pub house_number: Option<String>,
    /// Addition to the house number.
    pub house_number_addition: Option<String>,
    /// Postcode.
    pub zip: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Country, mostly ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// What of a profile is shown that the message has nowhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct ProfileRest {
    delivery_country: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    data: Entered,
}

impl Entered {
    /// Reads a message; nothing, if there is none, or none that can be read.
    #[must_use]
    pub fn of(message: Option<&str>) -> Option<Self> {
        let message: Message = json::read(message?).ok()?;
        Some(message.data)
    }

    /// The delivery country of the primary profile, if that is all there is of a delivery address.
    #[must_use]
    pub fn delivery_country_alone(&self) -> Option<&str> {
        let country = self.profiles.first()?.delivery_country.as_deref()?.trim();
        (self.delivery_address.is_none() && !country.is_empty()).then_some(country)
    }
}

//! Odd registrations: each kind has a name, so that a test can ask for it.

use rand::rngs::Xoshiro256PlusPlus;
use serde_json::{Value, json};

use super::{
    Registration,
    place::{Country, address},
};
use crate::Object;

/// What is odd about a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Odd {
    /// `delivery_country` filled, with another country, and no other delivery field: as in the vendor's example.
    DeliveryCountryAlone,
    /// A whole delivery address of its own.
    DeliveryAddress,
    /// No VAT number and no chamber-of-commerce number.
    NoVat,
    /// Markup as the company's name.
    Markup,
    /// Names of a thousand characters.
    VeryLong,
    /// Accents, an emoji and a name written from right to left.
    Unicode,
    /// `null` where `""` is usual.
    Nulls,
    /// `""` in every text field of the profile, but the country.
    Blank,
    /// A customer number typed in.
    AccountCode,
    /// A VAT number that cannot be one.
    ImplausibleVat,
    /// A zip that cannot be one.
    ImplausibleZip,
    /// No profile at all.
    NoProfile,
    /// Two profiles, the second one with another address.
    TwoProfiles,
    /// The house number in the street field.
    NumberInStreet,
    /// Fields that no page mentions, nested ones too.
    UnknownFields,
    /// A VAT number of the right form whose check digits do not fit.
    MistypedVat,
}

impl Odd {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::DeliveryCountryAlone,
        Self::DeliveryAddress,
        Self::NoVat,
        Self::Markup,
        Self::VeryLong,
        Self::Unicode,
        Self::Nulls,
        Self::Blank,
        Self::AccountCode,
        Self::ImplausibleVat,
        Self::ImplausibleZip,
        Self::NoProfile,
        Self::TwoProfiles,
        Self::NumberInStreet,
        Self::UnknownFields,
        Self::MistypedVat,
    ];

    pub(super) fn apply(self, registration: &mut Registration, rng: &mut Xoshiro256PlusPlus) {
        let set = |profile: &mut Object, changes: Value| {
            if let Value::Object(changes) = changes {
                profile.extend(changes);
            }
        };
        let Some(profile) = registration.profiles.first_mut() else { return };
        match self {
            Self::DeliveryCountryAlone => set(profile, json!({"delivery": true, "delivery_country": "FR"})),
            Self::DeliveryAddress => {
                set(
                    profile,
                    json!({"delivery": false, "delivery_name": "Magazijn Zuid", "delivery_attention": "Balie"}),
                );
                set(profile, delivery(&address(Country::Belgium, rng)));
                set(profile, json!({"delivery_telephone_number": "+32 2 000 00 99"}));
            }
            Self::NoVat => set(profile, json!({"vat": "", "coc": ""})),
            Self::Markup => set(profile, json!({"name": "<script>alert(1)</script>"})),
            Self::VeryLong => {
                let long = "Zeer Lange Naam ".repeat(63);
                set(profile, json!({"name": long.trim_end(), "attention": long.trim_end()}));
                registration.person.insert("last_name".to_owned(), json!("van der Langenaam".repeat(60)));
            }
            Self::Unicode => {
                set(
                    profile,
                    json!({"name": "Çınar & Zoë’s Ёлка 🌷 B.V.", "attention": "دينا مثال", "city": "Łódź"}),
                );
                registration.person.insert("first_name".to_owned(), json!("דנה"));
            }
            Self::Nulls => blank(profile, &Value::Null),
            Self::Blank => blank(profile, &json!("")),
            Self::AccountCode => set(profile, json!({"account_code": "C-20001"})),
            Self::ImplausibleVat => set(profile, json!({"vat": "n.v.t. / volgt nog"})),
            Self::MistypedVat => set(profile, json!({"vat": "NL000099998B58"})),
            Self::ImplausibleZip => set(profile, json!({"zip": "ABC-99"})),
            Self::NoProfile => registration.profiles.clear(),
            Self::TwoProfiles => {
                let mut second = profile.clone();
                set(&mut second, address(Country::Germany, rng));
                registration.profiles.push(second);
            }
            Self::NumberInStreet => {
                set(profile, json!({"street1": "Dorpsstraat 12-a", "house_number": "", "addition": ""}));
            }
            Self::UnknownFields => {
                set(
                    profile,
                    json!({"peppol_id": "0106:00000000", "consents": {"terms": "v7", "news": [true, null]}}),
                );
                registration.person.insert("login_code".to_owned(), json!({"value": 0.5}));
            }
        }
    }
}

/// Text that may stay empty, in all of the profile.
fn blank(profile: &mut Object, with: &Value) {
    for (field, value) in profile.iter_mut() {
        let kept = ["country", "delivery_country"].contains(&field.as_str());
        // A company that leaves out its name and address altogether could not have sent the form.
        let asked = ["name", "street1", "zip", "city"].contains(&field.as_str()) && with.is_null();
        if value.is_string() && !kept && !asked {
            *value = with.clone();
        }
    }
}

fn delivery(address: &Value) -> Value {
    let fields = address.as_object().into_iter().flatten();
    fields.map(|(field, value)| (format!("delivery_{field}"), value.clone())).collect()
}

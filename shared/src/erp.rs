//! What the ERP is told of a registration, and the id that this always has.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    key::{AddressKey, BadKey, CustomerKey, OriginCode, UserKey},
    print::print,
    shop::{AddressBody, Profile, User},
};

/// A registration, as the ERP gets it: the `data` of the message.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Registration<'a> {
    /// Counts what the applicant entered, from 1; 0 until it is told.
    revision: u32,
    /// The origin that the registration is in.
    origin: &'a OriginCode,
    /// The key of its user.
    user_key: &'a UserKey,
    /// When the person registered, as the shop wrote it, in `time_zone`.
    registered_at: Option<&'a str>,
    /// The zone of the shop's times.
    time_zone: &'static str,
    /// Who registered.
    person: Person<'a>,
    /// The company that the person registered.
    company: Company<'a>,
    /// The company's address.
    invoice_address: Option<PostalAddress<'a>>,
    /// Where deliveries go, if elsewhere.
    delivery_address: Option<PostalAddress<'a>>,
    /// Every profile with all its fields, the primary one first.
    profiles: Vec<&'a Map<String, Value>>,
}

/// Who registered.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct Person<'a> {
    /// First name.
    first_name: Option<&'a str>,
    /// Last name.
    last_name: Option<&'a str>,
    /// E-mail address.
    email: Option<&'a str>,
    /// Telephone.
    phone: Option<&'a str>,
    /// Mobile telephone.
    mobile: Option<&'a str>,
    /// As the shop has it.
    gender: Option<&'a str>,
    /// The language that the person uses the shop in.
    language: Option<&'a str>,
}

/// A company, as the applicant typed it in.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct Company<'a> {
    /// Name.
    name: Option<&'a str>,
    /// VAT number.
    vat: Option<&'a str>,
    /// Number in the chamber of commerce's register.
    coc: Option<&'a str>,
    /// Website.
    web: Option<&'a str>,
    /// An existing customer number that the applicant typed in: a hint, never proof.
    account_code: Option<&'a str>,
    /// Telephone.
    phone: Option<&'a str>,
}

/// An address as the applicant typed it in, in the words of the shop's address.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct PostalAddress<'a> {
    /// The name on the label.
    name: Option<&'a str>,
    /// For whose attention.
    attention: Option<&'a str>,
    /// Street, without the number.
    street: Option<&'a str>,
    /// Second line of the street.
    street2: Option<&'a str>,
    /// House number.
    house_number: Option<&'a str>,
    /// Addition to the house number.
    house_number_addition: Option<&'a str>,
    /// Postcode.
    zip: Option<&'a str>,
    /// Town.
    city: Option<&'a str>,
    /// Country, as the applicant chose it, mostly ISO 3166-1 alpha-2.
    country: Option<&'a str>,
    /// Telephone.
    phone: Option<&'a str>,
}

fn invoice_address(profile: &Profile) -> PostalAddress<'_> {
    PostalAddress {
        name: profile.text("name"),
        attention: profile.text("attention"),
        street: profile.text("street1"),
        street2: profile.text("street2"),
        house_number: profile.text("house_number"),
        house_number_addition: profile.text("addition"),
        zip: profile.text("zip"),
        city: profile.text("city"),
        country: profile.text("country"),
        phone: profile.text("company_telephone_number"),
    }
}

/// The separate delivery address, if there is one. The vendor's example has a delivery country although every other delivery field is
/// empty, so the country alone says nothing.
fn delivery_address(profile: &Profile) -> Option<PostalAddress<'_>> {
    profile.text("delivery_street1").or(profile.text("delivery_zip")).or(profile.text("delivery_city"))?;
    Some(PostalAddress {
        name: profile.text("delivery_name").or(profile.text("name")),
        attention: profile.text("delivery_attention"),
        street: profile.text("delivery_street1"),
        street2: profile.text("delivery_street2"),
        house_number: profile.text("delivery_house_number"),
        house_number_addition: profile.text("delivery_addition"),
        zip: profile.text("delivery_zip"),
        city: profile.text("delivery_city"),
        country: profile.text("delivery_country"),
        phone: profile.text("delivery_telephone_number"),
    })
}

/// The primary profile: the newest, and of equals the first.
#[must_use]
pub fn primary(profiles: &[Profile]) -> Option<&Profile> {
    profiles.iter().rev().max_by_key(|profile| profile.created())
}

/// The addresses that follow from a profile: the main one, and a delivery address where there is one.
///
/// # Errors
/// When the customer's key is too long to name them after it.
pub fn addresses_of(profile: &Profile, customer: &CustomerKey) -> Result<Vec<AddressBody>, BadKey> {
    let delivery = delivery_address(profile);
    let only = delivery.is_none();
    let body = |address: PostalAddress<'_>, suffix: &str, invoice: bool, delivery: bool| {
        let key: AddressKey = format!("{customer}-{suffix}").parse()?;
        let own = |text: Option<&str>| text.map(str::to_owned);
        Ok(AddressBody {
            key,
            customer: None,
            name: own(address.name),
            active: None,
            street: own(address.street),
            house_number: own(address.house_number),
            house_number_addition: own(address.house_number_addition),
            zip: own(address.zip),
            city: own(address.city),
            country: own(address.country),
            phone: own(address.phone),
            delivery,
            invoice,
            default_delivery: delivery,
            default_invoice: invoice,
            other: Map::new(),
        })
    };
    let main = body(invoice_address(profile), "main", true, only);
    let delivery = delivery.map(|address| body(address, "delivery", false, true));
    std::iter::once(main).chain(delivery).collect()
}

/// The message about a registration: what the applicant has typed in.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "RegistrationMessage"))]
pub(crate) struct Message<'a> {
    /// `registration.created`, or `registration.updated` when the applicant has changed the data.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = ["registration.created", "registration.updated"])))]
    kind: &'static str,
    /// When the message was made.
    #[cfg_attr(feature = "openapi", schemars(with = "DateTime<Utc>"))]
    timestamp: String,
    /// The registration.
    data: Registration<'a>,
}

/// What a message is to the ERP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It has accepted none about this registration.
    Created,
    /// It knows an earlier revision.
    Updated,
}

impl<'a> Registration<'a> {
    /// Puts together what the shop knows. Without a profile there is nothing to tell.
    #[must_use]
    pub fn of(origin: &'a OriginCode, user: &'a User, profiles: &'a [Profile], zone: Tz) -> Option<Self> {
        let main = primary(profiles)?;
        let others = profiles.iter().filter(|profile| !std::ptr::eq(*profile, main));
        Some(Self {
            revision: 0,
            origin,
            user_key: &user.key,
            registered_at: user.create_date.as_deref(),
            time_zone: zone.name(),
            person: Person {
                first_name: user.first_name.as_deref(),
                last_name: user.last_name.as_deref(),
                email: user.email.as_deref(),
                phone: user.phone.as_deref(),
                mobile: user.mobile.as_deref(),
                gender: user.gender.as_deref(),
                language: user.language.as_deref(),
            },
            company: Company {
                name: main.text("name"),
                vat: main.text("vat"),
                coc: main.text("coc"),
                web: main.text("web"),
                account_code: main.text("account_code"),
                phone: main.text("company_telephone_number"),
            },
            invoice_address: Some(invoice_address(main)),
            delivery_address: delivery_address(main),
            profiles: std::iter::once(main).chain(others).map(|profile| &profile.all).collect(),
        })
    }

    /// The fingerprint of everything the applicant can change: the zone is our own setting.
    #[must_use]
    pub fn print(&self) -> String {
        let entered = Self { time_zone: "", ..self.clone() };
        // A struct of texts and JSON values always serialises.
        print(&[&serde_json::to_vec(&entered).unwrap_or_default()])
    }

    /// The message of this revision. It is frozen in the ledger: a repeat sends the same bytes.
    #[must_use]
    pub fn message(mut self, news: News, revision: u32, now: DateTime<Utc>) -> String {
        let kind = match news {
            News::Created => "registration.created",
            News::Updated => "registration.updated",
        };
        let timestamp = now.to_rfc3339_opts(SecondsFormat::Secs, true);
        self.revision = revision;
        let message = Message { kind, timestamp, data: self };
        serde_json::to_string(&message).unwrap_or_default()
    }
}

/// The id of a message about a registration: derived, so that it is the same even after the ledger came back from a backup.
#[must_use]
pub fn message_id(origin: &OriginCode, user_key: &UserKey, revision: u32) -> String {
    let (origin, user_key) = (origin.as_str().as_bytes(), user_key.as_str().as_bytes());
    match revision {
        1 => format!("reg_{}", print(&[origin, user_key])),
        later => format!("reg_{}", print(&[origin, user_key, later.to_string().as_bytes()])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KEY_LIMIT;

    fn profile(json: &serde_json::Value) -> Profile {
        Profile::read(json.to_string().as_bytes()).unwrap()
    }

    fn user() -> User {
        serde_json::from_value(serde_json::json!({
            "key": "5b1f0c1e-0000-4000-8000-000000000001", "first_name": "Anna", "last_name": "Jansen",
            "email": "anna@voorbeeld.example", "create_date": "2026-02-03T08:15:30.123456"
        }))
        .unwrap()
    }

    /// The vendor's example has a delivery country alone.
    fn vendors_odd_profile() -> Profile {
        profile(&serde_json::json!({
            "id": 7, "name": "Voorbeeld Techniek B.V.", "street1": "Dorpsstraat", "house_number": 1, "addition": "a", "zip": "1234AB",
            "city": "Houten", "country": "NL", "delivery": true, "delivery_street1": "", "delivery_zip": "", "delivery_city": "",
            "delivery_country": "NL", "vat": "NL000000000B00", "coc": "00000000", "industry": null, "a_field_of_this_shop": [1],
            "create_date": "2026-02-03T08:15:30.123456"
        }))
    }

    #[test]
    fn a_registration_is_told_whole_and_a_delivery_country_alone_is_no_address() {
        let (origin, user, profiles) = ("SHOP".parse().unwrap(), user(), [vendors_odd_profile()]);
        let told = Registration::of(&origin, &user, &profiles, Tz::Europe__Amsterdam).unwrap();
        let message: Value =
            serde_json::from_str(&told.message(News::Created, 1, "2026-02-03T08:20:00Z".parse().unwrap()))
                .unwrap();
        insta::assert_json_snapshot!(message);
    }

    #[test]
    fn the_newest_profile_is_the_primary_one() {
        let older = profile(&serde_json::json!({"name": "Old", "create_date": "2025-01-01T00:00:00.1"}));
        let newer = profile(&serde_json::json!({"name": "New", "create_date": "2026-01-01T00:00:00.1"}));
        let undated = profile(&serde_json::json!({"name": "Undated"}));
        for profiles in [[older.clone(), newer.clone(), undated.clone()], [undated, newer, older]] {
            assert_eq!(primary(&profiles).unwrap().text("name"), Some("New"));
        }
        assert!(primary(&[]).is_none());
    }

    #[test]
    fn addresses_follow_from_the_profile() {
        let customer = "C-1".parse().unwrap();
        let only = addresses_of(&vendors_odd_profile(), &customer).unwrap();
        assert_eq!(only.len(), 1);
        assert!(only[0].invoice && only[0].delivery && only[0].default_delivery);
        assert_eq!((only[0].key.as_str(), only[0].house_number.as_deref()), ("C-1-main", Some("1")));

        let mut both = Value::from(vendors_odd_profile().all);
        both["delivery_city"] = "Gent".into();
        let both = addresses_of(&profile(&both), &customer).unwrap();
        assert_eq!(both[1].key.as_str(), "C-1-delivery");
        assert_eq!((both[0].delivery, both[1].delivery, both[1].invoice), (false, true, false));
        assert_eq!(both[1].name.as_deref(), Some("Voorbeeld Techniek B.V."));

        let long = "x".repeat(KEY_LIMIT).parse().unwrap();
        assert_eq!(
            addresses_of(&vendors_odd_profile(), &long),
            Err(BadKey::TooLong),
            "none is left out silently"
        );
    }

    #[test]
    fn ids_are_derived_and_differ_by_registration_and_revision() {
        let id = |origin: &str, user: &str, revision| {
            message_id(&origin.parse().unwrap(), &user.parse().unwrap(), revision)
        };
        assert_eq!(id("A", "u", 1), id("A", "u", 1));
        let different = [id("A", "u", 1), id("A", "u", 2), id("B", "u", 1), id("A", "v", 1)];
        assert_eq!(different.iter().collect::<std::collections::HashSet<_>>().len(), 4);
    }
}

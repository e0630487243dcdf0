//! Invented people who register: Dutch, Belgian and German companies, odd ones among them.
//!
//! Nothing here is real. Company names are put together from words, e-mail addresses end in `.example`, and numbers of
//! companies, VAT and telephones have runs of zeros that no authority gives out. Their check digits are right, so that what is marked as
//! implausible is what is odd.

mod odd;
mod place;
mod vat;
mod words;

use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus, seq::IndexedRandom};
use serde_json::{Value, json};

use crate::Object;
pub use odd::Odd;
use place::{Country, address};

/// Somebody who registers, before the shop gives ids, keys and dates.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// The origin of the user.
    pub origin: String,
    /// The user's key; `None` lets the shop make a UUID.
    pub key: Option<String>,
    /// Whether the user can log in at once, as users made by an ERP can.
    pub active: bool,
    /// `new`, except for users made by an ERP.
    pub registration: String,
    /// The user's own record: e-mail, name, language and so on.
    pub person: Object,
    /// What was typed in besides, with the field names of the vendor's user profile.
    pub profiles: Vec<Object>,
    /// What is odd about it, if anything.
    pub odd: Option<Odd>,
}

impl Registration {
    /// The same with a field of the user's record changed.
    #[must_use]
    pub fn with_person(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.person.insert(field.to_owned(), value.into());
        self
    }

    /// The same with a field of all profiles changed.
    #[must_use]
    pub fn with_profile(mut self, field: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        for profile in &mut self.profiles {
            profile.insert(field.to_owned(), value.clone());
        }
        self
    }

    /// The same in another origin.
    #[must_use]
    pub fn in_origin(mut self, origin: &str) -> Self {
        origin.clone_into(&mut self.origin);
        self
    }
}

/// Fields that tell who somebody is, by themselves.
const TELLING: [&str; 12] = [
    "email",
    "first_name",
    "last_name",
    "phone",
    "name",
    "street1",
    "company_telephone_number",
    "vat",
    "delivery_street1",
    "delivery_telephone_number",
    "attention",
    "zip",
];

impl Registration {
    /// What was typed in and tells who it is, for who looks whether anything of it is left somewhere.
    pub fn telling(&self) -> impl Iterator<Item = &str> {
        let fields = std::iter::once(&self.person).chain(&self.profiles).flatten();
        let telling = fields.filter(|(field, _)| TELLING.contains(&field.as_str()));
        telling.filter_map(|(_, value)| value.as_str()).filter(|text| text.chars().count() > 2)
    }
}

/// Invents registrations; the same seed gives the same ones.
#[derive(Debug, Clone)]
pub struct Generator {
    /// The origin of all of them.
    pub origin: String,
    /// The share of odd ones, from 0 to 1.
    pub odd_rate: f64,
    count: u32,
    rng: Xoshiro256PlusPlus,
}

impl Generator {
    /// For the origin `SHOP`, one in five odd.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            origin: "SHOP".to_owned(),
            odd_rate: 0.2,
            count: 0,
            rng: Xoshiro256PlusPlus::seed_from_u64(seed),
        }
    }

    /// The next one, odd at the rate.
    pub fn registration(&mut self) -> Registration {
        if self.rng.random_bool(self.odd_rate.clamp(0.0, 1.0)) {
            let odd = Odd::ALL.choose(&mut self.rng).copied().unwrap_or(Odd::NoVat);
            self.odd(odd)
        } else {
            self.plain()
        }
    }

    /// The next one, odd in this way.
    pub fn odd(&mut self, odd: Odd) -> Registration {
        let mut registration = self.plain();
        odd.apply(&mut registration, &mut self.rng);
        registration.odd = Some(odd);
        registration
    }

    /// The next one, with nothing odd.
    pub fn plain(&mut self) -> Registration {
        self.count += 1;
        let country = match self.rng.random_range(0..10) {
            0..6 => Country::Netherlands,
            6..9 => Country::Belgium,
            _ => Country::Germany,
        };
        let (first, last, company) = self.names(country);
        let domain = format!("{}.example", ascii(&company));
        let email = format!("{}.{}.{}@{domain}", ascii(&first), ascii(&last), self.count);
        let gender = if self.rng.random_bool(0.5) { "male" } else { "female" };
        let person = json!({
            "email": email, "first_name": first, "last_name": last, "phone": country.phone(self.count, &mut self.rng),
            "gender": gender, "language": country.language(&mut self.rng),
            "webshop": 1, "role": 1,
        });
        let mut profile = fields(address(country, &mut self.rng));
        profile.extend(fields(json!({
            "name": company, "attention": format!("{first} {last}"), "department": "", "subdivision": null,
            "company_telephone_number": country.phone(self.count, &mut self.rng), "delivery": true,
            "delivery_name": "", "delivery_attention": "", "delivery_street1": "", "delivery_street2": "",
            "delivery_house_number": "", "delivery_addition": "", "delivery_zip": "", "delivery_city": "",
            "delivery_telephone_number": "", "delivery_country": country.code(), "delivery_subdivision": null,
            "vat": country.vat(self.count), "coc": country.coc(self.count), "web": format!("https://www.{domain}"),
            "account_code": "", "industry": null,
        })));
        Registration {
            origin: self.origin.clone(),
            key: None,
            active: false,
            registration: "new".to_owned(),
            person: fields(person),
            profiles: vec![profile],
            odd: None,
        }
    }

    fn names(&mut self, country: Country) -> (String, String, String) {
        let words = country.words();
        let rng = &mut self.rng;
        let mut pick = |list: &[&'static str]| list.choose(rng).copied().unwrap_or_default().to_owned();
        let (first, last) = (pick(words.first), pick(words.last));
        let company = format!("{} {} {}", pick(words.brand), pick(words.trade), pick(words.form));
        (first, last, company)
    }
}

fn fields(value: Value) -> Object {
    match value {
        Value::Object(fields) => fields,
        _ => Object::new(),
    }
}

/// A name as it stands in an e-mail address.
fn ascii(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|letter| match letter {
            'ä' => "ae".to_owned(),
            'ö' | 'ø' => "oe".to_owned(),
            'ü' => "ue".to_owned(),
            'ß' => "ss".to_owned(),
            'é' | 'è' | 'ë' => "e".to_owned(),
            'ï' => "i".to_owned(),
            letter if letter.is_ascii_alphanumeric() => letter.to_string(),
            ' ' | '-' => "-".to_owned(),
            _ => String::new(),
        })
        .collect();
    plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_people() {
        let people = |seed| {
            let mut generator = Generator::new(seed);
            (0..200).map(|_| generator.registration()).collect::<Vec<_>>()
        };
        assert_eq!(people(7), people(7));
        assert_ne!(people(7), people(8));
    }

    #[test]
    fn e_mail_addresses_are_unique_and_at_example_domains() {
        let mut generator = Generator::new(1);
        let addresses: BTreeSet<String> =
            (0..500).map(|_| generator.plain().person["email"].as_str().unwrap().to_owned()).collect();
        assert_eq!(addresses.len(), 500);
        for address in addresses {
            assert!(address.is_ascii() && address.ends_with(".example"), "{address}");
        }
    }

    #[test]
    fn a_plain_profile_has_every_documented_field() {
        let profile = Generator::new(2).plain().profiles.remove(0);
        let documented = "name attention department street1 street2 house_number addition zip city country subdivision \
            company_telephone_number delivery delivery_name delivery_attention delivery_street1 delivery_street2 \
            delivery_house_number delivery_addition delivery_zip delivery_city delivery_telephone_number \
            delivery_country delivery_subdivision vat coc web account_code industry";
        let documented: BTreeSet<&str> = documented.split(' ').collect();
        assert_eq!(profile.keys().map(String::as_str).collect::<BTreeSet<_>>(), documented);
    }

    #[test]
    fn each_odd_case_differs_from_a_plain_one_and_all_turn_up() {
        for odd in Odd::ALL {
            let plain = Generator::new(3).plain();
            let registration = Generator::new(3).odd(*odd);
            assert_eq!(registration.odd, Some(*odd));
            // The vendor's own example is what a plain one looks like; it differs by its country alone.
            assert_ne!(
                (registration.person, registration.profiles),
                (plain.person, plain.profiles),
                "{odd:?}"
            );
        }
        let mut generator = Generator::new(4);
        let seen: BTreeSet<Odd> = (0..2000).filter_map(|_| generator.registration().odd).collect();
        assert_eq!(seen.len(), Odd::ALL.len());
    }
}

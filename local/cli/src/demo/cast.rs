//! Who registers, and what the ERP's clerk will say.

use sandbox::{Generator, Odd, Registration, erp::Decision};
use serde_json::{Value, json};

/// The origin that everybody registers in.
pub const ORIGIN: &str = "SHOP";

/// A customer who was in the shop before. One kind of odd registration names its number, and a colleague registers later.
pub const EXISTING: &str = "C-20001";

/// Somebody who will register.
pub struct Part {
    /// What the person types in.
    pub registration: Registration,
    /// What the clerk will decide.
    pub decision: Decision,
}

impl Part {
    /// The company's name, or the person's where there is none.
    pub fn name(&self) -> &str {
        let company = self.registration.profiles.first().and_then(|profile| profile.get("name")?.as_str());
        company.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| self.email())
    }

    /// Where the mail goes.
    pub fn email(&self) -> &str {
        self.registration.person.get("email").and_then(Value::as_str).unwrap_or_default()
    }

    /// What is odd about it, in words.
    pub fn oddity(&self) -> &'static str {
        self.registration.odd.map_or("", |odd| match odd {
            Odd::DeliveryCountryAlone => "a delivery country, and no delivery address",
            Odd::DeliveryAddress => "a delivery address of its own",
            Odd::NoVat => "no VAT number",
            Odd::Markup => "markup as a name",
            Odd::VeryLong => "a very long name",
            Odd::Unicode => "letters of four alphabets",
            Odd::Nulls => "null where a text is usual",
            Odd::Blank => "an empty form",
            Odd::AccountCode => "says it is a customer already",
            Odd::ImplausibleVat => "a VAT number that cannot be one",
            Odd::ImplausibleZip => "a zip that cannot be one",
            Odd::NoProfile => "no profile",
            Odd::TwoProfiles => "two profiles",
            Odd::NumberInStreet => "the house number in the street",
            Odd::UnknownFields => "fields that nobody knows",
            Odd::MistypedVat => "a VAT number with wrong check digits",
        })
    }
}

/// Odd ones that end well, in the order in which they come.
const ODD: [Odd; 10] = [
    Odd::AccountCode,
    Odd::DeliveryAddress,
    Odd::Unicode,
    Odd::TwoProfiles,
    Odd::Markup,
    Odd::DeliveryCountryAlone,
    Odd::NoVat,
    Odd::NumberInStreet,
    Odd::ImplausibleVat,
    Odd::UnknownFields,
];

/// The same people for the same seed. Of twelve, five are odd, two belong to a customer who exists and two are rejected.
pub fn invent(seed: u64, count: u16) -> Vec<Part> {
    let mut generator = Generator::new(seed);
    let mut odd = ODD.iter().cycle();
    let part = |place: u16| {
        let odd = matches!(place % 5, 1 | 3).then(|| odd.next()).flatten();
        let registration = match odd {
            Some(odd) => generator.odd(*odd),
            None => generator.plain(),
        };
        let decision = match place % 12 {
            1 | 6 => Decision::Existing(EXISTING.to_owned()),
            4 => Decision::Reject("Private person: please use the consumer shop".to_owned()),
            10 => Decision::Reject("Outside our delivery area".to_owned()),
            _ => Decision::Approve,
        };
        Part { registration, decision }
    };
    (0..count).map(part).collect()
}

/// Who registers after the story, for whoever looks around: one of each odd kind.
pub fn latecomers(seed: u64) -> Vec<Registration> {
    let mut generator = Generator::new(seed.wrapping_add(1));
    Odd::ALL.iter().map(|odd| generator.odd(*odd)).collect()
}

/// What the shop holds about [`EXISTING`].
pub fn existing() -> Value {
    json!({
        "key": EXISTING, "code": "20001", "name": "Gevestigde Handel B.V.",
        "vat_numbers": ["NL000000000B00"], "price_lists": ["PL-PLUS"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_are_as_promised_and_the_same_each_time() {
        let cast = invent(1, 12);
        let count = |wanted: fn(&Part) -> bool| cast.iter().filter(|part| wanted(part)).count();
        assert_eq!(count(|part| part.registration.odd.is_some()), 5);
        assert_eq!(count(|part| matches!(part.decision, Decision::Existing(_))), 2);
        assert_eq!(count(|part| matches!(part.decision, Decision::Reject(_))), 2);
        assert_eq!(count(|part| part.name().is_empty() || part.email().is_empty()), 0);
        let again = invent(1, 12);
        assert!(cast.iter().zip(&again).all(|(one, other)| one.registration == other.registration));
    }

    #[test]
    fn who_names_a_customer_number_belongs_to_that_customer() {
        for part in
            invent(3, 120).iter().filter(|part| part.registration.odd == Some(Odd::AccountCode)).take(1)
        {
            assert_eq!(part.registration.profiles[0]["account_code"], EXISTING);
            assert_eq!(part.decision, Decision::Existing(EXISTING.to_owned()));
        }
    }
}

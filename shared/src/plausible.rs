//! What of a registration looks wrong to somebody who knows how such things are written. It is a hint for the person who decides: it
//! never keeps anything back, and where nothing is known about a country, nothing is said.

mod vat;
mod zip;

use crate::entered::{Address, Entered};

/// One of the two addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The company's.
    Invoice,
    /// The one for deliveries.
    Delivery,
}

/// What is wrong with a number whose form is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It has another form than its country's numbers have.
    Form,
    /// It has the form, and its check digits do not fit: it is mistyped or invented.
    CheckDigits,
}

/// Something that looks wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// There is no name of a company.
    NoCompany,
    /// There is no name of a person.
    NoName,
    /// There is no e-mail address, so that no mail can arrive.
    NoEmail,
    /// The e-mail address is none.
    Email,
    /// The VAT number is not one of the country's (ISO 3166-1 alpha-2).
    Vat {
        /// The country.
        country: &'static str,
        /// What is wrong.
        fault: Fault,
    },
    /// The postcode is not one of the country's.
    Zip {
        /// In which address.
        which: Which,
        /// The country.
        country: &'static str,
    },
    /// Of a delivery address there is nothing but the country, and it is another one than the company's: deliveries go to the company. The
    /// same country says nothing, because the shop fills it in by itself.
    DeliveryCountryAlone,
}

/// What looks wrong, in the order in which it is read.
#[must_use]
pub fn marks(entered: &Entered) -> Vec<Mark> {
    let Entered { person, company, invoice_address, delivery_address, .. } = entered;
    let mut marks = Vec::new();
    if person.first_name.is_none() && person.last_name.is_none() {
        marks.push(Mark::NoName);
    }
    match person.email.as_deref() {
        None => marks.push(Mark::NoEmail),
        Some(email) if !is_email(email) => marks.push(Mark::Email),
        Some(_) => {}
    }
    if company.name.is_none() {
        marks.push(Mark::NoCompany);
    }
    let country = invoice_address.as_ref().and_then(|address| address.country.as_deref());
    if let Some((country, fault)) = company.vat.as_deref().and_then(|vat| vat::fault(vat, country)) {
        marks.push(Mark::Vat { country, fault });
    }
    for (which, address) in [(Which::Invoice, invoice_address), (Which::Delivery, delivery_address)] {
        marks.extend(address.as_ref().and_then(odd_zip).map(|country| Mark::Zip { which, country }));
    }
    let elsewhere = |alone: &str| !country.is_some_and(|country| country.trim().eq_ignore_ascii_case(alone));
    if entered.delivery_country_alone().is_some_and(elsewhere) {
        marks.push(Mark::DeliveryCountryAlone);
    }
    marks
}

fn odd_zip(address: &Address) -> Option<&'static str> {
    zip::odd(address.zip.as_deref()?, address.country.as_deref()?)
}

/// Whether it has the form of an address at which mail can arrive: RFC 5321 has a local part, an `@` and a domain, and on the public
/// internet a domain has a dot. What the local part may hold is left to its server.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let labels = || domain.split('.');
    let label = |label: &str| {
        let fits = |c: char| c.is_alphanumeric() || c == '-';
        !label.is_empty() && label.chars().all(fits) && !label.starts_with('-') && !label.ends_with('-')
    };
    // 254 octets: RFC 3696, erratum 1690.
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control()) && text.len() <= 254;
    plain && !local.is_empty() && !local.contains('@') && labels().count() > 1 && labels().all(label)
}

#[cfg(test)]
mod tests {
    use sandbox::{Generator, Odd, Registration};

    use super::*;

    fn entered(json: &serde_json::Value) -> Entered {
        Entered::of(Some(&serde_json::json!({ "data": json }).to_string())).unwrap()
    }

    #[test]
    fn what_is_in_order_has_no_marks_and_what_is_not_has_one_each() {
        let good = serde_json::json!({
            "person": {"first_name": "Anna", "email": "anna@voorbeeld.example"},
            "company": {"name": "Voorbeeld", "vat": "NL000099998B57"},
            "invoice_address": {"zip": "1234 AB", "country": "NL"},
            "delivery_address": {"zip": "1000", "country": "BE"},
            "profiles": [{"delivery_country": "BE"}],
        });
        assert_eq!(marks(&entered(&good)), []);
        let odd = serde_json::json!({
            "company": {"vat": "BE0000000098"},
            "invoice_address": {"zip": "1234", "country": "nl"},
            "profiles": [{"delivery_country": "FR"}],
        });
        let fault = Fault::CheckDigits;
        let want = [
            Mark::NoName,
            Mark::NoEmail,
            Mark::NoCompany,
            Mark::Vat { country: "BE", fault },
            Mark::Zip { which: Which::Invoice, country: "NL" },
            Mark::DeliveryCountryAlone,
        ];
        assert_eq!(marks(&entered(&odd)), want);
        let unknown = serde_json::json!({
            "person": {"last_name": "Doe", "email": "x"}, "company": {"name": "X", "vat": "12"},
            "invoice_address": {"zip": "??", "country": "Nowhere"},
        });
        assert_eq!(marks(&entered(&unknown)), [Mark::Email]);
        let filled_in_by_the_shop = serde_json::json!({
            "person": {"last_name": "Doe", "email": "a@b.example"}, "company": {"name": "X"},
            "invoice_address": {"country": "NL"}, "profiles": [{"delivery_country": "nl"}],
        });
        assert_eq!(marks(&entered(&filled_in_by_the_shop)), []);
    }

    /// What is marked of somebody whom the sandbox has invented.
    fn marks_of(invented: &Registration) -> Vec<Mark> {
        let profile = &invented.profiles[0];
        marks(&entered(&serde_json::json!({
            "person": invented.person,
            "company": {"name": profile["name"], "vat": profile["vat"]},
            "invoice_address": {"zip": profile["zip"], "country": profile["country"]},
            "profiles": [{"delivery_country": profile["delivery_country"]}],
        })))
    }

    #[test]
    fn of_invented_people_those_are_marked_who_are_meant_to_be_odd() {
        let mut generator = Generator::new(1);
        for plain in (0..20_000).map(|_| generator.plain()) {
            assert_eq!(marks_of(&plain), [], "{plain:?}");
        }
        let vat = |fault| Mark::Vat { country: "NL", fault };
        for (odd, want) in
            [(Odd::MistypedVat, vat(Fault::CheckDigits)), (Odd::ImplausibleVat, vat(Fault::Form))]
        {
            let dutch = (0..100).map(|_| generator.odd(odd)).find(|one| one.profiles[0]["country"] == "NL");
            assert_eq!(dutch.map(|one| marks_of(&one)), Some(vec![want]));
        }
    }

    #[test]
    fn an_address_at_which_no_mail_can_arrive_is_marked() {
        for good in ["a@b.example", "a.b+c@d-e.co.example", "\"odd\"@b.example", "é@bücher.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "a",
            "@b.example",
            "a@",
            "a@b",
            "a@b@c.example",
            "a b@c.example",
            "a@.example",
            "a@b..c",
            "a@-b.example",
            "a@b_c.example",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(!is_email(&format!("{}@b.example", "a".repeat(250))));
    }
}

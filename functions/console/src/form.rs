//! The form of an approval: what it is filled in with, and the ERP's message that follows from what is sent.

use serde_json::{Map, Value, json};
use shared::{
    entered::{self, Entered},
    key::{AddressKey, BadKey, CustomerKey},
    ledger::Entry,
    parameters::Parameters,
};

use crate::words::ActWords;

/// An address in the form.
#[derive(Default)]
pub struct Address {
    pub prefix: &'static str,
    pub name: String,
    pub street: String,
    pub house_number: String,
    pub addition: String,
    pub zip: String,
    pub city: String,
    pub country: String,
    pub phone: String,
}

/// The form, as it is filled in.
#[derive(Default)]
pub struct Form {
    pub id: String,
    pub revision: String,
    pub existing: bool,
    pub key: String,
    pub code: String,
    pub name: String,
    pub vat: String,
    pub price_lists: String,
    pub addresses: Vec<Address>,
    pub then: String,
}

/// The fields of the form.
pub const FIELDS: &[&str] = &[
    "id",
    "revision",
    "how",
    "key",
    "code",
    "name",
    "vat",
    "price_lists",
    "then",
    "reviewed",
    "language",
    "theme",
    "main_name",
    "main_street",
    "main_house_number",
    "main_addition",
    "main_zip",
    "main_city",
    "main_country",
    "main_phone",
    "delivery_name",
    "delivery_street",
    "delivery_house_number",
    "delivery_addition",
    "delivery_zip",
    "delivery_city",
    "delivery_country",
    "delivery_phone",
];

impl Form {
    /// What the applicant typed in.
    pub fn of(entry: &Entry, existing: bool) -> Self {
        let Entered { company, invoice_address, delivery_address, .. } =
            Entered::of(entry.message.as_deref()).unwrap_or_default();
        let main = Address::of("main", invoice_address.unwrap_or_default());
        let delivery = delivery_address.map(|address| Address::of("delivery", address));
        Self {
            id: host::ticket().reveal().to_owned(),
            revision: entry.revision.to_string(),
            existing,
            name: company.name.unwrap_or_default(),
            vat: company.vat.unwrap_or_default(),
            addresses: std::iter::once(main).chain(delivery).collect(),
            then: "mail".to_owned(),
            ..Self::default()
        }
    }

    /// What was sent.
    pub fn read(form: &Parameters) -> Self {
        let text = |name: &str| form.text(name).unwrap_or_default().trim().to_owned();
        let address = |prefix: &'static str| Address {
            prefix,
            name: text(&format!("{prefix}_name")),
            street: text(&format!("{prefix}_street")),
            house_number: text(&format!("{prefix}_house_number")),
            addition: text(&format!("{prefix}_addition")),
            zip: text(&format!("{prefix}_zip")),
            city: text(&format!("{prefix}_city")),
            country: text(&format!("{prefix}_country")),
            phone: text(&format!("{prefix}_phone")),
        };
        let existing = form.text("how") == Some("existing");
        let sent = |address: &Address| !address.is_empty() || address.prefix == "main";
        Self {
            id: text("id"),
            revision: text("revision"),
            existing,
            key: text("key"),
            code: text("code"),
            name: text("name"),
            vat: text("vat"),
            price_lists: text("price_lists"),
            addresses: if existing {
                vec![]
            } else {
                ["main", "delivery"].map(address).into_iter().filter(sent).collect()
            },
            then: text("then"),
        }
    }

    /// What its receiver would not take: all else is built here.
    pub fn wrong(&self) -> Option<BadKey> {
        let bad_key = self.key.parse::<CustomerKey>().err();
        let longest = || self.addresses.iter().map(|address| format!("{}-{}", self.key, address.prefix));
        bad_key.or_else(|| longest().find_map(|key| key.parse::<AddressKey>().err()))
    }

    /// The ERP's message.
    pub fn decision(&self) -> Value {
        let mut customer = Map::from_iter([("key".to_owned(), json!(self.key))]);
        let mut data = Map::new();
        if let Ok(revision) = self.revision.parse::<u32>() {
            data.insert("revision".to_owned(), json!(revision));
        }
        if !self.existing {
            for (name, text) in [("code", &self.code), ("name", &self.name)] {
                if !text.is_empty() {
                    customer.insert(name.to_owned(), json!(text));
                }
            }
            // What was emptied is to be empty: without the field the profile's would be written.
            customer.insert("vat_numbers".to_owned(), json!(listed(&self.vat)));
            if !self.price_lists.is_empty() {
                customer.insert("price_lists".to_owned(), json!(listed(&self.price_lists)));
            }
            let only = self.addresses.len() == 1;
            let addresses: Vec<_> =
                self.addresses.iter().map(|address| address.body(&self.key, only)).collect();
            data.insert("addresses".to_owned(), json!(addresses));
        }
        data.insert("customer".to_owned(), Value::Object(customer));
        data.insert("existing".to_owned(), json!(self.existing));
        data.insert("activate".to_owned(), json!(self.then != "none"));
        data.insert("mail".to_owned(), json!(self.then == "mail"));
        json!({ "type": "customer.approved", "data": data })
    }

    /// What will happen, step by step.
    pub fn lines(&self, email: &str, words: &ActWords) -> Vec<String> {
        let mut lines = Vec::new();
        if self.existing {
            lines.push((words.will_link_existing)(&self.key));
        } else {
            lines.push((words.will_write)(&self.key, &self.name));
            lines.extend(
                self.addresses.iter().map(|address| (words.will_write_address)(&address.in_a_line())),
            );
            lines.push((words.will_link)(&self.key));
        }
        lines.push(match self.then.as_str() {
            "mail" => (words.will_mail)(email),
            "direct" => words.will_activate.to_owned(),
            _ => words.will_only_link.to_owned(),
        });
        lines
    }
}

impl Address {
    fn of(prefix: &'static str, entered: entered::Address) -> Self {
        Self {
            prefix,
            name: entered.name.unwrap_or_default(),
            street: entered.street.unwrap_or_default(),
            house_number: entered.house_number.unwrap_or_default(),
            addition: entered.house_number_addition.unwrap_or_default(),
            zip: entered.zip.unwrap_or_default(),
            city: entered.city.unwrap_or_default(),
            country: entered.country.unwrap_or_default(),
            phone: entered.phone.unwrap_or_default(),
        }
    }

    fn parts(&self) -> [&String; 8] {
        let Self { prefix: _, name, street, house_number, addition, zip, city, country, phone } = self;
        [name, street, house_number, addition, zip, city, country, phone]
    }

    fn is_empty(&self) -> bool {
        self.parts().iter().all(|part| part.is_empty())
    }

    fn in_a_line(&self) -> String {
        let join = |parts: &[&str]| {
            parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
        };
        let lines = [
            join(&[&self.street, &self.house_number, &self.addition]),
            join(&[&self.zip, &self.city]),
            self.country.clone(),
        ];
        lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// The shop's object, with the keys and uses that an address of the profile gets.
    fn body(&self, customer: &str, only: bool) -> Value {
        let (invoice, delivery) = (self.prefix == "main", self.prefix == "delivery" || only);
        let filled = |text: &String| if text.is_empty() { Value::Null } else { json!(text) };
        json!({
            "key": format!("{customer}-{}", self.prefix),
            "name": filled(&self.name), "street": filled(&self.street),
            "house_number": filled(&self.house_number), "house_number_addition": filled(&self.addition),
            "zip": filled(&self.zip), "city": filled(&self.city), "country": filled(&self.country),
            "phone": filled(&self.phone),
            "invoice": invoice, "default_invoice": invoice, "delivery": delivery, "default_delivery": delivery,
        })
    }
}

/// Texts between commas.
fn listed(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use shared::decision::{Event, Parties, Verdict, read_addressed};

    use super::*;

    fn decided(fields: &str) -> Verdict {
        let form = Form::read(&Parameters::read(Some(fields), FIELDS).unwrap());
        let (letter, decision) = read_addressed(
            form.decision().to_string().as_bytes(),
            &"SHOP".parse().unwrap(),
            &"u".parse().unwrap(),
            "anna",
            None,
            "2026-03-02T09:15:00Z".parse().unwrap(),
        )
        .unwrap();
        assert!(Event::read_kept(letter.body.as_bytes()).is_ok());
        decision.verdict
    }

    #[test]
    fn what_is_filled_in_is_what_is_decided() {
        let fields = "how=new&key=C-1&name=Voorbeeld&vat=NL1,+NL2&price_lists=&then=mail&revision=1&main_street=Dorpsstraat&main_zip=1234AB&delivery_city=";
        let Verdict::Approve(approval) = decided(fields) else { panic!() };
        let Parties::Write { customer, addresses: Some(addresses), overwrite: false } = approval.parties
        else {
            panic!()
        };
        assert_eq!(customer.vat_numbers.as_deref(), Some(&["NL1".to_owned(), "NL2".to_owned()][..]));
        assert_eq!((customer.price_lists, customer.code), (None, None));
        let [main] = addresses.as_slice() else { panic!("an empty delivery address is none") };
        assert_eq!((main.key.as_str(), main.delivery, main.default_invoice), ("C-1-main", true, true));
        assert_eq!((main.street.as_deref(), main.city.as_deref()), (Some("Dorpsstraat"), None));
    }

    #[test]
    fn an_existing_customer_is_linked_and_nothing_of_it_is_sent() {
        let Verdict::Approve(approval) = decided("how=existing&key=C-1&then=none&name=Other&main_city=X")
        else {
            panic!()
        };
        assert_eq!(approval.parties, Parties::Existing(vec!["C-1".parse().unwrap()]));
        assert_eq!(approval.activation, shared::decision::Activation::None);
    }
}

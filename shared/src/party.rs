//! Which customers and addresses are to be written, and which must not be: a PUT replaces the whole object, so nothing that this
//! application did not make is ever written without the ERP's explicit word.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    erp::{addresses_of, primary},
    json,
    key::BadKey,
    ledger::{OwnParty, PartyKind},
    print::print,
    shop::{AddressBody, CustomerBody, Profile},
};

/// A customer with its addresses, complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Bodies {
    /// The customer.
    pub customer: CustomerBody,
    /// Its addresses.
    pub addresses: Vec<AddressBody>,
}

impl Bodies {
    /// Completes what the ERP sent with what the applicant entered and with the shop's usual values: the shop gets every field, since
    /// one that is left out would be emptied.
    ///
    /// # Errors
    /// When the addresses are the profile's, and the customer's key is too long to name them after it.
    pub fn complete(
        mut customer: CustomerBody,
        addresses: Option<Vec<AddressBody>>,
        profiles: &[Profile],
    ) -> Result<Self, BadKey> {
        let profile = primary(profiles);
        let text = |name| Some(profile?.text(name)?.to_owned());
        customer.code.get_or_insert_with(|| customer.key.to_string());
        customer.name = customer.name.or_else(|| text("name"));
        customer.active.get_or_insert(true);
        customer.blocked.get_or_insert(false);
        customer.vat_numbers.get_or_insert_with(|| text("vat").into_iter().collect());
        let mut addresses = match (addresses, profile) {
            (Some(addresses), _) => addresses,
            (None, Some(profile)) => addresses_of(profile, &customer.key)?,
            (None, None) => vec![],
        };
        for address in &mut addresses {
            address.customer = Some(customer.key.clone());
            address.active.get_or_insert(true);
            address.name = address.name.take().or_else(|| customer.name.clone());
        }
        Ok(Self { customer, addresses })
    }

    /// The objects by kind and key, the customer first.
    #[must_use]
    pub fn keys(&self) -> Vec<(PartyKind, String)> {
        let addresses = self.addresses.iter().map(|address| (PartyKind::Address, address.key.to_string()));
        std::iter::once((PartyKind::Customer, self.customer.key.to_string())).chain(addresses).collect()
    }

    /// Whether the shop's objects look like them, in the order of [`Bodies::keys`].
    #[must_use]
    pub fn look_like(&self, found: &[Option<Bytes>]) -> Vec<bool> {
        let customer = found.first().and_then(Option::as_ref).is_some_and(|found| {
            let plain = CustomerBody { other: Map::new(), ..self.customer.clone() };
            shows(found, &plain, &self.customer.other)
        });
        let addresses = self.addresses.iter().zip(found.iter().skip(1)).map(|(address, found)| {
            found.as_ref().is_some_and(|found| {
                let plain = AddressBody { other: Map::new(), ..address.clone() };
                shows(found, &plain, &address.other)
            })
        });
        std::iter::once(customer).chain(addresses).collect()
    }

    /// The fingerprints of the bodies, in the order of [`Bodies::keys`].
    #[must_use]
    pub fn prints(&self) -> Vec<String> {
        // Structs of texts and JSON values always serialise.
        fn one(body: &impl Serialize) -> String {
            print(&[&serde_json::to_vec(body).unwrap_or_default()])
        }
        std::iter::once(one(&self.customer)).chain(self.addresses.iter().map(one)).collect()
    }
}

/// What is to be done about one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Todo {
    /// Write it; it will be ours.
    Write,
    /// Write it again: it is ours for certain, and the ERP has thought better of it.
    Rewrite,
    /// Write it over somebody else's, as the ERP explicitly wants.
    Overwrite,
    /// Nothing: it is written already.
    Done,
    /// Nothing, but remember it: it looks as wanted, and may have been written in the time that a restored ledger has lost.
    Adopt,
    /// Nothing, and a person has to look: it belongs to somebody else.
    Foreign,
    /// Nothing, and a person has to look: it is being written, or was written, for another registration.
    Held,
}

impl Todo {
    /// Whether the shop is written.
    #[must_use]
    pub fn writes(self) -> bool {
        matches!(self, Self::Write | Self::Rewrite | Self::Overwrite)
    }

    /// Whether the ledger remembers it as ours, without an answer of the shop.
    #[must_use]
    pub fn is_to_note(self) -> bool {
        matches!(self, Self::Write | Self::Adopt)
    }

    /// Whether it is ours afterwards.
    #[must_use]
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Write | Self::Rewrite)
    }
}

/// Whether an object of the shop has every field as it would be written. Of those that are unknown here (`other`) the shop need not show
/// any; what it shows besides is its own.
fn shows(found: &[u8], plain: &impl Serialize, other: &Map<String, Value>) -> bool {
    let (Ok(found), Value::Object(plain)) = (json::value(found), json::of(plain)) else { return false };
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    };
    let same = |(field, value): (&String, &Value)| {
        found[field.as_str()] == *value || !says(value) && !says(&found[field.as_str()])
    };
    plain.iter().all(same) && other.iter().all(|one| found.get(one.0).is_none() || same(one))
}

/// Decides about one object from what the shop has (`exists`), what the ledger knows of it (`own`), and what is `wanted`.
#[must_use]
pub fn todo(exists: bool, own: Option<&OwnParty>, wanted: &OwnParty, overwrite: bool) -> Todo {
    match own {
        Some(own) if own.user_key == wanted.user_key => match exists {
            false => Todo::Write,
            true if own.print == wanted.print => Todo::Done,
            // An approval that is carried out late does not undo what was decided after it.
            true if own.confirmed && own.decided_at > wanted.decided_at => Todo::Done,
            true if own.confirmed => Todo::Rewrite,
            // We set out to write another body and never heard back: what stands there may be somebody else's.
            true if overwrite => Todo::Overwrite,
            true => Todo::Foreign,
        },
        // Another registration holds the key, or nobody we know.
        Some(_) | None if exists && overwrite => Todo::Overwrite,
        Some(_) => Todo::Held,
        None if exists => Todo::Foreign,
        None => Todo::Write,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_ours_or_nobodys_is_written() {
        let at = |minute: u32| Some(format!("2026-03-02T09:{minute:02}:00Z").parse().unwrap());
        let own = |user: &str, print: &str, confirmed| {
            let (key, print) = ("C-1".to_owned(), print.to_owned());
            Some(OwnParty {
                kind: PartyKind::Customer,
                key,
                user_key: user.parse().unwrap(),
                print,
                confirmed,
                decided_at: at(10),
            })
        };
        let later = own("me", "other", true).map(|own| OwnParty { decided_at: at(11), ..own });
        let undated = own("me", "other", true).map(|own| OwnParty { decided_at: None, ..own });
        let wanted = own("me", "same", false).unwrap();
        for (exists, own, overwrite, want, why) in [
            (false, None, false, Todo::Write, "nobody has it"),
            (true, None, false, Todo::Foreign, "somebody made it"),
            (true, None, true, Todo::Overwrite, "the ERP says so"),
            (false, own("me", "same", false), false, Todo::Write, "our write never arrived"),
            (true, own("me", "same", false), false, Todo::Done, "our write arrived, its answer did not"),
            (true, own("me", "same", true), false, Todo::Done, "written"),
            (true, own("me", "other", true), false, Todo::Rewrite, "a later decision changes our own"),
            (true, later, false, Todo::Done, "a later decision has changed our own already"),
            (true, undated, false, Todo::Rewrite, "an older version did not remember when"),
            (true, own("me", "other", false), false, Todo::Foreign, "perhaps ours, perhaps not"),
            (
                false,
                own("other", "same", false),
                false,
                Todo::Held,
                "another registration is about to write it",
            ),
            (true, own("other", "same", true), false, Todo::Held, "another registration wrote it"),
        ] {
            assert_eq!(todo(exists, own.as_ref(), &wanted, overwrite), want, "{why}");
        }
    }

    #[test]
    fn an_object_looks_as_wanted_if_every_field_that_is_known_here_does() {
        let customer: CustomerBody =
            serde_json::from_str(r#"{"key":"C-1","name":"N","vat_numbers":[],"colour":"red"}"#).unwrap();
        let bodies = Bodies { customer, addresses: vec![] };
        for (found, want, why) in [
            (Some(r#"{"key":"C-1","name":"N","vat_numbers":[],"colour":"red"}"#), true, "the same"),
            (
                Some(r#"{"key":"C-1","name":"N","vat_numbers":null,"id":7}"#),
                true,
                "nothing is nothing, and the shop has more",
            ),
            (Some(r#"{"key":"C-1","name":"Other"}"#), false, "another name"),
            (Some(r#"{"key":"C-1"}"#), false, "no name"),
            (
                Some(r#"{"key":"C-1","name":"N","colour":"blue"}"#),
                false,
                "what is unknown here is shown, and differs",
            ),
            (Some("no object"), false, "nobody can tell"),
            (None, false, "the shop does not have it"),
        ] {
            let found = found.map(|found| Bytes::from_static(found.as_bytes()));
            assert_eq!(bodies.look_like(&[found]), [want], "{why}");
        }
    }

    #[test]
    fn what_the_erp_leaves_out_comes_from_the_profile() {
        let customer: CustomerBody = serde_json::from_str(r#"{"key":"C-1"}"#).unwrap();
        let profile = br#"{"name":"Voorbeeld B.V.","vat":"NL000000000B00","street1":"Dorpsstraat","zip":"1234AB","city":"Houten","country":"NL"}"#;
        let bodies = Bodies::complete(customer, None, &[Profile::read(profile).unwrap()]).unwrap();
        insta::assert_json_snapshot!((&bodies.customer, &bodies.addresses));
    }
}

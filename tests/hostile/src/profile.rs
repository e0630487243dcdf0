//! Profiles of the shop, and what the ERP and the shop are sent because of them.

use chrono::DateTime;
use chrono_tz::Tz;
use serde_json::Value;
use shared::{
    erp::{News, Registration, addresses_of, message_id, primary},
    key::{CustomerKey, OriginCode},
    party::Bodies,
    shop::{AddressBody, CustomerBody, Profile, User},
};

use crate::{bounded, line, parts};

/// A customer's key in the first line, and the bodies of a user's profiles.
///
/// # Panics
/// If a profile that is read is told to the ERP, or written as an address, in a form that nobody can read.
pub fn profile(data: &[u8]) {
    let (customer, rest) = line(data);
    let profiles: Result<Vec<_>, _> = parts(rest).into_iter().map(Profile::read).collect();
    let profiles = match profiles {
        Ok(profiles) => profiles,
        Err(problem) => return bounded(&problem),
    };
    for profile in &profiles {
        for name in ["name", "house_number", "city", "delivery_city", "create_date"] {
            let text = profile.text(name);
            assert!(text.is_none_or(|text| !text.is_empty() && text.trim() == text), "{name}: {text:?}");
        }
    }
    told(&profiles);
    if let Ok(customer) = str::from_utf8(customer).unwrap_or_default().parse() {
        written(&customer, &profiles);
    }
}

/// The message holds every field of every profile, and its fingerprint depends on nothing else.
fn told(profiles: &[Profile]) {
    let origin: OriginCode = "SHOP".parse().expect("a plain code");
    let user: User = serde_json::from_str(r#"{"key":"5b1f0c1e","first_name":"Anna"}"#).expect("a plain user");
    let told = |zone| Registration::of(&origin, &user, profiles, zone).expect("there is a profile");
    let print = told(Tz::Europe__Amsterdam).print();
    assert_eq!(print, told(Tz::UTC).print(), "our own setting is no change of the applicant's");
    for (news, revision) in [(News::Created, 1), (News::Updated, 2)] {
        let again = || told(Tz::Europe__Amsterdam).message(news, revision, DateTime::UNIX_EPOCH);
        let message = again();
        assert_eq!(message, again(), "frozen");
        let value: Value = serde_json::from_str(&message).expect("a message is JSON");
        assert_eq!(value["data"]["revision"], revision);
        let main = primary(profiles).expect("there is a profile");
        let all = value["data"]["profiles"].as_array().expect("profiles are a list");
        assert_eq!(all.len(), profiles.len());
        assert_eq!(all[0].to_string(), settled(&Value::Object(main.all.clone())), "the newest comes first");
        assert_eq!(value["data"]["company"]["name"].as_str(), main.text("name"));
        assert!(message_id(&origin, &user.key, revision).len() <= 128);
    }
}

/// A value as it is after it was written and read: a number may lose its last digit on the way.
fn settled(value: &Value) -> String {
    serde_json::from_str::<Value>(&value.to_string()).expect("a value is JSON").to_string()
}

/// The addresses are one or two of the customer's own, of which one takes the invoices and one the goods.
fn written(customer: &CustomerKey, profiles: &[Profile]) {
    let main = primary(profiles).expect("there is a profile");
    let body: CustomerBody =
        serde_json::from_value(serde_json::json!({ "key": customer })).expect("a key is enough");
    let Ok(addresses) = addresses_of(main, customer) else {
        return assert!(customer.as_str().len() > 128 - "-delivery".len(), "{customer} has no addresses");
    };
    let bodies = Bodies::complete(body, None, profiles).expect("the addresses have keys");
    assert_eq!(bodies.customer.name.as_deref(), main.text("name"));
    assert_eq!(bodies.addresses.len(), addresses.len());
    assert_eq!(
        addresses.iter().filter(|address| address.invoice).count(),
        1,
        "of {} addresses",
        addresses.len()
    );
    assert_eq!(
        addresses.iter().filter(|address| address.delivery).count(),
        1,
        "of {} addresses",
        addresses.len()
    );
    for address in bodies.addresses {
        assert!(address.key.as_str().starts_with(customer.as_str()));
        assert_eq!(address.customer.as_ref(), Some(customer));
        let json = serde_json::to_string(&address).expect("an address is JSON");
        assert_eq!(serde_json::from_str::<AddressBody>(&json).ok(), Some(address));
    }
}

//! Who registered, in a few words: what lists show, and what people search for.

use std::borrow::Cow;

use serde::Deserialize;

/// Who registered, as the message to the ERP has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applicant<'a> {
    /// First name.
    pub first_name: Option<Cow<'a, str>>,
    /// Last name.
    pub last_name: Option<Cow<'a, str>>,
    /// E-mail address.
    pub email: Option<Cow<'a, str>>,
    /// The company's name.
    pub company: Option<Cow<'a, str>>,
    /// The company's VAT number.
    pub vat: Option<Cow<'a, str>>,
    /// The country of the company's address.
    pub country: Option<Cow<'a, str>>,
}

/// The parts of the message that are read; the others are passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Message<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data<'a> {
    #[serde(borrow)]
    person: Person<'a>,
    #[serde(borrow)]
    company: Company<'a>,
    #[serde(borrow)]
    invoice_address: Option<Address<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Person<'a> {
    #[serde(borrow)]
    first_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    last_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    email: Option<Cow<'a, str>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Company<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    vat: Option<Cow<'a, str>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Address<'a> {
    #[serde(borrow)]
    country: Option<Cow<'a, str>>,
}

impl<'a> Applicant<'a> {
    /// Reads it from a message. What cannot be read, or is not there yet, is nobody.
    #[must_use]
    pub fn of(message: Option<&'a str>) -> Self {
        let read = message.and_then(|message| serde_json::from_str::<Message<'_>>(message).ok());
        let Data { person, company, invoice_address } = read.unwrap_or_default().data;
        Self {
            first_name: person.first_name,
            last_name: person.last_name,
            email: person.email,
            company: company.name,
            vat: company.vat,
            country: invoice_address.and_then(|address| address.country),
        }
    }

    /// First and last name.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let names: Vec<_> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(AsRef::as_ref).collect();
        if names.is_empty() { None } else { Some(names.join(" ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_or_no_message_is_nobody() {
        for message in [
            None,
            Some(""),
            Some("{}"),
            Some(r#"{"data":{"person":{},"company":{},"invoice_address":null}}"#),
        ] {
            assert_eq!(Applicant::of(message), Applicant::default(), "{message:?}");
            assert_eq!(Applicant::of(message).name(), None);
        }
        let message = r#"{"type":"registration.created","data":{"person":{"last_name":"Jans\u00e9n","phone":"1"},"profiles":[{"a":[1]}],
            "company":{"name":"Voorbeeld"},"invoice_address":{"country":"NL"}}}"#;
        let applicant = Applicant::of(Some(message));
        assert_eq!(
            (applicant.name().as_deref(), applicant.company.as_deref()),
            (Some("Jansén"), Some("Voorbeeld"))
        );
        assert_eq!(applicant.country.as_deref(), Some("NL"));
    }
}

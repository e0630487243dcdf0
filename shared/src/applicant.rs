//! Who registered, in a few words: what lists show, and what people search for.

use crate::json;

/// Who registered, as the message to the ERP has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applicant {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The company's name.
    pub company: Option<String>,
    /// The company's VAT number.
    pub vat: Option<String>,
    /// The country of the company's address.
    pub country: Option<String>,
}

impl Applicant {
    /// Reads it from a message. What cannot be read, or is not there yet, is nobody.
    #[must_use]
    pub fn of(message: Option<&str>) -> Self {
        let message = message.and_then(|message| json::only(message.as_bytes(), &["data"]).ok());
        let message = message.unwrap_or_default();
        let text = |part, field| message["data"][part][field].as_str().map(str::to_owned);
        Self {
            first_name: text("person", "first_name"),
            last_name: text("person", "last_name"),
            email: text("person", "email"),
            company: text("company", "name"),
            vat: text("company", "vat"),
            country: text("invoice_address", "country"),
        }
    }

    /// First and last name.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let names: Vec<_> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
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

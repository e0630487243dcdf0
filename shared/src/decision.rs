//! What comes from the ERP: `customer.approved`, `registration.rejected` and `customer.updated`; the wish of `/activate-user`; and
//! corrections.

mod addressed;
mod correction;

pub use addressed::{IdempotencyKey, read_addressed};
pub use correction::{Correction, Other, Reason, Remedy, read_correction};
#[cfg(feature = "openapi")]
pub(crate) use correction::{Relink, Why};

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::{Number, Value};

use crate::{
    brief::brief,
    json,
    key::{CustomerKey, OriginCode, UserKey},
    ledger::Letter,
    limits,
    located::{self, Misread},
    print::print,
    problem::Problem,
    shop::{AddressBody, CustomerBody},
};

/// What else happens when a user is linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// Nothing (`activate: false`).
    None,
    /// The shop sends the activation mail (the default).
    Mail,
    /// The user is made active without a mail (`mail: false`).
    Direct,
}

impl Activation {
    fn wanted(activate: bool, mail: bool) -> Self {
        match (activate, mail) {
            (false, _) => Self::None,
            (true, true) => Self::Mail,
            (true, false) => Self::Direct,
        }
    }
}

/// The customers that a user gets.
#[derive(Debug, Clone, PartialEq)]
pub enum Parties {
    /// A new customer, with its addresses; without addresses they are made from the profile.
    Write {
        /// The customer.
        customer: Box<CustomerBody>,
        /// Its addresses; `None` means those of the profile.
        addresses: Option<Vec<AddressBody>>,
        /// Whether a customer or address that exists already may be replaced.
        overwrite: bool,
    },
    /// Customers that exist already: they are looked up and linked, and never written.
    Existing(Vec<CustomerKey>),
}

impl Parties {
    /// The keys to link.
    #[must_use]
    pub fn keys(&self) -> Vec<CustomerKey> {
        match self {
            Self::Write { customer, .. } => vec![customer.key.clone()],
            Self::Existing(keys) => keys.clone(),
        }
    }
}

/// An approval.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// The customers.
    pub parties: Parties,
    /// What else happens.
    pub activation: Activation,
    /// Whether the user loses the customers it had.
    pub replace: bool,
}

/// A yes or a no.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Yes.
    Approve(Approval),
    /// No, and why.
    Reject(Option<String>),
}

/// A decision about one registration.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The registration's origin.
    pub origin: OriginCode,
    /// The registration's user.
    pub user_key: UserKey,
    /// The revision that was looked at, when the ERP names it.
    pub revision: Option<u32>,
    /// When it was decided, by the ERP's own word: a later one counts.
    pub decided_at: DateTime<Utc>,
    /// Yes or no.
    pub verdict: Verdict,
    /// Whether it holds only for registrations, and not for any user that the shop has.
    pub candidates_only: bool,
    /// Whether it holds only for a user who cannot log in.
    pub inactive_only: bool,
}

impl Decision {
    /// Whether this decision is later than one decided at `at` under the id `id`. The ledger keeps milliseconds.
    #[must_use]
    pub fn is_later(&self, own_id: &str, at: DateTime<Utc>, id: &str) -> bool {
        (self.decided_at.timestamp_millis(), own_id) > (at.timestamp_millis(), id)
    }
}

/// A customer, and addresses of it, as the ERP wants them from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerUpdate {
    /// The registration's origin.
    pub origin: OriginCode,
    /// The user of the registration that the customer was made for.
    pub user_key: UserKey,
    /// When it was decided, by the ERP's own word: a later one counts.
    pub decided_at: DateTime<Utc>,
    /// The customer, whole.
    pub customer: Box<CustomerBody>,
    /// The addresses to write; others stay as they are.
    pub addresses: Vec<AddressBody>,
}

/// An event from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A decision to carry out.
    Decision(Box<Decision>),
    /// A customer to write again.
    Update(Box<CustomerUpdate>),
    /// Something that a person puts right.
    Correction(Box<Correction>),
    /// A type that means nothing here. It is stored and left alone.
    Unknown,
}

/// A message of the ERP.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "{T}Message"))]
pub(crate) struct Envelope<T> {
    /// When it was decided. Of two decisions the later one counts. It must not be in the future.
    timestamp: DateTime<Utc>,
    /// What was decided.
    data: T,
}

/// The ERP's yes.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[expect(clippy::struct_excessive_bools, reason = "the message has them")]
pub(crate) struct Approved {
    /// The registration's origin.
    origin: OriginCode,
    /// The registration's user.
    user_key: UserKey,
    /// The revision that was looked at. If the applicant has changed the data since, the registration is stuck.
    #[serde(default, deserialize_with = "whole_number")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<u32>"))]
    revision: Option<u32>,
    /// The customer. Only the key is needed: the rest is filled in from the key and the profile.
    customer: Box<CustomerBody>,
    /// Its addresses, no two with one key. Without any, those of the profile are written.
    #[serde(default, deserialize_with = "distinct")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<Vec<AddressBody>>", length(max = 100)))]
    addresses: Option<Vec<AddressBody>>,
    /// The customer is in the shop already: it is linked, and not written.
    #[serde(default)]
    existing: bool,
    /// A customer or address that exists may be replaced as a whole.
    #[serde(default)]
    overwrite: bool,
    /// The user loses the customers that it had.
    #[serde(default)]
    replace: bool,
    /// Whether the user is made active; no means the link alone.
    #[serde(default = "yes")]
    activate: bool,
    /// Whether the user is made active by the activation mail; no means without a mail.
    #[serde(default = "yes")]
    mail: bool,
}

/// The ERP's no.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub(crate) struct Rejected {
    /// The registration's origin.
    origin: OriginCode,
    /// The registration's user.
    user_key: UserKey,
    /// The revision that was looked at. If the applicant has changed the data since, the registration is stuck.
    #[serde(default, deserialize_with = "whole_number")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<u32>"))]
    revision: Option<u32>,
    /// Why, for the timeline.
    #[serde(default)]
    reason: Option<String>,
}

/// A change of a customer that this application made, and of addresses of it.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub(crate) struct Updated {
    /// The registration's origin.
    origin: OriginCode,
    /// The registration's user.
    user_key: UserKey,
    /// The customer as a whole: name and VAT numbers are needed.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "openapi", schemars(with = "CustomerBody"))]
    customer: Box<CustomerBody>,
    /// The addresses to write, no two with one key. Others stay as they are.
    #[serde(default, deserialize_with = "distinct")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<Vec<AddressBody>>", length(max = 100)))]
    addresses: Option<Vec<AddressBody>>,
}

/// A wish to link a user to customers that exist, and to make it active.
// It is the body of `/activate-user`, and, in an envelope, what the inbox keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ActivateUser {
    /// The registration's origin.
    pub origin: OriginCode,
    /// The registration's user.
    pub user_key: UserKey,
    /// The customers to link, which exist already.
    #[cfg_attr(feature = "openapi", schemars(length(min = 1, max = 100)))]
    pub customer_keys: Vec<CustomerKey>,
    /// Whether the shop sends the activation mail; yes, unless it says no.
    #[serde(default = "yes")]
    pub mail: bool,
}

/// Addresses of which no two have one key: they would be written over each other.
fn distinct<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<AddressBody>>, D::Error> {
    let addresses = Option::<Vec<AddressBody>>::deserialize(deserializer)?;
    let mut keys = BTreeSet::new();
    match addresses.iter().flatten().find(|address| !keys.insert(&address.key)) {
        Some(twice) => Err(D::Error::custom(format!("two addresses have the key {}", twice.key))),
        None => Ok(addresses),
    }
}

/// A number that some languages write as `1.0`, which is the same in JSON.
fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let Some(number) = Option::<Number>::deserialize(deserializer)? else { return Ok(None) };
    // As an `i64`, because zero may be a negative one.
    let text = number.to_string();
    let whole = text.strip_suffix(".0").unwrap_or(&text).parse::<i64>().ok();
    whole
        .and_then(|number| u32::try_from(number).ok())
        .map(Some)
        .ok_or_else(|| D::Error::custom(format!("expected a whole number, found {number}")))
}

/// A customer that is written again loses what is left out. For a new one the profile fills the gaps; that may be out of date by now.
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<CustomerBody>, D::Error> {
    let customer = Box::<CustomerBody>::deserialize(deserializer)?;
    match (&customer.name, &customer.vat_numbers) {
        (Some(_), Some(_)) => Ok(customer),
        _ => Err(D::Error::custom("name and vat_numbers are needed: an update replaces the whole customer")),
    }
}

fn yes() -> bool {
    true
}

pub(crate) const APPROVED: &str = "customer.approved";
pub(crate) const REJECTED: &str = "registration.rejected";
pub(crate) const UPDATED: &str = "customer.updated";

/// The type under which the inbox keeps a wish of `/activate-user`. The webhook does not know it.
pub const ACTIVATE_USER: &str = "user.activate";

impl Approved {
    fn into_decision(self, decided_at: DateTime<Utc>) -> Decision {
        let parties = if self.existing {
            Parties::Existing(vec![self.customer.key])
        } else {
            Parties::Write { customer: self.customer, addresses: self.addresses, overwrite: self.overwrite }
        };
        let activation = Activation::wanted(self.activate, self.mail);
        let verdict = Verdict::Approve(Approval { parties, activation, replace: self.replace });
        Decision {
            origin: self.origin,
            user_key: self.user_key,
            revision: self.revision,
            decided_at,
            verdict,
            candidates_only: false,
            inactive_only: false,
        }
    }
}

impl Rejected {
    fn into_decision(self, decided_at: DateTime<Utc>) -> Decision {
        Decision {
            origin: self.origin,
            user_key: self.user_key,
            revision: self.revision,
            decided_at,
            verdict: Verdict::Reject(self.reason),
            candidates_only: false,
            inactive_only: false,
        }
    }
}

impl Updated {
    fn into_update(self, decided_at: DateTime<Utc>) -> CustomerUpdate {
        let Self { origin, user_key, customer, addresses } = self;
        CustomerUpdate { origin, user_key, decided_at, customer, addresses: addresses.unwrap_or_default() }
    }
}

impl ActivateUser {
    /// The wish as an event for the inbox. Its id is derived, so that the same wish is one event however often it is sent.
    #[must_use]
    pub fn letter(&self, actor: &str, now: DateTime<Utc>) -> Letter {
        let data = json::of(self);
        let print = print(&[data.to_string().as_bytes()]);
        let body = serde_json::json!({ "type": ACTIVATE_USER, "timestamp": now, "data": data }).to_string();
        let about = Some((self.origin.clone(), self.user_key.clone()));
        Letter { id: format!("act_{print}"), print, actor: actor.to_owned(), body, about }
    }

    fn into_decision(self, decided_at: DateTime<Utc>) -> Decision {
        let verdict = Verdict::Approve(Approval {
            parties: Parties::Existing(self.customer_keys),
            activation: Activation::wanted(true, self.mail),
            replace: false,
        });
        Decision {
            origin: self.origin,
            user_key: self.user_key,
            revision: None,
            decided_at,
            verdict,
            candidates_only: true,
            inactive_only: false,
        }
    }
}

impl Event {
    /// Reads an event that came from the ERP.
    ///
    /// # Errors
    /// The problem, with the path of the field that is wrong or too long.
    pub fn read(body: &[u8]) -> Result<Self, Problem> {
        Self::of_value(value(body)?).map_err(|error| misread(&error))
    }

    fn of_value(event: Value) -> Result<Self, Misread> {
        Ok(match kind(&event)? {
            APPROVED => {
                let Envelope { timestamp, data } = located::read::<Envelope<Approved>>(event)?;
                Self::Decision(Box::new(data.into_decision(timestamp)))
            }
            REJECTED => {
                let Envelope { timestamp, data } = located::read::<Envelope<Rejected>>(event)?;
                Self::Decision(Box::new(data.into_decision(timestamp)))
            }
            UPDATED => {
                let Envelope { timestamp, data } = located::read::<Envelope<Updated>>(event)?;
                Self::Update(Box::new(data.into_update(timestamp)))
            }
            _ => Self::Unknown,
        })
    }

    /// Reads an event that the inbox keeps, whatever door it came in by.
    ///
    /// # Errors
    /// What is wrong; what the inbox keeps was read once before.
    pub fn read_kept(body: &[u8]) -> Result<Self, Misread> {
        let event = json::value(body)?;
        match kind(&event)? {
            ACTIVATE_USER => {
                let Envelope { timestamp, data } = located::read::<Envelope<ActivateUser>>(event)?;
                Ok(Self::Decision(Box::new(data.into_decision(timestamp))))
            }
            correction::CORRECT => {
                let Envelope { timestamp, data } = located::read::<Envelope<Correction>>(event)?;
                Ok(Self::Correction(Box::new(Correction { asked_at: timestamp, ..data })))
            }
            _ => Self::of_value(event),
        }
    }
}

/// Reads the body of `/activate-user`.
///
/// # Errors
/// The problem, with the path of the field that is wrong.
pub fn read_activate_user(body: &[u8]) -> Result<ActivateUser, Problem> {
    let wish: ActivateUser = named(value(body)?)?;
    if wish.customer_keys.is_empty() {
        let detail = "name at least one customer";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "malformed-body", detail).at("customer_keys"));
    }
    Ok(wish)
}

fn value(body: &[u8]) -> Result<Value, Problem> {
    let value = limits::value(body).map_err(|error| {
        // Brief already: a syntax error repeats no value.
        let detail =
            if error.is_data() { error.to_string() } else { format!("the body is no JSON: {error}") };
        Problem::new(StatusCode::BAD_REQUEST, "malformed-body", detail)
    })?;
    limits::check(&value).map_err(|excess| {
        Problem::new(StatusCode::BAD_REQUEST, "over-limit", excess.detail).at(brief(&excess.field))
    })?;
    Ok(value)
}

fn named<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    located::read(value).map_err(|error| misread(&error))
}

fn misread(error: &Misread) -> Problem {
    let problem = Problem::new(StatusCode::BAD_REQUEST, "malformed-body", brief(&error.to_string()));
    if error.path().is_empty() { problem } else { problem.at(brief(error.path())) }
}

/// The type of an event.
fn kind(event: &Value) -> Result<&str, Misread> {
    let Value::Object(fields) = event else { return Err(Misread::of(event, &"an object")) };
    match fields.get("type") {
        Some(Value::String(kind)) => Ok(kind),
        Some(other) => Err(Misread::of(other, &"a string").in_field("type")),
        None => Err(Misread::missing_field("type")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APPROVAL: &str = r#"{"type":"customer.approved","timestamp":"2026-03-02T09:15:00Z","data":{
        "origin":"SHOP","user_key":"5b1f0c1e-0000-4000-8000-000000000001","revision":1,
        "customer":{"key":"C-20417","code":"20417","name":"Voorbeeld Techniek B.V.","vat_numbers":["NL000000000B00"],"price_lists":["PL-STD"],"credit_limit":5000},
        "addresses":[{"key":"C-20417-1","street":"Dorpsstraat","house_number":"1","house_number_addition":"a","zip":"1234AB","city":"Houten","country":"NL",
                      "invoice":true,"delivery":true,"default_invoice":true,"default_delivery":true}],
        "existing":false,"activate":true,"mail":true}}"#;

    fn decision(body: &str) -> Decision {
        match Event::read(body.as_bytes()).unwrap() {
            Event::Decision(decision) => *decision,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_revision_is_a_whole_number_however_it_is_written() {
        for (written, want) in [
            ("7", Some(Some(7))),
            ("7.0", Some(Some(7))),
            ("7e0", Some(Some(7))),
            ("-0.0", Some(Some(0))),
            ("4294967295.0", Some(Some(u32::MAX))),
            ("null", Some(None)),
            ("7.5", None),
            ("-1", None),
            ("4294967296", None),
            ("\"7\"", None),
        ] {
            let body = APPROVAL.replace(r#""revision":1"#, &format!(r#""revision":{written}"#));
            let read = match Event::read(body.as_bytes()) {
                Ok(Event::Decision(decision)) => Some(decision.revision),
                _ => None,
            };
            assert_eq!(read, want, "{written}");
        }
    }

    #[test]
    fn an_approval_holds_customer_and_addresses_and_keeps_what_it_does_not_know() {
        let Verdict::Approve(approval) = decision(APPROVAL).verdict else { panic!("not approved") };
        let Parties::Write { customer, addresses: Some(addresses), overwrite: false } = approval.parties
        else {
            panic!("not a new customer")
        };
        assert_eq!(customer.key.as_str(), "C-20417");
        assert_eq!(customer.other["credit_limit"], 5000);
        assert_eq!(addresses[0].house_number_addition.as_deref(), Some("a"));
        assert_eq!((approval.activation, approval.replace), (Activation::Mail, false));
    }

    #[test]
    fn the_flags_say_what_happens_besides_linking() {
        for (flags, want) in [
            (r#""activate":true,"mail":true"#, Activation::Mail),
            (r#""activate":true,"mail":false"#, Activation::Direct),
            (r#""activate":false,"mail":true"#, Activation::None),
        ] {
            let body = APPROVAL.replace(r#""activate":true,"mail":true"#, flags);
            let Verdict::Approve(approval) = decision(&body).verdict else { panic!("not approved") };
            assert_eq!(approval.activation, want, "{flags}");
        }
    }

    #[test]
    fn a_bad_field_is_named_by_its_path() {
        for (from, to, want) in [
            (r#""key":"C-20417","code""#, r#""code""#, Some("data.customer")),
            (r#""key":"C-20417","code""#, r#""key":"..","code""#, Some("data.customer.key")),
            (r#""delivery":true,"#, r#""delivery":"yes","#, Some("data.addresses[0].delivery")),
            (r#""timestamp":"2026-03-02T09:15:00Z""#, r#""timestamp":"today""#, Some("timestamp")),
            (r#""data":{"#, r#""data":7,"rest":{"#, Some("data")),
            (r#""addresses":["#, r#""addresses":[{"key":"C-20417-1"},"#, Some("data.addresses")),
            (r#""type":"customer.approved","#, "", None),
        ] {
            let body = APPROVAL.replace(from, to);
            let problem = Event::read(body.as_bytes()).unwrap_err();
            let json = serde_json::to_value(&problem).unwrap();
            assert_eq!(json.get("field").and_then(|field| field.as_str()), want, "{to}");
            assert_eq!(problem.status(), 400);
        }
    }

    #[test]
    fn too_much_is_refused_when_it_comes_in_and_read_when_it_was_kept() {
        let long = APPROVAL.replace("Dorpsstraat", &"s".repeat(1001));
        let problem = serde_json::to_value(Event::read(long.as_bytes()).unwrap_err()).unwrap();
        assert_eq!(problem["field"], "data.addresses[0].street");
        assert_eq!(problem["detail"], "Ensure this field has no more than 1000 characters.");
        assert!(Event::read_kept(long.as_bytes()).is_ok());
    }

    #[test]
    fn types_of_others_are_unknown_and_rubbish_is_a_problem() {
        assert_eq!(Event::read(br#"{"type":"invoice.paid","anything":1}"#).unwrap(), Event::Unknown);
        assert_eq!(Event::read(br#"{"type":"user.activate","data":{}}"#).unwrap(), Event::Unknown);
        for body in ["", "null", "[]", "{", "<html>", r#"{"type":1}"#, "\u{feff}{}"] {
            assert_eq!(Event::read(body.as_bytes()).unwrap_err().status(), 400, "{body:?}");
        }
    }
}

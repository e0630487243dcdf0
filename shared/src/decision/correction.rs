//! A correction that a person sends to the address of a registration: the mail once more, another customer, or a rejection taken back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{Activation, Approval, Decision, IdempotencyKey, Parties, Verdict, named, value};
use crate::{
    json,
    key::{CustomerKey, OriginCode, UserKey},
    ledger::{Entry, Letter, words},
    link::Link,
    print::print,
    problem::Problem,
};

/// The most characters of a reason.
const REASON: usize = 500;

words! {
    /// What can be put right. The words are also the ends of its addresses.
    Remedy {
        /// The activation mail is sent once more.
        ResendMail = "resend-mail",
        /// The user is linked to another customer.
        Relink = "relink",
        /// A rejection is taken back, and the ERP is asked again.
        Reopen = "reopen",
    }
}

/// The type under which the inbox keeps a correction. The webhook does not know it.
pub(super) const CORRECT: &str = "registration.correct";

/// Why somebody puts a registration right, in a person's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Reason(String);

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.chars().count() <= REASON && !text.trim().is_empty() {
            return Ok(Self(text.trim().to_owned()));
        }
        Err(D::Error::custom(format!("say why, in 1 to {REASON} characters")))
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for Reason {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Reason".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let about = "Why it is done, in a person's words. It stands in the timeline.";
        schemars::json_schema!({
            "type": "string", "description": about, "minLength": 1, "maxLength": REASON, "pattern": r"\S"
        })
    }
}

impl Reason {
    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The body of `/resend-mail` and `/reopen`.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Why"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    /// Why it is done. It stands in the timeline.
    reason: Reason,
}

/// The body of `/relink`.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Relink {
    /// The customer to link, which exists already.
    customer: Named,
    /// Whether the user loses the customers it had; no, unless it says yes.
    #[serde(default)]
    remove: bool,
    /// Why it is done. It stands in the timeline.
    reason: Reason,
}

/// A customer, by its key.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "CustomerByKey"))]
#[serde(deny_unknown_fields)]
struct Named {
    /// The customer's key.
    key: CustomerKey,
}

/// Another customer for a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// The customer.
    pub key: CustomerKey,
    /// Whether the user loses the customers it had.
    pub remove: bool,
}

/// A correction. It is also what the inbox keeps of one, in an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The registration's origin.
    pub origin: OriginCode,
    /// The registration's user.
    pub user_key: UserKey,
    /// What is put right.
    pub remedy: Remedy,
    /// The customer of [`Remedy::Relink`], and only of that.
    pub other: Option<Other>,
    /// Why.
    pub reason: Reason,
    /// The id of the decision that counted when it was asked for. Once another one counts, it is spent: so two of them at once, or one
    /// of which nobody knew that it had been taken in, bring about one mail.
    pub after: Option<String>,
    /// When it was asked for.
    #[serde(skip)]
    pub asked_at: DateTime<Utc>,
}

impl Correction {
    /// The decision that carrying it out follows, for a user with this link; none for one that changes nothing in the shop.
    #[must_use]
    pub fn decision(&self, link: Option<&Link>) -> Option<Decision> {
        let (customers, activation, replace) = match (self.remedy, &self.other) {
            (Remedy::ResendMail, _) => (link?.customers.clone(), Activation::Mail, false),
            (Remedy::Relink, other) => {
                let other = other.as_ref()?;
                (vec![other.key.clone()], Activation::None, other.remove)
            }
            (Remedy::Reopen, _) => return None,
        };
        Some(Decision {
            origin: self.origin.clone(),
            user_key: self.user_key.clone(),
            revision: None,
            decided_at: self.asked_at,
            verdict: Verdict::Approve(Approval {
                parties: Parties::Existing(customers),
                activation,
                replace,
            }),
            candidates_only: false,
            inactive_only: true,
        })
    }
}

/// Reads a correction of `entry` that `caller` has sent, and makes the event of it that the inbox keeps. Its id is derived from the
/// caller and the key, or from the caller, what was sent, and the decision that counts now.
///
/// # Errors
/// The problem, with the path of the field that is wrong.
pub fn read_correction(
    body: &[u8],
    remedy: Remedy,
    entry: &Entry,
    caller: &str,
    key: Option<&IdempotencyKey>,
    now: DateTime<Utc>,
) -> Result<Letter, Problem> {
    let sent = value(body)?;
    let print_of = {
        // Sorted by keys and without blanks: how it was written does not make it another one.
        let (about, sent) = ([entry.origin.as_str(), entry.user_key.as_str()], sent.to_string());
        print(&[about[0], about[1], remedy.as_str(), &sent].map(str::as_bytes))
    };
    let (other, reason) = match remedy {
        Remedy::ResendMail | Remedy::Reopen => (None, named::<Why>(sent)?.reason),
        Remedy::Relink => {
            let Relink { customer, remove, reason } = named(sent)?;
            (Some(Other { key: customer.key, remove }), reason)
        }
    };
    let (origin, user_key) = (entry.origin.clone(), entry.user_key.clone());
    let after = entry.decision.as_ref().map(|known| known.id.clone());
    let derived = || {
        // Who registers anew after an erasure may have the same decision once more, and another revision.
        let (after, revision) = (after.as_deref().unwrap_or_default(), entry.revision.to_string());
        format!("cor_{}", print(&[caller, &print_of, after, &revision].map(str::as_bytes)))
    };
    let id = key.map_or_else(derived, |key| key.id(caller));
    let about = Some((origin.clone(), user_key.clone()));
    let data = json::of(&Correction { origin, user_key, remedy, other, reason, after, asked_at: now });
    let body = serde_json::json!({ "type": CORRECT, "timestamp": now, "data": data }).to_string();
    Ok(Letter { id, print: print_of, actor: caller.to_owned(), body, about })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{decision::Event, ledger::DecisionRef};

    fn now() -> DateTime<Utc> {
        "2026-03-02T09:15:00Z".parse().unwrap()
    }

    fn entry(decision: &str) -> Entry {
        let known = DecisionRef { id: decision.to_owned(), decided_at: now() };
        let entry = Entry::seen("SHOP".parse().unwrap(), "u".parse().unwrap(), now());
        Entry { decision: Some(known), ..entry }
    }

    fn read(body: &str, remedy: Remedy, decision: &str, key: Option<&str>) -> Result<Letter, Problem> {
        let key = key.map(|key| key.parse().unwrap());
        read_correction(body.as_bytes(), remedy, &entry(decision), "anna", key.as_ref(), now())
    }

    #[test]
    fn what_the_inbox_keeps_is_what_was_sent() {
        let body = r#"{"customer": {"key": "C-2"}, "remove": true, "reason": " wrong branch "}"#;
        let letter = read(body, Remedy::Relink, "m1", None).unwrap();
        let Event::Correction(kept) = Event::read_kept(letter.body.as_bytes()).unwrap() else { panic!() };
        let other = Some(Other { key: "C-2".parse().unwrap(), remove: true });
        assert_eq!((kept.remedy, &kept.other, kept.asked_at), (Remedy::Relink, &other, now()));
        assert_eq!((kept.reason.as_str(), kept.after.as_deref()), ("wrong branch", Some("m1")));
        assert_eq!(Event::read(letter.body.as_bytes()).unwrap(), Event::Unknown, "the webhook takes none");
    }

    #[test]
    fn the_same_said_twice_is_one_event_until_another_decision_counts() {
        let id = |body, decision, key| read(body, Remedy::ResendMail, decision, key).unwrap().id;
        let (plain, spelt, other) = (r#"{"reason":"x"}"#, r#"{ "reason" : "\u0078" }"#, r#"{"reason":"y"}"#);
        assert_eq!(id(plain, "m1", None), id(spelt, "m1", None));
        assert_ne!(id(plain, "m1", None), id(other, "m1", None));
        assert_ne!(id(plain, "m1", None), id(plain, "m2", None), "the first was carried out");
        assert_eq!(id(plain, "m1", Some("k")), id(plain, "m2", Some("k")), "a key says that it is the same");
        let print = |decision| read(plain, Remedy::ResendMail, decision, Some("k")).unwrap().print;
        assert_eq!(print("m1"), print("m2"));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        let long = format!(r#"{{"reason":"{}"}}"#, "x".repeat(501));
        for (remedy, body, want) in [
            (Remedy::ResendMail, "[]", None),
            (Remedy::ResendMail, "{}", None),
            (Remedy::ResendMail, r#"{"reason":"  "}"#, Some("reason")),
            (Remedy::Reopen, &long, Some("reason")),
            (Remedy::Reopen, r#"{"reason":"x","remove":true}"#, Some("remove")),
            (Remedy::Relink, r#"{"reason":"x"}"#, None),
            (Remedy::Relink, r#"{"reason":"x","customer":{"key":".."}}"#, Some("customer.key")),
            (Remedy::Relink, r#"{"reason":"x","customer":{"key":"C","name":"N"}}"#, Some("customer.name")),
            (Remedy::Relink, r#"{"reason":"x","customer":{"key":"C"},"remove":"no"}"#, Some("remove")),
        ] {
            let problem = read(body, remedy, "m1", None).unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.field()), (400, want), "{remedy} {body}");
        }
        let astral = format!(r#"{{"reason":"{}"}}"#, "𝒳".repeat(500));
        assert!(read(&astral, Remedy::Reopen, "m1", None).is_ok(), "characters, and not bytes");
    }
}

//! The shop's user, as it is read and as it is changed.

use serde::{Deserialize, Serialize};

use super::field::{Field, filled};
use crate::key::{CustomerKey, ProfileId, UserKey};

/// A user as the shop shows it. Fields that nobody here needs are ignored.
///
/// The names of the person's fields are those that a third party's client writes; no page of the vendor shows them.
#[derive(Debug, Clone, Deserialize)]
pub struct User {
    /// The user's key.
    pub key: UserKey,
    /// Whether the user can log in.
    #[serde(default)]
    pub active: Field<bool>,
    /// `new` for a fresh registration; other values are not documented.
    #[serde(default)]
    pub registration: Field<String>,
    /// The customers that the user may act for.
    #[serde(default)]
    pub authorised_customers: Field<Vec<CustomerKey>>,
    /// The profiles: what was typed in at registration besides name and e-mail address.
    #[serde(default)]
    pub user_profiles: Field<Vec<ProfileId>>,
    /// When the user registered, in the shop's zone, as the shop wrote it.
    #[serde(default, deserialize_with = "filled")]
    pub create_date: Option<String>,
    /// First name.
    #[serde(default, deserialize_with = "filled")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, deserialize_with = "filled")]
    pub last_name: Option<String>,
    /// E-mail address, unique in its shop.
    #[serde(default, deserialize_with = "filled")]
    pub email: Option<String>,
    /// Telephone.
    #[serde(default, deserialize_with = "filled")]
    pub phone: Option<String>,
    /// Mobile telephone.
    #[serde(default, deserialize_with = "filled")]
    pub mobile: Option<String>,
    /// `male` or `female`, where the shop asks for it.
    #[serde(default, deserialize_with = "filled")]
    pub gender: Option<String>,
    /// A locale such as `nl_NL`.
    #[serde(default, deserialize_with = "filled")]
    pub language: Option<String>,
}

impl User {
    /// The customers of the user; none when the shop shows none.
    #[must_use]
    pub fn customers(&self) -> &[CustomerKey] {
        self.authorised_customers.value().map_or(&[], Vec::as_slice)
    }

    /// The ids of the profiles; none when the shop shows none.
    #[must_use]
    pub fn profiles(&self) -> &[ProfileId] {
        self.user_profiles.value().map_or(&[], Vec::as_slice)
    }

    /// Whether the shop says that the user can log in.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.active == Field::Is(true)
    }
}

/// A change of a user: only the fields that are ours to change. The rest of the object belongs to the shop, so it is never PUT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserPatch {
    /// All customers that the user shall have. Whether the shop replaces or extends its list is not documented, so this is always
    /// the complete list.
    pub authorised_customers: Vec<CustomerKey>,
    /// `new` to trigger the activation mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<&'static str>,
    /// `false` with the trigger, `true` to activate without a mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

impl UserPatch {
    /// The link alone: the user's mail and activity stay as they are.
    #[must_use]
    pub fn link(authorised_customers: Vec<CustomerKey>) -> Self {
        Self { authorised_customers, registration: None, active: None }
    }

    /// Link and trigger in one: the shop sends the activation mail. "New user registration without activation in CloudSuite" shows
    /// this body, with `active: false`; on a user who is active already it would lock a customer out.
    #[must_use]
    pub fn link_and_mail(authorised_customers: Vec<CustomerKey>) -> Self {
        Self { authorised_customers, registration: Some("new"), active: Some(false) }
    }

    /// Link and activate at once, without a mail. No page of the vendor confirms `active: true`.
    #[must_use]
    pub fn link_and_activate(authorised_customers: Vec<CustomerKey>) -> Self {
        Self { authorised_customers, registration: None, active: Some(true) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> User {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn absent_null_and_blank_each_mean_something() {
        let short = read(r#"{"key":"u","unheard_of":{"a":1}}"#);
        assert_eq!((&short.authorised_customers, &short.active), (&Field::Absent, &Field::Absent));
        let null = read(r#"{"key":"u","authorised_customers":null,"registration":null,"first_name":null}"#);
        assert_eq!((&null.authorised_customers, &null.registration), (&Field::Empty, &Field::Empty));
        let full = read(r#"{"key":"u","authorised_customers":[],"first_name":" ","last_name":"Jansen"}"#);
        assert_eq!(full.authorised_customers, Field::Is(vec![]));
        assert_eq!((full.first_name, full.last_name.as_deref()), (None, Some("Jansen")));
    }

    #[test]
    fn a_patch_holds_what_is_changed_and_nothing_else() {
        let keys = vec!["C-20417".parse().unwrap()];
        let json = |patch| serde_json::to_string(&patch).unwrap();
        assert_eq!(json(UserPatch::link(keys.clone())), r#"{"authorised_customers":["C-20417"]}"#);
        assert_eq!(
            json(UserPatch::link_and_mail(keys.clone())),
            r#"{"authorised_customers":["C-20417"],"registration":"new","active":false}"#
        );
        assert_eq!(
            json(UserPatch::link_and_activate(keys)),
            r#"{"authorised_customers":["C-20417"],"active":true}"#
        );
    }
}

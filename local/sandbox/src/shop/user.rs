//! A user and its profiles, as the shop stores and shows them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::{behaviour::ListRows, shelf::Place, stamp};
use crate::Object;

/// A user of the shop.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// `CloudSuite`'s own integer.
    pub id: u64,
    /// The key: a UUID if the shop made it.
    pub key: String,
    /// The origin that the key belongs to.
    pub origin: String,
    /// Name, e-mail and whatever else the user's own record holds.
    pub person: Object,
    /// Whether the user can log in.
    pub active: bool,
    /// `new` for a registration that nobody has finished.
    pub registration: String,
    /// Keys of the customers that the user may act for.
    pub authorised_customers: Vec<String>,
    /// Ids of the profiles.
    pub profiles: Vec<u64>,
    /// When the user registered.
    pub created: DateTime<Utc>,
    /// When the user was changed last.
    pub modified: Option<DateTime<Utc>>,
}

impl User {
    pub(super) fn place(&self) -> Place {
        (self.created, self.id)
    }

    pub(super) fn is_new(&self) -> bool {
        self.registration == "new"
    }

    pub(super) fn json(&self, rows: ListRows, zone: Tz) -> Value {
        let mut body = self.person.clone();
        if rows == ListRows::Full {
            body.insert("authorised_customers".to_owned(), json!(self.authorised_customers));
        }
        for (field, value) in [
            ("id", json!(self.id)),
            ("key", json!(self.key)),
            ("active", json!(self.active)),
            ("registration", json!(self.registration)),
            ("user_profiles", json!(self.profiles)),
            ("create_date", stamp::written(self.created, zone)),
            ("modified_date", stamp::written_or_null(self.modified, zone)),
            // No page lists all fields of a user, so a client has to live with one that it does not know.
            ("external_segment", Value::Null),
        ] {
            body.insert(field.to_owned(), value);
        }
        Value::Object(body)
    }
}

/// What was typed in at registration, except name and e-mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// `CloudSuite`'s own integer.
    pub id: u64,
    /// The id of the user; not the key.
    pub user: u64,
    /// All the fields that the form filled.
    pub fields: Object,
    /// When it was typed in.
    pub created: DateTime<Utc>,
    /// When it was changed last.
    pub modified: Option<DateTime<Utc>>,
}

impl Profile {
    pub(super) fn json(&self, zone: Tz) -> Value {
        let mut body = self.fields.clone();
        body.insert("id".to_owned(), json!(self.id));
        body.insert("user".to_owned(), json!(self.user));
        body.insert("create_date".to_owned(), stamp::written(self.created, zone));
        body.insert("modified_date".to_owned(), stamp::written_or_null(self.modified, zone));
        Value::Object(body)
    }
}

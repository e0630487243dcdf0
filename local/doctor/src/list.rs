//! The answer to a list call, without anything about a person but keys.

use std::collections::BTreeSet;

use serde_json::Value;
use shared::{
    shop::{Field, User},
    time::ShopTime,
};

use crate::caller::Trouble;

/// A row of the user list, as far as it may be looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The user's key.
    pub key: String,
    /// Whether the user can log in, if the row says so.
    pub active: Option<bool>,
    /// The value of `registration`, if the row shows one.
    pub registration: Option<String>,
    /// The profiles' ids.
    pub profiles: Vec<u64>,
    /// When the user registered.
    pub created: Option<ShopTime>,
    /// The names of all fields.
    pub fields: BTreeSet<String>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listing {
    /// How many the shop says there are.
    pub count: Option<usize>,
    /// The page after this one.
    pub next: Option<String>,
    /// The users that could be read.
    pub rows: Vec<Row>,
    /// How many rows there are, those included that could not be read.
    pub length: usize,
}

/// What a list call came to.
pub type Asked = Result<Listing, Trouble>;

impl Row {
    fn read(value: &Value) -> Option<Self> {
        let user: User = serde_json::from_value(value.clone()).ok()?;
        let ids = user.profiles().iter().filter_map(|id| id.to_string().parse().ok());
        Some(Self {
            key: user.key.to_string(),
            active: user.active.value().copied(),
            registration: match &user.registration {
                Field::Is(text) => Some(text.chars().take(40).collect()),
                Field::Empty => Some(String::new()),
                Field::Absent => None,
            },
            profiles: ids.collect(),
            created: user.create_date.as_deref().and_then(|text| text.parse().ok()),
            fields: names(value),
        })
    }
}

impl Listing {
    /// Reads a page of users.
    ///
    /// # Errors
    /// It is no page of a list.
    pub fn read(body: &Value) -> Asked {
        let results = body["results"].as_array().ok_or(Trouble::Unreadable)?;
        Ok(Self {
            count: body["count"].as_u64().and_then(|count| usize::try_from(count).ok()),
            next: body["next"].as_str().filter(|next| !next.is_empty()).map(str::to_owned),
            rows: results.iter().filter_map(Row::read).collect(),
            length: results.len(),
        })
    }

    /// How many there are, by the shop's count or by what the page shows.
    #[must_use]
    pub fn total(&self) -> usize {
        self.count.unwrap_or_default().max(self.length)
    }

    /// Whether there are more than the page shows.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.next.is_some() || self.count.is_some_and(|count| count > self.length)
    }
}

/// The names of an object's fields.
#[must_use]
pub fn names(value: &Value) -> BTreeSet<String> {
    value.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
}

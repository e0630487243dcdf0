//! Indexes, so that a list call touches only the rows it answers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::Object;

/// A place in the order of creation; the id orders what was created in the same microsecond.
pub type Place = (DateTime<Utc>, u64);

/// Ids by create date. Nearly always appended to, so a sorted vector beats a tree: counts and offsets are arithmetic.
#[derive(Debug, Clone, Default)]
pub struct Sorted(Vec<Place>);

impl Sorted {
    pub fn insert(&mut self, place: Place) {
        if let Err(index) = self.0.binary_search(&place) {
            self.0.insert(index, place);
        }
    }

    pub fn remove(&mut self, place: Place) {
        if let Ok(index) = self.0.binary_search(&place) {
            self.0.remove(index);
        }
    }

    /// Those created at `since` or later.
    pub fn since(&self, since: Option<DateTime<Utc>>) -> &[Place] {
        let first = since.map_or(0, |since| self.0.partition_point(|place| place.0 < since));
        &self.0[first..]
    }
}

/// A customer or an address as the shop stores it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// `CloudSuite`'s own integer.
    pub id: u64,
    /// All its fields; the ones left out of the last PUT have their defaults.
    pub body: Object,
    /// When it was created.
    pub created: DateTime<Utc>,
    /// When it was replaced last.
    pub modified: Option<DateTime<Utc>>,
}

/// The customers or the addresses of an origin.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    by_key: BTreeMap<String, Stored>,
    keys: BTreeMap<u64, String>,
    pub order: Sorted,
}

impl Shelf {
    pub fn get(&self, key: &str) -> Option<&Stored> {
        self.by_key.get(key)
    }

    pub fn by_id(&self, id: u64) -> Option<&Stored> {
        self.keys.get(&id).and_then(|key| self.by_key.get(key))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &Stored)> {
        self.by_key.iter()
    }

    /// Creates or replaces; `new_id` is used only for the former. Gives what stood there before.
    pub fn put(&mut self, key: &str, body: Object, now: DateTime<Utc>, new_id: u64) -> Option<Object> {
        if let Some(stored) = self.by_key.get_mut(key) {
            stored.modified = Some(now);
            return Some(std::mem::replace(&mut stored.body, body));
        }
        self.order.insert((now, new_id));
        self.keys.insert(new_id, key.to_owned());
        self.by_key.insert(key.to_owned(), Stored { id: new_id, body, created: now, modified: None });
        None
    }

    pub fn remove(&mut self, key: &str) -> Option<Object> {
        let stored = self.by_key.remove(key)?;
        self.keys.remove(&stored.id);
        self.order.remove((stored.created, stored.id));
        Some(stored.body)
    }
}

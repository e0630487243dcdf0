//! An origin: the namespace of a data source, in which users, customers and addresses have their keys.

use std::collections::BTreeMap;

use super::{
    route::PartyKind,
    shelf::{Place, Shelf, Sorted},
    user::User,
};

/// Which users a list shows by their `active`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    Any,
    Active,
    Inactive,
}

/// The users in order of creation, once for each combination that the documented filters ask for.
#[derive(Debug, Clone, Default)]
struct Index {
    any: Sorted,
    active: Sorted,
    inactive: Sorted,
}

impl Index {
    fn of(&self, activity: Activity) -> &Sorted {
        match activity {
            Activity::Any => &self.any,
            Activity::Active => &self.active,
            Activity::Inactive => &self.inactive,
        }
    }

    fn insert(&mut self, place: Place, active: bool) {
        self.any.insert(place);
        if active { self.active.insert(place) } else { self.inactive.insert(place) }
    }

    fn remove(&mut self, place: Place, active: bool) {
        self.any.remove(place);
        if active { self.active.remove(place) } else { self.inactive.remove(place) }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Origin {
    users: BTreeMap<String, User>,
    keys: BTreeMap<u64, String>,
    all: Index,
    new: Index,
    customers: Shelf,
    addresses: Shelf,
}

impl Origin {
    pub fn user(&self, key: &str) -> Option<&User> {
        self.users.get(key)
    }

    pub fn user_by_id(&self, id: u64) -> Option<&User> {
        self.keys.get(&id).and_then(|key| self.users.get(key))
    }

    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    pub fn index(&self, only_new: bool, activity: Activity) -> &Sorted {
        if only_new { self.new.of(activity) } else { self.all.of(activity) }
    }

    pub fn insert(&mut self, user: User) {
        self.all.insert(user.place(), user.active);
        if user.is_new() {
            self.new.insert(user.place(), user.active);
        }
        self.keys.insert(user.id, user.key.clone());
        self.users.insert(user.key.clone(), user);
    }

    pub fn remove(&mut self, key: &str) -> Option<User> {
        let user = self.users.remove(key)?;
        self.keys.remove(&user.id);
        self.all.remove(user.place(), user.active);
        if user.is_new() {
            self.new.remove(user.place(), user.active);
        }
        Some(user)
    }

    pub fn shelf(&self, kind: PartyKind) -> &Shelf {
        match kind {
            PartyKind::Customer => &self.customers,
            PartyKind::Address => &self.addresses,
        }
    }

    pub fn shelf_mut(&mut self, kind: PartyKind) -> &mut Shelf {
        match kind {
            PartyKind::Customer => &mut self.customers,
            PartyKind::Address => &mut self.addresses,
        }
    }
}

//! What happens in the shop without the integration: people register, follow the mail's link, change their data; a clerk
//! links by hand. And what a test wants to see of it.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Response, StatusCode};
use rand::RngExt;
use serde_json::Value;

use super::{
    LockOut, Mail, PartyKind, Profile, Shop, Stored, User, Write, behaviour::ProfileEdit, origin::Origin,
    stamp,
};
use crate::{Object, Registration};

impl Shop {
    /// Adds an origin, empty.
    pub fn add_origin(&mut self, origin: &str) {
        self.origins.entry(origin.to_owned()).or_default();
    }

    /// Somebody registers; the origin is added if it is new. Gives the user's key.
    pub fn register(&mut self, registration: &Registration, now: DateTime<Utc>) -> String {
        let now = stamp::stored(now);
        let key = registration.key.clone().unwrap_or_else(|| self.new_key());
        let id = self.next_id();
        let mut profiles = Vec::new();
        for fields in &registration.profiles {
            let profile = self.next_id();
            profiles.push(profile);
            self.profiles.insert(
                profile,
                Profile { id: profile, user: id, fields: fields.clone(), created: now, modified: None },
            );
        }
        let user = User {
            id,
            key: key.clone(),
            origin: registration.origin.clone(),
            person: registration.person.clone(),
            active: registration.active,
            registration: registration.registration.clone(),
            authorised_customers: Vec::new(),
            profiles,
            created: now,
            modified: None,
        };
        self.origins.entry(registration.origin.clone()).or_default().insert(user);
        key
    }

    /// The person follows the link of the mail: the user becomes active. `false` if there was no mail, or no user any more.
    pub fn click(&mut self, user: &str, now: DateTime<Utc>) -> bool {
        self.mails_to(user).next().is_some() && self.activate_by_hand(user, now)
    }

    /// A clerk links the user to a customer, without a check and without a mail. `false` if there is no such user.
    pub fn link_by_hand(&mut self, user: &str, customer: &str, now: DateTime<Utc>) -> bool {
        self.change(user, now, |user| user.authorised_customers.push(customer.to_owned()))
    }

    /// A clerk activates the user ("Activate Users" in the vendor's client). `false` if there is no such user.
    pub fn activate_by_hand(&mut self, user: &str, now: DateTime<Utc>) -> bool {
        let after = self.behaviour.registration_after.clone();
        self.change(user, now, |user| {
            user.active = true;
            user.registration = after;
        })
    }

    /// The user's own record changes, such as its e-mail address. `false` if there is no such user.
    pub fn edit_user(&mut self, user: &str, changes: &Object, now: DateTime<Utc>) -> bool {
        self.change(user, now, |user| user.person.extend(changes.clone()))
    }

    /// All profiles of the user change. `false` if there is no such user.
    pub fn edit_profile(&mut self, user: &str, changes: &Object, now: DateTime<Utc>) -> bool {
        let Some(found) = self.user(user) else { return false };
        for id in found.profiles.clone() {
            if let Some(profile) = self.profiles.get_mut(&id) {
                profile.fields.extend(changes.clone());
                profile.modified = Some(stamp::stored(now));
            }
        }
        match self.behaviour.profile_edit {
            ProfileEdit::TouchesUser => self.change(user, now, |_| {}),
            ProfileEdit::ProfileOnly => true,
        }
    }

    /// A clerk deletes the user, its profiles too. `false` if there is no such user.
    pub fn delete_user(&mut self, user: &str) -> bool {
        let Some(gone) = self.origins.values_mut().find_map(|origin| origin.remove(user)) else {
            return false;
        };
        for id in gone.profiles {
            self.profiles.remove(&id);
        }
        true
    }

    /// Somebody other than the integration writes a customer, with the shop's usual checks. It is among the writes.
    pub fn put_customer(&mut self, origin: &str, body: &Value, now: DateTime<Utc>) -> Response<Bytes> {
        self.put_party(PartyKind::Customer, origin, body, now)
    }

    /// Somebody other than the integration writes an address, with the shop's usual checks. It is among the writes.
    pub fn put_address(&mut self, origin: &str, body: &Value, now: DateTime<Utc>) -> Response<Bytes> {
        self.put_party(PartyKind::Address, origin, body, now)
    }

    /// A token, without asking for one over HTTP. It counts as issued.
    pub fn issue_token(&mut self, now: DateTime<Utc>) -> String {
        self.tokens.issue(self.behaviour.token_seconds, now, &mut self.rng)
    }

    /// No token that was issued is good any more.
    pub fn revoke_tokens(&mut self) {
        self.tokens.revoke_all();
    }

    /// How many tokens were issued.
    #[must_use]
    pub fn tokens_issued(&self) -> u64 {
        self.tokens.issued
    }

    /// The user of this key, in the first origin that has it.
    #[must_use]
    pub fn user(&self, key: &str) -> Option<&User> {
        self.origins.values().find_map(|origin| origin.user(key))
    }

    /// All users, by origin and key.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.origins.values().flat_map(Origin::users)
    }

    /// The profile of this id.
    #[must_use]
    pub fn profile(&self, id: u64) -> Option<&Profile> {
        self.profiles.get(&id)
    }

    /// The customer of this key, in the first origin that has it.
    #[must_use]
    pub fn customer(&self, key: &str) -> Option<&Stored> {
        self.origins.values().find_map(|origin| origin.shelf(PartyKind::Customer).get(key))
    }

    /// The address of this key, in the first origin that has it.
    #[must_use]
    pub fn address(&self, key: &str) -> Option<&Stored> {
        self.origins.values().find_map(|origin| origin.shelf(PartyKind::Address).get(key))
    }

    /// All customers, with their keys, by origin and key.
    pub fn customers(&self) -> impl Iterator<Item = (&String, &Stored)> {
        self.origins.values().flat_map(|origin| origin.shelf(PartyKind::Customer).iter())
    }

    /// All addresses, with their keys, by origin and key.
    pub fn addresses(&self) -> impl Iterator<Item = (&String, &Stored)> {
        self.origins.values().flat_map(|origin| origin.shelf(PartyKind::Address).iter())
    }

    /// All activation mails, oldest first.
    #[must_use]
    pub fn mails(&self) -> &[Mail] {
        &self.mails
    }

    /// The activation mails of one user.
    pub fn mails_to<'a>(&'a self, user: &'a str) -> impl Iterator<Item = &'a Mail> {
        self.mails.iter().filter(move |mail| mail.user == user)
    }

    /// The active users who were made inactive by a PATCH.
    #[must_use]
    pub fn lock_outs(&self) -> &[LockOut] {
        &self.lock_outs
    }

    /// All writes that were carried out, oldest first.
    #[must_use]
    pub fn writes(&self) -> &[Write] {
        &self.writes
    }

    /// Forgets the writes so far.
    pub fn clear_writes(&mut self) {
        self.writes.clear();
    }

    fn put_party(
        &mut self,
        kind: PartyKind,
        origin: &str,
        body: &Value,
        now: DateTime<Utc>,
    ) -> Response<Bytes> {
        let (Some(fields), Some(key)) = (body.as_object(), body["key"].as_str()) else {
            return crate::answer::detail(StatusCode::BAD_REQUEST, "An object with a key is wanted.");
        };
        self.write_party(now, &Method::PUT, kind, (origin, key), fields)
    }

    /// Changes a user by way of taking it out and putting it back, so that the indexes follow.
    fn change(&mut self, user: &str, now: DateTime<Utc>, change: impl FnOnce(&mut User)) -> bool {
        let Some(origin) = self.origins.values_mut().find(|origin| origin.user(user).is_some()) else {
            return false;
        };
        let Some(mut user) = origin.remove(user) else { return false };
        change(&mut user);
        user.modified = Some(stamp::stored(now));
        origin.insert(user);
        true
    }

    /// A UUID of version 4.
    fn new_key(&mut self) -> String {
        let bits = (self.rng.random::<u128>() & !(0xf << 76) & !(0b11 << 62)) | (0x4 << 76) | (0b10 << 62);
        let hex = format!("{bits:032x}");
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }
}

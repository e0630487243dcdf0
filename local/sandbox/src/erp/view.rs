//! What a test wants to see of the ERP.

use super::{Announced, Erp, Outgoing, Received};

impl Erp {
    /// The registration of this origin and user key.
    #[must_use]
    pub fn registration(&self, origin: &str, user_key: &str) -> Option<&Announced> {
        self.registrations.get(&(origin.to_owned(), user_key.to_owned()))
    }

    /// All registrations, with origin and user key.
    pub fn registrations(&self) -> impl Iterator<Item = (&(String, String), &Announced)> {
        self.registrations.iter()
    }

    /// All messages that came in, oldest first, without repeats.
    #[must_use]
    pub fn received(&self) -> &[Received] {
        &self.received
    }

    /// The messages of one type, such as `registration.activated`.
    pub fn received_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Received> {
        self.received.iter().filter(move |received| received.kind == kind)
    }

    /// How often a message came again with the same id and body.
    #[must_use]
    pub fn repeats(&self) -> u64 {
        self.repeats
    }

    /// What the application did that it must not do, in words.
    #[must_use]
    pub fn violations(&self) -> &[String] {
        &self.violations
    }

    /// The messages to the application, taken or not, by id.
    pub fn outgoing(&self) -> impl Iterator<Item = &Outgoing> {
        self.outbox.messages()
    }
}

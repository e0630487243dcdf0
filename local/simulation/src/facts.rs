//! What people and clerks did, and what the application answered them: the other half of the truth.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::{DateTime, Utc};
use sandbox::Odd;
use serde_json::Value;

/// What somebody other than the application did to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// The person or a clerk changed what was typed in.
    Edits,
    /// The person followed the link of the mail.
    Clicks,
    /// A clerk made the user active.
    Activates,
    /// A clerk linked the user to this customer.
    Links(String),
    /// A clerk deleted the user.
    Deletes,
    /// A clerk had the registration tried again, although nobody knew whether its mail was sent.
    RetriesInDoubt,
}

/// A decision on its way to the application.
#[derive(Debug, Clone)]
pub struct Posted {
    /// Its id in the inbox.
    pub id: String,
    /// The user that it is about.
    pub user: String,
    /// When it was decided, by the decider's clock.
    pub decided_at: DateTime<Utc>,
    /// The message, or the body of `/activate-user`.
    pub message: Value,
    /// Whether the application has ever answered it with 2xx.
    pub accepted: bool,
    /// Whether its sender has given up.
    pub given_up: bool,
}

impl Posted {
    /// The customers that it names.
    pub fn customers(&self) -> Vec<&str> {
        let wished = self.message["customer_keys"].as_array().into_iter().flatten().filter_map(Value::as_str);
        self.message["data"]["customer"]["key"].as_str().into_iter().chain(wished).collect()
    }

    /// Whether it is a wish of `/activate-user`, whose id in the inbox is derived from what it says.
    pub fn is_wish(&self) -> bool {
        self.message["customer_keys"].is_array()
    }

    /// Whether it asks for the activation mail.
    pub fn wants_mail(&self) -> bool {
        let flags = if self.is_wish() { &self.message } else { &self.message["data"] };
        let yes = |flag: &str| flags[flag].as_bool().unwrap_or(true);
        !self.customers().is_empty() && yes("activate") && yes("mail")
    }

    /// Whether it may write over what stands in the shop.
    pub fn overwrites(&self) -> bool {
        self.message["data"]["overwrite"].as_bool().unwrap_or(false)
    }

    /// Whether the user is to lose its other customers.
    pub fn replaces(&self) -> bool {
        self.message["data"]["replace"].as_bool().unwrap_or(false)
    }
}

/// All of it.
#[derive(Default)]
pub struct Facts {
    people: RefCell<Vec<(String, Option<Odd>)>>,
    deeds: RefCell<Vec<(Duration, String, Deed)>>,
    posted: RefCell<BTreeMap<String, Posted>>,
    spoilt: RefCell<BTreeSet<String>>,
    denied: RefCell<BTreeSet<String>>,
    broken: RefCell<Vec<String>>,
}

impl Facts {
    /// Somebody registers.
    pub fn registers(&self, user: &str, odd: Option<Odd>) {
        self.people.borrow_mut().push((user.to_owned(), odd));
    }

    /// Everybody who has registered, and what was odd about it.
    pub fn people(&self) -> Vec<(String, Option<Odd>)> {
        self.people.borrow().clone()
    }

    /// Somebody did something.
    pub fn did(&self, at: Duration, user: &str, deed: Deed) {
        self.deeds.borrow_mut().push((at, user.to_owned(), deed));
    }

    /// What was done to a user, and when.
    pub fn deeds(&self, user: &str) -> Vec<(Duration, Deed)> {
        let deeds = self.deeds.borrow();
        let about = deeds.iter().filter(|(_, of, _)| of == user);
        about.map(|(at, _, deed)| (*at, deed.clone())).collect()
    }

    /// A decision is made.
    pub fn posts(&self, posted: Posted) {
        self.posted.borrow_mut().insert(posted.id.clone(), posted);
    }

    /// The sender of a decision sends it no more.
    pub fn gives_up(&self, id: &str) {
        if let Some(posted) = self.posted.borrow_mut().get_mut(id) {
            posted.given_up = true;
        }
    }

    /// The application answered with 2xx.
    pub fn accepts(&self, id: &str) {
        if let Some(posted) = self.posted.borrow_mut().get_mut(id) {
            posted.accepted = true;
        }
    }

    /// All decisions.
    pub fn posted(&self) -> Vec<Posted> {
        self.posted.borrow().values().cloned().collect()
    }

    /// The shop or the ERP found fault with this user's record.
    pub fn spoilt(&self, user: &str) {
        self.spoilt.borrow_mut().insert(user.to_owned());
    }

    /// The shop found fault with a customer or address. Its key begins with that of the customer.
    pub fn spoilt_party(&self, key: &str) {
        for posted in self.posted.borrow().values() {
            if posted.customers().iter().any(|customer| key.starts_with(customer)) {
                self.spoilt(&posted.user);
            }
        }
    }

    /// The shop says that it does not have this user.
    pub fn denied(&self, user: &str) {
        self.denied.borrow_mut().insert(user.to_owned());
    }

    /// Whether it ever said so.
    pub fn is_denied(&self, user: &str) -> bool {
        self.denied.borrow().contains(user)
    }

    /// Whether somebody found fault with this user's record.
    pub fn is_spoilt(&self, user: &str) -> bool {
        self.spoilt.borrow().contains(user)
    }

    /// A promise was broken while the run went on.
    pub fn breaks(&self, promise: String) {
        self.broken.borrow_mut().push(promise);
    }

    /// The promises that were.
    pub fn broken(&self) -> Vec<String> {
        self.broken.borrow().clone()
    }
}

//! What people and clerks did, and what the application answered them: the other half of the truth.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use sandbox::Odd;

use crate::message::Message;

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
    /// The id that it is sent under. A wish has another one in the inbox.
    pub id: String,
    /// What it says.
    pub message: Message,
    /// Whether the application has ever answered it with 2xx.
    pub accepted: bool,
    /// Whether its sender has given up.
    pub given_up: bool,
}

/// What became of a correction on its way to the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corrected {
    /// Somebody sends it.
    OnItsWay,
    /// It was answered with 2xx.
    Accepted,
    /// Its sender has given up.
    GivenUp,
}

/// All of it.
#[derive(Default)]
pub struct Facts {
    people: RefCell<Vec<(String, Option<Odd>)>>,
    owners: RefCell<BTreeMap<String, String>>,
    deeds: RefCell<Vec<(Duration, String, Deed)>>,
    posted: RefCell<BTreeMap<String, Posted>>,
    corrections: RefCell<BTreeMap<String, Corrected>>,
    broken: RefCell<Vec<String>>,
}

impl Facts {
    /// Somebody registers, with these profiles.
    pub fn registers(&self, user: &str, odd: Option<Odd>, profiles: &[u64]) {
        self.people.borrow_mut().push((user.to_owned(), odd));
        self.owners.borrow_mut().extend(profiles.iter().map(|id| (id.to_string(), user.to_owned())));
    }

    /// Whose profile it is, or was.
    pub fn owner(&self, profile: &str) -> Option<String> {
        self.owners.borrow().get(profile).cloned()
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

    /// What became of the correction with this id in the inbox.
    pub fn corrects(&self, id: &str, corrected: Corrected) {
        self.corrections.borrow_mut().insert(id.to_owned(), corrected);
    }

    /// All corrections, by their ids in the inbox.
    pub fn corrections(&self) -> Vec<(String, Corrected)> {
        self.corrections.borrow().iter().map(|(id, corrected)| (id.clone(), *corrected)).collect()
    }

    /// All decisions.
    pub fn posted(&self) -> Vec<Posted> {
        self.posted.borrow().values().cloned().collect()
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

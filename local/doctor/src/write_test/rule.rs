//! The rules that the shop may follow, as the writes show them.

use super::{Tried, Written};

/// What became of a link to a customer that is not there.
#[derive(Debug)]
pub(crate) struct SeenUnknown {
    /// What the write came to.
    pub tried: Tried,
    /// Whether the user shows the customer afterwards.
    pub linked: bool,
}

impl SeenUnknown {
    pub fn in_words(&self) -> &'static str {
        match (&self.tried, self.linked) {
            (Err(_), _) => "refused",
            (Ok(()), true) => "linked all the same",
            (Ok(()), false) => "left out without a word",
        }
    }
}

/// What a PATCH of `authorised_customers` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkRule {
    /// The list becomes the one sent.
    Replaces,
    /// What is sent is added.
    Extends,
    /// Something else: the user does not show what was sent.
    Neither,
}

impl LinkRule {
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Replaces => "a PATCH replaces the list",
            Self::Extends => "a PATCH extends the list",
            Self::Neither => "the user does not show the customers that were sent",
        }
    }
}

/// What sends the activation mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MailRule {
    /// Each PATCH with `registration: new` and `active: false`.
    EachWrite,
    /// The first such PATCH, and not the same again.
    Once,
    /// The link alone already.
    LinkAlone,
    /// Nothing.
    Never,
    /// Nobody knows.
    Unknown,
}

impl MailRule {
    pub fn in_words(self) -> &'static str {
        match self {
            Self::EachWrite => {
                "each PATCH with registration new and active false sends one, the same again too"
            }
            Self::Once => {
                "the first PATCH with registration new and active false sends one, the same again none"
            }
            Self::LinkAlone => "the link alone sends one: the state triggers it",
            Self::Never => "none is sent",
            Self::Unknown => "not known",
        }
    }
}

/// What a PATCH with `active: true` does.
#[derive(Debug)]
pub(crate) struct SeenDirect {
    /// Whether the user is active then.
    pub active: bool,
    /// The value of `registration` then.
    pub registration: String,
}

impl Written {
    pub fn mail_rule(&self) -> MailRule {
        match (self.mail_after_link, self.mail_after_trigger, self.mail_after_repeat) {
            (Some(true), _, _) => MailRule::LinkAlone,
            (_, Some(true), Some(true)) => MailRule::EachWrite,
            (_, Some(true), Some(false)) => MailRule::Once,
            (Some(false), Some(false), Some(false)) => MailRule::Never,
            _ => MailRule::Unknown,
        }
    }
}

/// What a write came to, in words.
pub(crate) fn in_words(tried: &Tried) -> String {
    match tried {
        Ok(()) => "taken".to_owned(),
        Err(trouble) => trouble.to_string(),
    }
}

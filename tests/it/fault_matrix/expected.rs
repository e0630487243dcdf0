//! What has to come of each cell: the rules.

use super::{
    columns::{Fault, REFUSAL},
    drive::Seen,
    rows::{Call, Host},
};

/// What comes of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The run does at once what it would do without the fault.
    AtOnce,
    /// A later run finds out or repeats, while the fault lasts.
    Recovers,
    /// Nothing moves while the fault lasts; a later run goes on by itself.
    Waits,
    /// A person has to look, and is told these words.
    Stuck(&'static str),
}

impl Outcome {
    /// Whether this is what was seen.
    pub fn is(self, seen: &Seen) -> bool {
        match (self, seen) {
            (Self::AtOnce, Seen::AtOnce) | (Self::Recovers, Seen::Recovers) | (Self::Waits, Seen::Waits) => {
                true
            }
            (Self::Stuck(words), Seen::Stuck(reason)) => reason.contains(words),
            (Self::AtOnce | Self::Recovers | Self::Waits | Self::Stuck(_), _) => false,
        }
    }
}

/// What has to come of a fault of a call.
pub fn expected(call: Call, fault: Fault) -> Outcome {
    match fault {
        // The end point's fault.
        Fault::ErrorPage
        | Fault::BadGateway
        | Fault::Unavailable
        | Fault::TooManySeconds
        | Fault::TooManyDate
        | Fault::Unauthorized
        | Fault::Redirect
        | Fault::Refused
        | Fault::ClosedBefore
        | Fault::TimeOut => Outcome::Waits,
        Fault::UnauthorizedOnce => match call.host() {
            Host::Shop => Outcome::AtOnce,
            Host::Erp => Outcome::Recovers,
        },
        Fault::FieldErrors => match call {
            // No record is named by these.
            Call::Token | Call::UserList => Outcome::Waits,
            Call::Profile
            | Call::Delivery
            | Call::UserRead
            | Call::CustomerRead
            | Call::AddressRead
            | Call::CustomerWrite
            | Call::AddressWrite
            | Call::UserLink => Outcome::Stuck(REFUSAL),
        },
        Fault::NotFound => match call {
            // What is to be written is not there: the usual answer.
            Call::CustomerRead | Call::AddressRead => Outcome::AtOnce,
            Call::Token
            | Call::UserList
            | Call::Profile
            | Call::Delivery
            | Call::UserRead
            | Call::CustomerWrite
            | Call::AddressWrite
            | Call::UserLink => Outcome::Waits,
        },
        // It has happened, and nobody knows. Writes are looked for in the shop; the ERP cannot be asked.
        Fault::ClosedWithin | Fault::HugeBody | Fault::AnswerLost => match call {
            Call::CustomerWrite | Call::AddressWrite | Call::UserLink => Outcome::Recovers,
            Call::Token
            | Call::UserList
            | Call::Profile
            | Call::Delivery
            | Call::UserRead
            | Call::CustomerRead
            | Call::AddressRead => Outcome::Waits,
        },
        Fault::MalformedJson | Fault::EmptyBody => match call {
            Call::Token | Call::UserList => Outcome::Waits,
            Call::Profile => Outcome::Stuck("the profile is not a JSON object"),
            Call::UserRead => Outcome::Stuck("the shop's user is unreadable"),
            Call::CustomerRead => Outcome::Stuck("the shop's customer is unreadable"),
            Call::AddressRead => Outcome::Stuck("the shop's address is unreadable"),
            // The status says it all.
            Call::Delivery | Call::CustomerWrite | Call::AddressWrite | Call::UserLink => Outcome::AtOnce,
        },
        Fault::HtmlPage => match call.host() {
            Host::Shop => Outcome::Waits,
            Host::Erp => Outcome::AtOnce,
        },
    }
}

/// Whether a tick has to answer 503 meanwhile: the shop's lists cannot be read.
pub fn is_loud(call: Call, fault: Fault) -> bool {
    match (call, fault) {
        (Call::UserList, Fault::UnauthorizedOnce) => false,
        (Call::Token | Call::UserList, _) => true,
        // The port is closed to all calls.
        (_, Fault::Refused) => call.host() == Host::Shop,
        _ => false,
    }
}

//! What a page tells a person about what that person has just done. It goes into the address of the page, so it is one of these, and
//! never a text: whoever makes up an address cannot make up what the page says.

use http::StatusCode;

use crate::{
    inbox::Outcome,
    ledger::{State, words},
    problem::Problem,
};

words! {
    /// What has just come of what a person did.
    Notice {
        /// It is tried again.
        Retried = "retried",
        /// There is nothing to try again.
        NothingToRetry = "nothing-to-retry",
        /// The decision is carried out.
        Decided = "decided",
        /// The decision is stored, and is being carried out.
        Waiting = "waiting",
        /// It is stored, and carried out when the dry run is over.
        DryRun = "dry-run",
        /// It contradicts what has been begun, or came too late.
        Conflict = "conflict",
        /// The form was sent before, with something else in it.
        SentBefore = "sent-before",
        /// A later decision counts.
        Superseded = "superseded",
        /// It was carried out, and a person has to look.
        Stuck = "stuck",
        /// It was not taken: what was sent is not as it should be.
        NotTaken = "not-taken",
        /// The shop does not have the customer.
        NoSuchCustomer = "no-such-customer",
        /// The personal data is erased.
        Erased = "erased",
        /// It cannot be done at this moment.
        NotNow = "not-now",
        /// A tick has run.
        Ran = "ran",
        /// A tick has run, and something went wrong.
        RanBadly = "ran-badly",
        /// Another tick is running.
        Busy = "busy",
        /// The session does not cover it.
        OutOfScope = "out-of-scope",
        /// It failed within, and may be tried again.
        Failed = "failed",
    }
}

impl Notice {
    /// What is said about why a decision was not taken in.
    #[must_use]
    pub fn of_refusal(problem: &Problem) -> Self {
        match problem.status() {
            StatusCode::CONFLICT if problem.kind().ends_with(":id-used") => Self::SentBefore,
            StatusCode::CONFLICT => Self::Conflict,
            _ => Self::NotTaken,
        }
    }

    /// What is said about what became of a decision.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Superseded => Self::Superseded,
            Outcome::Stands(entry) => match entry.state {
                State::Approved => Self::Waiting,
                State::Stuck => Self::Stuck,
                State::Seen
                | State::Announced
                | State::Linked
                | State::Active
                | State::Rejected
                | State::Gone
                | State::Erased => Self::Decided,
            },
            Outcome::Waits | Outcome::Updated(_) => Self::Waiting,
            Outcome::Conflict(_) => Self::Conflict,
            Outcome::NoSuchCustomer(_) => Self::NoSuchCustomer,
            Outcome::NoSuchUser | Outcome::Ignored => Self::NotTaken,
        }
    }
}

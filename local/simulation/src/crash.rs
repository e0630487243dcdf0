//! Every crash point: the same quiet run again and again, and each time the process that has one certain effect dies right after it.

use crate::{
    plan::{Approve, Choice, Plan},
    run::{How, run},
};

/// What a run through all crash points found.
#[derive(Debug, Clone, Default)]
pub struct Points {
    /// How many there are.
    pub tried: u64,
    /// Where a promise was broken, and which.
    pub broken: Vec<(u64, Vec<String>)>,
}

/// One registration from the list to the active user.
#[must_use]
pub fn one_registration() -> Plan {
    Plan::quiet(&[approve("C-1")])
}

/// A page of three: a new customer, one that exists, and a rejection.
#[must_use]
pub fn page_of_three() -> Plan {
    let known = Approve { existing: true, ..approval("K-1") };
    Plan::quiet(&[approve("C-1"), Choice::Approve(known), Choice::Reject])
}

fn approve(customer: &str) -> Choice {
    Choice::Approve(approval(customer))
}

fn approval(customer: &str) -> Approve {
    Approve {
        customer: customer.to_owned(),
        addresses: true,
        existing: false,
        activate: true,
        mail: true,
        replace: false,
        overwrite: false,
    }
}

/// Tries every crash point of a plan.
#[must_use]
pub fn every_point(plan: &Plan) -> Points {
    let undisturbed = run(plan.clone(), How::default());
    let mut points = Points::default();
    for doom in 1..=undisturbed.effects {
        let mut ended = run(plan.clone(), How { doom: Some(doom), ..How::default() });
        points.tried += 1;
        // Nothing in a quiet world needs a person, whenever the process dies.
        if ended.stuck > 0 {
            ended.broken.push(format!("{} stuck", ended.stuck));
        }
        if ended.mails != undisturbed.mails {
            ended.broken.push(format!("{} mails instead of {}", ended.mails, undisturbed.mails));
        }
        if !ended.broken.is_empty() {
            points.broken.push((doom, ended.broken));
        }
    }
    points
}

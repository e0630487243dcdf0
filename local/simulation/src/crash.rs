//! Every crash point: the same quiet run again and again, and each time the process that has one certain effect dies right after it.

use std::time::Duration;

use shared::decision::Remedy;

use crate::{
    plan::{Approve, Choice, Correction, Person, Plan, Planned},
    run::{How, run},
};

/// What a run through all crash points found.
#[derive(Debug, Clone, Default)]
pub struct Points {
    /// How many there are.
    pub tried: u64,
    /// After how many of them a person has to look, because nobody can tell whether a second mail is out.
    pub in_doubt: usize,
    /// Where a promise was broken, and which.
    pub broken: Vec<(u64, Vec<String>)>,
}

/// One registration from the list to the active user.
#[must_use]
pub fn one_registration() -> Plan {
    Plan::quiet(&[approve("C-1")])
}

/// One that is approved with the wrong customer, and linked to another one.
#[must_use]
pub fn one_relinked() -> Plan {
    corrected(&[approve("C-1")], &[(Remedy::Relink, "K-1")])
}

/// One that is rejected by mistake, and approved when it is put before the ERP again.
#[must_use]
pub fn one_reopened() -> Plan {
    corrected(&[Choice::Reject, approve("C-1")], &[(Remedy::Reopen, "")])
}

/// One whose mail is sent once more. Of a mail that nobody has heard of, nobody knows: such a one waits for a person.
#[must_use]
pub fn one_mailed_again() -> Plan {
    corrected(&[approve("C-1")], &[(Remedy::ResendMail, "")])
}

fn corrected(choices: &[Choice], corrections: &[(Remedy, &str)]) -> Plan {
    let mut plan = Plan::quiet(&choices[..1]);
    let person = &mut plan.people[0];
    // Time enough to put it right before.
    person.clicks = Some(Duration::from_hours(12));
    let first = person.decisions[0].clone();
    let more = choices.iter().skip(1).map(|choice| Planned {
        after: Duration::from_mins(20),
        names_revision: false,
        choice: choice.clone(),
        ..first.clone()
    });
    person.decisions.extend(more);
    person.corrections = corrections
        .iter()
        .map(|(remedy, customer)| Correction {
            after: Duration::from_secs(10),
            remedy: *remedy,
            customer: (*customer).to_owned(),
            remove: true,
        })
        .collect();
    plan
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
        // Nothing in a quiet world needs a person, whenever the process dies, but a second mail of which nobody has heard.
        let again = |person: &Person| person.corrections.iter().any(|one| one.remedy == Remedy::ResendMail);
        let in_doubt = usize::from(ended.stuck == 1 && plan.people.iter().any(again));
        points.in_doubt += in_doubt;
        if ended.stuck > in_doubt {
            ended.broken.push(format!("{} stuck", ended.stuck));
        }
        if ended.mails > undisturbed.mails || ended.mails + in_doubt < undisturbed.mails {
            ended.broken.push(format!("{} mails instead of {}", ended.mails, undisturbed.mails));
        }
        if !ended.broken.is_empty() {
            points.broken.push((doom, ended.broken));
        }
    }
    points
}

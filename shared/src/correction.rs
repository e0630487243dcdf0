//! Putting right what was done: the activation mail once more, another customer, a rejection taken back.
//!
//! A correction goes through the inbox like a decision, so it is stored before it is answered and applied once. From then on the first
//! two are an approval like any other, with its own attempt to link: [`crate::link`] sees to it that each brings about at most one mail.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::{
    decision::{Correction, Other, Remedy},
    inbox::{Outcome, Witness},
    key::CustomerKey,
    ledger::{Applied, DecisionRef, Entry, Happened, KeptEvent, State},
    link::{Link, Mail},
    onboarding::Onboarding,
    send::SendRequest,
    sql::{Sql, SqlError},
};

/// How often a change is tried again because somebody else changed the row meanwhile.
const TRIES: usize = 5;

const BUSY: &str = "it is being worked on at this moment: try again in a minute";
pub(crate) const CAN_LOG_IN: &str = "the user can log in already";

/// A remedy, and whether a registration can have it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Possible {
    /// The remedy.
    pub remedy: Remedy,
    /// Why it is not possible; nothing, if it is.
    pub why_not: Option<&'static str>,
}

/// What can be put right about a registration, for whoever shows it.
#[must_use]
pub fn possible(entry: &Entry, now: DateTime<Utc>) -> Vec<Possible> {
    let of = |remedy| Possible { remedy, why_not: why_not(entry, remedy, now) };
    Remedy::ALL.iter().copied().map(of).collect()
}

/// Why a registration cannot have a remedy now; `None` if it can.
#[must_use]
pub fn why_not(entry: &Entry, remedy: Remedy, now: DateTime<Utc>) -> Option<&'static str> {
    match (remedy, entry.state) {
        (Remedy::Reopen, State::Rejected) if entry.is_free(now) => None,
        (Remedy::Reopen, State::Rejected) => Some(BUSY),
        (Remedy::Reopen, _) => Some("it is not rejected"),
        (Remedy::ResendMail | Remedy::Relink, State::Linked) if !entry.is_free(now) => Some(BUSY),
        (Remedy::ResendMail, State::Linked) => no_mail(entry.link.as_ref()),
        (Remedy::Relink, State::Linked) => not_linked_for_sure(entry.link.as_ref()),
        (Remedy::ResendMail | Remedy::Relink, State::Active) => Some(CAN_LOG_IN),
        (Remedy::ResendMail | Remedy::Relink, State::Approved) => {
            Some("its approval is being carried out: wait until it is linked")
        }
        (Remedy::ResendMail | Remedy::Relink, State::Stuck) => {
            Some("it is stuck: mend what its reason says and retry it, or decide again")
        }
        (
            Remedy::ResendMail | Remedy::Relink,
            State::Seen | State::Announced | State::Rejected | State::Gone | State::Erased,
        ) => Some("the user is not linked to a customer"),
    }
}

fn no_mail(link: Option<&Link>) -> Option<&'static str> {
    match link.map(|link| link.mail) {
        Some(Mail::Confirmed | Mail::Presumed | Mail::Unknown) => None,
        Some(Mail::NotWanted | Mail::Intended) | None => {
            Some("no mail was sent for it, because its decision wants none: approve it with a mail")
        }
    }
}

fn not_linked_for_sure(link: Option<&Link>) -> Option<&'static str> {
    let known = link.is_some_and(Link::is_known);
    (!known).then_some("nobody knows what became of its link: retry it, or decide again")
}

/// How a correction relates to what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Ruling {
    /// It is to be followed.
    Follow,
    /// It is being followed already.
    Followed,
    /// Another decision counts since it was asked for.
    Superseded,
    /// Somebody is at it at this moment.
    Busy,
    /// It cannot be followed: why.
    Conflict(&'static str),
}

/// Why a correction is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    /// The registration is not one that can have it.
    #[error("{0}")]
    Unfit(&'static str),
    /// The shop does not have the customer.
    #[error("the shop has no customer {0}")]
    NoSuchCustomer(CustomerKey),
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unfit(why) => Self::Conflict(why.to_owned()),
            Refusal::NoSuchCustomer(key) => Self::NoSuchCustomer(key),
        }
    }
}

/// Rules on a correction with the id `id`.
fn rule(entry: &Entry, correction: &Correction, id: &str, now: DateTime<Utc>) -> Ruling {
    let known = entry.decision.as_ref().map(|known| known.id.as_str());
    if known == Some(id) {
        return Ruling::Followed;
    }
    if known != correction.after.as_deref() {
        // Nothing else takes a rejection back, whoever asked for it.
        let reopened = correction.remedy == Remedy::Reopen && known.is_none() && entry.taken_back.is_some();
        return if reopened { Ruling::Followed } else { Ruling::Superseded };
    }
    match why_not(entry, correction.remedy, now) {
        Some(BUSY) => Ruling::Busy,
        Some(why) => Ruling::Conflict(why),
        None if links_nobody_else(entry, correction) => {
            Ruling::Conflict("the user is linked to this customer already")
        }
        None => Ruling::Follow,
    }
}

/// Whether the customer is the one that is linked, and nothing is to be removed.
fn links_nobody_else(entry: &Entry, correction: &Correction) -> bool {
    let linked = entry.link.as_ref().map_or(&[][..], |link| &link.customers);
    correction.other.as_ref().is_some_and(|other| !other.remove && linked.contains(&other.key))
}

/// The registration with the correction on it.
fn followed(entry: Entry, correction: &Correction, id: &str, now: DateTime<Utc>) -> Entry {
    let reason = correction.reason.as_str();
    let (what, note) = match (&correction.remedy, &correction.other) {
        (Remedy::ResendMail, _) => (Happened::MailWanted, reason.to_owned()),
        (Remedy::Reopen, _) => {
            return entry.reopened(now).telling(Happened::Reopened, Some(reason.to_owned()));
        }
        (Remedy::Relink, Some(Other { key, remove: true })) => {
            (Happened::RelinkWanted, format!("customer {key} instead of others: {reason}"))
        }
        (Remedy::Relink, Some(Other { key, remove: false })) => {
            (Happened::RelinkWanted, format!("customer {key} beside others: {reason}"))
        }
        (Remedy::Relink, None) => (Happened::RelinkWanted, reason.to_owned()),
    };
    // It is about the decision that counts, so it is later, whatever the clock of the ERP says.
    let after = entry.decision.as_ref().map(|known| known.decided_at + TimeDelta::milliseconds(1));
    let decided_at = after.map_or(correction.asked_at, |after| after.max(correction.asked_at));
    let known = DecisionRef { id: id.to_owned(), decided_at };
    let link = entry.link.clone().map(|link| match correction.remedy {
        // A mail that is out is this link's too.
        Remedy::Relink if link.has_mailed() => link.of(id),
        Remedy::Relink | Remedy::ResendMail | Remedy::Reopen => link,
    });
    let mut approved = entry.settled(State::Approved).with_link(link).due(Some(now));
    approved.decision = Some(known);
    approved.telling(what, Some(note))
}

impl<H: SendRequest, S: Sql> Onboarding<H, S> {
    /// Applies a correction.
    pub(crate) async fn apply_correction(
        &self,
        correction: &Correction,
        kept: &KeptEvent,
        witness: Witness,
    ) -> Result<Outcome, SqlError> {
        let (id, actor) = (&kept.letter.id, &kept.letter.actor);
        let Correction { origin, user_key, .. } = correction;
        for _ in 0..TRIES {
            let now = self.now();
            let Some(entry) = self.ledger.entry(origin, user_key).await? else {
                self.ledger.refuse_stranger(id).await?;
                return Ok(Outcome::NoSuchUser);
            };
            match kept.outcome {
                Some(Applied::Followed) => return Ok(Outcome::Stands(Box::new(entry))),
                Some(Applied::Superseded) => return Ok(Outcome::Superseded),
                Some(Applied::Ignored) => return Ok(Outcome::Ignored),
                Some(Applied::Refused) | None => {}
            }
            let refused = match rule(&entry, correction, id, now) {
                Ruling::Followed => {
                    self.ledger.settle(id, Applied::Followed).await?;
                    return Ok(Outcome::Stands(Box::new(entry)));
                }
                Ruling::Superseded => {
                    self.ledger.settle(id, Applied::Superseded).await?;
                    return Ok(Outcome::Superseded);
                }
                // Nobody waits for the answer any more: it has its turn when the other one is done.
                Ruling::Busy if witness == Witness::Nobody => return Ok(Outcome::Waits),
                Ruling::Busy => Some(Refusal::Unfit(BUSY)),
                Ruling::Conflict(why) => Some(Refusal::Unfit(why)),
                Ruling::Follow => self.what_the_shop_says(correction, witness).await,
            };
            let changed = match &refused {
                None => followed(entry, correction, id, now),
                Some(refused) => entry.telling(Happened::Conflict, Some(refused.to_string())),
            };
            let Some(saved) = self.ledger.save(changed.by(actor), now).await? else { continue };
            let applied = if refused.is_none() { Applied::Followed } else { Applied::Refused };
            self.ledger.settle(id, applied).await?;
            return Ok(refused.map_or_else(|| Outcome::Stands(Box::new(saved)), Outcome::from));
        }
        Ok(Outcome::Waits)
    }

    /// What stands against it in the shop, for somebody who waits for the answer. The shop's silence does not: carrying it out looks
    /// again.
    async fn what_the_shop_says(&self, correction: &Correction, witness: Witness) -> Option<Refusal> {
        let Correction { origin, user_key, .. } = correction;
        if witness == Witness::Nobody || correction.remedy == Remedy::Reopen {
            return None;
        }
        if let Ok(Some(user)) = self.shop.user(origin, user_key).await
            && user.is_active()
        {
            return Some(Refusal::Unfit(CAN_LOG_IN));
        }
        let other = correction.other.as_ref()?;
        let lacks = matches!(self.shop.customer(origin, &other.key).await, Ok(None));
        lacks.then(|| Refusal::NoSuchCustomer(other.key.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        decision::{Activation, Approval, Parties},
        ledger::Claim,
    };

    fn now() -> DateTime<Utc> {
        "2026-03-02T09:15:00Z".parse().unwrap()
    }

    fn entry(state: State, mail: Mail) -> Entry {
        let user = serde_json::from_str(r#"{"key":"u","active":false,"authorised_customers":[]}"#).unwrap();
        let parties = Parties::Existing(vec!["C-1".parse().unwrap()]);
        let approval = Approval { parties, activation: Activation::Mail, replace: false };
        let link = Link::intend(&user, &approval, "m1", None, now()).settled(mail);
        Entry {
            state,
            link: Some(link),
            decision: Some(DecisionRef { id: "m1".to_owned(), decided_at: now() }),
            ..Entry::seen("SHOP".parse().unwrap(), "u".parse().unwrap(), now())
        }
    }

    #[test]
    fn each_state_has_its_remedies_and_says_why_it_has_no_others() {
        let table = State::ALL.iter().flat_map(|state| {
            let entry = entry(*state, Mail::Confirmed);
            possible(&entry, now()).into_iter().map(move |possible| {
                format!("{state} {}: {}", possible.remedy, possible.why_not.unwrap_or("yes"))
            })
        });
        insta::assert_snapshot!(table.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn nothing_is_put_right_under_the_hands_of_somebody_else() {
        for (state, remedy) in [
            (State::Linked, Remedy::ResendMail),
            (State::Linked, Remedy::Relink),
            (State::Rejected, Remedy::Reopen),
        ] {
            let claim = |until| Some(Claim { token: "t".to_owned(), until });
            let held =
                Entry { claim: claim(now() + crate::ledger::CLAIM_LIFE), ..entry(state, Mail::Confirmed) };
            assert_eq!(why_not(&held, remedy, now()), Some(BUSY), "{remedy}");
            assert_eq!(
                why_not(&Entry { claim: claim(now()), ..held }, remedy, now()),
                None,
                "{remedy}: lapsed"
            );
        }
    }

    #[test]
    fn what_is_known_of_the_mail_decides_about_another_one() {
        for (mail, again, relink) in [
            (Mail::Confirmed, true, true),
            (Mail::Presumed, true, true),
            (Mail::NotWanted, false, true),
            (Mail::Unknown, true, false),
        ] {
            let mut entry = entry(State::Linked, mail);
            if let Some(link) = &mut entry.link {
                link.mail = mail;
            }
            let can = |remedy| why_not(&entry, remedy, now()).is_none();
            assert_eq!((can(Remedy::ResendMail), can(Remedy::Relink)), (again, relink), "{mail:?}");
        }
    }
}

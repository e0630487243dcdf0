//! What a decision does to a registration.
//!
//! The inbox is the truth of decisions: an event is stored first and applied then, and applying it twice changes nothing. So whatever
//! dies in between, the next tick drains what is left.

use chrono::{DateTime, Utc};

use crate::{
    decision::{Activation, Approval, Decision, Event, Parties, Verdict},
    erasure::ERASED,
    key::{CustomerKey, OriginCode},
    ledger::{Applied, DecisionRef, Entry, Happened, KeptEvent, Rewrite, State},
    link::Link,
    onboarding::Onboarding,
    registration::{Candidates, Observed, Step, next_step},
    send::SendRequest,
    shop::{Query, ShopError, User, user_pages},
    sql::{Sql, SqlError},
};

/// How often a change is tried again because somebody else changed the row meanwhile.
const TRIES: usize = 5;

/// Why `/activate-user` leaves a user alone whom the ledger does not know.
pub(crate) const NO_REGISTRATION: &str =
    "the user is no open registration: it is active, linked already, or made by the ERP";

/// What became of an event.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It is about nothing here; stored, and left alone.
    Ignored,
    /// A later decision had come already.
    Superseded,
    /// It counts. The registration, as it is now.
    Stands(Box<Entry>),
    /// It is stored, and the tick goes on with it.
    Waits,
    /// It came too late, or asks for what must not be: why.
    Conflict(String),
    /// The shop has no such user.
    NoSuchUser,
    /// The shop has no such customer to link.
    NoSuchCustomer(CustomerKey),
    /// A customer is to be written again: how far that is.
    Updated(Box<Rewrite>),
}

/// Why the same decision is not taken a second time, when another one has come in between.
const OVERTAKEN: &str = "the same was decided before, and something else since: \
     send it with a timestamp, or another Idempotency-Key, to decide it again";

/// How a decision relates to what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// It is to be followed.
    Follow,
    /// It is being followed already.
    Followed,
    /// A later one counts.
    Superseded,
    /// The applicant has changed the data since: a person has to look.
    ChangedSince,
    /// It contradicts what has been begun.
    Conflict(String),
}

/// Rules on a decision with the id `id`.
#[must_use]
pub fn rule(entry: &Entry, decision: &Decision, id: &str) -> Ruling {
    let known = entry.decision.as_ref();
    if known.is_some_and(|known| known.id == id) {
        return Ruling::Followed;
    }
    if entry.state == State::Erased {
        return Ruling::Conflict(ERASED.to_owned());
    }
    let spent = entry.taken_back.is_some_and(|until| !decision.is_later("", until, ""));
    if spent || known.is_some_and(|known| !decision.is_later(id, known.decided_at, &known.id)) {
        return Ruling::Superseded;
    }
    if let Some(link) = &entry.link {
        return rule_on_linked(entry, link, &decision.verdict);
    }
    match decision.revision {
        Some(revision) if entry.revision > revision => Ruling::ChangedSince,
        _ => Ruling::Follow,
    }
}

/// From the first intent to link on, the shop may have acted on it, and a mail may be out.
fn rule_on_linked(entry: &Entry, link: &Link, verdict: &Verdict) -> Ruling {
    match verdict {
        Verdict::Reject(_) => Ruling::Conflict("the user has been linked to a customer already".to_owned()),
        Verdict::Approve(approval) if same(&approval.parties.keys(), &link.customers) => match entry.state {
            // Linked without a mail before, and now it is wanted.
            State::Linked if link.lacks(approval.activation) => Ruling::Follow,
            // The same customers, and something is to be removed or written over.
            State::Linked | State::Active if goes_further(approval, link) => Ruling::Follow,
            State::Linked | State::Active => Ruling::Followed,
            State::Seen
            | State::Announced
            | State::Approved
            | State::Rejected
            | State::Gone
            | State::Stuck
            | State::Erased => Ruling::Follow,
        },
        Verdict::Approve(approval) if approval.replace => Ruling::Follow,
        Verdict::Approve(_) => Ruling::Conflict(format!(
            "the user has been linked to {} already: removing that needs replace: true",
            link.customers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        )),
    }
}

/// Whether an approval of customers that are linked already wants more than the link.
fn goes_further(approval: &Approval, link: &Link) -> bool {
    approval.replace && !link.replace || matches!(approval.parties, Parties::Write { overwrite: true, .. })
}

/// The link as the new decision finds it. A mail that is out is the one for these customers, so that going further sends no other.
fn taken_over(link: Link, verdict: &Verdict, id: &str) -> Link {
    match verdict {
        Verdict::Approve(approval)
            if link.has_mailed()
                && approval.activation == Activation::Mail
                && goes_further(approval, &link)
                && same(&approval.parties.keys(), &link.customers) =>
        {
            link.of(id)
        }
        Verdict::Approve(_) | Verdict::Reject(_) => link,
    }
}

/// Whether both name the same customers, in whatever order.
fn same(some: &[CustomerKey], others: &[CustomerKey]) -> bool {
    let within = |keys: &[CustomerKey], others: &[CustomerKey]| keys.iter().all(|key| others.contains(key));
    within(some, others) && within(others, some)
}

/// The registration with the decision on it.
fn followed(entry: Entry, decision: &Decision, id: &str, now: DateTime<Utc>) -> Entry {
    let known = DecisionRef { id: id.to_owned(), decided_at: decision.decided_at };
    // A claim that somebody holds stays: whoever holds it sees the new version and starts over.
    let link = entry.link.clone().map(|link| taken_over(link, &decision.verdict, id));
    let (claim, mut entry) = (entry.claim.clone(), entry.with_link(link));
    entry.decision = Some(known);
    let mut entry = match &decision.verdict {
        Verdict::Approve(_) => {
            entry.settled(State::Approved).due(Some(now)).telling(Happened::Approved, None)
        }
        Verdict::Reject(reason) => entry.settled(State::Rejected).telling(Happened::Rejected, reason.clone()),
    };
    entry.claim = claim;
    entry
}

/// Who is asked about a user that the ledger does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Witness {
    /// The shop: somebody waits for the answer, and wants to hear at once that there is no such user.
    Shop,
    /// Nobody: carrying the decision out will show what there is.
    Nobody,
}

impl<H: SendRequest, S: Sql> Onboarding<H, S> {
    /// Applies an event of the inbox and carries it out as far as it goes now.
    ///
    /// # Errors
    /// [`SqlError`]; the event stays in the inbox, and the tick tries again.
    pub async fn work_off(&self, kept: &KeptEvent) -> Result<Outcome, SqlError> {
        match self.judge(kept, Witness::Shop).await? {
            Outcome::Stands(entry) if entry.state == State::Approved => {
                Ok(Outcome::Stands(Box::new(self.carry_out(*entry).await?.done)))
            }
            Outcome::Updated(rewrite) if rewrite.result.is_none() => {
                Ok(Outcome::Updated(Box::new(self.rewrite(*rewrite).await?.done)))
            }
            other => Ok(other),
        }
    }

    /// Applies an event that was left in the inbox. It calls nobody: what follows from the event is due from then on.
    ///
    /// # Errors
    /// [`SqlError`]; the event stays in the inbox.
    pub async fn apply_left(&self, kept: &KeptEvent) -> Result<Outcome, SqlError> {
        self.judge(kept, Witness::Nobody).await
    }

    async fn judge(&self, kept: &KeptEvent, witness: Witness) -> Result<Outcome, SqlError> {
        let decision = match Event::read_kept(kept.letter.body.as_bytes()) {
            Ok(Event::Decision(decision)) => decision,
            Ok(Event::Update(update)) => return self.apply_update(&update, kept, witness).await,
            Ok(Event::Correction(correction)) => {
                return self.apply_correction(&correction, kept, witness).await;
            }
            Ok(Event::Unknown) | Err(_) => {
                self.ledger.settle(&kept.letter.id, Applied::Ignored).await?;
                return Ok(Outcome::Ignored);
            }
        };
        match kept.outcome {
            Some(Applied::Ignored) => Ok(Outcome::Ignored),
            Some(Applied::Superseded) => Ok(Outcome::Superseded),
            Some(Applied::Followed) => match self.ledger.entry(&decision.origin, &decision.user_key).await? {
                // It is the same event, but whoever says so again means it anew.
                Some(entry)
                    if kept.letter.is_derived()
                        && (entry.follows_another(&kept.letter.id) || entry.taken_back.is_some()) =>
                {
                    Ok(Outcome::Conflict(OVERTAKEN.to_owned()))
                }
                Some(entry) => {
                    Ok(Outcome::Stands(Box::new(self.wished_again(entry, &decision, kept).await?)))
                }
                None => Ok(Outcome::NoSuchUser),
            },
            Some(Applied::Refused) | None => self.apply(&decision, kept, witness).await,
        }
    }

    /// A wish of a person that got stuck and is sent again, after what was in its way is mended. What was linked stays as it is.
    async fn wished_again(
        &self,
        entry: Entry,
        decision: &Decision,
        kept: &KeptEvent,
    ) -> Result<Entry, SqlError> {
        let ours = entry.decision.as_ref().is_some_and(|known| known.id == kept.letter.id);
        if !decision.candidates_only || entry.state != State::Stuck || entry.link.is_some() || !ours {
            return Ok(entry);
        }
        let now = self.now();
        let again = followed(entry.clone(), decision, &kept.letter.id, now).by(&kept.letter.actor);
        Ok(self.ledger.save(again, now).await?.unwrap_or(entry))
    }

    async fn apply(
        &self,
        decision: &Decision,
        kept: &KeptEvent,
        witness: Witness,
    ) -> Result<Outcome, SqlError> {
        let id = &kept.letter.id;
        for _ in 0..TRIES {
            let now = self.now();
            let entry = match self.ledger.entry(&decision.origin, &decision.user_key).await? {
                Some(entry) => entry,
                None => match self.stranger(decision, witness).await {
                    Ok(entry) => entry,
                    Err(outcome) => {
                        self.ledger.refuse_stranger(id).await?;
                        return Ok(*outcome);
                    }
                },
            };
            let ruling = rule(&entry, decision, id);
            let (changed, applied) = match &ruling {
                Ruling::Follow => (followed(entry, decision, id, now), Applied::Followed),
                // The decision is spent: it was about something else.
                Ruling::ChangedSince => {
                    let (claim, due_at) = (entry.claim.clone(), entry.due_at.filter(|_| entry.has_news()));
                    let mut entry = entry.changed_since(id).due(due_at);
                    entry.claim = claim;
                    (entry, Applied::Followed)
                }
                Ruling::Followed if entry.decision.as_ref().is_some_and(|known| known.id == *id) => {
                    self.ledger.settle(id, Applied::Followed).await?;
                    return Ok(Outcome::Stands(Box::new(entry)));
                }
                // The same once more, but later: what is older than this no longer counts.
                Ruling::Followed => {
                    let mut entry = entry;
                    entry.decision = Some(DecisionRef { id: id.clone(), decided_at: decision.decided_at });
                    entry.link = entry.link.map(|link| link.of(id));
                    (entry, Applied::Followed)
                }
                Ruling::Superseded => {
                    self.ledger.settle(id, Applied::Superseded).await?;
                    return Ok(Outcome::Superseded);
                }
                Ruling::Conflict(why) => {
                    let told = entry.telling(Happened::Conflict, Some(why.clone()));
                    // Nobody waits for the answer any more: the ERP is told by a message.
                    let unheard = witness == Witness::Nobody && !decision.candidates_only;
                    (if unheard { told.about(id) } else { told }, Applied::Refused)
                }
            };
            if let Some(saved) = self.ledger.save(changed.by(&kept.letter.actor), now).await? {
                self.ledger.settle(id, applied).await?;
                return Ok(match ruling {
                    Ruling::Conflict(why) => Outcome::Conflict(why),
                    _ => Outcome::Stands(Box::new(saved)),
                });
            }
        }
        Ok(Outcome::Waits)
    }

    /// A registration that the ledger does not know, for the decision about it. It is never announced. The shop's silence is no reason
    /// to wait: from here on the decision has a row in which everybody sees how far it is.
    ///
    /// # Errors
    /// What becomes of the decision, when there is nobody it could be about.
    async fn stranger(&self, decision: &Decision, witness: Witness) -> Result<Entry, Box<Outcome>> {
        let (origin, user_key) = (&decision.origin, &decision.user_key);
        let entry = Entry::seen(origin.clone(), user_key.clone(), self.now());
        if witness == Witness::Nobody {
            return Ok(entry);
        }
        match self.shop.user(origin, user_key).await {
            Ok(Some(user)) if user.key != *user_key => Err(Box::new(Outcome::NoSuchUser)),
            Ok(Some(user)) if decision.candidates_only && !self.is_open_registration(&user) => {
                Err(Box::new(Outcome::Conflict(NO_REGISTRATION.to_owned())))
            }
            // "Not found" counts only from a shop that answers for this origin at all.
            Ok(None) if self.answers_for(origin).await => Err(Box::new(Outcome::NoSuchUser)),
            Err(ShopError::Refused(words) | ShopError::Unreadable(words)) if decision.candidates_only => {
                Err(Box::new(Outcome::Conflict(words)))
            }
            Ok(_) | Err(_) => Ok(entry),
        }
    }

    /// Whether a user could be brought in by `/activate-user` without the ledger knowing it.
    pub(crate) fn is_open_registration(&self, user: &User) -> bool {
        let candidates = Candidates { pattern: &self.shop.settings.user_key_pattern, start_from: None };
        next_step(Observed::Read(user), None, &candidates, self.now()) == Step::Announce
    }

    async fn answers_for(&self, origin: &OriginCode) -> bool {
        let first = std::pin::pin!(user_pages(&self.shop, origin, Query::registered(1, "")));
        futures_util::StreamExt::into_future(first).await.0.is_some_and(|page| page.is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::User;

    fn at(minute: u32) -> DateTime<Utc> {
        format!("2026-03-02T09:{minute:02}:00Z").parse().unwrap()
    }

    fn approve(customer: &str, minute: u32, replace: bool) -> Decision {
        let parties = Parties::Existing(vec![customer.parse().unwrap()]);
        decision(Verdict::Approve(Approval { parties, activation: Activation::Mail, replace }), minute)
    }

    fn decision(verdict: Verdict, minute: u32) -> Decision {
        Decision {
            origin: "SHOP".parse().unwrap(),
            user_key: "u".parse().unwrap(),
            revision: None,
            decided_at: at(minute),
            verdict,
            candidates_only: false,
            inactive_only: false,
        }
    }

    fn entry(state: State) -> Entry {
        Entry { state, ..Entry::seen("SHOP".parse().unwrap(), "u".parse().unwrap(), at(0)) }
    }

    fn linked_to(customer: &str, state: State) -> Entry {
        let user: User =
            serde_json::from_str(r#"{"key":"u","active":false,"authorised_customers":[]}"#).unwrap();
        let Verdict::Approve(approval) = approve(customer, 1, false).verdict else { panic!() };
        let link = Link::intend(&user, &approval, "m1", None, at(1));
        Entry { link: Some(link), ..entry(state) }
    }

    #[test]
    fn the_later_decision_counts_and_of_two_at_once_the_greater_id() {
        let known = DecisionRef { id: "m".to_owned(), decided_at: at(10) };
        let entry = Entry { decision: Some(known), ..entry(State::Approved) };
        for (minute, id, want) in [
            (11, "a", Ruling::Follow),
            (9, "z", Ruling::Superseded),
            (10, "n", Ruling::Follow),
            (10, "l", Ruling::Superseded),
            (10, "m", Ruling::Followed),
        ] {
            assert_eq!(rule(&entry, &approve("C-1", minute, false), id), want, "{id} at :{minute}");
        }
    }

    #[test]
    fn once_a_link_is_intended_only_the_same_customer_or_an_explicit_replacement_goes() {
        let conflict = |ruling| matches!(ruling, Ruling::Conflict(_));
        let entry = linked_to("C-1", State::Linked);
        assert_eq!(rule(&entry, &approve("C-1", 5, false), "x"), Ruling::Followed);
        assert_eq!(rule(&entry, &approve("C-2", 5, true), "x"), Ruling::Follow);
        assert!(conflict(rule(&entry, &approve("C-2", 5, false), "x")));
        assert!(conflict(rule(&entry, &decision(Verdict::Reject(None), 5), "x")));
        assert_eq!(rule(&linked_to("C-1", State::Stuck), &approve("C-1", 5, false), "x"), Ruling::Follow);
    }

    #[test]
    fn a_decision_on_what_is_no_longer_there_is_not_followed() {
        let entry = Entry { revision: 2, ..entry(State::Announced) };
        for (revision, want) in
            [(Some(1), Ruling::ChangedSince), (Some(2), Ruling::Follow), (None, Ruling::Follow)]
        {
            let decision = Decision { revision, ..approve("C-1", 5, false) };
            assert_eq!(rule(&entry, &decision, "x"), want, "{revision:?}");
        }
    }
}

//! One registration in the ledger, and the ways in which it changes. Nothing here touches the database.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::state::{Happened, State};
use crate::{
    key::{OriginCode, UserKey},
    link::Link,
    registration::GONE_AFTER,
    retry::{FIRST_PAUSE, LONGEST_PAUSE, Next, Retry},
    tombstone::{RowKey, Tombstone},
};

/// How long a claim holds without being renewed: longer than the longest call (10 s, repeated once after a renewed token).
pub const CLAIM_LIFE: TimeDelta = TimeDelta::seconds(60);

/// Why an approval of what is no longer there goes to a person.
const CHANGED_SINCE: &str =
    "the applicant has changed the data since it was reviewed: review and decide again";

/// The right to write to the shop and the ERP for one registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whose it is.
    pub token: String,
    /// When it lapses.
    pub until: DateTime<Utc>,
}

/// The decision that counts, in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRef {
    /// Its id in the inbox.
    pub id: String,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
}

/// The line of the timeline that goes with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) what: Happened,
    pub(crate) actor: Option<String>,
    pub(crate) note: Option<String>,
    /// The decision or update that it is about, where that is not the one that counts.
    pub(crate) about: Option<String>,
}

/// One registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its origin.
    pub origin: OriginCode,
    /// Its user.
    pub user_key: UserKey,
    /// Counts the changes; 0 is not stored yet.
    pub version: i64,
    /// How far it is.
    pub state: State,
    /// Counts what the applicant entered, from 1; 0 while no profile was read.
    pub revision: u32,
    /// The last revision that the ERP has accepted.
    pub told: u32,
    /// The fingerprint of the list row at the time of the last reading.
    pub row_print: Option<String>,
    /// The fingerprint of the list row when it was listed last. The scan notes it.
    pub listed_print: Option<String>,
    /// The fingerprint of what the applicant entered.
    pub data_print: Option<String>,
    /// The message of `revision`, frozen.
    pub message: Option<String>,
    /// The decision that counts.
    pub decision: Option<DecisionRef>,
    /// When the rejection was made that was taken back since: what was decided until then counts no more. None once it is decided anew.
    pub taken_back: Option<DateTime<Utc>>,
    /// The last attempt to link.
    pub link: Option<Link>,
    /// Why it is stuck, or why the last try failed.
    pub reason: Option<String>,
    /// Failed tries since the last success.
    pub attempts: u32,
    /// When the first of them was.
    pub failing_since: Option<DateTime<Utc>>,
    /// When the tick has to do something about it.
    pub due_at: Option<DateTime<Utc>>,
    /// When the user was last read by its key.
    pub checked_at: DateTime<Utc>,
    /// When the shop first said "not found".
    pub missing_since: Option<DateTime<Utc>>,
    /// When it came to the ledger.
    pub first_seen: DateTime<Utc>,
    /// Who may write for it.
    pub claim: Option<Claim>,
    /// What remains, if the personal data is erased.
    pub tombstone: Option<Tombstone>,
    pub(crate) event: Option<Told>,
}

impl Entry {
    /// A registration that the shop has just shown.
    #[must_use]
    pub fn seen(origin: OriginCode, user_key: UserKey, now: DateTime<Utc>) -> Self {
        Self {
            origin,
            user_key,
            version: 0,
            state: State::Seen,
            revision: 0,
            told: 0,
            row_print: None,
            listed_print: None,
            data_print: None,
            message: None,
            decision: None,
            taken_back: None,
            link: None,
            reason: None,
            attempts: 0,
            failing_since: None,
            due_at: Some(now),
            checked_at: now,
            missing_since: None,
            first_seen: now,
            claim: None,
            tombstone: None,
            event: Some(Told { what: Happened::Seen, actor: None, note: None, about: None }),
        }
    }

    /// The same, with a line for the timeline.
    #[must_use]
    pub fn telling(mut self, what: Happened, note: Option<String>) -> Self {
        self.event = Some(Told { what, actor: None, note, about: None });
        self
    }

    /// The same, with the name of who brought the last line about.
    #[must_use]
    pub fn by(mut self, actor: &str) -> Self {
        if let Some(event) = &mut self.event {
            event.actor = Some(actor.to_owned());
        }
        self
    }

    /// The same, with the id of the event in the inbox that the last line is about.
    #[must_use]
    pub fn about(mut self, id: &str) -> Self {
        if let Some(event) = &mut self.event {
            event.about = Some(id.to_owned());
        }
        self
    }

    /// The same, with this as the last attempt to link.
    #[must_use]
    pub fn with_link(mut self, link: Option<Link>) -> Self {
        self.link = link;
        self
    }

    /// The same, due at this time, or not at all.
    #[must_use]
    pub fn due(mut self, at: Option<DateTime<Utc>>) -> Self {
        self.due_at = at;
        self
    }

    /// The same, held by nobody.
    #[must_use]
    pub fn freed(mut self) -> Self {
        self.claim = None;
        self
    }

    /// Whether an attempt to link it is settled.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.settled)
    }

    /// Whether the decision that counts is another one than this.
    #[must_use]
    pub fn follows_another(&self, id: &str) -> bool {
        self.decision.as_ref().is_some_and(|known| known.id != id)
    }

    /// Whether nobody holds it.
    #[must_use]
    pub fn is_free(&self, now: DateTime<Utc>) -> bool {
        self.claim.as_ref().is_none_or(|claim| claim.until <= now)
    }

    /// Whether `token` still holds it.
    #[must_use]
    pub fn is_held_by(&self, token: &str) -> bool {
        self.claim.as_ref().is_some_and(|claim| claim.token == token)
    }

    /// Whether it is held at that time still.
    #[must_use]
    pub fn is_held_until(&self, time: DateTime<Utc>) -> bool {
        self.claim.as_ref().is_some_and(|claim| claim.until >= time)
    }

    /// Held by `token` from now on. The work stays due, so that it is found again if the holder dies.
    #[must_use]
    pub fn claimed(mut self, token: &str, now: DateTime<Utc>) -> Self {
        self.claim = Some(Claim { token: token.to_owned(), until: now + CLAIM_LIFE });
        self.due_at = self.due_at.or(Some(now));
        self
    }

    /// Whether nothing is known of it yet but that the list showed it.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.revision == 0 && self.decision.is_none() && self.link.is_none()
    }

    /// Whether the ERP has yet to hear of the last revision.
    #[must_use]
    pub fn has_news(&self) -> bool {
        self.message.is_some() && self.revision > self.told
    }

    /// Whether the ERP is to hear of it now: not once a decision is being followed or the matter is closed.
    #[must_use]
    pub fn is_to_tell(&self) -> bool {
        self.has_news() && matches!(self.state, State::Seen | State::Announced | State::Stuck)
    }

    /// Whether the ERP may have the last revision already, although it has not accepted it.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.has_news() && self.data_print.is_some()
    }

    /// The ERP has refused the last revision, so what the applicant enters next is a new one. The message stays, for who looks into it.
    #[must_use]
    pub fn refused(mut self, reason: impl Into<String>) -> Self {
        self.data_print = None;
        self.stuck(reason)
    }

    /// There is no ERP to tell: it is expected to ask, or to be set later.
    #[must_use]
    pub fn waiting_for_erp(mut self, now: DateTime<Utc>) -> Self {
        self.due_at = Some(now + LONGEST_PAUSE);
        self.claim = None;
        if self.state != State::Seen {
            return self;
        }
        self.state = State::Announced;
        self.telling(Happened::Announced, Some("erp_host is not set: it waits for the ERP to ask".to_owned()))
    }

    /// The shop does not find the user, since `first`: asked again when that is to be believed.
    #[must_use]
    pub fn missing(mut self, first: DateTime<Utc>) -> Self {
        let told = self.missing_since.is_none();
        self.missing_since = Some(first);
        self.due_at = Some(first + GONE_AFTER);
        self.claim = None;
        if told { self.telling(Happened::Missing, None) } else { self }
    }

    /// The shop no longer has the user.
    #[must_use]
    pub fn gone(mut self) -> Self {
        self.missing_since = None;
        let note = Some("the shop does not have the user (any more)".to_owned());
        self.settled(State::Gone).telling(Happened::Gone, note)
    }

    /// The ERP has accepted the last revision. A stuck one stays stuck: it has only been told what there is to see.
    #[must_use]
    pub fn announced(mut self) -> Self {
        let what = if self.told == 0 { Happened::Announced } else { Happened::ChangeAnnounced };
        let (state, reason) = match self.state {
            State::Seen => (State::Announced, None),
            State::Stuck => (State::Stuck, self.reason.take()),
            state => (state, None),
        };
        self = self.settled(state);
        self.told = self.revision;
        self.reason = reason;
        self.telling(what, None)
    }

    /// What was due is done: free, without a failure to remember.
    #[must_use]
    pub fn settled(mut self, state: State) -> Self {
        self.state = state;
        self.reason = None;
        self.attempts = 0;
        self.failing_since = None;
        self.due_at = None;
        self.claim = None;
        self
    }

    /// The user can log in.
    #[must_use]
    pub fn active(self) -> Self {
        // Without a link of ours, somebody else brought it there.
        let note = if self.link.is_some() { None } else { Some("not by this application".to_owned()) };
        self.settled(State::Active).telling(Happened::Active, note)
    }

    /// A person has to look at it.
    #[must_use]
    pub fn stuck(mut self, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        self = self.settled(State::Stuck);
        self.reason = Some(reason.clone());
        self.telling(Happened::Stuck, Some(reason))
    }

    /// The applicant has changed the data since the decision `id` was made: it is spent, and a person has to look.
    #[must_use]
    pub fn changed_since(mut self, id: &str) -> Self {
        self.decision = None;
        self.stuck(CHANGED_SINCE).about(id)
    }

    /// Not tried, because the other side is known to be down: free for a later tick, and no line of the timeline.
    #[must_use]
    pub fn put_off(mut self, now: DateTime<Utc>) -> Self {
        self.due_at = Some(now + FIRST_PAUSE);
        self.claim = None;
        self
    }

    /// A try failed through nobody's fault here: there will be another one after a pause, or a person has to look. Failures stay
    /// counted until a success.
    #[must_use]
    pub fn postponed(mut self, reason: impl Into<String>, wait: Option<Duration>, retry: Retry) -> Self {
        let reason = reason.into();
        self.attempts = self.attempts.saturating_add(1);
        let since = *self.failing_since.get_or_insert(retry.now);
        self.claim = None;
        // What a person has to know about a stuck one is more than why a try failed.
        let hides_more = self.state == State::Stuck;
        let (what, reason) = match retry.next(self.attempts, since, wait) {
            Next::Again(at) => {
                self.due_at = Some(at);
                (Happened::TryFailed, reason)
            }
            Next::GiveUp => {
                self.due_at = None;
                self.state = State::Stuck;
                let (tries, since) = (self.attempts, since.date_naive());
                let given_up = format!("given up after {tries} tries in a row since {since:?}: {reason}");
                (Happened::Stuck, given_up + ". Retry it when the cause is mended")
            }
        };
        if !hides_more {
            self.reason = Some(reason.clone());
        }
        self.telling(what, Some(reason))
    }

    /// The shop has shown what there is to see: failures to read it are over. Those of a delivery or an approval are not.
    #[must_use]
    pub fn read(mut self) -> Self {
        if matches!(self.state, State::Seen | State::Announced | State::Linked) && !self.is_to_tell() {
            self.attempts = 0;
            self.failing_since = None;
            self.reason = None;
        }
        self
    }

    /// It goes on from where it got: a later decision, change or person has ended what was in its way.
    #[must_use]
    pub fn resumed(self, now: DateTime<Utc>) -> Self {
        let state = match (&self.decision, self.told) {
            (Some(_), _) => State::Approved,
            (None, 0) => State::Seen,
            (None, _) => State::Announced,
        };
        self.resumed_as(state, now)
    }

    /// It goes on in `state`, at once and as if nothing had failed.
    #[must_use]
    pub fn resumed_as(mut self, state: State, now: DateTime<Utc>) -> Self {
        self = self.settled(state);
        self.due_at = Some(now);
        self.telling(Happened::Resumed, None)
    }

    /// Without its personal data: what the applicant typed in, what the ERP was told of it, and words that others wrote about it. Keys,
    /// times, the decision's id and the link stay. The ledger erases the rest of it in the same statement.
    #[must_use]
    pub fn erased(mut self, by: &str, key: RowKey, now: DateTime<Utc>) -> Self {
        self.tombstone = Some(Tombstone::of(self.state, self.listed_print.as_deref(), by, key, now));
        self.row_print = None;
        self.listed_print = None;
        self.data_print = None;
        self.message = None;
        self.missing_since = None;
        self.settled(State::Erased).telling(Happened::Erased, None).by(by)
    }

    /// Still erased, in a ledger that had not heard of it.
    #[must_use]
    pub(crate) fn told_anew(self, by: &str) -> Self {
        self.freed().due(None).telling(Happened::Erased, None).by(by)
    }

    /// Still erased, although its row is another one: that one does not bring the person back.
    #[must_use]
    pub fn showing(mut self, row_print: &str) -> Self {
        self.tombstone = self.tombstone.map(|tombstone| tombstone.showing(row_print));
        self
    }

    /// The person has registered anew: it begins as if nobody had ever heard of it, with the next revision. A link stays, for the shop
    /// has it too.
    #[must_use]
    pub fn registered_anew(mut self, row_print: String, now: DateTime<Utc>) -> Self {
        self.row_print = Some(row_print);
        self.told = 0;
        self.decision = None;
        self.taken_back = None;
        self.tombstone = None;
        self.checked_at = now;
        self.resumed_as(State::Seen, now)
    }

    /// Its rejection is taken back. It is read again, and then the ERP is asked about the next revision.
    #[must_use]
    pub fn reopened(mut self, now: DateTime<Utc>) -> Self {
        self.taken_back = self.decision.take().map(|rejection| rejection.decided_at);
        self.message = None;
        self.data_print = None;
        self.resumed(now)
    }

    /// A person wants it tried again. `None` when nothing has failed, or when somebody is at it.
    #[must_use]
    pub fn retried(self, now: DateTime<Utc>) -> Option<Self> {
        let waits = self.attempts > 0 && self.due_at.is_some();
        match self.state {
            _ if !self.is_free(now) => None,
            State::Stuck => Some(self.resumed(now)),
            state if waits => Some(self.resumed_as(state, now)),
            _ => None,
        }
    }
}

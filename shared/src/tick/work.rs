//! Looking at one user: read what the ledger needs to know, and turn it into an entry to store.

use std::time::Duration;

use super::Tick;
use crate::{
    erp::{News, Registration},
    json,
    key::{OriginCode, UserKey},
    ledger::{Entry, Happened, State},
    registration::{Candidates, Observed, Step, next_step},
    send::SendRequest,
    shop::{Profile, ShopError, User},
    sql::Sql,
};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// How long a registration may be without a profile before a person has to look: the shop may write it a little later.
const PROFILE_MAY_FOLLOW: TimeDelta = TimeDelta::hours(1);
/// How often such a profile is asked for.
const PROFILE_PAUSE: TimeDelta = TimeDelta::minutes(10);

/// One user to look at.
pub(super) enum Work {
    /// A new registration, as its row shows it.
    New(Box<User>, String),
    /// A row that does not show enough to know what it is, as it will be known if the user cannot be read.
    Unclear(Box<Entry>),
    /// A known registration that changed, came back, or has waited for long; with its row's fingerprint if it was listed.
    Again(Box<Entry>, Option<String>),
    /// A known registration that may have become active, or be gone.
    Ask(Box<Entry>),
    /// An erased one whose row has changed, with the row's fingerprint.
    Erased(Box<Entry>, String),
    /// One that only has to be stored.
    Known(Box<Entry>),
}

/// Why a known registration is read again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    /// Its row shows a change: the profiles are read too.
    RowChanged,
    /// Its time has come: the profiles are read too.
    Due,
    /// Only whether the user is active or gone matters.
    UserOnly,
}

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    /// Looks at one user. `None` when there is nothing to store.
    pub(super) async fn look(&self, origin: &OriginCode, work: Work) -> Option<Entry> {
        match work {
            Work::New(user, _) if !self.announces(origin) => {
                self.wait_for_start(origin, &user.key, user.create_date.as_deref())
            }
            Work::New(user, print) => {
                let mut entry = Entry::seen(origin.clone(), user.key.clone(), self.app.now());
                entry.row_print = Some(print);
                Some(self.meet(entry, *user).await)
            }
            Work::Unclear(entry) => self.look_closer(*entry).await,
            Work::Again(mut entry, Some(print)) => {
                let (before, tries) = (entry.row_print.replace(print), entry.attempts);
                let stuck = entry.state == State::Stuck;
                let mut seen = self.revisit(*entry, Visit::RowChanged).await;
                // A change that frees a stuck one has to be found again if it could not be read.
                if let Some(entry) = seen.as_mut().filter(|entry| stuck && entry.attempts > tries) {
                    entry.row_print = before;
                }
                seen
            }
            Work::Again(entry, None) => self.revisit(*entry, Visit::Due).await,
            Work::Ask(entry) => self.revisit(*entry, Visit::UserOnly).await,
            Work::Erased(entry, print) => self.look_at_erased(*entry, print).await,
            Work::Known(entry) => Some(*entry),
        }
    }

    /// Only counts somebody whose origin is not started yet.
    fn wait_for_start(
        &self,
        origin: &OriginCode,
        user_key: &UserKey,
        created: Option<&str>,
    ) -> Option<Entry> {
        if self.meets_first(origin, user_key) {
            self.count_waiting(created);
        }
        None
    }

    /// Looks at somebody whose row does not show enough.
    async fn look_closer(&self, entry: Entry) -> Option<Entry> {
        let origin = entry.origin.clone();
        match self.asked(self.app.shop.user(&origin, &entry.user_key).await) {
            Ok(Some(user)) if !self.is_ours(&origin, &user) => None,
            Ok(Some(user)) if self.announces(&origin) => Some(self.meet(entry, user).await),
            Ok(Some(user)) => self.wait_for_start(&origin, &user.key, user.create_date.as_deref()),
            Ok(None) | Err(_) if !self.announces(&origin) => {
                self.wait_for_start(&origin, &entry.user_key, None)
            }
            Ok(None) => Some(missed(entry, self.candidates(&origin), self.app.now())),
            Err(error) => Some(self.unmet(entry, &error)),
        }
    }

    /// Whether a user that was read is a registration to bring in; counts it if not.
    fn is_ours(&self, origin: &OriginCode, user: &User) -> bool {
        match next_step(Observed::Read(user), None, &self.candidates(origin), self.app.now()) {
            Step::Announce => return true,
            Step::TooOld => self.count(|report| report.too_old += 1),
            _ => self.count(|report| report.other_inactive += 1),
        }
        false
    }

    pub(super) fn skip(&self, count: impl FnOnce(&mut super::Report)) -> Option<Entry> {
        self.count(count);
        None
    }

    /// Notes whether the shop answered at all.
    pub(super) fn asked<T>(&self, result: Result<T, ShopError>) -> Result<T, ShopError> {
        self.shop.note(&result);
        result
            .as_ref()
            .err()
            .and_then(ShopError::of_end_point)
            .into_iter()
            .for_each(|fault| self.problem(fault));
        result
    }

    pub(super) async fn profiles(&self, user: &User) -> Result<Vec<Profile>, ShopError> {
        self.asked(self.app.shop.profiles(user).await)
    }

    /// A registration that the ledger does not know.
    async fn meet(&self, entry: Entry, user: User) -> Entry {
        match self.profiles(&user).await {
            Ok(profiles) => self.learnt(entry, &user, &profiles),
            Err(error) => self.unmet(entry, &error),
        }
    }

    /// A registration that the ledger does not know and that cannot be read.
    fn unmet(&self, entry: Entry, error: &ShopError) -> Entry {
        let failed = self.failed_look(entry, error);
        // The first line of the timeline stays the first.
        match failed.state {
            State::Stuck => failed,
            _ => failed.telling(Happened::Seen, Some(error.to_string())),
        }
    }

    /// A registration that the ledger knows, read by its key.
    async fn revisit(&self, entry: Entry, visit: Visit) -> Option<Entry> {
        let now = self.app.now();
        if !entry.is_free(now) {
            return None;
        }
        let candidates = self.candidates(&entry.origin);
        let user = match self.asked(self.app.shop.user(&entry.origin, &entry.user_key).await) {
            Ok(Some(user)) => user,
            Ok(None) => return Some(missed(entry, candidates, now)),
            // It is looked for again by and by; what it waits for does not change.
            Err(_) if visit == Visit::UserOnly => return self.skip(|report| report.postponed += 1),
            Err(error) => return Some(self.failed_look(entry, &error)),
        };
        let step = next_step(Observed::Read(&user), Some(&entry), &candidates, now);
        if step == Step::Finish {
            self.count(|report| report.active += 1);
            return Some(entry.active());
        }
        // Who could not be read when the list showed it was never looked at.
        if entry.is_unread() && !self.is_ours(&entry.origin, &user) {
            self.note_failure(self.app.ledger.forget(&entry).await);
            return None;
        }
        let mut entry = entry;
        entry.missing_since = None;
        entry.checked_at = now;
        if visit == Visit::UserOnly {
            return Some(entry);
        }
        let entry = resumed(entry, visit == Visit::RowChanged, now);
        if !matches!(entry.state, State::Seen | State::Announced) {
            return Some(entry.read());
        }
        match self.profiles(&user).await {
            Ok(profiles) => Some(self.learnt(entry, &user, &profiles)),
            Err(error) => Some(self.failed_look(entry, &error)),
        }
    }

    pub(super) fn learnt(&self, entry: Entry, user: &User, profiles: &[Profile]) -> Entry {
        // Nothing is under way to an ERP that asks by itself: what it is shown next is the new revision.
        let frozen = self.erp.is_some() && entry.is_frozen();
        learnt(entry, user, profiles, self.app.shop.settings.zone, frozen, self.app.now())
    }

    /// An end point's fault leaves the registration for later, a record's fault makes it stuck.
    pub(super) fn failed_look(&self, entry: Entry, error: &ShopError) -> Entry {
        let later = |entry: Entry, wait: Option<Duration>| {
            self.tried(entry.postponed(error.to_string(), wait, self.app.retry()))
        };
        match error {
            ShopError::NoAnswer(_) => later(entry, None),
            ShopError::EndPoint { retry_after, .. } => later(entry, *retry_after),
            ShopError::Refused(words) | ShopError::Unreadable(words) => {
                self.count(|report| report.stuck += 1);
                entry.stuck(words.clone())
            }
        }
    }
}

/// What the registration is after its user and profiles were read.
fn learnt(
    entry: Entry,
    user: &User,
    profiles: &[Profile],
    zone: Tz,
    frozen: bool,
    now: DateTime<Utc>,
) -> Entry {
    let mut entry = entry.read();
    entry.checked_at = now;
    let origin = entry.origin.clone();
    let Some(registration) = Registration::of(&origin, user, profiles, zone) else {
        // What was read once does not go away: the shop will show it again.
        return if entry.revision > 0 {
            entry
        } else if now - entry.first_seen < PROFILE_MAY_FOLLOW {
            entry.due(Some(now + PROFILE_PAUSE)).freed()
        } else {
            entry.stuck("the shop has no profile for this user: ask the applicant to register again")
        };
    };
    let print = registration.print();
    // What the ERP refused has no fingerprint. It may have been accepted since, when somebody had it tried again.
    if entry.data_print.is_none()
        && says(&entry, registration.clone().message(News::Created, entry.revision, now).as_bytes())
    {
        if !entry.has_news() {
            entry.data_print = Some(print);
        }
        return entry;
    }
    // A message that is not delivered yet is frozen: the ERP may have it already. The change is found again after it.
    if entry.data_print.as_ref() == Some(&print) || frozen {
        return entry;
    }
    let revision = entry.revision + 1;
    // Who has rejected it has had it, whether or not its answer came.
    let news = if entry.told == 0 && entry.taken_back.is_none() { News::Created } else { News::Updated };
    let message = Some(registration.message(news, revision, now));
    // Without a message to compare with it is shown anew, and nobody knows of a change.
    let changed = entry.message.is_some();
    entry.revision = revision;
    entry.message = message;
    entry.data_print = Some(print);
    entry.due_at = Some(now);
    if changed { entry.telling(Happened::Changed, None) } else { entry }
}

/// Whether the last message has the same data as this one.
fn says(entry: &Entry, message: &[u8]) -> bool {
    let data = |message: &[u8]| Some(json::value(message).ok()?["data"].take());
    entry.message.as_ref().is_some_and(|said| data(said.as_bytes()) == data(message))
}

/// Not found.
fn missed(mut entry: Entry, candidates: Candidates<'_>, now: DateTime<Utc>) -> Entry {
    entry.checked_at = now;
    let first = entry.missing_since;
    match next_step(Observed::Gone, Some(&entry), &candidates, now) {
        Step::GiveUp => entry.gone(),
        Step::Wait if first.is_none() => entry,
        _ => entry.missing(first.unwrap_or(now)),
    }
}

/// A stuck registration whose row changed, or one that was gone and is back, goes on where it was. What was linked once is not
/// linked again without a new decision: the row may have changed by our own hand, and a mail may be out.
fn resumed(entry: Entry, row_changed: bool, now: DateTime<Utc>) -> Entry {
    let linked = entry.is_linked();
    match entry.state {
        State::Gone if linked => entry.resumed_as(State::Linked, now),
        State::Stuck if linked || !row_changed => entry,
        State::Stuck | State::Gone => entry.resumed(now),
        State::Seen
        | State::Announced
        | State::Approved
        | State::Linked
        | State::Active
        | State::Rejected
        | State::Erased => entry,
    }
}

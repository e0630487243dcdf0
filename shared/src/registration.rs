//! What a registration is to us, and what an observation of it in the shop means.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    ledger::{Entry, State},
    link::Link,
    settings::KeyPattern,
    shop::{Field, User},
    time::ShopTime,
    tombstone::{Shown, Tombstone},
};

/// How long after the first "not found" a second one is believed.
pub const GONE_AFTER: TimeDelta = TimeDelta::hours(1);

/// How long after a user was not found it is asked for again, if the list shows it all the time.
const LOOK_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(10);

/// How the shop showed itself about one user, other than by a row of its list.
#[derive(Debug, Clone, Copy)]
pub enum Observed<'a> {
    /// The user itself, read by its key.
    Read(&'a User),
    /// A complete scan did not show the user. That alone decides nothing.
    Absent,
    /// The shop answered "not found" for the user's key.
    Gone,
}

/// What to do next about one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing: a user that is not ours to bring in (active, linked already, or created by the ERP).
    LeaveAlone,
    /// Nothing: registered before `start_from`.
    TooOld,
    /// Nothing: known, and as far as it can be for now.
    Wait,
    /// Ask for the user by its key: the row does not show enough, or the user left the list.
    ReadUser,
    /// A new registration: read its profile and hand it to the ERP.
    Announce,
    /// Known, but changed or back again: read it anew.
    LookAgain,
    /// Erased, and shown for the first time since: this row is the one to compare with.
    NoteRow,
    /// The user can log in: the work is done.
    Finish,
    /// The shop said "not found" for the first time: remember when.
    MissFirst,
    /// The shop said so again, long enough after: the user is gone.
    GiveUp,
}

/// What of a known registration decides what a row of the list means. A list shows everybody who waits, in every tick: all of a
/// registration would be read for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// How far it is.
    pub state: State,
    /// The fingerprint of its row at the time of the last reading.
    pub row_print: Option<String>,
    /// When the user was last read by its key.
    pub checked_at: DateTime<Utc>,
    /// What remains, if the personal data is erased.
    pub tombstone: Option<Tombstone>,
}

impl Known {
    /// What decides of this one.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self {
            state: entry.state,
            row_print: entry.row_print.clone(),
            checked_at: entry.checked_at,
            tombstone: entry.tombstone.clone(),
        }
    }
}

/// Which users are registrations to bring in.
#[derive(Debug, Clone, Copy)]
pub struct Candidates<'a> {
    /// What a self-registered user's key looks like.
    pub pattern: &'a KeyPattern,
    /// Registrations from before are not announced.
    pub start_from: Option<ShopTime>,
}

impl Candidates<'_> {
    /// Whether an erased user whose row is another one than before has registered anew.
    fn judge_erased(&self, user: &User) -> Step {
        match self.judge(user) {
            Step::Announce | Step::ReadUser => Step::LookAgain,
            _ => Step::Wait,
        }
    }

    /// What a user that the ledger does not know is. The vendor's list also returns users that the ERP created, and telling them
    /// apart is left to us ("New user registration without activation in CloudSuite").
    fn judge(&self, user: &User) -> Step {
        let fresh = match &user.registration {
            Field::Absent => None,
            Field::Empty => Some(false),
            Field::Is(value) => Some(value == "new"),
        };
        let unlinked = match &user.authorised_customers {
            Field::Absent => None,
            Field::Empty => Some(true),
            Field::Is(customers) => Some(customers.is_empty()),
        };
        let inactive = match &user.active {
            Field::Absent | Field::Empty => None,
            Field::Is(active) => Some(!active),
        };
        let told = [fresh, unlinked, inactive];
        if told.contains(&Some(false)) || !self.pattern.fits(&user.key) {
            return Step::LeaveAlone;
        }
        // A user without a readable date is taken: announcing one too many is mended, losing one is not.
        let created = user.create_date.as_deref().and_then(|text| text.parse::<ShopTime>().ok());
        if self.start_from.zip(created).is_some_and(|(start, created)| created < start) {
            return Step::TooOld;
        }
        if told.contains(&None) { Step::ReadUser } else { Step::Announce }
    }
}

/// Decides what a row of the user list means, which may be a short form of the user, with its fingerprint.
#[must_use]
pub fn step_of_row(
    user: &User,
    print: &str,
    known: Option<&Known>,
    candidates: &Candidates<'_>,
    now: DateTime<Utc>,
) -> Step {
    let Some(known) = known else { return candidates.judge(user) };
    match known.state {
        State::Seen | State::Announced | State::Linked if user.is_active() => Step::ReadUser,
        State::Announced | State::Stuck if known.row_print.as_deref() != Some(print) => Step::LookAgain,
        State::Gone if now - known.checked_at >= LOOK_AGAIN_AFTER => Step::LookAgain,
        State::Erased => match known.tombstone.as_ref().map(|tombstone| tombstone.compare(print)) {
            Some(Shown::First) => Step::NoteRow,
            Some(Shown::Other) => candidates.judge_erased(user),
            Some(Shown::Same) | None => Step::Wait,
        },
        State::Seen
        | State::Announced
        | State::Approved
        | State::Linked
        | State::Active
        | State::Rejected
        | State::Gone
        | State::Stuck => Step::Wait,
    }
}

/// Decides what an observation means for a registration that the ledger knows as `entry`, or does not know.
#[must_use]
pub fn next_step(
    observed: Observed<'_>,
    entry: Option<&Entry>,
    candidates: &Candidates<'_>,
    now: DateTime<Utc>,
) -> Step {
    let Some(entry) = entry else {
        return match observed {
            // Asked by key and still not showing all: the list's filters have to do. Announcing one too many is mended.
            Observed::Read(user) => match candidates.judge(user) {
                Step::ReadUser => Step::Announce,
                step => step,
            },
            Observed::Absent | Observed::Gone => Step::LeaveAlone,
        };
    };
    match observed {
        Observed::Read(user) => match entry.state {
            // The click that follows our own link ends no trouble that came after it, such as another customer that could not be linked.
            State::Stuck if entry.link.as_ref().is_some_and(Link::is_known) => Step::Wait,
            // Nor does it carry out a decision that could not be: who was made active by another hand may lack the customer.
            State::Stuck
                if entry.decision.is_some()
                    && !entry.link.as_ref().is_some_and(|link| link.shows_in(user)) =>
            {
                Step::Wait
            }
            State::Seen | State::Announced | State::Linked | State::Stuck if user.is_active() => Step::Finish,
            State::Gone => Step::LookAgain,
            State::Erased => candidates.judge_erased(user),
            // An approved one too: its decision still has to be carried out, and will find the user as it is.
            State::Seen
            | State::Announced
            | State::Approved
            | State::Linked
            | State::Active
            | State::Rejected
            | State::Stuck => Step::Wait,
        },
        Observed::Absent => match entry.state {
            State::Seen | State::Announced | State::Linked | State::Stuck => Step::ReadUser,
            State::Approved | State::Active | State::Rejected | State::Gone | State::Erased => Step::Wait,
        },
        Observed::Gone => match (entry.state, entry.missing_since) {
            (State::Active | State::Rejected | State::Gone | State::Erased, _) => Step::Wait,
            (_, None) => Step::MissFirst,
            (_, Some(first)) if now - first >= GONE_AFTER => Step::GiveUp,
            (_, Some(_)) => Step::Wait,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tombstone::RowKey;

    const UUID: &str = "5b1f0c1e-0000-4000-8000-000000000001";

    fn now() -> DateTime<Utc> {
        "2026-03-02T09:15:00Z".parse().unwrap()
    }

    fn user(json: &str) -> User {
        let fields = json.trim_start_matches('{');
        let comma = if fields == "}" { "" } else { "," };
        serde_json::from_str(&format!(r#"{{"key":"{UUID}"{comma}{fields}"#)).unwrap()
    }

    fn judged<T>(judge: impl FnOnce(&Candidates<'_>) -> T) -> T {
        let pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx".parse().unwrap();
        judge(&Candidates { pattern: &pattern, start_from: Some("2026-01-01".parse().unwrap()) })
    }

    fn step(observed: Observed<'_>, entry: Option<&Entry>) -> Step {
        judged(|candidates| next_step(observed, entry, candidates, now()))
    }

    fn listed(user: &User, print: &str, known: Option<&Known>) -> Step {
        judged(|candidates| step_of_row(user, print, known, candidates, now()))
    }

    #[test]
    fn a_stranger_is_announced_only_as_a_fresh_unlinked_inactive_registration() {
        let fresh = r#""active":false,"registration":"new","authorised_customers":[]"#;
        for (json, want, why) in [
            (format!("{{{fresh}}}"), Step::Announce, "a fresh registration"),
            (
                format!(r#"{{{fresh},"create_date":"2026-02-03T08:15:30.1"}}"#),
                Step::Announce,
                "after the start",
            ),
            (
                format!(r#"{{{fresh},"create_date":"2025-12-31T23:59:59.9"}}"#),
                Step::TooOld,
                "before the start",
            ),
            (
                format!(r#"{{{fresh},"create_date":"odd"}}"#),
                Step::Announce,
                "a date that cannot be read loses nobody",
            ),
            (
                r#"{"active":false,"registration":"new","authorised_customers":null}"#.into(),
                Step::Announce,
                "null is no customer",
            ),
            (
                r#"{"active":false,"registration":"new"}"#.into(),
                Step::ReadUser,
                "a short row says nothing about customers",
            ),
            (
                r#"{"registration":"new","authorised_customers":[]}"#.into(),
                Step::ReadUser,
                "nor about being active",
            ),
            (r#"{"active":true,"registration":"new"}"#.into(), Step::LeaveAlone, "active"),
            (
                r#"{"active":false,"registration":"new","authorised_customers":["C-1"]}"#.into(),
                Step::LeaveAlone,
                "linked",
            ),
            (
                r#"{"active":false,"registration":"","authorised_customers":[]}"#.into(),
                Step::LeaveAlone,
                "not a registration",
            ),
            (
                r#"{"active":false,"registration":null,"authorised_customers":[]}"#.into(),
                Step::LeaveAlone,
                "nor this",
            ),
        ] {
            assert_eq!(listed(&user(&json), "p", None), want, "{why}: {json}");
        }
        let mut by_erp = user(&format!("{{{fresh}}}"));
        by_erp.key = "ERP-100".parse().unwrap();
        assert_eq!(listed(&by_erp, "p", None), Step::LeaveAlone, "a key that the shop does not make");
        assert_eq!(
            step(Observed::Read(&user("{}")), None),
            Step::Announce,
            "a shop that never shows these fields loses nobody"
        );
    }

    /// What each observation means in each state, as one table.
    #[test]
    fn a_known_registration_goes_on_from_where_it_is() {
        let (inactive, active) = (user(r#"{"active":false}"#), user(r#"{"active":true}"#));
        let mut entry = Entry::seen("SHOP".parse().unwrap(), UUID.parse().unwrap(), now());
        let mut table = Vec::new();
        for &state in State::ALL {
            entry.state = state;
            let erased = || Tombstone::of(State::Announced, Some("same"), "anna", RowKey::of([1, 2]), now());
            let known = Known {
                state,
                row_print: Some("same".to_owned()),
                checked_at: now() - LOOK_AGAIN_AFTER,
                tombstone: (state == State::Erased).then(erased),
            };
            let steps = [
                ("listed", listed(&inactive, "same", Some(&known))),
                ("changed", listed(&inactive, "other", Some(&known))),
                ("read", step(Observed::Read(&inactive), Some(&entry))),
                ("active", step(Observed::Read(&active), Some(&entry))),
                ("absent", step(Observed::Absent, Some(&entry))),
                ("gone", step(Observed::Gone, Some(&entry))),
            ]
            .map(|(name, step)| format!("{name}: {:<10}", format!("{step:?}")));
            let row = format!("{:<10}{}", state.as_str(), steps.join(" "));
            table.push(row.trim_end().to_owned());
        }
        insta::assert_snapshot!(table.join("\n"), @r"
        seen      listed: Wait       changed: Wait       read: Wait       active: Finish     absent: ReadUser   gone: MissFirst
        announced listed: Wait       changed: LookAgain  read: Wait       active: Finish     absent: ReadUser   gone: MissFirst
        approved  listed: Wait       changed: Wait       read: Wait       active: Wait       absent: Wait       gone: MissFirst
        linked    listed: Wait       changed: Wait       read: Wait       active: Finish     absent: ReadUser   gone: MissFirst
        active    listed: Wait       changed: Wait       read: Wait       active: Wait       absent: Wait       gone: Wait
        rejected  listed: Wait       changed: Wait       read: Wait       active: Wait       absent: Wait       gone: Wait
        gone      listed: LookAgain  changed: LookAgain  read: LookAgain  active: LookAgain  absent: Wait       gone: Wait
        stuck     listed: Wait       changed: LookAgain  read: Wait       active: Finish     absent: ReadUser   gone: MissFirst
        erased    listed: Wait       changed: LookAgain  read: LookAgain  active: Wait       absent: Wait       gone: Wait
        ");
    }

    #[test]
    fn not_found_counts_only_twice_and_an_hour_apart() {
        let mut entry = Entry::seen("SHOP".parse().unwrap(), UUID.parse().unwrap(), now());
        for (since, want) in [(None, Step::MissFirst), (Some(59), Step::Wait), (Some(60), Step::GiveUp)] {
            entry.missing_since = since.map(|minutes| now() - TimeDelta::minutes(minutes));
            assert_eq!(step(Observed::Gone, Some(&entry)), want, "{since:?} minutes ago");
        }
    }
}

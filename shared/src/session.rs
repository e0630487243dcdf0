//! Who is signed in to the console. A token of `api_tokens` is exchanged for a session, and the browser keeps a random id of it
//! and never the token.
//!
//! The ledger keeps neither. It has a hash of the id, and a hash of id and token together: so the session ends when the token is no
//! longer set, has the scopes that the token has now, and whoever reads the ledger can try no guesses of a token.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use subtle::ConstantTimeEq as _;

use crate::{
    access::{ApiTokens, Granted},
    print::print,
    secret::Secret,
};

/// How long a session lasts, however much it is used.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// How long it lasts without being used.
pub const IDLE: TimeDelta = TimeDelta::minutes(30);
/// How long a code for signing in is good.
pub const CODE_LIFE: TimeDelta = TimeDelta::minutes(10);
/// Using a session is not noted more often: each note is a write.
const NOTED: TimeDelta = TimeDelta::minutes(1);

/// 256 random bits that open something: a session, or once the door to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket(Secret);

impl Ticket {
    /// A new one, from chance.
    #[must_use]
    pub fn of(chance: [u64; 4]) -> Self {
        Self(Secret::new(chance.map(|part| format!("{part:016x}")).concat()))
    }

    /// Reads one that came back.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let fits = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(Secret::new(text)))
    }

    /// The ticket itself, for the one who gets it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    /// What the ledger knows it by.
    pub(crate) fn print(&self) -> String {
        self.derived(b"ticket", b"")
    }

    /// What binds it to a token.
    pub(crate) fn bound_to(&self, token: &Secret) -> String {
        self.derived(b"token", token.reveal().as_bytes())
    }

    /// What each form of a page has, so that no other site can send one: it follows from the session, and the session not from it.
    #[must_use]
    pub fn form_secret(&self) -> String {
        self.derived(b"form", b"")
    }

    /// Whether this is what [`Ticket::form_secret`] gave.
    #[must_use]
    pub fn is_form_secret(&self, given: &str) -> bool {
        self.form_secret().as_bytes().ct_eq(given.as_bytes()).into()
    }

    fn derived(&self, what: &[u8], more: &[u8]) -> String {
        print(&[what, self.reveal().as_bytes(), more])
    }
}

impl fmt::Display for Ticket {
    /// Hidden, as in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(…)")
    }
}

/// What the ledger keeps of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What binds it to its token.
    pub(crate) bound: String,
    /// When it was begun.
    pub(crate) begun_at: DateTime<Utc>,
    /// When it ends, unless it is used.
    pub(crate) lapses_at: DateTime<Utc>,
}

impl Session {
    /// One that begins now.
    #[must_use]
    pub fn begin(ticket: &Ticket, token: &Granted<'_>, now: DateTime<Utc>) -> Self {
        Self { bound: ticket.bound_to(token.secret), begun_at: now, lapses_at: now + IDLE }
    }

    /// The token that it was begun with, if that one is still set.
    #[must_use]
    pub fn granted<'a>(&self, ticket: &Ticket, tokens: &'a ApiTokens) -> Option<Granted<'a>> {
        tokens.bound(ticket, &self.bound)
    }

    /// When it ends after being used now; `None` if that is hardly later than it was.
    #[must_use]
    pub fn renewed(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let lapses_at = (now + IDLE).min(self.begun_at + LONGEST);
        (lapses_at - self.lapses_at >= NOTED).then_some(lapses_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Scope;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[test]
    fn a_ticket_comes_back_whole_and_does_not_show_itself() {
        let ticket = Ticket::of([1, 2, u64::MAX, 0]);
        assert_eq!(Ticket::read(ticket.reveal()), Some(ticket.clone()));
        assert!(!format!("{ticket} {ticket:?}").contains("ffff"));
        for other in ["", "0", &"0".repeat(63), &"A".repeat(64), &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(Ticket::read(other), None, "{other}");
        }
    }

    #[test]
    fn forms_of_one_session_are_not_those_of_another() {
        let (one, other) = (Ticket::of([1; 4]), Ticket::of([2; 4]));
        assert!(one.is_form_secret(&one.form_secret()));
        for wrong in [other.form_secret(), one.print(), String::new(), one.reveal().to_owned()] {
            assert!(!one.is_form_secret(&wrong), "{wrong}");
        }
    }

    #[test]
    fn a_session_has_the_scopes_of_its_token_and_ends_with_it() {
        let tokens =
            ApiTokens::parse("anna:read:aaaaaaaaaaaaaaaaaaaaaaaa,bert:tick:bbbbbbbbbbbbbbbbbbbbbbbb")
                .unwrap();
        let ticket = Ticket::of([7; 4]);
        let session = Session::begin(&ticket, &tokens.known("aaaaaaaaaaaaaaaaaaaaaaaa").unwrap(), at(0));
        let granted = session.granted(&ticket, &tokens).unwrap();
        assert_eq!(
            (granted.name, granted.may(Scope::Read), granted.may(Scope::Decide)),
            ("anna", true, false)
        );
        let more = ApiTokens::parse("anna:read+decide:aaaaaaaaaaaaaaaaaaaaaaaa").unwrap();
        assert!(session.granted(&ticket, &more).unwrap().may(Scope::Decide));
        let removed = ApiTokens::parse("anna:read:cccccccccccccccccccccccc").unwrap();
        assert!(session.granted(&ticket, &removed).is_none());
        assert!(session.granted(&Ticket::of([8; 4]), &tokens).is_none(), "another ticket does not open it");
    }

    #[test]
    fn a_session_lasts_while_it_is_used_and_no_longer_than_a_day_of_work() {
        let tokens = ApiTokens::parse("anna:read:aaaaaaaaaaaaaaaaaaaaaaaa").unwrap();
        let mut session =
            Session::begin(&Ticket::of([7; 4]), &tokens.known("aaaaaaaaaaaaaaaaaaaaaaaa").unwrap(), at(0));
        assert_eq!(session.lapses_at, at(30));
        assert_eq!(session.renewed(at(0)), None);
        assert_eq!(session.renewed(at(10)), Some(at(40)));
        session.lapses_at = at(11 * 60 + 50);
        assert_eq!(session.renewed(at(11 * 60 + 45)), Some(at(12 * 60)));
        session.lapses_at = at(12 * 60);
        assert_eq!(session.renewed(at(12 * 60 - 1)), None);
    }
}

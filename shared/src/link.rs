//! Linking a user to its customers and triggering the mail, exactly once per requested attempt.
//!
//! The shop's PATCH has a side effect that nobody can take back, and its answer can be lost. So the intent is stored before the call,
//! together with what the user looked like right before; after silence the user is read again, and only what that shows is believed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    decision::{Activation, Approval},
    key::CustomerKey,
    shop::{User, UserPatch},
};

/// What is known about the activation mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mail {
    /// No mail belongs to this link.
    NotWanted,
    /// The trigger is about to be sent, or was sent without an answer.
    Intended,
    /// The shop confirmed the trigger.
    Confirmed,
    /// No answer came, but the user was linked by this attempt, so the trigger in the same call counts as done.
    Presumed,
    /// No answer came, and what the shop shows does not tell: a person has to choose.
    Unknown,
}

/// One attempt to link, as it stands in the ledger. While one exists, the decision behind it cannot be turned into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Counts the attempts, from 1.
    pub attempt: u32,
    /// The id of the decision behind it; `None` for one that a version wrote which did not remember it.
    #[serde(default)]
    pub decision: Option<String>,
    /// When the intent was stored.
    pub intended_at: DateTime<Utc>,
    /// The customers that this attempt adds.
    pub customers: Vec<CustomerKey>,
    /// The customers that the user had right before.
    pub customers_before: Vec<CustomerKey>,
    /// Whether only `customers` shall remain, instead of both.
    pub replace: bool,
    /// What the same call does besides linking. A user who is active already is linked and nothing else.
    pub activation: Activation,
    /// Whether an answer, or a reading after the silence, has settled the attempt.
    pub settled: bool,
    /// The mail that belongs to the decision: of this attempt, or of an earlier one.
    pub mail: Mail,
}

/// What a reading of the user after an unanswered attempt shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterSilence {
    /// The attempt happened.
    Happened,
    /// It did not: it can be repeated.
    DidNot,
    /// It cannot be told: somebody else linked the user as well. A person has to choose.
    CannotTell,
}

impl Link {
    /// The attempt to carry out `approval`, the decision with the id `decision`, that follows from what the user looks like right
    /// now.
    #[must_use]
    pub fn intend(
        user: &User,
        approval: &Approval,
        decision: &str,
        earlier: Option<&Self>,
        now: DateTime<Utc>,
    ) -> Self {
        let mailed = earlier.filter(|link| link.has_mailed() && link.is_of(decision, approval));
        let (activation, mail) = match (mailed, approval.activation) {
            // A decision has one mail.
            (Some(link), _) => (Activation::None, link.mail),
            // Never send `active` or `registration` for an active user: it would lock a customer out.
            (None, _) if user.is_active() => (Activation::None, Mail::NotWanted),
            (None, Activation::Mail) => (Activation::Mail, Mail::Intended),
            (None, wanted @ (Activation::None | Activation::Direct)) => (wanted, Mail::NotWanted),
        };
        Self {
            attempt: earlier.map_or(1, |link| link.attempt + 1),
            decision: Some(decision.to_owned()),
            intended_at: now,
            customers: approval.parties.keys(),
            customers_before: user.customers().to_vec(),
            replace: approval.replace,
            activation,
            settled: false,
            mail,
        }
    }

    /// The attempt to carry out `approval` that may have been made in the time that a restored ledger has lost, as if its intent had
    /// been stored at its return: of the customers that the user has now, those count as linked by it that it was to link and that
    /// the ledger does not know of.
    #[must_use]
    pub fn lost(
        user: &User,
        approval: &Approval,
        decision: &str,
        earlier: Option<&Self>,
        restored_at: DateTime<Utc>,
    ) -> Self {
        let known = earlier
            .map_or(&[][..], |link| if link.settled { &link.customers[..] } else { &link.customers_before });
        let mut link = Self::intend(user, approval, decision, earlier, restored_at);
        let before =
            user.customers().iter().filter(|key| !link.customers.contains(key) || known.contains(key));
        link.customers_before = before.cloned().collect();
        link
    }

    /// Whether a mail is out, as far as anybody knows.
    pub(crate) fn has_mailed(&self) -> bool {
        matches!(self.mail, Mail::Confirmed | Mail::Presumed)
    }

    /// Whether it was made for this decision. One that does not remember its decision was, if it is what the decision asks for.
    fn is_of(&self, decision: &str, approval: &Approval) -> bool {
        self.decision.as_ref().map_or(self.is_for(approval), |own| own == decision)
    }

    /// Whether `wanted` asks for something that neither this attempt nor an earlier one of its decision has brought about.
    #[must_use]
    pub fn lacks(&self, wanted: Activation) -> bool {
        match wanted {
            Activation::None => false,
            Activation::Mail => self.activation != Activation::Mail && !self.has_mailed(),
            Activation::Direct => self.activation != Activation::Direct,
        }
    }

    /// The complete list that the user shall have: whether the shop replaces or extends its own is not documented.
    fn complete_list(&self) -> Vec<CustomerKey> {
        let kept = self.customers_before.iter().filter(|key| !self.replace && !self.customers.contains(key));
        kept.chain(&self.customers).cloned().collect()
    }

    /// The call.
    #[must_use]
    pub fn patch(&self) -> UserPatch {
        let list = self.complete_list();
        match self.activation {
            Activation::None => UserPatch::link(list),
            Activation::Mail => UserPatch::link_and_mail(list),
            Activation::Direct => UserPatch::link_and_activate(list),
        }
    }

    /// The attempt after the shop's confirmation ([`Mail::Confirmed`]) or a reading that shows it ([`Mail::Presumed`]).
    #[must_use]
    pub fn settled(self, mail: Mail) -> Self {
        Self { settled: true, ..self.with_mail(mail) }
    }

    /// The attempt of which nobody can tell what became: only a new decision goes on from here.
    #[must_use]
    pub fn unknown(self) -> Self {
        self.settled(Mail::Unknown)
    }

    /// Whether everything is known about the attempt: it happened, and its mail, if one belongs to it, is on its way.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.settled && self.mail != Mail::Unknown
    }

    /// Whether this attempt is what an approval asks for.
    #[must_use]
    pub fn is_for(&self, approval: &Approval) -> bool {
        self.customers == approval.parties.keys()
            && self.replace == approval.replace
            && self.activation == approval.activation
    }

    fn with_mail(mut self, mail: Mail) -> Self {
        if self.activation == Activation::Mail {
            self.mail = mail;
        }
        self
    }

    /// The same, of this decision.
    #[must_use]
    pub(crate) fn of(mut self, decision: &str) -> Self {
        self.decision = Some(decision.to_owned());
        self
    }

    /// What the user, read after the silence, says about the attempt.
    #[must_use]
    pub fn after_silence(&self, user: &User) -> AfterSilence {
        let all_linked = self.shows_in(user);
        let one_was_absent = !self.adds_nobody();
        // Without a mail nothing is lost by doing it again: done is done, and anything else may be repeated. Linked by another hand
        // meanwhile, the user is not active.
        let done = match self.activation {
            Activation::None => Some(all_linked && !self.left_over(user)),
            Activation::Direct => Some(all_linked && user.is_active()),
            Activation::Mail => None,
        };
        if let Some(done) = done {
            return if done { AfterSilence::Happened } else { AfterSilence::DidNot };
        }
        match (all_linked, one_was_absent) {
            (true, true) => AfterSilence::Happened,
            // Nothing of it arrived.
            (false, _) if user.customers() == self.customers_before => AfterSilence::DidNot,
            (true, false) | (false, _) => AfterSilence::CannotTell,
        }
    }

    /// Whether the user has all customers of this attempt.
    #[must_use]
    pub fn shows_in(&self, user: &User) -> bool {
        self.customers.iter().all(|key| user.customers().contains(key))
    }

    /// Whether the user had all customers of this attempt before: it was about the mail alone.
    #[must_use]
    pub fn adds_nobody(&self) -> bool {
        self.customers.iter().all(|key| self.customers_before.contains(key))
    }

    /// Whether a reading after a `replace` shows that the shop extended its list instead.
    #[must_use]
    pub fn left_over(&self, user: &User) -> bool {
        self.replace && user.customers().iter().any(|key| !self.customers.contains(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Parties;

    fn keys(names: &[&str]) -> Vec<CustomerKey> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    fn user(customers: &[&str], active: bool) -> User {
        let json = serde_json::json!({"key": "u", "active": active, "authorised_customers": customers});
        serde_json::from_value(json).unwrap()
    }

    fn approval(customers: &[&str], activation: Activation) -> Approval {
        Approval { parties: Parties::Existing(keys(customers)), activation, replace: false }
    }

    fn intend(before: &User, customers: &[&str], wanted: Activation) -> Link {
        Link::intend(before, &approval(customers, wanted), "m1", None, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn the_patch_carries_the_union_and_never_touches_an_active_user() {
        for (before, active, wanted, want) in [
            (
                &[][..],
                false,
                Activation::Mail,
                r#"{"authorised_customers":["C-2"],"registration":"new","active":false}"#,
            ),
            (
                &["C-1"],
                false,
                Activation::Mail,
                r#"{"authorised_customers":["C-1","C-2"],"registration":"new","active":false}"#,
            ),
            (&["C-2"], false, Activation::None, r#"{"authorised_customers":["C-2"]}"#),
            (&["C-1"], false, Activation::Direct, r#"{"authorised_customers":["C-1","C-2"],"active":true}"#),
            (&["C-1"], true, Activation::Mail, r#"{"authorised_customers":["C-1","C-2"]}"#),
            (&[], true, Activation::Direct, r#"{"authorised_customers":["C-2"]}"#),
        ] {
            let link = intend(&user(before, active), &["C-2"], wanted);
            assert_eq!(serde_json::to_string(&link.patch()).unwrap(), want, "{before:?} {active} {wanted:?}");
        }
    }

    #[test]
    fn after_silence_only_what_the_shop_shows_is_believed() {
        for (before, wanted, after, want, why) in [
            (
                &[][..],
                Activation::Mail,
                &["C-2"][..],
                AfterSilence::Happened,
                "the link is new, so the call arrived",
            ),
            (&[], Activation::Mail, &[], AfterSilence::DidNot, "nothing changed"),
            (
                &["C-2"],
                Activation::Mail,
                &["C-2"],
                AfterSilence::CannotTell,
                "linked by hand before: the mail is unknown",
            ),
            (&[], Activation::Mail, &["C-9"], AfterSilence::CannotTell, "somebody else linked it meanwhile"),
            (&["C-1"], Activation::Direct, &["C-1"], AfterSilence::DidNot, "nothing changed"),
            (&[], Activation::Direct, &["C-2"], AfterSilence::DidNot, "linked by hand, and not active"),
            (&["C-2"], Activation::None, &["C-2"], AfterSilence::Happened, "a link alone has no side effect"),
            (&[], Activation::None, &["C-9"], AfterSilence::DidNot, "and may be repeated"),
        ] {
            let link = intend(&user(before, false), &["C-2"], wanted);
            assert_eq!(link.after_silence(&user(after, false)), want, "{why}");
        }
    }

    #[test]
    fn the_mail_is_known_by_how_it_was_settled() {
        let link = intend(&user(&[], false), &["C-2"], Activation::Mail);
        assert_eq!(link.clone().settled(Mail::Confirmed).mail, Mail::Confirmed);
        assert_eq!(link.settled(Mail::Presumed).mail, Mail::Presumed);
        let alone = intend(&user(&[], true), &["C-2"], Activation::Mail);
        assert_eq!(alone.settled(Mail::Confirmed).mail, Mail::NotWanted);
    }

    #[test]
    fn a_decision_whose_mail_is_out_is_linked_again_without_one() {
        let wanted = approval(&["C-2"], Activation::Mail);
        for (decision, mail, want, why) in [
            (Some("m1"), Mail::Confirmed, Activation::None, "its mail is out"),
            (Some("m1"), Mail::Presumed, Activation::None, "it counts as out"),
            (Some("m1"), Mail::Unknown, Activation::Mail, "nobody knows: the retry is a person's choice"),
            (Some("m0"), Mail::Confirmed, Activation::Mail, "that was another decision's mail"),
            (None, Mail::Confirmed, Activation::None, "an older version's link to the same customers"),
        ] {
            let first = intend(&user(&[], false), &["C-2"], Activation::Mail).settled(mail);
            let first = Link { decision: decision.map(str::to_owned), ..first };
            let link =
                Link::intend(&user(&["C-2"], false), &wanted, "m1", Some(&first), DateTime::UNIX_EPOCH);
            assert_eq!((link.activation, link.attempt), (want, 2), "{why}");
            if want == Activation::None {
                assert_eq!(link.settled(Mail::Confirmed).mail, mail, "what is known of the mail stays");
            }
        }
    }
}

//! The user's link and the mail, in the shop: see [`crate::link`] for what is decided there.

use super::{Halt, Work};
use crate::{
    decision::Approval,
    ledger::{Entry, Happened, State},
    link::{AfterSilence, Link, Mail},
    send::SendRequest,
    shop::{ShopError, User},
    sql::Sql,
};

impl<H: SendRequest, S: Sql> Work<'_, H, S> {
    /// What became of an attempt that got no answer.
    pub(super) async fn after_silence(&mut self, link: Link, user: &User) -> Result<(), Halt> {
        let ask_at = link.intended_at + self.app.shop.settings.doubt_wait;
        if self.app.now() < ask_at {
            return Err(self.end(|entry| Entry { due_at: Some(ask_at), claim: None, ..entry }));
        }
        match link.after_silence(user) {
            AfterSilence::DidNot => Ok(()),
            AfterSilence::Happened => self.linked(link.settled(Mail::Presumed), user).await,
            AfterSilence::CannotTell => {
                let reason =
                    "linked elsewhere, mail unknown: check in the shop whether the person can log in";
                Err(self.end(|entry| Entry { link: Some(link.unknown()), ..entry.stuck(reason) }))
            }
        }
    }

    /// Links the user, and triggers the mail in the same call.
    pub(super) async fn link(&mut self, approval: &Approval) -> Result<(), Halt> {
        // Right before the call: what this shows decides what may be sent, and is stored with the intent.
        let user = self.user().await?;
        let earlier = self.entry.link.clone();
        let keys = approval.parties.keys();
        let now = self.app.now();
        let link = Link::intend(&user, &keys, approval.replace, approval.activation, earlier.as_ref(), now);
        let note = if user.is_active() { "the user is active already: linked without a mail" } else { "" };
        let note = (!note.is_empty()).then(|| note.to_owned());
        let token = self.token.clone();
        self.change(|entry| {
            let entry = Entry { link: Some(link.clone()), ..entry.claimed(&token, now) };
            entry.telling(Happened::LinkIntended, note.clone())
        })
        .await?;

        match self.app.shop.patch_user(&self.entry.origin, &self.entry.user_key, &link.patch()).await {
            Ok(()) => {}
            Err(ShopError::Refused(words) | ShopError::Unreadable(words)) => {
                // Refused is not done: the intent is withdrawn, so that another decision can follow.
                return Err(self.end(|entry| Entry { link: earlier, ..entry.stuck(words) }));
            }
            Err(error @ (ShopError::NoAnswer(_) | ShopError::EndPoint { .. })) => {
                let (ask_at, now) = (link.intended_at + self.app.shop.settings.doubt_wait, self.app.now());
                return Err(self.end(|entry| {
                    let entry = entry.postponed(error.to_string(), None, now);
                    Entry { due_at: Some(ask_at), ..entry }
                }));
            }
        }
        if approval.replace {
            let read = self.user().await?;
            if link.left_over(&read) {
                let reason = "the shop kept the customers that were to be removed: remove them in the shop";
                return Err(self.end(|entry| Entry {
                    link: Some(link.settled(Mail::Confirmed)),
                    ..entry.stuck(reason)
                }));
            }
        }
        self.linked(link.settled(Mail::Confirmed), &user).await
    }

    async fn linked(&mut self, link: Link, user: &User) -> Result<(), Halt> {
        let active = user.is_active();
        self.change(|entry| {
            let note = match link.mail {
                Mail::NotWanted => None,
                Mail::Intended | Mail::Unknown => Some("mail unknown".to_owned()),
                Mail::Confirmed => Some("mail triggered".to_owned()),
                Mail::Presumed => Some("mail presumed: the call was done, its answer was lost".to_owned()),
            };
            let state = if active { State::Active } else { State::Linked };
            Entry { link: Some(link.clone()), ..entry.settled(state) }.telling(Happened::Linked, note)
        })
        .await
    }
}

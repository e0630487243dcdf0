//! The user's link and the mail, in the shop: see [`crate::link`] for what is decided there.

use super::{Halt, Work};
use crate::{
    correction::CAN_LOG_IN,
    decision::{Activation, Approval, Decision},
    ledger::{Entry, Happened, Restored, State},
    link::{AfterSilence, Link, Mail},
    send::SendRequest,
    shop::{ShopError, User},
    sql::Sql,
};

impl<H: SendRequest, S: Sql> Work<'_, H, S> {
    /// What became of an attempt that got no answer.
    pub(super) async fn after_silence(
        &mut self,
        link: Link,
        user: &User,
        approval: &Approval,
    ) -> Result<(), Halt> {
        let ask_at = link.intended_at + self.app.shop.settings.doubt_wait;
        if self.app.now() < ask_at {
            return Err(self.end(|entry| entry.due(Some(ask_at)).freed()));
        }
        match link.after_silence(user) {
            AfterSilence::DidNot => Ok(()),
            AfterSilence::Happened if link.is_for(approval) => {
                self.linked(link.settled(Mail::Presumed), user).await
            }
            // It happened, but a newer decision wants something else: that comes next.
            AfterSilence::Happened => {
                let link = link.settled(Mail::Presumed);
                self.change(&|entry| entry.with_link(Some(link.clone()))).await
            }
            AfterSilence::CannotTell => {
                let reason = if link.adds_nobody() {
                    "linked before, mail unknown: ask the person whether a new one has come before you retry it"
                } else {
                    "linked elsewhere, mail unknown: check in the shop whether the person can log in"
                };
                Err(self.end(|entry| entry.stuck(reason).with_link(Some(link.unknown()))))
            }
        }
    }

    /// After the ledger came back from a copy, what was decided before waits until a later decision would be here again. Gives the
    /// return, if the user may have been linked without the ledger knowing.
    pub(super) async fn wait_after_return(&self, decision: &Decision) -> Result<Option<Restored>, Halt> {
        let Some(restored) = self.app.ledger.restored().await? else { return Ok(None) };
        let decided_at = decision.decided_at;
        // What a person puts right is asked for here, by the ledger that came back, and about what that knows.
        if decision.inactive_only && decided_at > restored.at {
            return Ok(None);
        }
        let until = restored.waits_until(decided_at, self.app.shop.settings.doubt_wait);
        if let Some(until) = until.filter(|until| self.app.now() < *until) {
            return Err(self.end(|entry| entry.due(Some(until)).freed()));
        }
        Ok(Some(restored).filter(|restored| restored.may_hide_link(&self.entry, decided_at)))
    }

    /// What became of an attempt that the ledger has lost, if there was one. Only a mail must not be sent again. Whoever has linked the
    /// user had written the customer before, so what looks as it was decided is ours.
    pub(super) async fn after_return(
        &mut self,
        restored: Restored,
        user: &User,
        decision: &Decision,
        (id, approval): (&str, &Approval),
    ) -> Result<(), Halt> {
        let lost = Link::lost(user, approval, id, self.entry.link.as_ref(), restored.at);
        if lost.activation != Activation::Mail {
            return Ok(());
        }
        self.after_silence(lost, user, approval).await?;
        if self.entry.state != State::Approved {
            let Entry { origin, user_key, .. } = &self.entry;
            self.app.ledger.confirm_parties(origin, user_key, decision.decided_at).await?;
        }
        Ok(())
    }

    /// Links the user, and triggers the mail in the same call.
    pub(super) async fn link(
        &mut self,
        id: &str,
        decision: &Decision,
        approval: &Approval,
    ) -> Result<(), Halt> {
        // Right before the call: what this shows decides what may be sent, and is stored with the intent.
        let user = self.user().await?;
        if decision.inactive_only && user.is_active() {
            let note = format!("{CAN_LOG_IN}: nothing was changed");
            return Err(self.end(|entry| entry.settled(State::Active).telling(Happened::Active, Some(note))));
        }
        if approval.activation != Activation::None && user.active.value().is_none() {
            let reason = "the shop does not show whether the user is active, so no mail can be sent without risk: link it in the shop";
            return Err(self.end(|entry| entry.stuck(reason)));
        }
        let earlier = self.entry.link.clone();
        let now = self.app.now();
        let link = Link::intend(&user, approval, id, earlier.as_ref(), now);
        let note = user.is_active().then(|| "the user is active already: linked without a mail".to_owned());
        if self.app.shop.http.dry().is_some() {
            // The port notes it. An intent that is stored for nothing would stand in the way of another decision.
            let _ = self.app.shop.patch_user(&self.entry.origin, &self.entry.user_key, &link.patch()).await;
            return Ok(());
        }
        let token = self.token.clone();
        self.change(&|entry| {
            let entry = entry.claimed(&token, now).with_link(Some(link.clone()));
            entry.telling(Happened::LinkIntended, note.clone())
        })
        .await?;

        match self.app.shop.patch_user(&self.entry.origin, &self.entry.user_key, &link.patch()).await {
            Ok(()) => {}
            Err(ShopError::Refused(words) | ShopError::Unreadable(words)) => {
                // Refused is not done: the intent is withdrawn, so that another decision can follow.
                return Err(self.end(|entry| entry.stuck(words).with_link(earlier)));
            }
            Err(error @ (ShopError::NoAnswer(_) | ShopError::EndPoint { .. })) => {
                let (ask_at, retry) =
                    (link.intended_at + self.app.shop.settings.doubt_wait, self.app.retry());
                let wait = match &error {
                    ShopError::EndPoint { retry_after, .. } => *retry_after,
                    ShopError::NoAnswer(_) | ShopError::Refused(_) | ShopError::Unreadable(_) => None,
                };
                let mut entry = self.entry.clone().postponed(error.to_string(), wait, retry);
                entry.due_at = entry.due_at.map(|due| due.max(ask_at));
                return Err(Halt::End(Box::new(entry), error.of_end_point()));
            }
        }
        let link = link.settled(Mail::Confirmed);
        if approval.replace {
            // The mail is out, whatever becomes of the reading.
            self.change(&|entry| entry.with_link(Some(link.clone()))).await?;
        }
        // Only a removal has to be seen to be believed.
        let shown = if approval.replace { self.user().await? } else { user };
        self.linked(link, &shown).await
    }

    /// The attempt happened, and the shop shows the user like this.
    async fn linked(&mut self, link: Link, user: &User) -> Result<(), Halt> {
        if link.left_over(user) {
            let reason = "the shop kept the customers that were to be removed: remove them in the shop";
            return Err(self.end(|entry| entry.stuck(reason).with_link(Some(link))));
        }
        let active = user.is_active();
        self.change(&|entry| {
            let note = match link.mail {
                Mail::NotWanted => None,
                _ if link.activation != Activation::Mail => Some("its mail is out already".to_owned()),
                Mail::Intended | Mail::Unknown => Some("mail unknown".to_owned()),
                Mail::Confirmed => Some("mail triggered".to_owned()),
                Mail::Presumed => Some("mail presumed: the call was done, its answer was lost".to_owned()),
            };
            let state = if active { State::Active } else { State::Linked };
            entry.settled(state).with_link(Some(link.clone())).telling(Happened::Linked, note)
        })
        .await
    }
}

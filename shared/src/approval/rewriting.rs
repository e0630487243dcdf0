//! Writing a customer again after an update, under the claim of the registration that it was made for. How far that registration is
//! does not change.

use super::{Halt, STARTS, Tried, Work, writing::NotWritten};
use crate::{
    decision::Event,
    ledger::{Entry, Happened, PartyKind, Rewrite, Rewritten, State},
    onboarding::Onboarding,
    party::Bodies,
    retry::FIRST_PAUSE,
    send::SendRequest,
    shop::ShopError,
    sql::{Sql, SqlError},
};

impl<H: SendRequest, S: Sql> Onboarding<H, S> {
    /// Carries out an update as far as it goes now, and returns how far that is. An approval that is being carried out comes first.
    ///
    /// # Errors
    /// [`SqlError`]; the update stays due.
    pub async fn rewrite(&self, rewrite: Rewrite) -> Result<Tried<Rewrite>, SqlError> {
        let token = self.claim_token();
        for _ in 0..STARTS {
            let now = self.now();
            let Some(entry) = self.ledger.entry(&rewrite.origin, &rewrite.user_key).await? else { break };
            if entry.state == State::Erased {
                let ended = rewrite.ended(Rewritten::Refused, None);
                self.ledger.note_rewrite(&ended).await?;
                return Ok(Tried { done: ended, fault: None });
            }
            let ours = entry.is_free(now) || entry.is_held_by(&token);
            if entry.state == State::Approved || !ours {
                break;
            }
            // What the registration itself waits for does not change.
            let due_at = entry.due_at;
            let Some(claimed) = self.ledger.save(entry.claimed(&token, now), now).await? else { continue };
            let mut work = Work { app: self, token: token.clone(), entry: claimed };
            let mut fault = None;
            let written = work.rewrite(&rewrite).await;
            if let Some(dry) = self.shop.http.dry() {
                if let Err(NotWritten::Refused(words)) = &written {
                    dry.sticks(&work.entry, words);
                }
                self.give_back(work.entry.due(due_at), &token).await?;
                return Ok(Tried { done: rewrite, fault });
            }
            let (rewrite, told) = match written {
                Ok(()) => (rewrite.clone().ended(Rewritten::Done, None), Some(Happened::Updated)),
                Err(NotWritten::Refused(words)) => {
                    let refused = rewrite.clone().ended(Rewritten::Refused, Some(words));
                    (refused, Some(Happened::UpdateRefused))
                }
                Err(NotWritten::Shop(error)) => {
                    let wait = match &error {
                        ShopError::EndPoint { retry_after, .. } => *retry_after,
                        ShopError::NoAnswer(_) | ShopError::Refused(_) | ShopError::Unreadable(_) => None,
                    };
                    fault = error.of_end_point();
                    let later = rewrite.clone().postponed(error.to_string(), wait, self.retry());
                    let given_up = later.result.map(|_| Happened::UpdateRefused);
                    (later, given_up)
                }
                Err(NotWritten::Halt(Halt::Database(error))) => return Err(error),
                Err(NotWritten::Halt(Halt::Overtaken | Halt::End(..))) => continue,
            };
            // First the registration, which people and the ERP see: if this is cut off, it is written and told once more.
            let freed = |entry: Entry| {
                let free = entry.freed().due(due_at);
                match told {
                    Some(what) => free.telling(what, rewrite.note.clone()).about(&rewrite.event_id),
                    None => free,
                }
            };
            match work.change(&freed).await {
                Ok(()) => {}
                Err(Halt::Database(error)) => return Err(error),
                Err(Halt::Overtaken | Halt::End(..)) => continue,
            }
            self.ledger.note_rewrite(&rewrite).await?;
            return Ok(Tried { done: rewrite, fault });
        }
        if let Some(entry) = self.ledger.entry(&rewrite.origin, &rewrite.user_key).await? {
            self.give_back(entry, &token).await?;
        }
        let mut later = rewrite;
        later.due_at = Some(self.now() + FIRST_PAUSE);
        self.ledger.note_rewrite(&later).await?;
        Ok(Tried { done: later, fault: None })
    }
}

impl<H: SendRequest, S: Sql> Work<'_, H, S> {
    async fn rewrite(&mut self, rewrite: &Rewrite) -> Result<(), NotWritten> {
        let kept = self.app.ledger.kept(&rewrite.event_id).await?;
        let Some(Ok(Event::Update(update))) = kept.map(|kept| Event::read_kept(kept.letter.body.as_bytes()))
        else {
            return Err(NotWritten::Refused("the update is not in the inbox: send it again".to_owned()));
        };
        self.check_ours(rewrite).await?;
        let bodies = Bodies::complete(*update.customer, Some(update.addresses), &[]);
        let bodies = bodies.map_err(|bad| NotWritten::Refused(bad.to_string()))?;
        self.write(&bodies, rewrite.decided_at, false).await
    }

    /// An update that waited for an approval finds the customer written by it, or nothing of ours.
    async fn check_ours(&self, rewrite: &Rewrite) -> Result<(), NotWritten> {
        let key = (PartyKind::Customer, rewrite.customer.to_string());
        let own = self.app.ledger.own_parties(&rewrite.origin, &[key]).await?;
        if own.iter().any(|own| own.confirmed && own.user_key == rewrite.user_key) {
            return Ok(());
        }
        let words =
            format!("customer {} was not made for this registration, and is left alone", rewrite.customer);
        Err(NotWritten::Refused(words))
    }
}

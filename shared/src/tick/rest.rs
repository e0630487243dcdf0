//! Looking after the rest: who left the list, and who has waited long for a decision.

use futures_util::{StreamExt as _, stream};

use super::{Tick, work::Work};
use crate::{
    ledger::Entry,
    registration::{Observed, Step, next_step},
    scan::List,
    send::SendRequest,
    sql::{Sql, SqlError},
};

/// The most users that one tick looks for after they left the list.
const LOOKED_FOR: usize = 200;

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    pub(super) async fn look_after_rest(&self) -> Result<(), SqlError> {
        for origin in &self.app.shop.settings.origins {
            if !self.goes_on() || self.shop.is_down() {
                break;
            }
            let now = self.app.now();
            let before = now - self.settings.recheck_after;
            let scan = self.app.ledger.scan(origin, List::Registered.as_str()).await?;
            let Some(complete_since) = scan.complete_since else { continue };
            let absent = self.app.ledger.absent(origin, complete_since, before, LOOKED_FOR).await?;
            let wanted = |entry: &Entry| {
                next_step(Observed::Absent, Some(entry), &self.candidates(origin), now) == Step::ReadUser
            };
            let mut asked = Vec::new();
            let work = absent
                .into_iter()
                .filter(wanted)
                .take_while(|_| self.goes_on() && !self.shop.is_down())
                .inspect(|entry| asked.push(entry.user_key.clone()))
                .map(|entry| Work::Ask(Box::new(entry)));
            self.look_at_all(origin, stream::iter(work).boxed_local()).await;
            self.failure()?;
            // Only now: a tick that dies before leaves them to the next one, and not to the one an hour later.
            self.app.ledger.note_looked_for(origin, asked.iter(), now).await?;
        }
        self.reread().await
    }

    /// The row of a registration does not show a change of its profile: those that wait are read again in turn.
    async fn reread(&self) -> Result<(), SqlError> {
        if !self.goes_on() || self.shop.is_down() || self.settings.recheck_max == 0 {
            return Ok(());
        }
        let before = self.app.now() - self.settings.recheck_after;
        for origin in &self.app.shop.settings.origins {
            let waiting = self.app.ledger.unread_since(origin, before, self.settings.recheck_max).await?;
            let work = waiting
                .into_iter()
                .take_while(|_| self.goes_on() && !self.shop.is_down())
                .map(|entry| Work::Again(Box::new(entry), None));
            self.look_at_all(origin, stream::iter(work).boxed_local()).await;
        }
        self.failure()
    }
}

//! Erasing what is finished for long, and looking at an erased registration whose row has changed.

use super::Tick;
use crate::{
    erasure::RETENTION_DAYS,
    ledger::{Entry, Happened, State},
    registration::{Observed, Step, next_step},
    send::SendRequest,
    sql::{Sql, SqlError},
};

/// The most registrations that one tick erases: they are in memory together, with their messages.
const ERASED: usize = 100;

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    /// Erases finished registrations that have not changed for `retention_days`. What is left waits for the next tick.
    pub(super) async fn erase_finished(&self) -> Result<(), SqlError> {
        let now = self.app.now();
        if let Some(retention) = self.settings.retention.filter(|_| self.goes_on()) {
            let finished = self.app.ledger.finished_before(now - retention, now, ERASED).await?;
            let erased =
                finished.into_iter().map(|entry| entry.erased(RETENTION_DAYS, self.app.row_key(), now));
            let erased = self.app.ledger.erase_all(erased.collect(), now).await?.len();
            self.count(|report| report.erased += u32::try_from(erased).unwrap_or(u32::MAX));
        }
        self.app.ledger.empty_log().await;
        Ok(())
    }

    /// Looks at an erased registration whose row is another one than before.
    pub(super) async fn look_at_erased(&self, entry: Entry, print: String) -> Option<Entry> {
        let now = self.app.now();
        let user = match self.asked(self.app.shop.user(&entry.origin, &entry.user_key).await) {
            Ok(Some(user)) => user,
            Ok(None) => return None,
            // The next scan shows it again. What the shop says may name the person, so nothing of it is stored.
            Err(_) => return self.skip(|report| report.postponed += 1),
        };
        if next_step(Observed::Read(&user), Some(&entry), &self.candidates(&entry.origin), now)
            != Step::LookAgain
        {
            return Some(entry.showing(&print));
        }
        let mut entry = entry.registered_anew(print, now);
        // What the shop has taken back is no link any more.
        entry.link = entry.link.filter(|link| link.shows_in(&user));
        match self.profiles(&user).await {
            Ok(profiles) => match self.learnt(entry, &user, &profiles) {
                entry if entry.state == State::Seen => {
                    let note = "the user has registered or changed anew since the erasure";
                    Some(entry.telling(Happened::Resumed, Some(note.to_owned())))
                }
                entry => Some(entry),
            },
            Err(error) => Some(self.failed_look(entry, &error)),
        }
    }
}

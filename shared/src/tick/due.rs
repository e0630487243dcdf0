//! Finishing what is due: events in the inbox, approvals, deliveries.

use std::{collections::HashSet, future::ready};

use futures_util::{StreamExt as _, stream};

use super::{Tick, work::Work};
use crate::{
    ledger::{Entry, State},
    send::SendRequest,
    sql::{Sql, SqlError},
};

/// How many rows are taken at once.
const BATCH: usize = 64;

/// How many events of the inbox one drain takes. Some may have to wait for the shop, and must not hide the ones behind them.
const EVENTS: usize = 500;

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    /// Works off the inbox and everything that is due, until there is nothing left or the budget is used up. Each registration has
    /// one turn: one that is still due afterwards waits for the next tick.
    pub(super) async fn finish_due(&self) -> Result<(), SqlError> {
        self.drain_inbox().await?;
        let mut had = HashSet::new();
        while self.goes_on() {
            let due = self.app.ledger.due(self.app.now(), BATCH).await?;
            let due: Vec<_> = due
                .into_iter()
                .filter(|entry| had.insert((entry.origin.clone(), entry.user_key.clone())))
                .collect();
            if due.is_empty() {
                break;
            }
            let (approved, rest): (Vec<_>, Vec<_>) =
                due.into_iter().partition(|entry| entry.state == State::Approved);
            self.carry_out_all(approved).await;
            self.deliver_all(rest).await;
            self.failure()?;
        }
        self.failure()
    }

    async fn drain_inbox(&self) -> Result<(), SqlError> {
        let waiting = self.app.ledger.waiting(EVENTS).await?;
        let events = stream::iter(waiting).take_while(|_| ready(self.goes_on()));
        events
            .for_each_concurrent(self.settings.concurrency, |kept| async move {
                self.note_failure(self.app.work_off(&kept).await);
            })
            .await;
        self.failure()
    }

    async fn carry_out_all(&self, approved: Vec<Entry>) {
        stream::iter(approved)
            .take_while(|_| ready(self.goes_on() && !self.shop.is_down()))
            .for_each_concurrent(self.settings.concurrency, |entry| async move {
                let before = entry.attempts;
                let Some(done) = self.note_failure(self.app.carry_out(entry).await) else { return };
                if done.attempts > before {
                    self.shop.failed();
                    done.reason.into_iter().for_each(|reason| self.problem(reason));
                } else {
                    self.shop.answered();
                }
                self.count(|report| {
                    report.approvals += 1;
                    report.stuck += u32::from(done.state == State::Stuck);
                });
            })
            .await;
    }

    /// Messages go out as they are; everything else is read again.
    async fn deliver_all(&self, due: Vec<Entry>) {
        let (ready_to_go, unread): (Vec<_>, Vec<_>) = due.into_iter().partition(Entry::is_to_tell);
        let free = ready_to_go.into_iter().map(|entry| Entry { claim: None, ..entry });
        self.announce(stream::iter(free).take_while(|_| ready(self.goes_on()))).await;
        let looks =
            stream::iter(unread).take_while(|_| ready(self.goes_on() && !self.shop.is_down())).map(|entry| {
                let origin = entry.origin.clone();
                let entry = Entry { due_at: None, claim: None, ..entry };
                async move { self.look(&origin, Work::Again(Box::new(entry), None)).await }
            });
        let looked = looks.buffer_unordered(self.settings.concurrency);
        self.announce(looked.filter_map(ready)).await;
    }
}

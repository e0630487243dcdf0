//! Finishing what is due: events in the inbox, approvals, deliveries.

use std::future::ready;

use futures_util::{StreamExt as _, stream};

use super::{Tick, work::Work};
use crate::{
    inbox::Outcome,
    ledger::{Entry, State, Turn},
    send::SendRequest,
    sql::{Sql, SqlError},
};

/// How many rows are taken at once.
const BATCH: usize = 64;

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    /// Works off the inbox and everything that is due, until there is nothing left or the budget is used up. Each registration has
    /// one turn: one that is still due afterwards waits for the next tick.
    pub(super) async fn finish_due(&self) -> Result<(), SqlError> {
        self.drain_inbox().await?;
        let (now, mut last) = (self.app.now(), Turn::default());
        while self.goes_on() && !(self.shop.is_down() && self.erp_end.is_down()) {
            let due = self.app.ledger.due(now, &last, BATCH).await?;
            let Some(turn) = due.last().and_then(Turn::of) else { break };
            last = turn;
            let (approved, rest): (Vec<_>, Vec<_>) =
                due.into_iter().partition(|entry| entry.state == State::Approved);
            self.carry_out_all(approved).await;
            self.deliver_all(rest).await;
            self.failure()?;
        }
        self.failure()?;
        self.rewrite_due().await
    }

    /// Writes customers again that the ERP has updated. Each has one turn.
    async fn rewrite_due(&self) -> Result<(), SqlError> {
        if !self.goes_on() || self.shop.is_down() {
            return Ok(());
        }
        let due = self.app.ledger.due_rewrites(self.app.now(), BATCH).await?;
        stream::iter(due)
            .take_while(|_| ready(self.goes_on() && !self.shop.is_down()))
            .for_each_concurrent(self.settings.concurrency, |rewrite| async move {
                let Some(tried) = self.note_failure(self.app.rewrite(rewrite).await) else { return };
                if let Some(fault) = tried.fault {
                    self.shop.failed_with(&fault);
                    self.problem(fault);
                }
                self.count(|report| report.updates += 1);
            })
            .await;
        self.failure()
    }

    /// Applies what was left in the inbox. It asks nobody, so an event is applied or the ledger has failed.
    async fn drain_inbox(&self) -> Result<(), SqlError> {
        while self.goes_on() {
            let left = self.app.ledger.waiting(BATCH).await?;
            let (count, mut applied) = (left.len(), 0);
            for kept in left {
                match self.app.apply_left(&kept).await? {
                    // Others change the registration all the time: the next tick comes to it.
                    Outcome::Waits => {}
                    Outcome::Conflict(_) | Outcome::NoSuchUser | Outcome::NoSuchCustomer(_) => {
                        applied += 1;
                        self.count(|report| report.refused += 1);
                    }
                    Outcome::Ignored | Outcome::Superseded | Outcome::Stands(_) | Outcome::Updated(_) => {
                        applied += 1;
                    }
                }
            }
            if count < BATCH || applied == 0 {
                break;
            }
        }
        Ok(())
    }

    async fn carry_out_all(&self, approved: Vec<Entry>) {
        stream::iter(approved)
            .take_while(|_| ready(self.goes_on() && !self.shop.is_down()))
            .for_each_concurrent(self.settings.concurrency, |entry| async move {
                let Some(tried) = self.note_failure(self.app.carry_out(entry).await) else { return };
                match tried.fault {
                    Some(fault) => {
                        self.shop.failed_with(&fault);
                        self.problem(fault);
                    }
                    None => self.shop.answered(),
                }
                self.count(|report| {
                    report.approvals += 1;
                    report.stuck += u32::from(tried.done.state == State::Stuck);
                });
            })
            .await;
    }

    /// Messages go out as they are; everything else is read again.
    async fn deliver_all(&self, due: Vec<Entry>) {
        let (ready_to_go, unread): (Vec<_>, Vec<_>) = due.into_iter().partition(Entry::is_to_tell);
        let free = ready_to_go.into_iter().map(Entry::freed);
        let told = stream::iter(free).take_while(|_| ready(self.goes_on() && !self.erp_end.is_down()));
        self.announce(told.boxed_local()).await;
        let looks =
            stream::iter(unread).take_while(|_| ready(self.goes_on() && !self.shop.is_down())).map(|entry| {
                let origin = entry.origin.clone();
                let entry = entry.due(None).freed();
                async move { self.look(&origin, Work::Again(Box::new(entry), None)).await }
            });
        let looked = looks.buffer_unordered(self.settings.concurrency);
        self.announce(looked.filter_map(ready).boxed_local()).await;
    }
}

//! Finishing what is due: events in the inbox, approvals, deliveries.

use futures_util::{StreamExt as _, stream};

use super::{Tick, work::Work};
use crate::{
    ledger::{Entry, State},
    send::SendRequest,
    sql::{Sql, SqlError},
};

/// How many rows are taken at once.
const BATCH: usize = 64;

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    /// Works off the inbox and everything that is due, until there is nothing left or the budget is used up.
    pub(super) async fn finish_due(&self) -> Result<(), SqlError> {
        self.drain_inbox().await?;
        while self.goes_on() {
            let due = self.app.ledger.due(self.app.now(), BATCH).await?;
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
        let waiting = self.app.ledger.waiting(BATCH).await?;
        let events = stream::iter(waiting).take_while(|_| std::future::ready(self.goes_on()));
        events
            .for_each_concurrent(self.settings.concurrency, |kept| async move {
                self.note_failure(self.app.work_off(&kept).await);
            })
            .await;
        self.failure()
    }

    async fn carry_out_all(&self, approved: Vec<Entry>) {
        stream::iter(approved)
            .for_each_concurrent(self.settings.concurrency, |entry| async move {
                let done = self.note_failure(self.app.carry_out(entry).await);
                self.count(|report| {
                    report.approvals += 1;
                    report.stuck += u32::from(done.is_some_and(|entry| entry.state == State::Stuck));
                });
            })
            .await;
    }

    /// Messages go out as they are; registrations without one are read again, and all others have nothing that could be due.
    async fn deliver_all(&self, due: Vec<Entry>) {
        let (ready, unread): (Vec<_>, Vec<_>) = due.into_iter().partition(Entry::has_news);
        let free = ready.into_iter().map(|entry| Entry { claim: None, ..entry });
        self.announce(stream::iter(free)).await;
        let looks = unread.into_iter().map(|entry| {
            let origin = entry.origin.clone();
            let entry = Entry { due_at: None, claim: None, ..entry };
            async move { self.look(&origin, Work::Again(Box::new(entry), None)).await }
        });
        let looked = stream::iter(looks).buffer_unordered(self.settings.concurrency);
        self.announce(looked.filter_map(std::future::ready)).await;
    }
}

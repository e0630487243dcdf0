//! From users to look at to messages that the ERP has accepted, as one stream: readings, statements and deliveries overlap, and
//! memory holds what is in flight and no more.

use futures_util::{Stream, StreamExt as _, future, stream};

use super::{Tick, work::Work};
use crate::{
    decision::Event,
    erp::{NotDelivered, deliver, message_id},
    key::OriginCode,
    ledger::{Entry, Letter, State},
    print::print,
    send::SendRequest,
    sql::Sql,
};

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    /// Looks at all of `work`, stores what it finds, and delivers what the ERP has yet to hear of.
    pub(super) async fn look_at_all(&self, origin: &OriginCode, work: impl Stream<Item = Work>) {
        let entries = work
            .map(|work| self.look(origin, work))
            .buffer_unordered(self.settings.concurrency)
            .filter_map(future::ready);
        self.announce(entries).await;
    }

    /// Stores the entries, as many in one statement as there are, and delivers those with news.
    pub(super) async fn announce(&self, entries: impl Stream<Item = Entry>) {
        let chunk = self.settings.concurrency;
        let stored = entries.ready_chunks(chunk).then(|entries| self.store(entries)).flat_map(stream::iter);
        let told = stored
            .filter(|entry| future::ready(entry.is_held_by(&self.token)))
            .map(|entry| self.tell(entry))
            .buffer_unordered(chunk);
        told.ready_chunks(chunk)
            .for_each(|entries| async {
                self.store(entries).await;
            })
            .await;
    }

    /// One statement for all of them. Those with news are claimed by it.
    async fn store(&self, entries: Vec<Entry>) -> Vec<Entry> {
        let now = self.app.now();
        let claimed = entries.into_iter().filter_map(|entry| {
            if self.settings.start_from.is_none() && entry.version == 0 {
                self.count(|report| report.would_announce += 1);
                return None;
            }
            let tells =
                matches!(entry.state, State::Seen | State::Announced | State::Stuck) && entry.has_news();
            let fresh = entry.claim.is_none() && entry.due_at.is_some_and(|due| due <= now);
            Some(if tells && fresh { entry.claimed(&self.token, now) } else { entry })
        });
        let stored = self.app.ledger.save_all(claimed.collect(), now).await;
        let stored = self.note_failure(stored).unwrap_or_default();
        let fresh = stored.iter().filter(|entry| entry.version == 1).count();
        self.count(|report| report.seen += u32::try_from(fresh).unwrap_or(u32::MAX));
        stored
    }

    /// Tells the ERP about one registration, and returns it as it is then.
    async fn tell(&self, entry: Entry) -> Entry {
        let now = self.app.now();
        let Some(message) = entry.message.clone() else { return entry.put_off(now) };
        // Without an address the ERP is expected to ask: the registration waits for it.
        let Some(erp) = self.erp else { return self.accepted(entry) };
        if self.erp_end.is_down() {
            self.count(|report| report.postponed += 1);
            return entry.put_off(now);
        }
        let id = message_id(&entry.origin, &entry.user_key, entry.revision);
        match deliver(&self.app.shop.http, erp, &id, &message, now).await {
            Ok(answer) => {
                self.erp_end.answered();
                self.keep_decision(&id, &answer).await;
                self.accepted(entry)
            }
            Err(NotDelivered::Refused(words)) => {
                self.erp_end.answered();
                self.count(|report| report.stuck += 1);
                entry.stuck(format!("the ERP refused the registration: {words}"))
            }
            Err(error @ (NotDelivered::NoAnswer(_) | NotDelivered::EndPoint { .. })) => {
                self.erp_end.failed();
                self.problem(error.to_string());
                self.count(|report| report.postponed += 1);
                let wait = match &error {
                    NotDelivered::EndPoint { retry_after, .. } => *retry_after,
                    NotDelivered::NoAnswer(_) | NotDelivered::Refused(_) => None,
                };
                entry.postponed(error.to_string(), wait, self.app.now())
            }
        }
    }

    fn accepted(&self, entry: Entry) -> Entry {
        self.count(|report| report.announced += 1);
        entry.announced()
    }

    /// The ERP may answer with its decision at once: then it goes into the inbox like any other.
    async fn keep_decision(&self, id: &str, answer: &[u8]) {
        let Ok(Event::Decision(_)) = Event::read(answer) else { return };
        let letter = Letter {
            id: format!("{id}.answer"),
            print: print(&[answer]),
            actor: "ERP".to_owned(),
            body: String::from_utf8_lossy(answer).into_owned(),
        };
        self.note_failure(self.app.ledger.keep(&letter, self.app.now()).await);
    }
}

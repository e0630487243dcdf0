//! From users to look at to messages that the ERP has accepted, in four stages: reading, storing, telling, recording. Each goes on
//! while the others wait, so a statement stops no call, and a call no statement. What is found while a statement runs goes into the
//! next one together. Between two stages there is room for a few, and whoever finds none waits: memory holds what is in flight and no
//! more.
//!
//! The streams come boxed. Of each kind of stream there would be a copy of all that follows, a few kilobytes each.

use chrono::TimeDelta;
use futures_channel::mpsc;
use futures_util::{
    Sink, StreamExt as _, future,
    stream::{self, LocalBoxStream},
};

use super::{Tick, work::Work};
use crate::{
    access::SIGNER,
    decision::{self, Event},
    erp::message_id,
    fault::Fault,
    json,
    key::OriginCode,
    ledger::{Entry, Kept, Letter},
    message::{NotDelivered, deliver},
    print::print,
    send::SendRequest,
    sql::Sql,
    webhook::TOLERANCE,
};

/// The most entries that one statement stores. A commit costs a flush and the pages of every index; shared by many it costs each little.
pub(super) const TOGETHER: usize = 128;

/// What is left of a claim when a delivery begins, at least: longer than a call can take.
const LEFT_OF_CLAIM: TimeDelta = TimeDelta::seconds(20);

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    /// Looks at all of `work`, stores what it finds, and delivers what the ERP has yet to hear of.
    pub(super) async fn look_at_all(&self, origin: &OriginCode, work: LocalBoxStream<'_, Work>) {
        let entries = self
            .unstored
            .before(work, || false)
            .map(async |work| {
                self.looking.set(self.looking.get() + 1);
                let entry = self.look(origin, work).await;
                self.looking.set(self.looking.get() - 1);
                entry
            })
            .buffer_unordered(self.settings.concurrency)
            .filter_map(future::ready);
        self.announce(entries.boxed_local()).await;
    }

    /// Stores the entries, as many in one statement as there are, and delivers those with news.
    pub(super) async fn announce(&self, entries: LocalBoxStream<'_, Entry>) {
        // The gate is before the calls that find something, so that none of them waits here.
        let (found, to_store) = mpsc::unbounded();
        // No room: what is claimed is not to wait for long.
        let (stored, to_tell) = mpsc::channel(0);
        let (told, to_record) = mpsc::channel(TOGETHER);
        let entries = entries.inspect(|_| self.unstored.enter(1)).boxed_local();
        let storing = to_store.ready_chunks(TOGETHER).then(|entries| {
            self.unstored.leave(entries.len());
            self.store(entries)
        });
        let news =
            storing.flat_map(stream::iter).filter(|entry| future::ready(entry.is_held_by(&self.token)));
        let telling = to_tell.map(|entry| self.tell(entry)).buffer_unordered(self.settings.concurrency);
        future::join4(
            hand_on(entries, found),
            hand_on(news.boxed_local(), stored),
            hand_on(telling.boxed_local(), told),
            to_record.ready_chunks(TOGETHER).for_each(|entries| self.record(entries)),
        )
        .await;
    }

    /// One statement for all of them. Those with news are claimed by it.
    async fn store(&self, entries: Vec<Entry>) -> Vec<Entry> {
        let now = self.app.now();
        let tells = |entry: &Entry| {
            let fresh = entry.claim.is_none() && entry.due_at.is_some_and(|due| due <= now);
            entry.is_to_tell() && fresh
        };
        let claimed = if self.is_dry() {
            self.only_say(entries, tells).await
        } else {
            let claimed = |entry| if tells(&entry) { entry.claimed(&self.token, now) } else { entry };
            entries.into_iter().map(claimed).collect()
        };
        let stored = self.app.ledger.save_all(claimed, now).await;
        let stored = self.note_failure(stored).unwrap_or_default();
        let fresh = stored.iter().filter(|entry| entry.version == 1).count();
        self.count(|report| report.seen += u32::try_from(fresh).unwrap_or(u32::MAX));
        stored
    }

    /// What a dry run stores of it: nobody who is new, and nothing that is to be told. A real one finds them as this one did.
    async fn only_say(&self, entries: Vec<Entry>, tells: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        let mut known = Vec::new();
        for entry in entries {
            if entry.version > 0 && !tells(&entry) {
                known.push(entry);
                continue;
            }
            if !self.meets_first(&entry.origin, &entry.user_key) {
                continue;
            }
            if entry.version == 0 {
                self.count_waiting(entry.message.as_deref().and_then(registered_at).as_deref());
            }
            if let (Some(erp), Some(message), true) = (self.erp, &entry.message, tells(&entry)) {
                let id = message_id(&entry.origin, &entry.user_key, entry.revision);
                // The port notes it, and answers nothing.
                let _ = deliver(&self.app.shop.http, &erp.receiver, &id, message, self.app.now()).await;
            }
        }
        known
    }

    /// Tells the ERP about one registration, and returns it as it is then.
    async fn tell(&self, entry: Entry) -> Entry {
        let now = self.app.now();
        let Some(message) = entry.message.clone() else { return entry.put_off(now) };
        // Without an address the ERP is expected to ask: the registration waits for it.
        let Some(erp) = self.erp else { return entry.waiting_for_erp(now) };
        if self.erp_end.is_down() {
            self.count(|report| report.postponed += 1);
            return entry.put_off(now);
        }
        // A slow ERP may have kept its turn from it until the tick is over, or its claim nearly so: it is the next one then.
        if !self.goes_on() || !entry.is_held_until(now + LEFT_OF_CLAIM) {
            return entry.due(Some(now)).freed();
        }
        let id = message_id(&entry.origin, &entry.user_key, entry.revision);
        match deliver(&self.app.shop.http, &erp.receiver, &id, &message, now).await {
            Ok(answer) => {
                self.erp_end.answered();
                match self.keep_decision(&entry, &id, &answer).await {
                    Heard::Well => self.accepted(entry),
                    // The message is sent again, and with it comes the decision.
                    Heard::NotKept => entry.put_off(self.app.now()),
                    Heard::Doubtful(why) => {
                        let why = format!("the ERP's answer to {id} {why}: decide again");
                        self.problem(Fault::seen(why.clone()));
                        self.count(|report| report.stuck += 1);
                        self.accepted(entry).stuck(why)
                    }
                }
            }
            Err(NotDelivered::Refused(words)) => {
                self.erp_end.answered();
                self.count(|report| report.stuck += 1);
                entry.refused(format!("the ERP refused the registration: {words}"))
            }
            Err(NotDelivered::Later { fault, retry_after }) => {
                self.erp_end.failed_with(&fault);
                self.problem(fault.clone());
                self.tried(entry.postponed(fault.to_string(), retry_after, self.app.retry()))
            }
        }
    }

    fn accepted(&self, entry: Entry) -> Entry {
        self.count(|report| report.announced += 1);
        entry.announced()
    }

    /// The ERP may answer with its decision at once: then it goes into the inbox like any other.
    async fn keep_decision(&self, entry: &Entry, id: &str, answer: &[u8]) -> Heard {
        let now = self.app.now();
        match Event::read(answer) {
            Ok(Event::Decision(decision))
                if decision.origin != entry.origin || decision.user_key != entry.user_key =>
            {
                Heard::Doubtful("decides on another registration")
            }
            Ok(Event::Decision(decision)) if decision.decided_at > now + TOLERANCE => {
                Heard::Doubtful("is a decision from the future")
            }
            Ok(Event::Decision(_)) => {
                let letter = Letter {
                    id: format!("{id}.answer"),
                    print: print(&[answer]),
                    actor: SIGNER.to_owned(),
                    body: String::from_utf8_lossy(answer).into_owned(),
                    about: Some((entry.origin.clone(), entry.user_key.clone())),
                };
                match self.note_failure(self.app.ledger.keep(&letter, now).await) {
                    // Whoever was erased meanwhile is decided on no more.
                    Some(Kept::Yes(_) | Kept::Erased) => Heard::Well,
                    Some(Kept::OtherBody) => Heard::Doubtful("is another decision than the one before"),
                    None => Heard::NotKept,
                }
            }
            Err(_) if names_a_decision(answer) => Heard::Doubtful("is a decision that cannot be read"),
            // A registration that is new has no customer yet that could be written again.
            Ok(Event::Update(_) | Event::Correction(_) | Event::Unknown) | Err(_) => Heard::Well,
        }
    }

    /// Stores what became of the deliveries. Somebody may have decided before the ERP's answer came: then what was delivered is
    /// noted beside that, and our claim ends.
    async fn record(&self, entries: Vec<Entry>) {
        let told: Vec<_> =
            entries.iter().map(|entry| (entry.origin.clone(), entry.user_key.clone(), entry.told)).collect();
        // Not by `store`: a pause may be over already, and nobody is going to try it right now.
        let stored = self.app.ledger.save_all(entries, self.app.now()).await;
        let Some(stored) = self.note_failure(stored) else { return };
        let overtaken = told.into_iter().filter(|(origin, user_key, _)| {
            !stored.iter().any(|entry| entry.origin == *origin && entry.user_key == *user_key)
        });
        for (origin, user_key, told) in overtaken {
            let read = self.note_failure(self.app.ledger.entry(&origin, &user_key).await).flatten();
            let Some(read) = read.filter(|read| read.is_held_by(&self.token)) else { continue };
            let mut noted = read.freed();
            noted.told = told.max(noted.told);
            self.note_failure(self.app.ledger.save(noted, self.app.now()).await);
        }
    }
}

/// Hands what one stage brings on to the next, which ends after this one.
pub(super) async fn hand_on<T>(things: LocalBoxStream<'_, T>, to: impl Sink<T>) {
    // It fails if the next one is gone, and all stages go together.
    let _ = things.map(Ok).forward(to).await;
}

/// When somebody registered, as a message says it.
fn registered_at(message: &str) -> Option<String> {
    json::value(message.as_bytes()).ok()?["data"]["registered_at"].as_str().map(str::to_owned)
}

/// What the ERP's answer comes to.
enum Heard {
    /// There is no decision in it, or it is in the inbox.
    Well,
    /// Its decision could not be stored.
    NotKept,
    /// It means to decide, and nobody can tell what: a person has to look.
    Doubtful(&'static str),
}

fn names_a_decision(answer: &[u8]) -> bool {
    let answer = json::value(answer).unwrap_or_default();
    matches!(answer["type"].as_str(), Some(decision::APPROVED | decision::REJECTED))
}

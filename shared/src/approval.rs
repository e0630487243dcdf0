//! Carrying out an approval in the shop: customer, addresses, user, in this order, under a claim.
//!
//! Every call may be the last one before a crash. So what is about to happen is stored before it happens, and whoever goes on later
//! looks at the shop before doing anything again.

mod linking;
mod rewriting;
mod writing;

use writing::NotWritten;

use crate::{
    decision::{Approval, Decision, Event, Parties, Verdict},
    dry_run::DryRun,
    erp::{News, Registration},
    fault::Fault,
    inbox::NO_REGISTRATION,
    ledger::{Entry, Happened, State},
    onboarding::Onboarding,
    party::Bodies,
    registration::GONE_AFTER,
    send::SendRequest,
    shop::{Profile, ShopError, User},
    sql::{Sql, SqlError},
};

/// How often the work starts over because a newer decision came in between.
const STARTS: usize = 3;

/// Why the work stopped before the user was linked.
enum Halt {
    /// It ends here for now; the entry says how, and the fault why, if it is the shop's.
    End(Box<Entry>, Option<Fault>),
    /// Somebody else changed the registration: what was known of it no longer holds.
    Overtaken,
    /// The database failed; the claim lapses by itself.
    Database(SqlError),
}

impl From<SqlError> for Halt {
    fn from(error: SqlError) -> Self {
        Self::Database(error)
    }
}

/// How far the work is, and the shop's fault if it had to stop for one.
pub struct Tried<T> {
    /// What was worked on, as it is then.
    pub done: T,
    /// What the shop did.
    pub fault: Option<Fault>,
}

/// One claimed registration with its decision.
struct Work<'a, H, S> {
    app: &'a Onboarding<H, S>,
    token: String,
    entry: Entry,
}

impl<H: SendRequest, S: Sql> Onboarding<H, S> {
    /// Carries out the approval of a registration as far as it goes now, and returns the registration as it is then. Does nothing if
    /// somebody else holds it.
    ///
    /// # Errors
    /// [`SqlError`]; the registration stays due.
    pub async fn carry_out(&self, entry: Entry) -> Result<Tried<Entry>, SqlError> {
        let (origin, user_key) = (entry.origin.clone(), entry.user_key.clone());
        let token = self.claim_token();
        let mut entry = entry;
        for _ in 0..STARTS {
            let now = self.now();
            let ours = entry.is_free(now) || entry.is_held_by(&token);
            if entry.state != State::Approved || !ours {
                break;
            }
            if let Some(claimed) = self.ledger.save(entry.clone().claimed(&token, now), now).await? {
                let mut work = Work { app: self, token: token.clone(), entry: claimed };
                let ran = work.run().await;
                if let Some(dry) = self.shop.http.dry() {
                    return self.rest(work, ran, dry).await;
                }
                match ran {
                    Ok(()) => return Ok(Tried { done: work.entry, fault: None }),
                    Err(Halt::End(end, fault)) => {
                        match work.change(&|entry| Entry { version: entry.version, ..(*end).clone() }).await {
                            Ok(()) => return Ok(Tried { done: work.entry, fault }),
                            Err(Halt::Database(error)) => return Err(error),
                            Err(Halt::End(..) | Halt::Overtaken) => {}
                        }
                    }
                    Err(Halt::Overtaken) => {}
                    Err(Halt::Database(error)) => return Err(error),
                }
            }
            let Some(read) = self.ledger.entry(&origin, &user_key).await? else { break };
            entry = read;
        }
        Ok(Tried { done: self.give_back(entry, &token).await?, fault: None })
    }

    /// A dry run leaves the registration as due as it was: what would have come of it is only told.
    async fn rest(
        &self,
        work: Work<'_, H, S>,
        ran: Result<(), Halt>,
        dry: &DryRun,
    ) -> Result<Tried<Entry>, SqlError> {
        let fault = match ran {
            Ok(()) | Err(Halt::Overtaken) => None,
            Err(Halt::End(end, fault)) => {
                if let (State::Stuck, Some(reason)) = (end.state, &end.reason) {
                    dry.sticks(&end, reason);
                }
                fault
            }
            Err(Halt::Database(error)) => return Err(error),
        };
        Ok(Tried { done: self.give_back(work.entry, &work.token).await?, fault })
    }

    /// Frees a registration that is still held by `token`: the work that is left stays due.
    async fn give_back(&self, entry: Entry, token: &str) -> Result<Entry, SqlError> {
        if !entry.is_held_by(token) {
            return Ok(entry);
        }
        let now = self.now();
        Ok(self.ledger.save(entry.clone().freed(), now).await?.unwrap_or(entry))
    }
}

impl<H: SendRequest, S: Sql> Work<'_, H, S> {
    async fn run(&mut self) -> Result<(), Halt> {
        let (id, decision, approval) = self.approval().await?;
        let restored = self.wait_after_return(&decision).await?;
        let user = self.user().await?;
        // The wish was taken in while the shop did not say who that is.
        let unknown = self.entry.row_print.is_none() && self.entry.link.is_none();
        if decision.candidates_only && unknown && !self.app.is_open_registration(&user) {
            return Err(self.end(|entry| entry.stuck(NO_REGISTRATION)));
        }
        if let Some(link) = self.entry.link.clone().filter(|link| !link.settled) {
            self.after_silence(link, &user, &approval).await?;
            if self.entry.state != State::Approved {
                return Ok(());
            }
        }
        let writes = matches!(approval.parties, Parties::Write { .. });
        let profiles = if writes || decision.revision.is_some() {
            let profiles = self.profiles(&user).await?;
            self.check_unchanged(&id, &decision, &user, &profiles).await?;
            profiles
        } else {
            Vec::new()
        };
        match &approval.parties {
            Parties::Existing(keys) => self.check_existing(keys).await?,
            Parties::Write { addresses: None, .. } if profiles.is_empty() => {
                let reason = "the decision has no addresses, and the user has no profile to take them from";
                return Err(self.end(|entry| entry.stuck(reason)));
            }
            Parties::Write { customer, addresses, overwrite } => {
                let bodies = Bodies::complete((**customer).clone(), addresses.clone(), &profiles);
                let bodies = bodies.map_err(|bad| {
                    let reason = format!(
                        "the decision has no addresses, and none can be named after the customer: {bad}"
                    );
                    self.end(|entry| entry.stuck(reason))
                })?;
                let written = self.write(&bodies, decision.decided_at, *overwrite).await;
                written.map_err(|why| self.unwritten(why))?;
            }
        }
        if let Some(restored) = restored {
            self.after_return(restored, &user, &decision, (&id, &approval)).await?;
            if self.entry.state != State::Approved {
                return Ok(());
            }
        }
        self.link(&id, &decision, &approval).await
    }

    /// The approval that counts, from the inbox, with its id there.
    async fn approval(&self) -> Result<(String, Decision, Approval), Halt> {
        let lost = || self.end(|entry| entry.stuck("its decision is not in the inbox: decide again"));
        let Some(known) = &self.entry.decision else { return Err(lost()) };
        let Some(kept) = self.app.ledger.kept(&known.id).await? else { return Err(lost()) };
        let decision = match Event::read_kept(kept.letter.body.as_bytes()) {
            Ok(Event::Decision(decision)) => Some(*decision),
            Ok(Event::Correction(correction)) => correction.decision(self.entry.link.as_ref()),
            Ok(Event::Update(_) | Event::Unknown) | Err(_) => None,
        };
        let decision = decision.ok_or_else(lost)?;
        match decision.verdict.clone() {
            Verdict::Approve(approval) => Ok((kept.letter.id, decision, approval)),
            Verdict::Reject(_) => Err(lost()),
        }
    }

    fn end(&self, change: impl FnOnce(Entry) -> Entry) -> Halt {
        Halt::End(Box::new(change(self.entry.clone())), None)
    }

    /// Sorts a fault of the shop into "later" and "a person has to look".
    fn fault(&self, error: ShopError) -> Halt {
        let (entry, retry, fault) = (self.entry.clone(), self.app.retry(), error.of_end_point());
        let entry = match error {
            ShopError::NoAnswer(_) => entry.postponed(error.to_string(), None, retry),
            ShopError::EndPoint { retry_after, .. } => entry.postponed(error.to_string(), retry_after, retry),
            ShopError::Refused(words) | ShopError::Unreadable(words) => entry.stuck(words),
        };
        Halt::End(Box::new(entry), fault)
    }

    /// What could not be written of a customer goes to a person, or is tried again.
    fn unwritten(&self, why: NotWritten) -> Halt {
        match why {
            NotWritten::Refused(words) => self.end(|entry| entry.stuck(words)),
            NotWritten::Shop(error) => self.fault(error),
            NotWritten::Halt(halt) => halt,
        }
    }

    /// Stores a change of our registration. When somebody else added to the row but the decision still counts, the change goes on top.
    /// Whatever the change is, it is stored by one copy of this.
    async fn change(&mut self, change: &dyn Fn(Entry) -> Entry) -> Result<(), Halt> {
        for _ in 0..STARTS {
            let now = self.app.now();
            if let Some(saved) = self.app.ledger.save(change(self.entry.clone()), now).await? {
                self.entry = saved;
                return Ok(());
            }
            let read = self.app.ledger.entry(&self.entry.origin, &self.entry.user_key).await?;
            let read = read.filter(|read| {
                read.is_held_by(&self.token)
                    && read.decision == self.entry.decision
                    && read.state == self.entry.state
            });
            let Some(read) = read else { return Err(Halt::Overtaken) };
            // What others add is a line of the timeline; what we know of our own work is newer.
            self.entry.version = read.version;
        }
        Err(Halt::Overtaken)
    }

    /// Renews the claim right before a write, with what is about to happen or has happened.
    async fn renew(&mut self, told: Option<(Happened, String)>) -> Result<(), Halt> {
        let (now, token) = (self.app.now(), self.token.clone());
        self.change(&|entry| {
            let entry = entry.claimed(&token, now);
            match &told {
                Some((what, note)) => entry.telling(*what, Some(note.clone())),
                None => entry,
            }
        })
        .await
    }

    /// The user as it is right now. One that the shop no longer has ends the work, for an hour or for good.
    async fn user(&mut self) -> Result<User, Halt> {
        let (origin, key) = (&self.entry.origin, &self.entry.user_key);
        match self.app.shop.user(origin, key).await {
            Ok(Some(user)) => {
                self.entry.missing_since = None;
                Ok(user)
            }
            Ok(None) => {
                let now = self.app.now();
                Err(self.end(|entry| match entry.missing_since {
                    Some(first) if now - first >= GONE_AFTER => entry.gone(),
                    first => entry.missing(first.unwrap_or(now)),
                }))
            }
            Err(error) => Err(self.fault(error)),
        }
    }

    async fn profiles(&self, user: &User) -> Result<Vec<Profile>, Halt> {
        self.app.shop.profiles(user).await.map_err(|error| self.fault(error))
    }

    /// The applicant may have changed the data after the ERP looked at it. If the decision names what it looked at, a person has to
    /// look again, and the ERP is told what there is to see; else the change only enters the timeline.
    async fn check_unchanged(
        &mut self,
        id: &str,
        decision: &Decision,
        user: &User,
        profiles: &[Profile],
    ) -> Result<(), Halt> {
        let (origin, zone, now) = (self.entry.origin.clone(), self.app.shop.settings.zone, self.app.now());
        let registration = Registration::of(&origin, user, profiles, zone);
        let print = registration.as_ref().map(Registration::print);
        if self.entry.data_print.is_none() || print == self.entry.data_print {
            return Ok(());
        }
        let Some(registration) = registration.filter(|_| decision.revision.is_some()) else {
            return self
                .change(&|entry| {
                    let note = Some("after the decision".to_owned());
                    let mut entry = entry.telling(Happened::Changed, note);
                    entry.data_print.clone_from(&print);
                    entry
                })
                .await;
        };
        let revision = self.entry.revision + 1;
        // Who names a revision has had one, whether or not its answer came.
        let message = Some(registration.message(News::Updated, revision, now));
        Err(self.end(|mut entry| {
            entry.revision = revision;
            entry.message = message;
            entry.data_print = print;
            entry.changed_since(id).due(Some(now))
        }))
    }
}

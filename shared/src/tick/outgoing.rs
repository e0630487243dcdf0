//! Messages that go out besides the registrations themselves: how they ended, for the ERP, and alerts, for people.

use std::future::ready;

use chrono::SecondsFormat;
use futures_util::{StreamExt as _, stream};

use super::{EndPoint, Tick};
use crate::{
    alert::{Condition, Kind, Now, Topic, raise},
    fault::Fault,
    key::OriginCode,
    ledger::{Outgoing, Sent, To},
    message::{NotDelivered, deliver},
    outcome::Outcome,
    restoring::DECISIONS_WANTED,
    scan::List,
    send::SendRequest,
    settings::{AlertSettings, Receiver},
    sql::{Sql, SqlError},
};

/// How many messages are taken at once.
const BATCH: usize = 64;
/// How much of what is due is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// As many as go at once: others wait for their turn in this tick.
    AtOnce,
    /// All of it.
    All,
}

/// The most stuck registrations that one alert is about: more wait for the next one.
const STUCK: usize = 500;

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    /// Tells the ERP how registrations ended. Whatever the ERP makes of that, announcements do not suffer from it: an ERP that does not
    /// know these messages may fail over each of them.
    pub(super) async fn tell_outcomes(&self, share: Share) -> Result<(), SqlError> {
        if let (true, Some(erp)) = (self.is_dry(), self.erp) {
            // Once in a tick: nothing of it is settled, and all of it is still due.
            return if share == Share::All {
                self.only_say_due(To::Erp, &erp.receiver).await
            } else {
                Ok(())
            };
        }
        let wanted = self.erp.map_or(&[][..], |erp| &erp.outcomes.0);
        if wanted.len() < Outcome::ALL.len() {
            let mut kept: Vec<_> = wanted.iter().map(|outcome| outcome.as_str()).collect();
            // Whoever wants to hear of any outcome is also asked to repeat decisions.
            kept.extend((!wanted.is_empty()).then_some(DECISIONS_WANTED));
            self.app.ledger.drop_outgoing(To::Erp, &kept).await?;
        }
        match self.erp {
            Some(erp) if !self.erp_end.is_down() => {
                self.send_due(To::Erp, &erp.receiver, &self.outcome_end, share).await
            }
            _ => Ok(()),
        }
    }

    /// Sends the alerts that are due. A dry run calls nobody, and leaves them due.
    pub(super) async fn send_alerts(&self) -> Result<(), SqlError> {
        match self.alerts {
            _ if self.is_dry() => Ok(()),
            Some(alerts) => {
                self.send_due(To::Alert, &alerts.receiver, &EndPoint::default(), Share::All).await
            }
            None => self.app.ledger.drop_outgoing(To::Alert, &[]).await,
        }
    }

    /// What a dry run does about messages that are due: the port notes them, and they stay due.
    async fn only_say_due(&self, to: To, receiver: &Receiver) -> Result<(), SqlError> {
        for message in self.app.ledger.due_outgoing(to, self.app.now(), BATCH).await? {
            let _ =
                deliver(&self.app.shop.http, receiver, &message.id(), &message.body, self.app.now()).await;
        }
        Ok(())
    }

    async fn send_due(
        &self,
        to: To,
        receiver: &Receiver,
        end: &EndPoint,
        share: Share,
    ) -> Result<(), SqlError> {
        let now = self.app.now();
        let most = if share == Share::All { BATCH } else { self.settings.concurrency };
        while self.goes_on() && !end.is_down() {
            let due = self.app.ledger.due_outgoing(to, now, most).await?;
            let tried = stream::iter(due)
                .take_while(|_| ready(self.goes_on() && !end.is_down()))
                .map(|message| self.send(to, receiver, end, message))
                .buffer_unordered(self.settings.concurrency);
            let tried: Vec<_> = tried.collect().await;
            self.app.ledger.note_outgoing(&tried).await?;
            // What comes next of a topic is due once the one before it is settled.
            if share == Share::AtOnce || tried.iter().all(|message| message.result.is_none()) {
                break;
            }
        }
        Ok(())
    }

    async fn send(&self, to: To, receiver: &Receiver, end: &EndPoint, message: Outgoing) -> Outgoing {
        let sent = deliver(&self.app.shop.http, receiver, &message.id(), &message.body, self.app.now()).await;
        let message = match sent {
            Ok(_) => {
                end.answered();
                message.told()
            }
            Err(NotDelivered::Refused(words)) => {
                end.answered();
                let fault = Fault::seen(format!("{} refused a message", receiver.name));
                self.problem(fault.saying(words.clone()));
                message.refused(words)
            }
            Err(NotDelivered::Later { fault, retry_after }) => {
                end.failed_with(&fault);
                self.problem(fault.clone());
                message.postponed(fault.to_string(), retry_after, self.app.retry())
            }
        };
        self.count(|report| match (to, message.result) {
            (_, None) => {}
            (To::Erp, Some(Sent::Told)) => report.outcomes += 1,
            (To::Alert, Some(Sent::Told)) => report.alerts += 1,
            (_, Some(Sent::Refused | Sent::GivenUp)) => report.untold += 1,
        });
        message
    }

    /// Stores what somebody is to be called about now that the tick has done what it could.
    pub(super) async fn raise_alerts(&self) -> Result<(), SqlError> {
        let Some(alerts) = self.alerts.filter(|_| !self.is_dry()) else { return Ok(()) };
        let (now, ledger) = (self.app.now(), &self.app.ledger);
        let count = ledger.count_stuck().await?;
        let fresh = if count == 0 { Vec::new() } else { ledger.stuck_untold(STUCK).await? };
        let of = |kind, now| Condition { kind, origin: None, now };
        let stuck = if count == 0 { Now::Well } else { Now::Stuck(count, fresh.clone()) };
        let mut conditions =
            vec![of(Kind::Stuck, stuck), of(Kind::Shop, self.shop_now()), of(Kind::Erp, self.erp_now())];
        for origin in &self.app.shop.settings.origins {
            let scan = self.scan_now(alerts, origin).await?;
            conditions.push(Condition { kind: Kind::ScanStale, origin: Some(origin.clone()), now: scan });
        }
        let raised = raise(&conditions, &ledger.alerts().await?, now);
        let saved = ledger.save_alerts(&raised).await?;
        if saved.contains(&Topic::of(Kind::Stuck, None)) {
            ledger.note_stuck_told(&fresh).await?;
        }
        Ok(())
    }

    fn shop_now(&self) -> Now {
        let report = self.report.borrow();
        if report.shop_read && !report.shop_down {
            return Now::Well;
        }
        let last = self.shop.last.borrow();
        let why = last.as_ref().map(|fault| format!(": {}", fault.seen)).unwrap_or_default();
        Now::Wrong(format!("The shop refuses or does not answer{why}"))
    }

    /// The ERP is only asked when there is something to tell.
    fn erp_now(&self) -> Now {
        let ends = [&self.erp_end, &self.outcome_end];
        let last = ends.iter().find_map(|end| end.last.borrow().clone());
        let (heard, down) = (ends.iter().any(|end| end.heard.get()), self.erp_end.silent.get());
        match last {
            Some(fault) if down || !heard => {
                Now::Wrong(format!("The ERP refuses or does not answer: {}", fault.seen))
            }
            _ if heard => Now::Well,
            _ => Now::Unknown,
        }
    }

    /// Whether an origin was read completely not too long ago. One that never was has had the time since the first tick.
    async fn scan_now(&self, alerts: &AlertSettings, origin: &OriginCode) -> Result<Now, SqlError> {
        let scan = self.app.ledger.scan(origin, List::Registered.as_str()).await?;
        let too_long = |since| self.app.now() - since > alerts.scan_max_age;
        let Some(complete) = scan.complete_since else {
            let first = self.app.ledger.first_run_began().await?;
            return Ok(match first.filter(|first| too_long(*first)) {
                Some(_) if !self.announces(origin) => Now::Wrong(format!(
                    "Origin {origin} waits for POST /start: whoever registers is not announced"
                )),
                Some(_) => Now::Wrong(format!(
                    "Origin {origin} was never read completely: whoever registers is not seen"
                )),
                None => Now::Unknown,
            });
        };
        if !too_long(complete) {
            return Ok(Now::Well);
        }
        let since = complete.to_rfc3339_opts(SecondsFormat::Secs, true);
        Ok(Now::Wrong(format!(
            "Origin {origin} was last read completely at {since}: whoever registers is not seen"
        )))
    }
}

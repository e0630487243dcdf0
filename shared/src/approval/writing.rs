//! Customer and addresses, in the shop.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;

use super::{Halt, Work};
use crate::{
    key::CustomerKey,
    ledger::{Happened, OwnParty, PartyKind},
    party::{Bodies, Todo, todo},
    send::SendRequest,
    shop::ShopError,
    sql::{Sql, SqlError},
    together::together,
};

/// Why a customer or address that another registration holds is not written.
const HELD: &str = "the customer or one of its addresses was written for another registration: approve with existing: true to link it";

/// Why a customer or its addresses are not written, or not all of them.
pub(super) enum NotWritten {
    /// It must not be, or the shop does not take it so: why, in words. Repeating it changes nothing.
    Refused(String),
    /// The shop failed.
    Shop(ShopError),
    /// The work ends for another reason.
    Halt(Halt),
}

impl From<ShopError> for NotWritten {
    fn from(error: ShopError) -> Self {
        match error {
            ShopError::Refused(words) | ShopError::Unreadable(words) => Self::Refused(words),
            error @ (ShopError::NoAnswer(_) | ShopError::EndPoint { .. }) => Self::Shop(error),
        }
    }
}

impl From<SqlError> for NotWritten {
    fn from(error: SqlError) -> Self {
        Self::Halt(Halt::Database(error))
    }
}

impl From<Halt> for NotWritten {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

impl<H: SendRequest, S: Sql> Work<'_, H, S> {
    /// Customers that exist already are looked up and never written.
    pub(super) async fn check_existing(&self, keys: &[CustomerKey]) -> Result<(), Halt> {
        let (shop, origin) = (&self.app.shop, &self.entry.origin);
        let asked = keys.iter().map(|key| shop.customer(origin, key).boxed_local());
        for (key, known) in keys.iter().zip(together(asked.collect()).await) {
            if known.map_err(|error| self.fault(error))?.is_none() {
                let reason =
                    format!("customer {key} does not exist in the shop, although the decision says so");
                return Err(self.end(|entry| entry.stuck(reason)));
            }
        }
        Ok(())
    }

    /// Writes the customer and then its addresses as they were decided on at `decided_at`, as far as they are not written, nobody
    /// else's, and not decided on anew since.
    pub(super) async fn write(
        &mut self,
        bodies: &Bodies,
        decided_at: DateTime<Utc>,
        overwrite: bool,
    ) -> Result<(), NotWritten> {
        let keys = bodies.keys();
        let plan = self.plan(bodies, &keys, decided_at, overwrite).await?;
        if self.app.shop.http.dry().is_some() {
            self.only_say(bodies, &plan).await;
            return Ok(());
        }
        let intents: Vec<_> =
            plan.iter().filter(|(_, todo)| todo.is_to_note()).map(|(own, _)| own.clone()).collect();
        let origin = self.entry.origin.clone();
        if self.app.ledger.note_parties(&origin, &intents).await? < intents.len() {
            self.app.ledger.withdraw_parties(&origin, &intents).await?;
            return Err(NotWritten::Refused(HELD.to_owned()));
        }
        let [(customer, todo), addresses @ ..] = &plan[..] else { return Ok(()) };
        if todo.writes() {
            self.renew(None).await?;
            let put = self.app.shop.put_customer(&origin, &bodies.customer).await;
            if matches!(put, Err(ShopError::Refused(_))) {
                // Nothing of it was written, and the addresses will not be.
                self.app.ledger.withdraw_parties(&origin, &intents).await?;
            }
            self.settle(customer, *todo, put).await?;
            self.renew(Some((Happened::CustomerWritten, format!("customer {}", customer.key)))).await?;
        }
        let due = bodies.addresses.iter().zip(addresses).filter(|(_, (_, todo))| todo.writes());
        let puts = due.clone().map(|(address, _)| self.app.shop.put_address(&origin, address).boxed_local());
        let puts = together(puts.collect()).await;
        let mut first_fault = Ok(());
        for ((_, (address, todo)), put) in due.zip(puts) {
            // Each is settled, whatever became of the others.
            first_fault = first_fault.and(self.settle(address, *todo, put).await);
        }
        first_fault
    }

    /// What a dry run does about it: the port notes what would be written.
    async fn only_say(&self, bodies: &Bodies, plan: &[(OwnParty, Todo)]) {
        let [(_, todo), addresses @ ..] = plan else { return };
        if todo.writes() {
            let _ = self.app.shop.put_customer(&self.entry.origin, &bodies.customer).await;
        }
        for (address, (_, todo)) in bodies.addresses.iter().zip(addresses) {
            if todo.writes() {
                let _ = self.app.shop.put_address(&self.entry.origin, address).await;
            }
        }
    }

    /// Notes what became of a write: what is written is ours from now on, and what the shop refused is nobody's. Of one without an
    /// answer the intent stays.
    async fn settle(
        &self,
        party: &OwnParty,
        todo: Todo,
        put: Result<(), ShopError>,
    ) -> Result<(), NotWritten> {
        let (ledger, origin) = (&self.app.ledger, &self.entry.origin);
        match &put {
            Ok(()) if todo.is_ours() => {
                let confirmed = OwnParty { confirmed: true, ..party.clone() };
                ledger.note_parties(origin, &[confirmed]).await?;
            }
            Err(ShopError::Refused(_)) => {
                ledger.withdraw_parties(origin, std::slice::from_ref(party)).await?;
            }
            Ok(()) | Err(ShopError::NoAnswer(_) | ShopError::EndPoint { .. } | ShopError::Unreadable(_)) => {}
        }
        Ok(put?)
    }

    /// What is to be done about each object, the customer first; anything that is somebody else's ends the work before it begins.
    async fn plan(
        &self,
        bodies: &Bodies,
        keys: &[(PartyKind, String)],
        decided_at: DateTime<Utc>,
        overwrite: bool,
    ) -> Result<Vec<(OwnParty, Todo)>, NotWritten> {
        let origin = &self.entry.origin;
        let shop = &self.app.shop;
        let mut asked = vec![shop.customer(origin, &bodies.customer.key).boxed_local()];
        asked.extend(bodies.addresses.iter().map(|address| shop.address(origin, &address.key).boxed_local()));
        let found = together(asked).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        let known = self.app.ledger.own_parties(origin, keys).await?;
        let lost = self.lost(bodies, &found, decided_at).await?;
        let found = found.iter().map(Option::is_some).zip(lost);
        let plan = keys.iter().zip(bodies.prints()).zip(found).map(|(((kind, key), print), (exists, lost))| {
            let own = known.iter().find(|own| own.kind == *kind && own.key == *key);
            let (kind, key, user_key) = (*kind, key.clone(), self.entry.user_key.clone());
            let wanted = OwnParty { kind, key, user_key, print, confirmed: false, decided_at: Some(decided_at) };
            let todo = match todo(exists, own, &wanted, overwrite) {
                Todo::Foreign if own.is_none() && lost => Todo::Adopt,
                todo => todo,
            };
            match (todo, kind) {
                (Todo::Held, _) => Err(HELD.to_owned()),
                (Todo::Foreign, PartyKind::Customer) => Err(format!(
                    "customer {} exists in the shop already, and is not overwritten: approve with existing: true to link it",
                    wanted.key
                )),
                (Todo::Foreign, PartyKind::Address) => Err(format!(
                    "address {} exists in the shop already, and is not overwritten: give it another key",
                    wanted.key
                )),
                (Todo::Write | Todo::Rewrite | Todo::Overwrite | Todo::Done | Todo::Adopt, _) => Ok((wanted, todo)),
            }
        });
        plan.collect::<Result<_, _>>().map_err(NotWritten::Refused)
    }

    /// Which of the objects that the shop has may have been written in the time that a restored ledger has lost: those that look as it
    /// was decided before the return.
    async fn lost(
        &self,
        bodies: &Bodies,
        found: &[Option<Bytes>],
        decided_at: DateTime<Utc>,
    ) -> Result<Vec<bool>, NotWritten> {
        let nothing = vec![false; found.len()];
        if found.iter().all(Option::is_none) {
            return Ok(nothing);
        }
        let restored = self.app.ledger.restored().await?;
        if !restored.is_some_and(|restored| restored.may_hide_write(&self.entry, decided_at)) {
            return Ok(nothing);
        }
        Ok(bodies.look_like(found))
    }
}

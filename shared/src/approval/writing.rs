//! Customer and addresses, in the shop.

use futures_util::future::{join_all, try_join, try_join_all};

use super::{Halt, Work};
use crate::{
    key::CustomerKey,
    ledger::{Happened, OwnParty, PartyKind},
    party::{Bodies, Todo, todo},
    send::SendRequest,
    sql::Sql,
};

impl<H: SendRequest, S: Sql> Work<'_, H, S> {
    /// Customers that exist already are looked up and never written.
    pub(super) async fn check_existing(&self, keys: &[CustomerKey]) -> Result<(), Halt> {
        let known =
            join_all(keys.iter().map(|key| self.app.shop.has_customer(&self.entry.origin, key))).await;
        for (key, known) in keys.iter().zip(known) {
            if !known.map_err(|error| self.fault(error))? {
                let reason =
                    format!("customer {key} does not exist in the shop, although the decision says so");
                return Err(self.end(|entry| entry.stuck(reason)));
            }
        }
        Ok(())
    }

    /// Writes the customer and then its addresses, as far as they are not written and nobody else's.
    pub(super) async fn write(&mut self, bodies: &Bodies, overwrite: bool) -> Result<(), Halt> {
        let (keys, prints) = (bodies.keys(), bodies.prints());
        let todos = self.todos(bodies, &keys, &prints, overwrite).await?;
        let user_key = self.entry.user_key.clone();
        let ours = |confirmed| {
            let planned = keys.iter().zip(&prints).zip(&todos).filter(|(_, todo)| **todo == Todo::Write);
            let own = planned.map(|(((kind, key), print), _)| OwnParty {
                kind: *kind,
                key: key.clone(),
                user_key: user_key.clone(),
                print: print.clone(),
                confirmed,
            });
            own.collect::<Vec<_>>()
        };
        let intents = ours(false);
        let stored = self.app.ledger.note_parties(&self.entry.origin, &intents).await?;
        if stored < intents.len() {
            let reason =
                format!("customer {} is being written for another registration", bodies.customer.key);
            return Err(self.end(|entry| entry.stuck(reason)));
        }
        let writes = |todo: Todo| matches!(todo, Todo::Write | Todo::Overwrite);
        if writes(todos[0]) {
            self.renew(None).await?;
            let put = self.app.shop.put_customer(&self.entry.origin, &bodies.customer).await;
            put.map_err(|error| self.fault(error))?;
            self.renew(Some((Happened::CustomerWritten, format!("customer {}", bodies.customer.key))))
                .await?;
        }
        let addresses = bodies.addresses.iter().zip(&todos[1..]).filter(|(_, todo)| writes(**todo));
        let puts = addresses.map(|(address, _)| self.app.shop.put_address(&self.entry.origin, address));
        for put in join_all(puts).await {
            put.map_err(|error| self.fault(error))?;
        }
        self.app.ledger.note_parties(&self.entry.origin, &ours(true)).await?;
        Ok(())
    }

    /// What is to be done about each object, the customer first; anything that is somebody else's ends the work before it begins.
    async fn todos(
        &self,
        bodies: &Bodies,
        keys: &[(PartyKind, String)],
        prints: &[String],
        overwrite: bool,
    ) -> Result<Vec<Todo>, Halt> {
        let origin = &self.entry.origin;
        let addresses =
            bodies.addresses.iter().map(|address| self.app.shop.has_address(origin, &address.key));
        let (customer, addresses) =
            try_join(self.app.shop.has_customer(origin, &bodies.customer.key), try_join_all(addresses))
                .await
                .map_err(|error| self.fault(error))?;
        let own = self.app.ledger.own_parties(origin, keys).await?;
        let exists = std::iter::once(customer).chain(addresses);
        let todos = keys.iter().zip(prints).zip(exists).map(|(((kind, key), print), exists)| {
            let own = own.iter().find(|own| own.kind == *kind && own.key == *key);
            match todo(exists, own, &self.entry.user_key, print, overwrite) {
                Todo::Foreign => Err((*kind, key)),
                todo => Ok(todo),
            }
        });
        todos.collect::<Result<_, _>>().map_err(|(kind, key)| {
            let reason = match kind {
                PartyKind::Customer => format!(
                    "customer {key} exists in the shop already, and is not overwritten: approve with existing: true to link it"
                ),
                PartyKind::Address => {
                    format!("address {key} exists in the shop already, and is not overwritten: approve with another key")
                }
            };
            self.end(|entry| entry.stuck(reason))
        })
    }
}

//! `customer.updated`: a customer that this application made, and addresses of it, as the ERP wants them from now on. The user and
//! the mail are none of its business.
//!
//! Applying one only gives it a row in the ledger, with a time at which it is due; writing the shop comes after that.

use crate::{
    decision::CustomerUpdate,
    erasure::ERASED,
    inbox::{Outcome, Witness},
    ledger::{Applied, Entry, Happened, KeptEvent, OwnParty, PartyKind, Rewrite, State},
    onboarding::Onboarding,
    send::SendRequest,
    sql::{Sql, SqlError},
};

/// How an update relates to what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Ruling {
    /// It is to be followed, at once or after the approval that is being carried out.
    Follow,
    /// A later decision has written the customer already.
    Superseded,
    /// It asks for what must not be.
    Conflict(String),
}

/// Rules on an update of a registration, when `own` are those of its objects that this application has written or set out to.
fn rule(entry: Option<&Entry>, own: &[OwnParty], update: &CustomerUpdate) -> Ruling {
    let key = &update.customer.key;
    let Some(entry) = entry else {
        return Ruling::Conflict("there is no registration of this user".to_owned());
    };
    if entry.state == State::Erased {
        return Ruling::Conflict(ERASED.to_owned());
    }
    if let Some(held) = own.iter().find(|own| own.user_key != update.user_key) {
        let kind = match held.kind {
            PartyKind::Customer => "customer",
            PartyKind::Address => "address",
        };
        return Ruling::Conflict(format!("{kind} {} was made for another registration", held.key));
    }
    match own.iter().find(|own| own.kind == PartyKind::Customer) {
        Some(own) if own.confirmed && own.decided_at > Some(update.decided_at) => Ruling::Superseded,
        Some(own) if own.confirmed => Ruling::Follow,
        _ if entry.state == State::Approved => Ruling::Follow,
        Some(_) => {
            Ruling::Conflict(format!("customer {key} has not been written for certain: approve again"))
        }
        None => Ruling::Conflict(format!(
            "customer {key} was not made by this application, which leaves it alone"
        )),
    }
}

/// The objects of an update, by kind and key.
fn keys(update: &CustomerUpdate) -> Vec<(PartyKind, String)> {
    let addresses = update.addresses.iter().map(|address| (PartyKind::Address, address.key.to_string()));
    std::iter::once((PartyKind::Customer, update.customer.key.to_string())).chain(addresses).collect()
}

impl<H: SendRequest, S: Sql> Onboarding<H, S> {
    /// Applies an update. It calls nobody.
    pub(crate) async fn apply_update(
        &self,
        update: &CustomerUpdate,
        kept: &KeptEvent,
        witness: Witness,
    ) -> Result<Outcome, SqlError> {
        let id = &kept.letter.id;
        match kept.outcome {
            Some(Applied::Ignored) => return Ok(Outcome::Ignored),
            Some(Applied::Superseded) => return Ok(Outcome::Superseded),
            Some(Applied::Followed) => return self.latest(update, id).await,
            Some(Applied::Refused) | None => {}
        }
        let entry = self.ledger.entry(&update.origin, &update.user_key).await?;
        let own = self.ledger.own_parties(&update.origin, &keys(update)).await?;
        let (outcome, applied) = match rule(entry.as_ref(), &own, update) {
            Ruling::Follow => {
                self.ledger.take_rewrite(&Rewrite::of(update, id, self.now())).await?;
                match self.latest(update, id).await? {
                    Outcome::Superseded => (Outcome::Superseded, Applied::Superseded),
                    stands => (stands, Applied::Followed),
                }
            }
            Ruling::Superseded => (Outcome::Superseded, Applied::Superseded),
            Ruling::Conflict(why) => {
                let Some(entry) = entry else {
                    self.ledger.refuse_stranger(id).await?;
                    return Ok(Outcome::Conflict(why));
                };
                let told = entry.telling(Happened::UpdateRefused, Some(why.clone())).by(&kept.letter.actor);
                // Nobody waits for the answer any more: the ERP is told by a message.
                let told = if witness == Witness::Nobody { told.about(id) } else { told };
                if self.ledger.save(told, self.now()).await?.is_none() {
                    // Somebody changed the registration meanwhile: it is judged anew.
                    return Ok(Outcome::Waits);
                }
                (Outcome::Conflict(why), Applied::Refused)
            }
        };
        self.ledger.settle(id, applied).await?;
        Ok(outcome)
    }

    /// How far the update `id` is, if it is the latest one of its customer.
    async fn latest(&self, update: &CustomerUpdate, id: &str) -> Result<Outcome, SqlError> {
        let latest = self.ledger.rewrite_of(&update.origin, &update.customer.key).await?;
        let latest = latest.filter(|latest| latest.event_id == id);
        Ok(latest.map_or(Outcome::Superseded, |latest| Outcome::Updated(Box::new(latest))))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    fn at(minute: u32) -> DateTime<Utc> {
        format!("2026-03-02T09:{minute:02}:00Z").parse().unwrap()
    }

    fn update() -> CustomerUpdate {
        CustomerUpdate {
            origin: "SHOP".parse().unwrap(),
            user_key: "u".parse().unwrap(),
            decided_at: at(10),
            customer: serde_json::from_str(r#"{"key":"C-1","name":"N","vat_numbers":[]}"#).unwrap(),
            addresses: vec![serde_json::from_str(r#"{"key":"A-1"}"#).unwrap()],
        }
    }

    fn own(kind: PartyKind, user: &str, confirmed: bool, minute: u32) -> OwnParty {
        let key = if kind == PartyKind::Customer { "C-1" } else { "A-1" }.to_owned();
        let (user_key, print) = (user.parse().unwrap(), "p".to_owned());
        OwnParty { kind, key, user_key, print, confirmed, decided_at: Some(at(minute)) }
    }

    #[test]
    fn only_a_customer_of_our_own_making_is_written_again() {
        use PartyKind::{Address, Customer};
        let entry =
            |state| Entry { state, ..Entry::seen("SHOP".parse().unwrap(), "u".parse().unwrap(), at(0)) };
        let (linked, approved) = (entry(State::Linked), entry(State::Approved));
        for (entry, own, want, why) in [
            (Some(&linked), vec![own(Customer, "u", true, 5)], "follow", "ours"),
            (Some(&linked), vec![own(Customer, "u", true, 11)], "superseded", "written by a later decision"),
            (Some(&linked), vec![own(Customer, "u", false, 5)], "conflict", "perhaps ours, perhaps not"),
            (Some(&linked), vec![own(Customer, "v", true, 5)], "conflict", "another registration's"),
            (
                Some(&linked),
                vec![own(Customer, "u", true, 5), own(Address, "v", true, 5)],
                "conflict",
                "an address of another registration",
            ),
            (Some(&linked), vec![], "conflict", "nobody's of ours"),
            (Some(&approved), vec![], "follow", "it is about to be written, and waits for that"),
            (None, vec![own(Customer, "u", true, 5)], "conflict", "no registration"),
        ] {
            let ruled = match rule(entry, &own, &update()) {
                Ruling::Follow => "follow",
                Ruling::Superseded => "superseded",
                Ruling::Conflict(_) => "conflict",
            };
            assert_eq!(ruled, want, "{why}");
        }
    }
}

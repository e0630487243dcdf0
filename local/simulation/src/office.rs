//! The ERP's clerks and the automation platform: who decides, and how the decision gets to the application.

use std::{rc::Rc, time::Duration};

use bytes::Bytes;
use http::StatusCode;
use sandbox::erp::{self, Approval, Rejection};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    application,
    facts::{Deed, Posted},
    history::held,
    message::Message,
    people::LOOK,
    plan::{Approve, Choice, Planned},
    world::{SECRET, World},
};

/// How often a decision that was refused is sent again before its sender gives up.
const REFUSALS: u32 = 3;

/// How the reason begins of what failed too often.
pub const GIVEN_UP: &str = "given up after ";

/// The field that says for whom a customer or an address is written.
pub const MARK: &str = "written_for";

/// Decides about a user, one decision after the other.
pub async fn decide(world: &Rc<World>, user: &str, decisions: &[Planned]) {
    for (number, planned) in decisions.iter().enumerate() {
        while !planned.unannounced && world.erp.borrow().registration("SHOP", user).is_none() {
            if world.over.get() {
                return;
            }
            sleep(LOOK).await;
        }
        sleep(planned.after).await;
        let decided_at = world.elsewhere() - planned.backdated;
        let message = message(world, user, planned, decided_at);
        let wish = matches!(planned.choice, Choice::Wish { .. });
        let id = format!("dec_{user}_{number}");
        world.trace("clerk", || format!("decides {id}: {message}"));
        world.facts.posts(Posted {
            id: id.clone(),
            message: Message(message.clone()),
            accepted: false,
            given_up: false,
        });
        let body = Bytes::from(message.to_string());
        let calm = world.calm.get();
        if send(world, &id, &body, wish).await || calm {
            world.facts.gives_up(&id);
        } else {
            tokio::task::spawn_local(send_once_calm(Rc::clone(world), id, body, wish));
        }
    }
}

/// What was refused in the time of faults is sent again when nothing can be wrong with it but itself.
async fn send_once_calm(world: Rc<World>, id: String, body: Bytes, wish: bool) {
    while !world.calm.get() {
        sleep(LOOK).await;
    }
    send(&world, &id, &body, wish).await;
    world.facts.gives_up(&id);
}

fn message(world: &World, user: &str, planned: &Planned, at: chrono::DateTime<chrono::Utc>) -> Value {
    let known = world.erp.borrow().registration("SHOP", user).map(|known| known.data.clone());
    match &planned.choice {
        Choice::Approve(Approve { customer, addresses, existing, activate, mail, replace, overwrite }) => {
            let approval = Approval::new("SHOP", user, customer);
            let mut approval = match known {
                Some(data) => approval.with_announced(&data),
                None => approval,
            };
            if !planned.names_revision {
                approval.revision = None;
            }
            approval.existing = Some(*existing);
            approval.activate = Some(*activate);
            approval.mail = Some(*mail);
            approval.replace = Some(*replace);
            approval.overwrite = Some(*overwrite);
            mark(&mut approval, user);
            let mut message = approval.message(at);
            if let (false, Some(data)) = (*addresses, message["data"].as_object_mut()) {
                data.remove("addresses");
            }
            message
        }
        Choice::Reject => Rejection::new("SHOP", user, "no trade licence").message(at),
        Choice::Wish { customer, mail } => {
            json!({"origin": "SHOP", "user_key": user, "customer_keys": [customer], "mail": mail})
        }
    }
}

/// Writes into what will be written for whom it is, so that the judge can tell whose it is. The shop ignores it.
fn mark(approval: &mut Approval, user: &str) {
    approval.customer.insert(MARK.to_owned(), json!(user));
    for address in &mut approval.addresses {
        address[MARK] = json!(user);
    }
}

/// A clerk who has everything tried again that waits for a person or for another try.
pub async fn retry_now_and_then(world: Rc<World>) {
    while !world.calm.get() {
        sleep(world.plan.every * 2).await;
        for (user, _) in world.facts.people() {
            if !world.chance(world.plan.retries) {
                continue;
            }
            let statement =
                "SELECT 1 FROM registration WHERE user_key = ?1 AND json_extract(link, '$.mail') = 'unknown'";
            let in_doubt =
                world.query(statement, vec![user.as_str().into()]).is_ok_and(|rows| !rows.is_empty());
            let status = application::retry(&world, &user).await;
            world.trace("clerk", || format!("retries {user}: {status:?}"));
            if in_doubt && status != Some(StatusCode::CONFLICT) {
                world.facts.did(world.clock.truth(), &user, Deed::RetriesInDoubt);
            }
        }
    }
}

/// A clerk who has everything tried again that was given up.
pub async fn retry_given_up(world: &Rc<World>) {
    for (user, _) in world.facts.people() {
        let reason = held(world, &user).and_then(|held| held.reason).unwrap_or_default();
        if reason.starts_with(GIVEN_UP) {
            let status = application::retry(world, &user).await;
            world.trace("clerk", || format!("retries {user}, which was given up: {status:?}"));
        }
    }
}

/// Sends until it is taken, with the same id and the same bytes, however often; and says whether it was.
async fn send(world: &Rc<World>, id: &str, body: &Bytes, wish: bool) -> bool {
    let mut refusals = 0;
    loop {
        let weather = world.weather();
        if !world.chance(weather.request_lost) {
            world.wait_up_to(weather.longest_way).await;
            if world.chance(weather.twice) {
                let (world, id, body) = (Rc::clone(world), id.to_owned(), body.clone());
                tokio::task::spawn_local(async move { knock(&world, &id, &body, wish).await });
            }
            let status = knock(world, id, body, wish).await;
            world.wait_up_to(weather.longest_way).await;
            let heard = status.filter(|_| !world.chance(weather.answer_lost));
            refusals += u32::from(heard.is_some_and(|status| status.is_client_error()));
            let taken = heard.is_some_and(|status| status.is_success());
            if taken || refusals == REFUSALS || world.over.get() {
                return taken;
            }
        }
        sleep(Duration::from_secs(30) + Duration::from_millis(world.up_to(60_000))).await;
    }
}

/// Whoever has decided anything sends it again, as it was.
pub fn repeat_everything(world: &Rc<World>) {
    for Posted { id, message, .. } in world.facts.posted() {
        let (body, wish) = (Bytes::from(message.0.to_string()), message.is_wish());
        let world = Rc::clone(world);
        tokio::task::spawn_local(async move { send(&world, &id, &body, wish).await });
    }
}

/// One attempt; what the application answered, if it did.
async fn knock(world: &Rc<World>, id: &str, body: &Bytes, wish: bool) -> Option<StatusCode> {
    let status = if wish {
        application::activate_user(world, body).await
    } else {
        let request = erp::signed(SECRET, id, world.elsewhere(), body).expect("the id is plain");
        application::erp_webhook(world, request).await
    };
    world.trace("clerk", || format!("{id} is answered with {status:?}"));
    if status.is_some_and(|status| status.is_success()) {
        world.facts.accepts(id);
    }
    status
}

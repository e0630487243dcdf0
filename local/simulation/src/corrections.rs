//! A clerk who puts things right as soon as they can be.

use std::{rc::Rc, time::Duration};

use http::StatusCode;
use serde_json::{Value, json};
use shared::{decision::Remedy, ledger::State, print::print};
use tokio::time::sleep;

use crate::{
    application::{self, CORRECTOR},
    facts::Corrected,
    history::held,
    people::LOOK,
    plan::Correction,
    world::World,
};

/// How often a correction that was refused is sent again before the clerk gives up.
const REFUSALS: u32 = 3;

/// Puts right what is planned, one after the other.
pub async fn correct(world: &Rc<World>, user: &str, corrections: &[Correction]) {
    for (number, correction) in corrections.iter().enumerate() {
        let wanted = if correction.remedy == Remedy::Reopen { State::Rejected } else { State::Linked };
        while held(world, user).is_none_or(|held| held.state != wanted) {
            if world.over.get() {
                return;
            }
            sleep(LOOK).await;
        }
        let key = format!("cor-{user}-{number}");
        let id = format!("key_{}", print(&[CORRECTOR.as_bytes(), key.as_bytes()]));
        world.facts.corrects(&id, Corrected::OnItsWay);
        sleep(correction.after).await;
        let body = body(correction).to_string();
        world.trace("clerk", || format!("wants {} for {user} ({id}): {body}", correction.remedy));
        let accepted = send(world, user, correction.remedy, &key, &body).await;
        world.facts.corrects(&id, if accepted { Corrected::Accepted } else { Corrected::GivenUp });
    }
}

fn body(correction: &Correction) -> Value {
    match correction.remedy {
        Remedy::ResendMail | Remedy::Reopen => json!({"reason": "asked by telephone"}),
        Remedy::Relink => {
            json!({"customer": {"key": correction.customer}, "remove": correction.remove, "reason": "the wrong branch"})
        }
    }
}

/// Sends until it is taken, under the same key, however often; and says whether it was.
async fn send(world: &Rc<World>, user: &str, remedy: Remedy, key: &str, body: &str) -> bool {
    let mut refusals = 0;
    loop {
        let weather = world.weather();
        if !world.chance(weather.request_lost) {
            world.wait_up_to(weather.longest_way).await;
            if world.chance(weather.twice) {
                let (world, user) = (Rc::clone(world), user.to_owned());
                let (key, body) = (key.to_owned(), body.to_owned());
                tokio::task::spawn_local(async move {
                    application::correct(&world, &user, remedy, &key, &body).await
                });
            }
            let status = application::correct(world, user, remedy, key, body).await;
            world.trace("clerk", || format!("{remedy} for {user} is answered with {status:?}"));
            world.wait_up_to(weather.longest_way).await;
            let heard = status.filter(|_| !world.chance(weather.answer_lost));
            refusals += u32::from(heard.is_some_and(|status| status.is_client_error()));
            let taken = heard.is_some_and(|status: StatusCode| status.is_success());
            if taken || refusals == REFUSALS || world.over.get() {
                return taken;
            }
        }
        sleep(Duration::from_secs(30) + Duration::from_millis(world.up_to(60_000))).await;
    }
}

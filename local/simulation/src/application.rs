//! The application's functions, as the deployed ones are wired: each request is a process of its own.

use std::{pin::pin, rc::Rc, time::Duration};

use bytes::Bytes;
use http::{Request, StatusCode};
use shared::{
    by_hand::{self, Retried},
    decision::Remedy,
    dry_run::Port,
    erasure::{self, Erasure},
    inbox::Outcome,
    ledger::Ledger,
    onboarding::{Clock, Onboarding},
    reception::{NotTaken, Signed, Taken},
    settings::{ErpSettings, ShopSettings, TickSettings, Variables},
    shop::{Shop, Tokens},
    sql::SqlError,
    status::verdict,
    tick::{Ended, tick},
    tombstone::RowKey,
};
use tokio::{sync::oneshot, time::timeout};

use crate::{
    database::Statements,
    network::Network,
    process::{Process, run},
    world::{SECRET, World},
};

/// How long the webhook works before it answers, and the grace of a tick's calls, as in the deployed functions.
const ANSWER_WITHIN: Duration = Duration::from_millis(800);
const GRACE: Duration = Duration::from_secs(2);

/// The token's name of who puts things right.
pub const CORRECTOR: &str = "anna";

/// The application's settings in this world.
pub fn variables(world: &World) -> impl Fn(&'static str) -> String {
    let client = world.shop.borrow().client.clone();
    let plan = world.plan.clone();
    move |name| match name {
        "cloudsuite_host" | "cloudsuite_token_host" => format!("https://{}", crate::target::SHOP),
        "cloudsuite_token_path" => format!("/realms/{}/protocol/openid-connect/token", client.realm),
        "cloudsuite_client_id" => client.id.clone(),
        "cloudsuite_client_secret" => client.secret.clone(),
        "origins" => "SHOP".to_owned(),
        "shop_time_zone" => plan.behaviour.zone.name().to_owned(),
        "trailing_slash" => "always".to_owned(),
        "user_key_pattern" => "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx".to_owned(),
        "start_from" => "2026-01-01".to_owned(),
        "first_run" => "announce".to_owned(),
        "dry_run" => "false".to_owned(),
        "page_limit" => plan.page_limit.to_string(),
        "concurrency" => plan.concurrency.to_string(),
        "overlap" => format!("{}s", plan.overlap.num_seconds()),
        "time_budget" => format!("{}s", plan.time_budget.as_secs()),
        "doubt_wait" => format!("{}s", plan.doubt_wait.num_seconds()),
        "retry_attempts" => plan.retry_attempts.to_string(),
        "retry_for" => format!("{}s", plan.retry_for.num_seconds()),
        "recheck_after" => "20m".to_owned(),
        "recheck_max" => "20".to_owned(),
        "retention_days" => "0".to_owned(),
        "erp_host" => format!("https://{}", crate::target::ERP),
        "erp_path" => "/registrations".to_owned(),
        "erp_signing_secret" => SECRET.to_owned(),
        "erp_outcomes" => "all".to_owned(),
        _ => String::new(),
    }
}

/// The onboarding as a process has it.
///
/// # Errors
/// [`SqlError`] when the ledger cannot be opened.
pub async fn open(
    process: &Process,
    within: Option<Duration>,
) -> Result<Onboarding<Network, Statements>, SqlError> {
    let world = Rc::clone(process.world());
    let settings =
        ShopSettings::read(&Variables(&variables(&world))).expect("the run's own settings are good");
    let (time, chance) = (Rc::clone(&world), Rc::clone(&world));
    let clock: Clock = Rc::new(move || time.clock.shown());
    let ledger = Ledger::open(Statements(process.clone())).await?;
    world.prepare_ledger();
    let shop = Shop {
        http: Port::of(Network::of(process, within), &settings),
        settings,
        tokens: Tokens::of(world.token()),
        clock: Rc::clone(&clock),
    };
    Ok(Onboarding { shop, ledger, clock, chance: Rc::new(move || chance.number()) })
}

/// `POST /fetch-new-users`. `None` when it died.
pub async fn fetch_new_users(world: &Rc<World>) -> Option<Result<Ended, SqlError>> {
    run(world, "tick", async |process| {
        let variables = variables(world);
        let variables = Variables(&variables);
        let settings = TickSettings::read(&variables).expect("the run's own settings are good");
        let erp = ErpSettings::read(&variables).expect("the run's own settings are good");
        let app = open(&process, Some(world.plan.time_budget + GRACE)).await?;
        let ended = tick(&app, &settings, erp.as_ref(), None).await;
        world.trace(process.name(), || format!("{ended:?}"));
        ended
    })
    .await
}

/// `POST /erp-webhook`. What is not done in time goes on after the answer, unless the host ends it. `None` when no answer came.
pub async fn erp_webhook(world: &Rc<World>, request: Request<Bytes>) -> Option<StatusCode> {
    let (answer, answered) = oneshot::channel();
    let world = Rc::clone(world);
    tokio::task::spawn_local(async move {
        run(&world, "webhook", async |process| {
            // Nobody may be waiting any more.
            let say = |status: StatusCode| {
                let _ = answer.send(status);
            };
            let keys = [SECRET.parse().expect("the key is base64")];
            let taken = async {
                let now = world.clock.shown();
                let message = Signed::verify(&keys, request.headers(), request.body(), now)
                    .map_err(|problem| problem.status())?;
                let app = open(&process, None).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
                let taken = app.take_message(message).await.map_err(|why| refusal(&why))?;
                Ok((app, taken))
            };
            let (app, Taken { kept, .. }) = match taken.await {
                Ok(taken) => taken,
                Err(status) => return say(status),
            };
            let mut work = pin!(app.work_off(&kept));
            if let Ok(outcome) = timeout(ANSWER_WITHIN, &mut work).await {
                return say(status(&outcome.unwrap_or(Outcome::Waits)));
            }
            say(StatusCode::ACCEPTED);
            if world.chance(world.weather().host_drops) {
                process.die();
            }
            drop(work.await);
        })
        .await
    });
    answered.await.ok()
}

/// `POST /activate-user`. `None` when no answer came.
pub async fn activate_user(world: &Rc<World>, body: &Bytes) -> Option<StatusCode> {
    run(world, "activate-user", async |process| {
        let Ok(app) = open(&process, None).await else { return StatusCode::SERVICE_UNAVAILABLE };
        match app.take_wish("platform", body).await {
            Ok(Taken { kept, .. }) => {
                app.work_off(&kept).await.map_or(StatusCode::SERVICE_UNAVAILABLE, |outcome| status(&outcome))
            }
            Err(why) => refusal(&why),
        }
    })
    .await
}

/// `POST /registrations/SHOP/{user}/resend-mail`, `/relink` or `/reopen`, under a key. `None` when no answer came.
pub async fn correct(
    world: &Rc<World>,
    user: &str,
    remedy: Remedy,
    key: &str,
    body: &str,
) -> Option<StatusCode> {
    run(world, remedy.as_str(), async |process| {
        let Ok(app) = open(&process, None).await else { return StatusCode::SERVICE_UNAVAILABLE };
        let about = ("SHOP".parse().expect("an origin"), user.parse().expect("the shop's own key"));
        let key = key.parse().expect("the key is plain");
        match app.take_correction(CORRECTOR, about, remedy, Some(&key), body.as_bytes()).await {
            Ok(Taken { kept, .. }) => {
                app.work_off(&kept).await.map_or(StatusCode::SERVICE_UNAVAILABLE, |outcome| status(&outcome))
            }
            Err(why) => refusal(&why),
        }
    })
    .await
}

/// `POST /registrations/SHOP/{user}/retry`. `None` when no answer came.
pub async fn retry(world: &Rc<World>, user: &str) -> Option<StatusCode> {
    run(world, "retry", async |process| {
        let Ok(ledger) = Ledger::open(Statements(process)).await else {
            return StatusCode::SERVICE_UNAVAILABLE;
        };
        let origin = "SHOP".parse().expect("an origin");
        let user = user.parse().expect("the shop's own key");
        match by_hand::retry(&ledger, &origin, &user, "anna", world.clock.shown()).await {
            Ok(Retried::Goes(_)) => StatusCode::ACCEPTED,
            Ok(Retried::Nothing(_)) => StatusCode::CONFLICT,
            Ok(Retried::Unknown) => StatusCode::NOT_FOUND,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    })
    .await
}

/// `DELETE /registrations/SHOP/{user}`. `None` when no answer came.
pub async fn erase(world: &Rc<World>, user: &str) -> Option<StatusCode> {
    run(world, "erase", async |process| {
        let Ok(ledger) = Ledger::open(Statements(process)).await else {
            return StatusCode::SERVICE_UNAVAILABLE;
        };
        world.prepare_ledger();
        let origin = "SHOP".parse().expect("an origin");
        let user = user.parse().expect("the shop's own key");
        let key = RowKey::of([world.number(), world.number()]);
        match erasure::erase(&ledger, &origin, &user, "eva", key, world.clock.shown()).await {
            Ok(Erasure::Done(_)) => StatusCode::OK,
            Ok(Erasure::NotNow(_)) => StatusCode::CONFLICT,
            Ok(Erasure::Unknown) => StatusCode::NOT_FOUND,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    })
    .await
}

fn status(outcome: &Outcome) -> StatusCode {
    verdict(outcome).map_or_else(|problem| problem.status(), |(status, _)| status)
}

fn refusal(why: &NotTaken) -> StatusCode {
    match why {
        NotTaken::Problem(problem) => problem.status(),
        NotTaken::Ledger(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

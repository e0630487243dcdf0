//! One run: a time of faults, then a time of calm in which everything has to come right, then the judgement.

use std::{rc::Rc, time::Duration};

use shared::sql::Value;
use tokio::{
    task::{JoinSet, LocalSet},
    time::{Instant, sleep, sleep_until},
};

use crate::{
    application, clock::spelt, erasure, facts::Corrected, loss, mutation::Mutation, office, people,
    plan::Plan, promises, trace::Trace, world::World,
};

/// The pause between ticks in the time of calm.
const CALM_PAUSE: Duration = Duration::from_mins(15);
/// The most of them: longer than any pause between two tries can become.
const CALM_TICKS: usize = 60;
/// So many ticks without a change end it.
const STILL: usize = 3;

/// How a run ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The promises that were broken, in words; none if all is well.
    pub broken: Vec<String>,
    /// How many activation mails were sent.
    pub mails: usize,
    /// How many registrations wait for a person.
    pub stuck: usize,
    /// How many effects there were.
    pub effects: u64,
    /// What happened, if it was asked for.
    pub trace: Vec<String>,
}

/// How a run is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// The mistake to try.
    pub mutation: Option<Mutation>,
    /// At which effect the process that has it dies.
    pub doom: Option<u64>,
    /// Whether a trace is wanted.
    pub traced: bool,
}

/// Runs a plan.
///
/// # Panics
/// When the runtime cannot be made, or the run's own settings are wrong.
#[must_use]
pub fn run(plan: Plan, how: How) -> Ended {
    on_paused_time(play(plan, how))
}

/// Runs something on a clock that only moves when everybody waits.
pub fn on_paused_time<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime with a clock of its own can always be made");
    LocalSet::new().block_on(&runtime, work)
}

async fn play(plan: Plan, how: How) -> Ended {
    let trace = if how.traced { Trace::kept() } else { Trace::default() };
    let world = World::new(plan, how.mutation, how.doom, trace);
    people::prepare(&world);
    let mut actors = JoinSet::new();
    for index in 0..world.plan.people.len() {
        actors.spawn_local(people::live(Rc::clone(&world), index));
    }
    actors.spawn_local(Rc::clone(&world).jump_as_planned());
    actors.spawn_local(office::retry_now_and_then(Rc::clone(&world)));
    actors.spawn_local(erasure::erase_now_and_then(Rc::clone(&world)));
    actors.spawn_local(loss::lose_as_planned(Rc::clone(&world)));
    turmoil(&world).await;
    world.becalm();
    calm(&world).await;
    world.over.set(true);
    let broken =
        if world.plan.loss.is_some() { promises::judge_after_loss(&world) } else { promises::judge(&world) };
    for promise in &broken {
        world.trace("BROKEN", || promise.clone());
    }
    let stuck = left(&world).matches(" stuck").count();
    let mails = world.shop.borrow().mails().len();
    Ended { broken, mails, stuck, effects: world.effects(), trace: world.lines() }
}

/// The scheduler calls, whatever becomes of it.
async fn turmoil(world: &Rc<World>) {
    let end = Instant::now() + world.plan.turmoil;
    while Instant::now() + world.plan.every < end {
        sleep(world.plan.every).await;
        tick_in_background(world);
        if world.chance(world.plan.two_at_once) {
            world.wait_up_to(2000).await;
            if world.plan.lease_fails {
                world.break_lease();
            }
            tick_in_background(world);
        }
    }
    sleep_until(end).await;
}

fn tick_in_background(world: &Rc<World>) {
    let world = Rc::clone(world);
    tokio::task::spawn_local(async move {
        drop(application::fetch_new_users(&world).await);
        promises::watch(&world);
    });
}

async fn calm(world: &Rc<World>) {
    let (mut before, mut still) = (String::new(), 0);
    for _ in 0..CALM_TICKS {
        sleep(CALM_PAUSE).await;
        drop(application::fetch_new_users(world).await);
        promises::watch(world);
        if world.plan.mends {
            office::retry_given_up(world).await;
        }
        let now = left(world);
        still = if now == before && !now.contains("due") { still + 1 } else { 0 };
        before = now;
        if still >= STILL && waiting_for_nothing(world) {
            return;
        }
    }
    world.facts.breaks(format!("after {} work is left over: {before}", spelt(world.clock.truth())));
}

/// Who is left waits for what will not come: an announcement or a mail. And who was deleted is noticed.
fn waiting_for_nothing(world: &World) -> bool {
    let sent = world.facts.posted().iter().all(|posted| posted.accepted || posted.given_up);
    let sent = sent && world.facts.corrections().iter().all(|(_, how)| *how != Corrected::OnItsWay);
    sent && world.facts.people().iter().all(|(user, _)| !promises::is_unnoticed(world, user))
}

/// How far each registration is, and what is still to do.
fn left(world: &World) -> String {
    let statement = "SELECT coalesce((SELECT group_concat(user_key || ' ' || state || CASE WHEN due_at IS NULL THEN '' ELSE ' due' END) \
                     FROM registration), '') || coalesce((SELECT group_concat(' due ' || id) FROM inbox WHERE outcome IS NULL), '') \
                     || coalesce((SELECT group_concat(' due ' || kind) FROM outgoing WHERE due_at IS NOT NULL), '')";
    match world.query(statement, vec![]) {
        Ok(rows) => match rows.into_iter().flatten().next() {
            Some(Value::Text(text)) => text,
            _ => String::new(),
        },
        Err(_) => "due: no ledger".to_owned(),
    }
}

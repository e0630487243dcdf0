//! `onboarding torture`: the real process, killed again and again while registrations travel.

mod ledger;
mod surroundings;
mod victim;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use clap::Args;
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    application,
    command::Outcome,
    demo::cast,
    judge::{Ended, harm},
    screen::{self, ASIDE, GOOD, Progress, WRONG},
    stop,
};
use ledger::Remains;
use surroundings::{Busy, Surroundings};
use victim::Victim;

/// How long the killer waits for the work that it wants to hit. A killed tick leaves a lease of 17 s.
const PATIENCE: Duration = Duration::from_secs(25);
/// How far into a piece of work a kill may land.
const DEPTH: Duration = Duration::from_millis(400);
/// How long everything has to come right after the last kill. The claims of the killed lapse after a minute, and a try that failed
/// is repeated after a pause that grows.
const PEACE: Duration = Duration::from_mins(8);

/// Kill the application again and again while registrations travel, and see that nothing is lost and nothing done twice.
///
/// A stand-in shop and a stand-in ERP run here; the application is a process of its own, `onboarding up`. It is killed with
/// SIGKILL in the middle of ticks and webhooks, and at once started again on the same ledger. Before each kill some more people
/// register, so that every kill meets registrations on their way. In the end what the shop, the ERP and the ledger hold is compared
/// with the promises.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onboarding torture                        fifty kills, two hundred registrations
  onboarding torture --kills 5 --people 20  a short one
  onboarding torture --seed 7               other people, other moments

A killed tick keeps the next one out for 17 seconds, and a killed claim lapses after a minute, so fifty kills take some minutes.
Exit code 3 means that a promise was broken.")]
pub struct Arguments {
    /// The application's manifest.
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    manifest: PathBuf,
    /// How often the process is killed.
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    kills: u16,
    /// How many people register.
    #[arg(long, value_name = "PEOPLE", default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=1000))]
    people: u16,
    /// Makes the people and the moments of the kills.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// How long the shop and the ERP take for each call, at most.
    #[arg(long, value_name = "TIME", default_value = "30ms", value_parser = humantime::parse_duration)]
    latency: Duration,
}

/// Tortures it, and says whether the promises hold.
pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let manifest = application::manifest(&arguments.manifest)?;
    application::build(&manifest)?;
    // The compiled components are cached, so that the process is soon up again.
    drop(application::load(&arguments.manifest, &manifest)?);
    let runtime = tokio::runtime::Runtime::new().context("the threads for the servers")?;
    runtime.block_on(async {
        tokio::select! {
            tortured = torture(arguments) => tortured,
            // Leaving here kills the process and closes the ports.
            () = stop::asked() => anyhow::bail!("ended before it was over"),
        }
    })
}

async fn torture(arguments: &Arguments) -> Result<Outcome> {
    let began = Instant::now();
    let surroundings = Surroundings::new(arguments.seed, arguments.latency).await?;
    let mut victim = Victim::start(&arguments.manifest, surroundings.settings()).await?;
    let address = victim.address();
    screen::line(format_args!(
        "{ASIDE}The application is http://{address}; its ledger and its log are in {}.{ASIDE:#}",
        victim.folder().display()
    ));

    let progress = Progress::new();
    let hits = {
        let life = surroundings.live(address);
        let death = kill(arguments, &surroundings, &mut victim, &progress);
        tokio::select! {
            hits = death => hits?,
            () = life => anyhow::bail!("the surroundings never end by themselves"),
        }
    };
    progress.show("No more kills: everything has to come right");
    let peace = timeout(PEACE, async {
        tokio::select! {
            () = surroundings.live(address) => {}
            () = until_all_ended(&surroundings) => {}
        }
    })
    .await;
    progress.clear();
    let mut broken = judge(&surroundings).await;
    if peace.is_err() {
        broken.push(format!("not everything came right within {} s after the last kill", PEACE.as_secs()));
    }
    victim.kill().await?;
    broken.extend(ledger::complaints(&victim.database())?);
    screen::line(format_args!(
        "{} registrations, {} kills ({} in a tick, {} in a webhook alone, {} in neither) in {:.0} s",
        surroundings.users().len(),
        arguments.kills,
        hits.tick,
        hits.webhook,
        hits.neither,
        began.elapsed().as_secs_f64()
    ));
    screen::line(format_args!("Each kill met at least {} registrations on their way.", hits.fewest));
    if broken.is_empty() {
        screen::line(format_args!("{GOOD}Every promise holds, and the ledger is whole.{GOOD:#}"));
        victim.bury();
        return Ok(Outcome::Well);
    }
    for complaint in &broken {
        screen::line(format_args!("{WRONG}{complaint}{WRONG:#}"));
    }
    screen::line(format_args!("{ASIDE}ledger and log are left in {}{ASIDE:#}", victim.folder().display()));
    Ok(Outcome::Wrong)
}

/// What the kills hit.
struct Hits {
    tick: u32,
    /// While no tick was at work.
    webhook: u32,
    neither: u32,
    /// The fewest registrations that were on their way at a kill.
    fewest: usize,
}

/// Kills as often as asked, each time in the middle of something. A share of the people registers before each kill.
async fn kill(
    arguments: &Arguments,
    surroundings: &Surroundings,
    victim: &mut Victim,
    progress: &Progress,
) -> Result<Hits> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(arguments.seed);
    let mut people = cast::invent(arguments.seed, arguments.people).into_iter();
    let mut hits = Hits { tick: 0, webhook: 0, neither: 0, fewest: people.len() };
    let mut before = Remains::default();
    for kill in 1..=arguments.kills {
        let share = people.len().div_ceil(usize::from(arguments.kills - kill + 1));
        surroundings.register(people.by_ref().take(share));
        let wanted = if rng.random_bool(0.3) { Busy::Tick } else { Busy::Webhook };
        // What is wanted may have nothing left to do: then whatever runs is hit.
        let _ = timeout(PATIENCE, surroundings.until_busy(wanted)).await;
        sleep(DEPTH.mul_f64(rng.random_range(0.0..1.0))).await;
        let erp_waits = surroundings.erp_waits();
        victim.kill().await?;
        let remains = Remains::read(&victim.database())?;
        match remains.busy(&before).or(erp_waits.then_some(Busy::Webhook)) {
            Some(Busy::Tick) => hits.tick += 1,
            Some(Busy::Webhook) => hits.webhook += 1,
            None => hits.neither += 1,
        }
        hits.fewest = hits.fewest.min(surroundings.users().len().saturating_sub(remains.ended));
        before = remains;
        progress.show(&format!("{kill} of {} kills", arguments.kills));
        victim.revive().await?;
    }
    surroundings.register(people);
    Ok(hits)
}

async fn until_all_ended(surroundings: &Surroundings) {
    while surroundings.unended().await > 0 {
        sleep(Duration::from_millis(500)).await;
    }
}

async fn judge(surroundings: &Surroundings) -> Vec<String> {
    let mut broken = Vec::new();
    let users = surroundings.users();
    let mut states = Vec::new();
    for user in &users {
        states.push(surroundings.status(user).await);
    }
    let (shop, erp) = (surroundings.shop.lock(), surroundings.erp.lock());
    for (user, status) in users.iter().zip(states) {
        let ended = Ended::of(user, status["state"].as_str().unwrap_or("unknown"), &shop, &erp);
        let complaints = ended.complaints();
        if !complaints.is_empty() {
            broken.push(format!("{user}: {}; {}", complaints.join(", "), status["timeline"]));
        }
    }
    let users: Vec<_> = users.iter().map(String::as_str).collect();
    broken.extend(harm(&shop, &erp, &users));
    broken
}

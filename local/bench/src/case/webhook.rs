//! Decisions of the ERP, to their durable answer, beside a native server in the same run.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use chrono::Utc;
use http::{Request, StatusCode};
use runner::{Application, Logs, Options, Runner};
use sandbox::erp::Decision;
use tempfile::TempDir;

use super::Case;
use crate::{
    bench::{Bench, Setup},
    flushes::{self, Counts},
    line::{Figure, Goal},
    load::{self, Load},
    native,
    process::Process,
    surroundings::{Surroundings, tick},
};

const LEAST_THROUGHPUT: f64 = 0.6;
const MOST_P99: f64 = 3.0;
/// Long enough for all that is sent.
const LONG: Duration = Duration::from_mins(10);
/// Decisions whose commits and flushes are counted.
const COUNTED: usize = 50;

/// Registrations that wait for a decision, and their decisions.
struct Waiting {
    surroundings: Surroundings<sandbox::Erp>,
    ledger: TempDir,
    decisions: Arc<Vec<Request<Bytes>>>,
}

/// One of the two servers under one stream.
struct Taken {
    load: Load,
    processor_time: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Server {
    Application,
    Native,
}

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    bench.begin("registrations that wait for a decision");
    let waiting = Waiting::new(bench).await?;
    let plan = bench.plan();
    for latency in &plan.shop_latencies {
        for connections in &plan.connections {
            beside(bench, &waiting, *connections, *latency).await?;
        }
    }
    waiting.surroundings.shop.set_latency(Duration::ZERO);
    for (server, name) in [(Server::Application, "the application"), (Server::Native, "the native server")] {
        let Counts { commits, flushes } = counted(bench.setup, &waiting, server).await?;
        for (what, count) in [("commits", commits), ("flushes", flushes)] {
            let each = f64::from(u32::try_from(count)?)
                / f64::from(u32::try_from(COUNTED.min(waiting.decisions.len()))?);
            bench.found(Case::Webhook, format!("{what} for one decision, {name}"), Figure::Count(each));
        }
    }
    Ok(())
}

impl Waiting {
    async fn new(bench: &mut Bench<'_>) -> Result<Self> {
        let people = bench.plan().decisions;
        let ledger = tempfile::tempdir()?;
        let surroundings = Surroundings::deciding(people).await?;
        let process = surroundings.serve(bench, ledger.path()).await?;
        tick(&process).await?;
        bench.end(process, "a tick before the decisions").await?;
        let keys = surroundings.shop.lock().keys().to_vec();
        let decisions = keys.iter().map(|key| {
            let decided = surroundings.erp.lock().decide(Utc::now(), "SHOP", key, Decision::Approve);
            decided.context("the ERP does not know the registration")
        });
        let decisions = Arc::new(decisions.collect::<Result<_>>()?);
        Ok(Self { surroundings, ledger, decisions })
    }

    /// A copy of the ledger in which all wait.
    fn ledger(&self) -> Result<TempDir> {
        let copy = tempfile::tempdir()?;
        for file in fs::read_dir(self.ledger.path())? {
            let file = file?;
            fs::copy(file.path(), copy.path().join(file.file_name()))?;
        }
        Ok(copy)
    }
}

/// Both servers under the same stream, some times; the middle ratios count.
async fn beside(
    bench: &mut Bench<'_>,
    waiting: &Waiting,
    connections: usize,
    latency: Duration,
) -> Result<()> {
    waiting.surroundings.shop.set_latency(latency);
    let mut rounds = Vec::new();
    for round in 1..=bench.plan().rounds {
        let shop = latency.as_millis();
        bench.begin(&format!("decisions, {connections} connections, shop {shop} ms, round {round}"));
        let ours = stream(bench, waiting, Server::Application, connections).await?;
        let native = stream(bench, waiting, Server::Native, connections).await?;
        rounds.push((ours, native));
    }
    rounds.sort_by(|one, other| throughput(one).total_cmp(&throughput(other)));
    let middle = rounds.len() / 2;
    let (ours, native) = rounds.into_iter().nth(middle).context("no round was made")?;
    let what = |what: &str| format!("{connections} connections, shop {} ms: {what}", latency.as_millis());
    bench.judged(
        Case::Webhook,
        what("throughput / native"),
        Figure::Ratio(throughput(&(&ours, &native))),
        Goal::AtLeast(Figure::Ratio(LEAST_THROUGHPUT)),
    );
    let p99 = |taken: &Taken| taken.load.percentile(99).as_secs_f64();
    bench.judged(
        Case::Webhook,
        what("p99 / native p99"),
        Figure::Ratio(p99(&ours) / p99(&native)),
        Goal::AtMost(Figure::Ratio(MOST_P99)),
    );
    for (name, taken) in [("the application", &ours), ("the native server", &native)] {
        let answers = u32::try_from(taken.load.times.len())?;
        let late = taken.load.answered(StatusCode::ACCEPTED);
        bench.found(Case::Webhook, what(name), Figure::PerSecond(taken.load.per_second()));
        for share in [50, 99] {
            let time = taken.load.percentile(share);
            bench.found(Case::Webhook, what(&format!("{name}, p{share}")), Figure::Time(time));
        }
        let time = taken.processor_time.checked_div(answers).unwrap_or_default();
        bench.found(Case::Webhook, what(&format!("{name}, processor time for one")), Figure::Time(time));
        let share =
            |count| Ok::<_, anyhow::Error>(f64::from(u32::try_from(count)?) / f64::from(answers.max(1)));
        bench.found(
            Case::Webhook,
            what(&format!("{name}, share answered with 202")),
            Figure::Ratio(share(late)?),
        );
        let refused = taken.load.times.len() - late - taken.load.answered(StatusCode::OK);
        let none = Goal::AtMost(Figure::Ratio(0.0));
        bench.judged(
            Case::Webhook,
            what(&format!("{name}, share not taken")),
            Figure::Ratio(share(refused)?),
            none,
        );
    }
    Ok(())
}

fn throughput(round: &(impl std::borrow::Borrow<Taken>, impl std::borrow::Borrow<Taken>)) -> f64 {
    round.0.borrow().load.per_second() / round.1.borrow().load.per_second()
}

async fn stream(
    bench: &mut Bench<'_>,
    waiting: &Waiting,
    server: Server,
    connections: usize,
) -> Result<Taken> {
    let ledger = waiting.ledger()?;
    let settings = waiting.surroundings.settings();
    let Setup { program, manifest_path, .. } = bench.setup;
    let process = match server {
        Server::Application => bench.serve(&settings, ledger.path(), &[]).await?,
        Server::Native => Process::native(program, manifest_path, &settings, ledger.path()).await?,
    };
    let before = process.processor_time()?;
    let decisions = Arc::clone(&waiting.decisions);
    let load = load::send(process.address(), connections, bench.plan().load, decisions).await?;
    let processor_time = process.processor_time()?.saturating_sub(before);
    match server {
        Server::Application => {
            let doing = format!("decisions on {connections:>3} connections");
            bench.end(process, &doing).await?;
        }
        // It has nothing to say.
        Server::Native => drop(process),
    }
    Ok(Taken { load, processor_time })
}

/// What some decisions, one after the other, do to the disk. Here the server is in this process.
async fn counted(setup: &Setup, waiting: &Waiting, server: Server) -> Result<Counts> {
    flushes::count()?;
    let ledger = waiting.ledger()?;
    let settings = waiting.surroundings.settings();
    let (before, after);
    match server {
        Server::Application => {
            let manifest = setup.manifest.clone();
            let application = tokio::task::spawn_blocking(move || Application::load(&manifest)).await??;
            let options = Options {
                listen: ([127, 0, 0, 1], 0).into(),
                variables: settings.into_iter().collect(),
                state: Some(ledger.path().to_owned()),
                logs: Logs::to(|_, _| {}),
                ..Options::default()
            };
            let runner = Runner::start(&application, options).await?;
            before = flushes::counts();
            one_by_one(runner.address(), waiting).await?;
            after = flushes::counts();
            runner.shutdown().await;
        }
        Server::Native => {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let address = listener.local_addr()?;
            let read = |name: &str| {
                let set = settings.iter().find(|(known, _)| known == name);
                set.map(|(_, value)| value.clone())
            };
            native::serve(&setup.manifest, &listener, ledger.path(), read)?;
            before = flushes::counts();
            one_by_one(address, waiting).await?;
            after = flushes::counts();
        }
    }
    Ok(Counts { commits: after.commits - before.commits, flushes: after.flushes - before.flushes })
}

async fn one_by_one(address: SocketAddr, waiting: &Waiting) -> Result<()> {
    let decisions: Vec<_> = waiting.decisions.iter().take(COUNTED).cloned().collect();
    let sent = decisions.len();
    let load = load::send(address, 1, LONG, Arc::new(decisions)).await?;
    anyhow::ensure!(load.answered(StatusCode::OK) == sent, "not all were carried out at once");
    Ok(())
}

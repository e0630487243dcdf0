//! A running application.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use wasmtime_wasi_http::handler::ProxyHandler;

use crate::Application;
use crate::clock::Clock;
use crate::database::Database;
use crate::instances::{Instances, Stage};
use crate::logs::Logs;
use crate::outgoing::{Outgoing, Pool};
use crate::room::Room;
use crate::server;
use crate::site::Site;
use crate::store::Shared;
use crate::timer::{self, Every};
use crate::usage::Usage;
use crate::variables::Variables;

/// How an application is served.
#[derive(Clone)]
pub struct Options {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Values of application variables. They win over `SPIN_VARIABLE_*` in the environment.
    pub variables: BTreeMap<String, String>,
    /// The folder for the database, `sqlite_db.db`; without one it is `.spin` next to the manifest, as in Spin.
    pub state: Option<PathBuf>,
    /// The time that components see and that the limits of their requests follow.
    pub clock: Clock,
    /// Where the components' lines go.
    pub logs: Logs,
    /// Requests at regular times.
    pub every: Vec<Every>,
    /// How long an instance waits for its next request, in real time; one second, as in Spin.
    pub idle: Duration,
    /// How many requests an instance takes at the same time; 16, as in Spin. They share its end if one of them traps: 1 keeps each to
    /// itself.
    pub at_once: usize,
    /// How many requests an instance takes one after the other before it goes; 128, as in Spin.
    pub reuse: usize,
    /// How long [`Runner::shutdown`] waits for what still runs, in real time.
    pub grace: Duration,
}

/// Port 3000 of this machine only, the machine's clock, lines to our standard error, ten seconds of grace.
impl Default for Options {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 3000).into(),
            variables: BTreeMap::new(),
            state: None,
            clock: Clock::system(),
            logs: Logs::stderr(),
            every: Vec::new(),
            idle: Duration::from_secs(1),
            at_once: 16,
            reuse: 128,
            grace: Duration::from_secs(10),
        }
    }
}

/// Shows the names of the variables only.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("variables", &self.variables.keys())
            .field("state", &self.state)
            .field("every", &self.every)
            .finish_non_exhaustive()
    }
}

/// An application that is being served. Dropping it cuts off whatever runs; [`Runner::shutdown`] lets it end.
pub struct Runner {
    address: SocketAddr,
    grace: Duration,
    usage: BTreeMap<String, Usage>,
    stage: watch::Sender<Stage>,
    /// The server and the timers.
    tasks: JoinSet<()>,
    /// Closed when the last instance is gone.
    alive: mpsc::Receiver<()>,
}

impl Runner {
    /// Starts to serve; requests are answered from the moment that this returns.
    ///
    /// # Errors
    /// A variable has no value, the address is taken, or the state folder cannot be made.
    pub async fn start(application: &Application, options: Options) -> Result<Self> {
        let listener = TcpListener::bind(options.listen)
            .await
            .with_context(|| format!("cannot listen on {}: choose another address", options.listen))?;
        let address = listener.local_addr()?;
        let (stage, watched) = watch::channel(Stage::Running);
        let (alive, gone) = mpsc::channel(1);
        let mut usage = BTreeMap::new();
        let site = Arc::new(site(application, &options, &watched, &alive, &mut usage)?);
        let mut tasks = JoinSet::new();
        for every in options.every {
            every.check(&site)?;
            tasks.spawn(timer::run(every, site.clone(), options.clock.clone(), address, watched.clone()));
        }
        tasks.spawn(server::serve(listener, site, options.clock, watched));
        Ok(Self { address, grace: options.grace, usage, stage, tasks, alive: gone })
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as a URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The most linear memory that any instance of a component has used so far, in bytes; 0 for one that never ran.
    #[must_use]
    pub fn peak_memory(&self, component: &str) -> usize {
        self.usage.get(component).map_or(0, Usage::memory)
    }

    /// Accepts nothing more, lets running requests and the work that they left behind end, and cuts off what is not
    /// done after [`Options::grace`].
    pub async fn shutdown(mut self) {
        self.stage.send_replace(Stage::Ending);
        let end = async {
            while self.tasks.join_next().await.is_some() {}
            // Nothing is ever sent: this ends when the last instance drops its end.
            self.alive.recv().await;
        };
        if tokio::time::timeout(self.grace, end).await.is_err() {
            tracing::warn!("some work was not done in time and is cut off");
        }
        self.stage.send_replace(Stage::Over);
        while self.tasks.join_next().await.is_some() {}
        // They stop at their next step; one that never takes one is left alone.
        let _ = tokio::time::timeout(Duration::from_secs(1), self.alive.recv()).await;
        self.tell_usage();
    }

    fn tell_usage(&self) {
        for (component, usage) in self.usage.iter().filter(|(_, usage)| usage.instances() > 0) {
            let (linear_memory, instances) = (usage.memory(), usage.instances());
            let each_made_in = usage.each_made_in().as_nanos();
            tracing::info!(
                component,
                linear_memory,
                instances,
                each_made_in,
                "used at most, in bytes and nanoseconds"
            );
        }
    }
}

fn site(
    application: &Application,
    options: &Options,
    stage: &watch::Receiver<Stage>,
    alive: &mpsc::Sender<()>,
    usage: &mut BTreeMap<String, Usage>,
) -> Result<Site> {
    let manifest = application.manifest();
    let variables = Variables::resolve(manifest, &options.variables, |key| std::env::var(key).ok())?;
    let folder = options.state.clone().unwrap_or_else(|| manifest.folder.join(".spin"));
    fs::create_dir_all(&folder).with_context(|| format!("the state folder {}", folder.display()))?;
    let pool = Pool::new()?;
    let database = Database::new(folder.join("sqlite_db.db")).context("the database's thread")?;
    let mut handlers = BTreeMap::new();
    for (id, component) in application.components() {
        let settings = &manifest.components[id];
        let name: Arc<str> = id.as_str().into();
        let hosts = variables.hosts(settings)?;
        let shared = Shared {
            variables: variables.of(settings)?,
            database: settings.sqlite.then(|| database.clone()),
            outgoing: Outgoing::new(name.clone(), &hosts, pool.clone(), options.clock.clone()),
            clock: options.clock.clone(),
            logs: options.logs.clone(),
            usage: usage.entry(id.clone()).or_default().clone(),
            id: name,
        };
        let instances = Instances {
            engine: application.engine().clone(),
            component: component.clone(),
            shared: Arc::new(shared),
            idle: options.idle,
            at_once: options.at_once,
            reuse: options.reuse,
            room: Room::new(options.at_once),
            stage: stage.clone(),
            alive: alive.clone(),
        };
        handlers.insert(id.clone(), ProxyHandler::new(instances));
    }
    Ok(Site { routes: manifest.router()?, handlers })
}

//! `onboarding up`: the application with the user's own settings.

mod settings;
mod timer;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use runner::{Application, Every, Manifest, Options, Runner};

use crate::{
    application,
    command::Outcome,
    logs,
    screen::{self, ASIDE, HEAD, NOTABLE},
    stop,
};

/// Serve the application with your own settings, on this machine.
///
/// Does what `spin up --build` does, without Spin: builds the components that are missing or older than their sources, serves
/// the routes of spin.toml, and keeps the ledger in a file.
///
/// Settings come from the environment: the variable `origins` of spin.toml is `SPIN_VARIABLE_ORIGINS`. What has no value is
/// listed at the start; a function that lacks something answers 503 and says what.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onboarding up
  onboarding up --listen 0.0.0.0:8080 --state /var/lib/onboarding
  onboarding up --every 5m /fetch-new-users
  SPIN_VARIABLE_ORIGINS=SHOP SPIN_VARIABLE_START_FROM=2026-03-02 onboarding up

Ctrl-C lets the running requests end, for ten seconds; a second Ctrl-C does not wait.")]
pub struct Arguments {
    /// The application's manifest.
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    manifest: PathBuf,
    /// The address to listen on. Only this machine can reach 127.0.0.1; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Send a POST to a route again and again, as a scheduler would, such as `--every 5m /fetch-new-users`; may be repeated.
    ///
    /// The bearer token is `ONBOARDING_TICK_TOKEN`, else the first token with the scope `tick` in `SPIN_VARIABLE_API_TOKENS`.
    /// The first call comes after the first period.
    #[arg(long, num_args = 2, value_names = ["PERIOD", "ROUTE"])]
    every: Vec<String>,
    /// The folder for the ledger; `.spin` next to the manifest unless given.
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// Take the components as they are, instead of building what is missing or stale; then no Rust is needed.
    #[arg(long)]
    no_build: bool,
    /// How many requests an instance of a component takes before it is thrown away.
    #[arg(long, value_name = "REQUESTS", default_value_t = 128, hide_short_help = true)]
    max_instance_reuse_count: usize,
    /// How many requests an instance of a component takes at the same time, as in Spin. If one traps, it takes them all along.
    #[arg(long, value_name = "REQUESTS", default_value_t = 16, hide_short_help = true)]
    max_instance_concurrent_reuse_count: usize,
    /// End, as by Ctrl-C, when standard input closes: for a program that starts this one and must not leave it behind.
    #[arg(long, hide_short_help = true)]
    until_stdin_closes: bool,
}

/// Serves until it is told to end.
pub fn run(arguments: Arguments) -> Result<Outcome> {
    let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let every = timer::calls(&arguments.every, environment)?;
    let manifest = application::manifest(&arguments.manifest)?;
    if !arguments.no_build {
        application::build(&manifest)?;
    }
    let application = application::load(&arguments.manifest, &manifest)?;
    let options = Options {
        listen: arguments.listen,
        state: arguments.state,
        logs: logs::of_functions(),
        every,
        at_once: arguments.max_instance_concurrent_reuse_count,
        reuse: arguments.max_instance_reuse_count,
        ..Options::default()
    };
    let runtime = tokio::runtime::Runtime::new().context("the threads for the server")?;
    let told_to_end = async {
        tokio::select! {
            () = stop::asked() => {}
            () = stop::stdin_closed(), if arguments.until_stdin_closes => {}
        }
    };
    runtime.block_on(serve(&application, options, told_to_end))?;
    Ok(Outcome::Well)
}

async fn serve(
    application: &Application,
    options: Options,
    told_to_end: impl Future<Output = ()>,
) -> Result<()> {
    let every = options.every.clone();
    let state = options.state.clone().unwrap_or_else(|| application.manifest().folder.join(".spin"));
    let runner = Runner::start(application, options).await?;
    let manifest = application.manifest();
    screen::line(format_args!("{HEAD}{}{HEAD:#} is served; Ctrl-C ends it.\n", manifest.name));
    let width = manifest.routes.iter().map(|route| route.route.len()).max().unwrap_or_default();
    for route in &manifest.routes {
        let shown = screen::column(&route.route.replace("/...", "/…"), width);
        screen::line(format_args!("  {}{shown}  {ASIDE}{}{ASIDE:#}", runner.url(), route.component));
    }
    screen::line(format_args!(
        "\nThe console is at {HEAD}{}/{HEAD:#}: sign in with a token of api_tokens that has the scope `read`.",
        runner.url()
    ));
    screen::line(format_args!("The ledger is {}.", state.join("sqlite_db.db").display()));
    tell_every(&every);
    tell_unset(manifest);
    told_to_end.await;
    screen::line("Ending: what runs may finish; Ctrl-C again does not wait.");
    tokio::select! {
        () = runner.shutdown() => {}
        () = stop::asked() => {}
    }
    Ok(())
}

fn tell_every(every: &[Every]) {
    for Every { period, route, .. } in every {
        screen::line(format_args!("Every {}: POST {route}", humantime::format_duration(*period)));
    }
}

fn tell_unset(manifest: &Manifest) {
    let unset = settings::unset(manifest, |key| std::env::var(key).ok());
    if unset.is_empty() {
        return;
    }
    screen::line(format_args!(
        "\n{NOTABLE}Not set{NOTABLE:#}; not all are needed, and a function that needs one answers 503 and names it:"
    ));
    for setting in unset {
        screen::line(format_args!("  {setting}"));
    }
}

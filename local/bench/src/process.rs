//! What is measured, as a process of its own.

use std::{
    ffi::OsStr,
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use http::StatusCode;
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::load;

/// How long it may take until the first answer: without compiled code, and on a busy machine.
const START: Duration = Duration::from_mins(2);
/// How long it may take to end.
const END: Duration = Duration::from_mins(1);
/// Ticks of the processor's clock in a second, as Linux tells them to programs.
const CLOCK: u64 = 100;

/// A process that serves. Dropping it kills it; if this program is killed itself, it ends because its standard input closes.
pub struct Process {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
    /// From its beginning to its first answer.
    pub started_in: Duration,
}

/// What the instances of one component have used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The component.
    pub component: String,
    /// The most linear memory of an instance, in bytes.
    pub linear_memory: u64,
    /// How many there were.
    pub instances: u64,
    /// How long one of them took to make, on average.
    pub each_made_in: Duration,
}

/// What a process has said at its end.
#[derive(Debug)]
pub struct Ended {
    /// What its components have used.
    pub used: Vec<Used>,
}

impl Process {
    /// `onboarding up`.
    ///
    /// # Errors
    /// It cannot be started, or does not answer.
    pub async fn application(
        program: &Path,
        manifest: &Path,
        settings: &[(String, String)],
        state: &Path,
        more: &[&str],
    ) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["up", "--no-build", "--until-stdin-closes", "--manifest"]).arg(manifest).args(more);
        Self::start(command, settings, state).await
    }

    /// `onboarding bench --native`: the native server.
    ///
    /// # Errors
    /// It cannot be started, or does not answer.
    pub async fn native(
        program: &Path,
        manifest: &Path,
        settings: &[(String, String)],
        state: &Path,
    ) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["bench", "--native", "--manifest"]).arg(manifest);
        Self::start(command, settings, state).await
    }

    async fn start(mut command: Command, settings: &[(String, String)], state: &Path) -> Result<Self> {
        // The port is free again at once, and its next owner is the process.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr());
        let address = address.context("a free port")?;
        let log = state.join("log");
        let lines = File::create(&log).context("a file for its log")?;
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SPIN_VARIABLE_")) {
            command.env_remove(name);
        }
        let settings = settings
            .iter()
            .map(|(name, value)| (format!("SPIN_VARIABLE_{}", name.to_ascii_uppercase()), value));
        let began = Instant::now();
        let child = command
            .args([
                OsStr::new("--listen"),
                address.to_string().as_ref(),
                OsStr::new("--state"),
                state.as_ref(),
            ])
            .envs(settings)
            .env("RUST_LOG", "error,runner::runner=info")
            .stdin(Stdio::piped())
            .stdout(lines.try_clone().context("a file for its log")?)
            .stderr(lines)
            .kill_on_drop(true)
            .spawn()
            .context("the process")?;
        let mut process = Self { child, address, log, started_in: Duration::ZERO };
        let answers = async {
            while load::get(address, "/health", None).await.ok().map(|reply| reply.0) != Some(StatusCode::OK)
            {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(START, answers).await.with_context(|| format!("no answer: see {}", process.log.display()))?;
        process.started_in = began.elapsed();
        Ok(process)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The most memory that it has used so far, in bytes.
    ///
    /// # Errors
    /// The system does not tell as Linux does.
    pub fn peak_memory(&self) -> Result<u64> {
        let status = self.proc("status")?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        Ok(kilobytes.context("the peak of its memory")? * 1024)
    }

    /// The time that it has spent on the processor so far, in steps of 10 ms.
    ///
    /// # Errors
    /// The system does not tell as Linux does.
    pub fn processor_time(&self) -> Result<Duration> {
        let stat = self.proc("stat")?;
        // The program's name stands in brackets and may hold anything; the 12th and 13th field behind it are what is wanted.
        let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
        let ticks: Option<u64> =
            fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().ok()).sum();
        Ok(Duration::from_millis(ticks.context("its time on the processor")? * 1000 / CLOCK))
    }

    fn proc(&self, file: &str) -> Result<String> {
        let id = self.child.id().context("it has ended")?;
        fs::read_to_string(format!("/proc/{id}/{file}"))
            .context("memory and time of a process are read as Linux tells them")
    }

    /// Lets it end, and reads what it says then.
    ///
    /// # Errors
    /// It does not end.
    pub async fn end(mut self) -> Result<Ended> {
        drop(self.child.stdin.take());
        timeout(END, self.child.wait()).await.context("the process does not end")??;
        let log = fs::read_to_string(&self.log).context("its log")?;
        Ok(Ended { used: log.lines().filter_map(used).collect() })
    }
}

/// Reads a line that the runner writes at its end.
fn used(line: &str) -> Option<Used> {
    let (_, line) = line.split_once("used at most")?;
    let field = |name: &str| {
        line.split_whitespace()
            .find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
            .map(str::to_owned)
    };
    Some(Used {
        component: field("component")?.trim_matches('"').to_owned(),
        linear_memory: field("linear_memory")?.parse().ok()?,
        instances: field("instances")?.parse().ok()?,
        each_made_in: Duration::from_nanos(field("each_made_in")?.parse().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_runner_says_at_its_end_is_read() {
        let line = "09:15:00.000  INFO runner::runner: used at most, in bytes and nanoseconds component=\"erp-webhook\" linear_memory=1179648 instances=12 each_made_in=73000";
        let want = Used {
            component: "erp-webhook".to_owned(),
            linear_memory: 1_179_648,
            instances: 12,
            each_made_in: Duration::from_micros(73),
        };
        assert_eq!(used(line), Some(want));
        assert_eq!(used("09:15:00.000 ERROR runner::site: no answer"), None);
    }
}

//! The application as a process of its own, that is killed and started again on the same ledger.

use std::{
    fs::File,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result};
use http::Method;
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::client::Client;

/// How long it may take until it answers.
const START: Duration = Duration::from_mins(1);

/// The process. Dropping it kills it. If this program is killed itself, the process ends because its standard input closes.
pub struct Victim {
    manifest: PathBuf,
    settings: Vec<(String, String)>,
    address: SocketAddr,
    folder: TempDir,
    child: Child,
}

impl Victim {
    /// Starts it on a free port, with a ledger of its own.
    ///
    /// # Errors
    /// It cannot be started, or does not answer.
    pub async fn start(manifest: &Path, settings: Vec<(String, String)>) -> Result<Self> {
        // The port is free again at once, and its next owner is the process.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr());
        let address = address.context("a free port for the application")?;
        let folder = tempfile::Builder::new().prefix("onboarding-torture-").tempdir();
        let mut folder = folder.context("a folder for the ledger")?;
        // Whatever ends this early, the evidence stays.
        folder.disable_cleanup(true);
        let child = spawn(manifest, &settings, address, folder.path())?;
        let victim = Self { manifest: manifest.to_owned(), settings, address, folder, child };
        victim.until_it_answers().await?;
        Ok(victim)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The file of its ledger.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("sqlite_db.db")
    }

    /// Kills it, without a word.
    ///
    /// # Errors
    /// The system does not let us.
    pub async fn kill(&mut self) -> Result<()> {
        self.child.kill().await.context("the process cannot be killed")
    }

    /// Starts it again.
    ///
    /// # Errors
    /// It cannot be started, or does not answer.
    pub async fn revive(&mut self) -> Result<()> {
        self.child = spawn(&self.manifest, &self.settings, self.address, self.folder.path())?;
        self.until_it_answers().await
    }

    /// Where its ledger and its log are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// All is well: ledger and log are not needed any more.
    pub fn bury(mut self) {
        self.folder.disable_cleanup(false);
    }

    async fn until_it_answers(&self) -> Result<()> {
        let client = Client::new(format!("http://{}", self.address));
        let answers = async {
            while !client.call(Method::GET, "/health", "").await.is_ok_and(|(status, _)| status.is_success())
            {
                sleep(Duration::from_millis(10)).await;
            }
        };
        let log = log(self.folder.path());
        timeout(START, answers)
            .await
            .with_context(|| format!("the application does not answer: see {}", log.display()))
    }
}

fn log(folder: &Path) -> PathBuf {
    folder.join("log")
}

/// Our own program, with the settings of the torture and none of the user's.
fn spawn(
    manifest: &Path,
    settings: &[(String, String)],
    address: SocketAddr,
    folder: &Path,
) -> Result<Child> {
    let lines = File::options().create(true).append(true).open(log(folder)).context("a file for its log")?;
    let program = std::env::current_exe().context("the path of this program")?;
    let mut command = Command::new(program);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SPIN_VARIABLE_")) {
        command.env_remove(name);
    }
    let settings =
        settings.iter().map(|(name, value)| (format!("SPIN_VARIABLE_{}", name.to_ascii_uppercase()), value));
    command
        .args(["up", "--no-build", "--until-stdin-closes", "--listen", &address.to_string(), "--manifest"])
        .arg(manifest)
        .arg("--state")
        .arg(folder)
        .envs(settings)
        .stdin(Stdio::piped())
        .stdout(lines.try_clone().context("a file for its log")?)
        .stderr(lines)
        .kill_on_drop(true)
        .spawn()
        .context("the application's process")
}

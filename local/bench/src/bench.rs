//! The run: what it needs, and what it has found so far.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Result;
use runner::Manifest;

use crate::{
    case::Case,
    line::{Figure, Goal, Line},
    plan::Plan,
    process::{Ended, Process},
};

/// The most memory that the runner's process may use, in bytes.
const MOST_MEMORY: u64 = 64_000_000;
/// The most linear memory that a component may use, in bytes.
const MOST_LINEAR_MEMORY: u64 = 16_000_000;

/// What a run needs.
#[derive(Debug)]
pub struct Setup {
    /// The program `onboarding`, which serves the application and, as `bench --native`, the native server.
    pub program: PathBuf,
    /// The application's manifest. Its components are built.
    pub manifest: Manifest,
    /// The manifest's own path.
    pub manifest_path: PathBuf,
    /// How much is measured.
    pub plan: Plan,
}

/// What a run tells.
#[derive(Debug)]
pub enum Told<'a> {
    /// What it is at now: it may take a minute.
    Doing(&'a str),
    /// What it has found.
    Found(&'a Line),
}

/// A run.
pub struct Bench<'a> {
    /// What it needs.
    pub setup: &'a Setup,
    lines: Vec<Line>,
    tell: Box<dyn FnMut(Told<'_>) + 'a>,
    /// The most memory of the runner's process, by what it was doing.
    memory: BTreeMap<String, u64>,
    /// The most linear memory, by component.
    linear: BTreeMap<String, u64>,
}

impl<'a> Bench<'a> {
    /// A run that has measured nothing yet. Each line is told as it is found.
    pub fn new(setup: &'a Setup, tell: impl FnMut(Told<'_>) + 'a) -> Self {
        let (memory, linear) = (BTreeMap::new(), BTreeMap::new());
        Self { setup, lines: Vec::new(), tell: Box::new(tell), memory, linear }
    }

    /// Measures these cases.
    ///
    /// # Errors
    /// Something could not be started, or did not do its work.
    pub async fn run(mut self, cases: &[Case]) -> Result<Vec<Line>> {
        for case in cases {
            case.measure(&mut self).await?;
        }
        Ok(self.lines)
    }

    pub(crate) fn plan(&self) -> &'a Plan {
        &self.setup.plan
    }

    /// Tells what comes now.
    pub(crate) fn begin(&mut self, doing: &str) {
        (self.tell)(Told::Doing(doing));
    }

    pub(crate) fn found(&mut self, case: Case, what: impl Into<String>, figure: Figure) {
        self.line(Line { case, what: what.into(), figure, goal: None });
    }

    pub(crate) fn judged(&mut self, case: Case, what: impl Into<String>, figure: Figure, goal: Goal) {
        self.line(Line { case, what: what.into(), figure, goal: Some(goal) });
    }

    fn line(&mut self, line: Line) {
        (self.tell)(Told::Found(&line));
        self.lines.push(line);
    }

    /// The application in a process of its own.
    pub(crate) async fn serve(
        &self,
        settings: &[(String, String)],
        state: &Path,
        more: &[&str],
    ) -> Result<Process> {
        let Setup { program, manifest_path, .. } = self.setup;
        Process::application(program, manifest_path, settings, state, more).await
    }

    /// Ends the application, and notes what memory it has used at most.
    pub(crate) async fn end(&mut self, process: Process, doing: &str) -> Result<Ended> {
        let peak = process.peak_memory()?;
        let ended = process.end().await?;
        let before = self.memory.entry(doing.to_owned()).or_default();
        *before = peak.max(*before);
        for used in &ended.used {
            let before = self.linear.entry(used.component.clone()).or_default();
            *before = used.linear_memory.max(*before);
        }
        Ok(ended)
    }

    /// The peak memory of what was done before.
    pub(crate) fn peak(&self, doing: &str) -> Option<u64> {
        self.memory.get(doing).copied()
    }

    /// Tells the memory of everything that was measured.
    pub(crate) fn tell_memory(&mut self) {
        for (doing, bytes) in self.memory.clone() {
            let goal = Goal::AtMost(Figure::Bytes(MOST_MEMORY));
            self.judged(Case::Memory, format!("the runner's process: {doing}"), Figure::Bytes(bytes), goal);
        }
        for (component, bytes) in self.linear.clone() {
            let goal = Goal::AtMost(Figure::Bytes(MOST_LINEAR_MEMORY));
            self.judged(
                Case::Memory,
                format!("an instance of `{component}`, its linear memory"),
                Figure::Bytes(bytes),
                goal,
            );
        }
    }
}

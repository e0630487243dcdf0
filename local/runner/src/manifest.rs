//! `spin.toml`: the same file that `spin up` reads. What Spin refuses is refused here too, and so is what only Spin can do.

mod file;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::hosts::AllowedHosts;
use crate::routes::Routes;
use crate::site::WELL_KNOWN;
use crate::template::{self, Template};

/// A checked manifest.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The application's name.
    pub name: String,
    /// The folder of the manifest; every relative path starts there.
    pub folder: PathBuf,
    /// `[variables]` by name.
    pub variables: BTreeMap<String, Variable>,
    /// `[[trigger.http]]` in the order of the file.
    pub routes: Vec<Route>,
    /// `[component.X]` by id.
    pub components: BTreeMap<String, Component>,
}

/// An application variable.
#[derive(Clone)]
pub struct Variable {
    /// Its value when nobody sets it; `None` means that somebody must.
    pub default: Option<String>,
    /// Whether its value must never be shown.
    pub secret: bool,
}

/// Shows no value of a secret.
impl fmt::Debug for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let default = self.default.as_ref().map(|value| if self.secret { "(secret)" } else { value });
        f.debug_struct("Variable").field("default", &default).field("secret", &self.secret).finish()
    }
}

/// An HTTP trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `/path`, or `/path/...` for everything below it.
    pub route: String,
    /// The id of the component that answers.
    pub component: String,
}

/// A component.
#[derive(Debug, Clone)]
pub struct Component {
    /// The file with the component.
    pub source: PathBuf,
    /// The variables that it sees, by name.
    pub variables: BTreeMap<String, Template>,
    /// Where it may connect to.
    pub allowed_outbound_hosts: Vec<Template>,
    /// Whether it may open the database `default`, the only one that there is.
    pub sqlite: bool,
    /// How its file is made, if the manifest says so.
    pub build: Option<Build>,
}

/// How a component's file is made.
#[derive(Debug, Clone)]
pub struct Build {
    /// Shell commands, run one after the other.
    pub commands: Vec<String>,
    /// Where they run, and where the patterns of `watch` start.
    pub workdir: PathBuf,
    /// Glob patterns of the files that it is made from.
    pub watch: Vec<String>,
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// The file cannot be read, or Spin would refuse it, or it asks for something that this runner does not support.
    /// The message names the key and what to do.
    pub fn read(path: &Path) -> Result<Self> {
        let context = || format!("the manifest {}", path.display());
        let path = path.canonicalize().with_context(context)?;
        let text = std::fs::read_to_string(&path).with_context(context)?;
        let folder = path.parent().context("a manifest is in a folder")?;
        Self::parse(&text, folder).with_context(context)
    }

    /// Checks the text of a manifest that lies in `folder`.
    ///
    /// # Errors
    /// As [`Manifest::read`].
    pub fn parse(text: &str, folder: &Path) -> Result<Self> {
        let file = file::File::parse(text)?;
        let manifest = Self {
            name: file.name,
            folder: folder.to_owned(),
            variables: file.variables,
            routes: file.routes,
            components: file
                .components
                .into_iter()
                .map(|(id, component)| {
                    let component = component.resolve(folder).with_context(|| format!("component `{id}`"))?;
                    Ok((id, component))
                })
                .collect::<Result<_>>()?,
        };
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<()> {
        for (name, variable) in &self.variables {
            template::check_name(name)?;
            if variable.secret && variable.default.as_ref().is_some_and(|value| !value.is_empty()) {
                tracing::warn!(variable = name, "a secret has a default value in the manifest");
            }
        }
        for (id, component) in &self.components {
            check_id(id)?;
            component.check(&self.variables).with_context(|| format!("component `{id}`"))?;
        }
        let mut seen = BTreeSet::new();
        for Route { route, component } in &self.routes {
            ensure!(
                self.components.contains_key(component),
                "route `{route}`: there is no component `{component}`"
            );
            ensure!(seen.insert(route.trim_end_matches('/')), "route `{route}` has two triggers");
            ensure!(!route.starts_with(WELL_KNOWN), "route `{route}`: Spin keeps {WELL_KNOWN} to itself");
        }
        self.router()?;
        Ok(())
    }

    pub(crate) fn router(&self) -> Result<Routes> {
        Routes::new(self.routes.iter().map(|r| (r.route.as_str(), r.component.as_str())))
    }
}

impl Component {
    fn check(&self, variables: &BTreeMap<String, Variable>) -> Result<()> {
        let known = |template: &Template| match template.variables().find(|n| !variables.contains_key(*n)) {
            Some(name) => bail!(template::unknown(name)),
            None => Ok(()),
        };
        for (name, template) in &self.variables {
            template::check_name(name)?;
            known(template).with_context(|| format!("variable `{name}`"))?;
        }
        for entry in &self.allowed_outbound_hosts {
            let context = "`allowed_outbound_hosts` is malformed";
            known(entry).context(context)?;
            if entry.variables().next().is_none() {
                AllowedHosts::parse(&[entry.expand(&BTreeMap::new())?]).context(context)?;
            }
        }
        Ok(())
    }
}

/// Spin's rule for the id of a component: words of letters and digits between hyphens.
fn check_id(id: &str) -> Result<()> {
    for (i, word) in id.split('-').enumerate() {
        let first = word.chars().next().unwrap_or_default();
        let begins = first.is_ascii_alphabetic() || (i > 0 && first.is_ascii_digit());
        let upper = word.chars().any(|c| c.is_ascii_uppercase());
        let mixed = upper && word.chars().any(|c| c.is_ascii_lowercase());
        ensure!(
            begins && !mixed && word.chars().all(|c| c.is_ascii_alphanumeric()),
            "component `{id}`: an id has words of letters and digits, separated by '-'"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests;

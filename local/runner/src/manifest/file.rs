//! The keys of a `spin.toml`, before anything is checked against anything else.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::{Build, Route, Variable};
use crate::template::Template;

/// A manifest whose every key is known.
pub(super) struct File {
    pub name: String,
    pub variables: BTreeMap<String, Variable>,
    pub routes: Vec<Route>,
    pub components: BTreeMap<String, ComponentKeys>,
}

#[derive(Deserialize)]
struct TopKeys {
    spin_manifest_version: Value,
    application: Value,
    #[serde(default)]
    variables: BTreeMap<String, Value>,
    #[serde(default)]
    trigger: BTreeMap<String, Value>,
    #[serde(default)]
    component: BTreeMap<String, Value>,
    #[serde(flatten)]
    rest: Table,
}

#[derive(Deserialize)]
struct ApplicationKeys {
    name: String,
    #[serde(flatten)]
    rest: Table,
}

#[derive(Deserialize)]
struct VariableKeys {
    #[serde(default)]
    required: bool,
    default: Option<String>,
    #[serde(default)]
    secret: bool,
    #[serde(flatten)]
    rest: Table,
}

#[derive(Deserialize)]
struct TriggerKeys {
    route: Value,
    component: Option<Value>,
    #[serde(flatten)]
    rest: Table,
}

#[derive(Deserialize)]
pub(super) struct ComponentKeys {
    source: Value,
    #[serde(default)]
    variables: BTreeMap<String, String>,
    #[serde(default)]
    allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    sqlite_databases: Vec<String>,
    build: Option<Value>,
    #[serde(flatten)]
    rest: Table,
}

#[derive(Deserialize)]
struct BuildKeys {
    command: Commands,
    workdir: Option<String>,
    #[serde(default)]
    watch: Vec<String>,
    #[serde(flatten)]
    rest: Table,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Commands {
    One(String),
    Several(Vec<String>),
}

impl File {
    pub fn parse(text: &str) -> Result<Self> {
        let keys: TopKeys = toml::from_str(text)?;
        refuse("", &keys.rest, &[], &[])?;
        ensure!(
            keys.spin_manifest_version.as_integer() == Some(2),
            "`spin_manifest_version` must be 2, it is {}",
            keys.spin_manifest_version
        );
        let application: ApplicationKeys = read("[application]", keys.application)?;
        let about = ["version", "description", "authors", "tool"];
        refuse("[application]", &application.rest, &about, &["targets", "trigger"])?;
        Ok(Self {
            name: application.name,
            variables: each(keys.variables, |name, value| variable(&format!("variable `{name}`"), value))?,
            routes: triggers(keys.trigger)?,
            components: each(keys.component, |id, value| {
                let place = format!("component `{id}`");
                let keys: ComponentKeys = read(&place, value)?;
                refuse(&place, &keys.rest, &["description", "tool"], SPINS_COMPONENT_KEYS)?;
                Ok(keys)
            })?,
        })
    }
}

/// What Spin knows of a component and this runner does not support.
const SPINS_COMPONENT_KEYS: &[&str] = &[
    "ai_models",
    "allowed_http_hosts",
    "dependencies",
    "dependencies_inherit_configuration",
    "environment",
    "exclude_files",
    "files",
    "key_value_stores",
    "profile",
    "targets",
];

fn variable(place: &str, value: Value) -> Result<Variable> {
    let keys: VariableKeys = read(place, value)?;
    refuse(place, &keys.rest, &["description"], &[])?;
    ensure!(keys.required != keys.default.is_some(), "{place} must be `required` or have a `default`");
    Ok(Variable { default: keys.default, secret: keys.secret })
}

fn triggers(triggers: BTreeMap<String, Value>) -> Result<Vec<Route>> {
    let mut routes = Vec::new();
    for (kind, value) in triggers {
        ensure!(kind == "http", "`trigger.{kind}`: this runner does not support it; Spin does");
        let Value::Array(triggers) = value else {
            bail!("`trigger.http` must be an array of tables: write [[trigger.http]]");
        };
        for trigger in triggers {
            routes.push(route(trigger)?);
        }
    }
    Ok(routes)
}

fn route(trigger: Value) -> Result<Route> {
    let place = "[[trigger.http]]";
    let keys: TriggerKeys = read(place, trigger)?;
    let Value::String(route) = keys.route else {
        bail!("{place}: `route = {}`: this runner does not support it; Spin does", keys.route);
    };
    let place = format!("route `{route}`");
    refuse(&place, &keys.rest, &["id"], &["components", "executor", "static_response"])?;
    ensure!(route.starts_with('/'), "{place} must start with '/'");
    match keys.component {
        None => bail!("{place} has no `component`"),
        Some(Value::String(component)) => Ok(Route { route, component }),
        Some(_) => bail!("{place}: an inline `component`: this runner does not support it; Spin does"),
    }
}

impl ComponentKeys {
    pub fn resolve(self, folder: &Path) -> Result<super::Component> {
        let Value::String(source) = self.source else {
            bail!("`source` as a table: this runner does not support it; Spin does");
        };
        for database in &self.sqlite_databases {
            ensure!(
                database == "default",
                "`sqlite_databases`: {database:?} needs a runtime configuration, which this runner does not have: only \"default\" is there"
            );
        }
        let build = self.build.map(|build| self::build(build, folder)).transpose()?;
        let template = |text: &String| Template::parse(text);
        Ok(super::Component {
            source: folder.join(source),
            variables: each(self.variables, |name, text| {
                template(&text).with_context(|| format!("variable `{name}`"))
            })?,
            allowed_outbound_hosts: self
                .allowed_outbound_hosts
                .iter()
                .map(template)
                .collect::<Result<_>>()
                .context("`allowed_outbound_hosts` is malformed")?,
            sqlite: !self.sqlite_databases.is_empty(),
            build,
        })
    }
}

fn build(value: Value, folder: &Path) -> Result<Build> {
    let keys: BuildKeys = read("`build`", value)?;
    refuse("`build`", &keys.rest, &[], &[])?;
    let commands = match keys.command {
        Commands::One(command) => vec![command],
        Commands::Several(commands) => commands,
    };
    let workdir = keys.workdir.map_or(folder.to_owned(), |workdir| folder.join(workdir));
    Ok(Build { commands, workdir, watch: keys.watch })
}

fn read<T: DeserializeOwned>(place: &str, value: Value) -> Result<T> {
    value.try_into().with_context(|| place.to_owned())
}

fn each<T, U>(
    values: BTreeMap<String, T>,
    read: impl Fn(&str, T) -> Result<U>,
) -> Result<BTreeMap<String, U>> {
    values.into_iter().map(|(name, value)| read(&name, value).map(|value| (name, value))).collect()
}

/// Refuses what is left after the keys that the runner uses; `idle` keys are such that Spin does nothing with them at run time.
fn refuse(place: &str, rest: &Table, idle: &[&str], spins: &[&str]) -> Result<()> {
    let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
    match rest.keys().find(|key| !idle.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) if spins.contains(&key.as_str()) => {
            bail!("{place}`{key}`: this runner does not support it; Spin does")
        }
        Some(key) => bail!("{place}`{key}` is not a key that Spin knows"),
    }
}

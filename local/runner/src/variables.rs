//! The values of the application's variables, and what each component sees of them.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context, Result, ensure};

use crate::Manifest;
use crate::manifest::Component;

/// Values by name; never shown, as any of them may be a secret.
pub(crate) struct Variables(BTreeMap<String, String>);

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Variables {
    /// Takes each value from `given`, else from the environment, else from the manifest.
    pub fn resolve(
        manifest: &Manifest,
        given: &BTreeMap<String, String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        for name in given.keys() {
            ensure!(
                manifest.variables.contains_key(name),
                "the application has no variable `{name}`: declare it under [variables] or leave it out"
            );
        }
        let value = |(name, variable): (&String, &crate::manifest::Variable)| {
            let key = format!("SPIN_VARIABLE_{}", name.to_ascii_uppercase());
            let value = given.get(name).cloned().or_else(|| environment(&key));
            let value = value
                .or_else(|| variable.default.clone())
                .with_context(|| format!("variable `{name}` is required and has no value: set {key}"))?;
            Ok((name.clone(), value))
        };
        manifest.variables.iter().map(value).collect::<Result<_>>().map(Self)
    }

    /// What `component` sees.
    pub fn of(&self, component: &Component) -> Result<Self> {
        let value = |(name, template): (&String, &crate::template::Template)| {
            Ok((name.clone(), template.expand(&self.0)?))
        };
        component.variables.iter().map(value).collect::<Result<_>>().map(Self)
    }

    /// The hosts that `component` may reach, their templates filled in.
    pub fn hosts(&self, component: &Component) -> Result<Vec<String>> {
        component.allowed_outbound_hosts.iter().map(|entry| entry.expand(&self.0)).collect()
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn manifest() -> Manifest {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spin.toml");
        let text = r#"
            spin_manifest_version = 2
            application = { name = "app" }
            [variables]
            host = { default = "from.manifest" }
            token = { required = true, secret = true }
            [component.c]
            source = "c.wasm"
            variables = { url = "https://{{ host }}/" }
        "#;
        std::fs::write(&path, text).unwrap();
        Manifest::read(Path::new(&path)).unwrap()
    }

    fn given(values: &[(&str, &str)]) -> BTreeMap<String, String> {
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_given_value_wins_over_the_environment_and_that_over_the_manifest() {
        let manifest = manifest();
        let environment = |key: &str| (key == "SPIN_VARIABLE_HOST").then(|| "from.environment".to_owned());
        let nothing = |_: &str| None;
        for (variables, expected) in [
            (Variables::resolve(&manifest, &given(&[("token", "t")]), nothing), "https://from.manifest/"),
            (
                Variables::resolve(&manifest, &given(&[("token", "t")]), environment),
                "https://from.environment/",
            ),
            (
                Variables::resolve(&manifest, &given(&[("token", "t"), ("host", "given")]), environment),
                "https://given/",
            ),
        ] {
            let seen = variables.unwrap().of(&manifest.components["c"]).unwrap();
            assert_eq!(seen.get("url"), Some(expected));
            assert_eq!(seen.get("token"), None, "a component sees its own variables only");
        }
    }

    #[test]
    fn a_missing_or_unknown_value_is_refused_by_name() {
        for (values, message) in [
            (vec![], "variable `token` is required and has no value: set SPIN_VARIABLE_TOKEN"),
            (vec![("token", "t"), ("hots", "x")], "no variable `hots`"),
        ] {
            let error = Variables::resolve(&manifest(), &given(&values), |_| None).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}

//! Spin's `{{ name }}` templates and the names of its variables.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context, Result, bail};

/// A text with references to application variables, as `allowed_outbound_hosts` and a component's variables have them.
#[derive(Clone, PartialEq, Eq)]
pub struct Template {
    written: String,
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(String),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// An opening `{{` without its `}}`: correct the manifest.
    pub fn parse(written: &str) -> Result<Self> {
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some((text, after)) = rest.split_once("{{") {
            let (name, after) =
                after.split_once("}}").context("invalid variable template: unmatched '{{'")?;
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
            parts.push(Part::Variable(name.trim().to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { written: written.to_owned(), parts })
    }

    /// The variables it refers to, in the order of the text.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text with every reference replaced.
    ///
    /// # Errors
    /// A variable that `values` does not have; [`crate::Manifest::read`] has refused such a template already.
    pub fn expand(&self, values: &BTreeMap<String, String>) -> Result<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(written) => text.push_str(written),
                Part::Variable(name) => text.push_str(values.get(name).with_context(|| unknown(name))?),
            }
        }
        Ok(text)
    }
}

/// Shows the template as written, never a value.
impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.written)
    }
}

pub(crate) fn unknown(name: &str) -> String {
    format!("invalid variable template: unknown variable {name:?}")
}

/// Refuses a name that Spin refuses for a variable.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let wrong = |c: &char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_');
    if name.is_empty() {
        bail!("invalid variable name: {name:?}: must not be empty");
    }
    if let Some(c) = name.chars().find(wrong) {
        bail!(
            "invalid variable name: {name:?}: invalid character {c:?}; only lower-case letters, digits and underscores are allowed"
        );
    }
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        bail!("invalid variable name: {name:?}: must start with a lower-case letter");
    }
    if name.ends_with('_') {
        bail!("invalid variable name: {name:?}: must end with a letter or digit");
    }
    if name.contains("__") {
        bail!("invalid variable name: {name:?}: must not contain two underscores in a row");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_becomes_text_with_the_values_filled_in() {
        let values = BTreeMap::from([("host".to_owned(), "shop.test".to_owned())]);
        for (template, text) in [
            ("", ""),
            ("plain", "plain"),
            ("{{ host }}", "shop.test"),
            ("https://{{host}}:8080/", "https://shop.test:8080/"),
            ("{{ host }}{{ host }}", "shop.testshop.test"),
            ("a }} b", "a }} b"),
        ] {
            let expanded = Template::parse(template).and_then(|t| t.expand(&values)).unwrap();
            assert_eq!(expanded, text, "{template}");
        }
    }

    #[test]
    fn an_open_template_is_refused() {
        assert!(Template::parse("{{ a }} {{ b").is_err());
    }

    #[test]
    fn names_follow_spins_rule() {
        for name in ["a", "abc", "a1b2", "a_1_b"] {
            check_name(name).unwrap();
        }
        for name in ["", "aX", "1bc", "_x", "x.y", "x_", "a__b", "x-y"] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
    }
}

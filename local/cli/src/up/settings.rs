//! Which settings nobody has made yet.

use runner::Manifest;

/// Settings that mean something when they are empty.
const MAY_BE_EMPTY: [&str; 2] = ["user_filter", "alert_signing_secret"];

/// The environment variables to set, in the order of the alphabet.
pub fn unset(manifest: &Manifest, environment: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let keys =
        manifest.variables.iter().filter(|(name, _)| !MAY_BE_EMPTY.contains(&name.as_str())).filter_map(
            |(name, variable)| {
                let key = format!("SPIN_VARIABLE_{}", name.to_ascii_uppercase());
                let value = environment(&key).or_else(|| variable.default.clone()).unwrap_or_default();
                is_unset(&value).then_some(key)
            },
        );
    keys.collect()
}

/// Spin wants a default for each variable, so "no host" is written as a name that cannot exist.
fn is_unset(value: &str) -> bool {
    value.trim().is_empty() || value.trim_end_matches('/').ends_with(".invalid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_invalid_values_are_unset_and_the_environment_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spin.toml");
        let text = r#"
            spin_manifest_version = 2
            application = { name = "app" }
            [variables]
            cloudsuite_host = { default = "https://cloudsuite-host.invalid" }
            erp_path = { default = "/" }
            origins = { default = "" }
            start_from = { default = "" }
            user_filter = { default = "" }
            [component.c]
            source = "c.wasm"
        "#;
        std::fs::write(&path, text).unwrap();
        let manifest = Manifest::read(&path).unwrap();
        let environment = |key: &str| (key == "SPIN_VARIABLE_ORIGINS").then(|| "SHOP".to_owned());
        assert_eq!(
            unset(&manifest, environment),
            ["SPIN_VARIABLE_CLOUDSUITE_HOST", "SPIN_VARIABLE_START_FROM"]
        );
    }
}

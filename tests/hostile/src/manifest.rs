//! The manifest, which somebody else may have written.

use std::{collections::BTreeMap, path::Path};

use runner::Manifest;

/// The text of a manifest.
///
/// # Panics
/// If a manifest that is accepted does not hold together, or shows the default of a secret.
pub fn manifest(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(manifest) = Manifest::parse(text, Path::new("/application")) else { return };
    let values: BTreeMap<_, _> =
        manifest.variables.keys().map(|name| (name.clone(), "value".to_owned())).collect();
    for name in values.keys() {
        assert!(
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
            "{name:?}"
        );
    }
    for route in &manifest.routes {
        assert!(
            route.route.starts_with('/') && manifest.components.contains_key(&route.component),
            "{route:?}"
        );
    }
    for (id, component) in &manifest.components {
        for template in component.variables.values().chain(&component.allowed_outbound_hosts) {
            assert!(template.expand(&values).is_ok(), "component {id}: {template:?} cannot be filled in");
        }
    }
    let read =
        |text: &str| Manifest::parse(text, Path::new("/application")).map(|manifest| format!("{manifest:?}"));
    let shown = format!("{manifest:?}");
    assert_eq!(read(&format!("{text}\n# the end")).ok().as_ref(), Some(&shown), "a comment changes nothing");
    let mut hushed = manifest;
    for variable in hushed.variables.values_mut().filter(|variable| variable.secret) {
        variable.default = variable.default.as_ref().map(|_| "another".to_owned());
    }
    assert_eq!(format!("{hushed:?}"), shown, "the default of a secret shows");
}

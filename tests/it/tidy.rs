//! What no compiler checks: manifest, packages, README and tests tell the same story.

use std::{collections::BTreeSet, fs, path::Path};

use end_to_end::manifest;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

fn table(path: &str) -> toml::Table {
    read(path).parse().unwrap()
}

#[test]
fn every_component_is_a_package_of_the_workspace_built_from_its_own_sources() {
    for (name, component) in table("spin.toml")["component"].as_table().unwrap() {
        let package = table(&format!("functions/{name}/Cargo.toml"));
        assert_eq!(package["package"]["name"].as_str(), Some(name.as_str()));
        let file = format!("/{}.wasm", name.replace('-', "_"));
        assert!(
            component["source"].as_str().unwrap().ends_with(&file),
            "{name} is served from {}",
            component["source"]
        );
        let command = component["build"]["command"].as_str().unwrap();
        assert!(command.ends_with(&format!("-p {name}")), "{name} is built by {command}");
        let watched = component["build"]["watch"].as_array().unwrap();
        assert!(watched.iter().any(|glob| glob.as_str().unwrap().starts_with(&format!("functions/{name}/"))));
    }
}

#[test]
fn no_outgoing_host_has_a_wildcard_or_a_path() {
    for (name, component) in table("spin.toml")["component"].as_table().unwrap() {
        for host in component["allowed_outbound_hosts"].as_array().unwrap() {
            let host = host.as_str().unwrap();
            assert!(host.starts_with("{{ ") && host.ends_with("_host }}"), "{name} may call {host}");
        }
    }
}

#[test]
fn every_variable_has_a_default_and_a_line_in_the_readme() {
    let readme = read("README.md");
    for (name, variable) in table("spin.toml")["variables"].as_table().unwrap() {
        assert!(variable.get("default").is_some(), "Spin does not start while {name} is unset");
        assert!(readme.contains(&format!("| `{name}` |")), "the README does not explain {name}");
        let hidden = variable.get("secret").is_some_and(|secret| secret.as_bool() == Some(true));
        let is_secret =
            name.contains("secret") || name.contains("token") && !name.starts_with("cloudsuite_token");
        assert_eq!(hidden, is_secret, "{name}");
    }
}

fn code_of(component: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions").join(component).join("src");
    let files = fs::read_dir(folder).unwrap();
    let files = files.map(|file| file.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn every_component_gets_the_variables_that_its_code_reads_and_no_others() {
    let settings =
        ["shared/src/settings.rs", "shared/src/settings/console.rs", "shared/src/settings/watch.rs"]
            .map(read)
            .concat();
    for (name, component) in table("spin.toml")["component"].as_table().unwrap() {
        let code = code_of(name);
        let mut wanted = BTreeSet::new();
        for group in [
            "ShopSettings",
            "ErpSettings",
            "AlertSettings",
            "TickSettings",
            "WatchSettings",
            "ConsoleSettings",
            "StartSettings",
        ] {
            if code.contains(&format!("{group}::NAMES")) {
                let names = settings.split(&format!("impl {group} {{")).nth(1).unwrap();
                let names = names
                    .split("pub const NAMES")
                    .nth(1)
                    .unwrap()
                    .split('=')
                    .nth(1)
                    .unwrap()
                    .split(';')
                    .next()
                    .unwrap();
                wanted.extend(names.split('"').skip(1).step_by(2).map(str::to_owned));
            }
        }
        let constants = [
            ("API_TOKENS", "api_tokens"),
            ("WEBHOOK_SECRETS", "webhook_secrets"),
            ("RATE_LIMIT", "rate_limit"),
        ];
        for (constant, variable) in constants {
            if code.contains(constant) {
                wanted.insert(variable.to_owned());
            }
        }
        let given: BTreeSet<_> = component["variables"].as_table().unwrap().keys().cloned().collect();
        assert_eq!(given, wanted, "{name}");
    }
}

#[test]
fn every_public_route_is_tested() {
    let tests = [
        "access",
        "activate_user",
        "bad_input",
        "console/acting",
        "console/sign_in",
        "correction",
        "decision",
        "start",
        "erp_webhook",
        "fetch_new_users",
        "frame",
        "openapi",
        "registrations",
        "watch",
    ];
    let tests =
        tests.map(|name| read(&format!("tests/it/{name}.rs"))).concat() + read("tests/src/lib.rs").as_str();
    let manifest = table("spin.toml");
    let routes = manifest["trigger"]["http"].as_array().unwrap();
    assert_eq!(routes.len(), manifest_routes());
    for route in routes {
        let route = route["route"].as_str().unwrap();
        let segments = route.trim_end_matches("/...").split('/').filter(|segment| !segment.starts_with(':'));
        for segment in segments.skip(1) {
            assert!(tests.contains(&format!("/{segment}")), "no test calls {route}");
        }
    }
}

/// The runner reads the same routes.
fn manifest_routes() -> usize {
    manifest().routes.len()
}

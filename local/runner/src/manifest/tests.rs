use super::*;

const GOOD: &str = r#"
spin_manifest_version = 2
[application]
name = "shop"
authors = ["somebody"]
[variables]
host = { default = "https://shop.test" }
token = { required = true, secret = true }
[[trigger.http]]
route = "/..."
component = "front-end"
[[trigger.http]]
route = "/health"
component = "front-end"
[component.front-end]
source = "front.wasm"
allowed_outbound_hosts = ["{{ host }}", "http://127.0.0.1:3000"]
sqlite_databases = ["default"]
[component.front-end.variables]
url = "{{ host }}/api"
[component.front-end.build]
command = "make"
workdir = "front"
watch = ["src/**/*.rs"]
"#;

fn parse(text: &str) -> Result<Manifest> {
    Manifest::parse(text, Path::new("/app"))
}

#[test]
fn a_good_manifest_is_read_whole() {
    let manifest = parse(GOOD).unwrap();
    let component = &manifest.components["front-end"];
    assert_eq!(manifest.name, "shop");
    assert_eq!(manifest.routes.len(), 2);
    assert_eq!(component.source, Path::new("/app/front.wasm"));
    assert!(component.sqlite);
    let build = component.build.as_ref().unwrap();
    assert_eq!(
        (build.commands.as_slice(), build.workdir.as_path()),
        (&["make".to_owned()][..], Path::new("/app/front"))
    );
}

#[test]
fn what_spin_refuses_or_the_runner_cannot_do_is_refused_by_name() {
    for (good, bad, message) in [
        ("version = 2", "version = 1", "`spin_manifest_version` must be 2"),
        ("[variables]", "[extra]\n[variables]", "`extra` is not a key that Spin knows"),
        ("name = \"shop\"", "title = \"shop\"", "missing field `name`"),
        ("authors", "trigger = {}\nauthors", "`trigger`: this runner does not support it; Spin does"),
        ("authors", "colour = 1\nauthors", "[application]: `colour` is not a key that Spin knows"),
        ("host = {", "Host = {", "invalid character 'H'"),
        ("host = {", "ho__st = {", "two underscores in a row"),
        (
            "{ default = \"https://shop.test\" }",
            "{}",
            "variable `host` must be `required` or have a `default`",
        ),
        (
            "{ default = \"https",
            "{ required = true, default = \"https",
            "must be `required` or have a `default`",
        ),
        ("{ default =", "{ defualt = \"x\", default =", "`defualt` is not a key that Spin knows"),
        (
            "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"front-end\"\n[[trigger.http]]",
            "[trigger.http]",
            "write [[trigger.http]]",
        ),
        (
            "[[trigger.http]]\nroute = \"/health\"",
            "[[trigger.redis]]\nroute = \"/health\"",
            "`trigger.redis`: this runner does not support it",
        ),
        (
            "route = \"/health\"\ncomponent = \"front-end\"",
            "route = \"/health\"",
            "route `/health` has no `component`",
        ),
        (
            "route = \"/health\"\ncomponent = \"front-end\"",
            "route = \"/health\"\ncomponent = \"back\"",
            "route `/health`: there is no component `back`",
        ),
        (
            "route = \"/health\"\ncomponent = \"front-end\"",
            "route = \"/health\"\ncomponent = { source = \"x\" }",
            "inline `component`",
        ),
        ("route = \"/health\"", "route = { private = true }", "this runner does not support it; Spin does"),
        (
            "route = \"/health\"",
            "route = \"/health\"\nexecutor = { type = \"wagi\" }",
            "`executor`: this runner does not support it",
        ),
        ("route = \"/health\"", "route = \"health\"", "must start with '/'"),
        ("route = \"/health\"", "route = \"/...\"", "route `/...` has two triggers"),
        ("route = \"/health\"", "route = \"/.well-known/spin/health\"", "Spin keeps"),
        (
            "[component.front-end]",
            "[component.front_end]\nsource = \"x\"\n[component.front-end]",
            "component `front_end`",
        ),
        ("source = \"front.wasm\"", "", "missing field `source`"),
        ("source = \"front.wasm\"", "source = { url = \"x\", digest = \"y\" }", "`source` as a table"),
        (
            "source = \"front.wasm\"",
            "source = \"front.wasm\"\nkey_value_stores = [\"default\"]",
            "component `front-end`: `key_value_stores`: this runner does not support it; Spin does",
        ),
        (
            "source = \"front.wasm\"",
            "source = \"front.wasm\"\nsources = 1",
            "`sources` is not a key that Spin knows",
        ),
        ("[\"default\"]", "[\"other\"]", "\"other\" needs a runtime configuration"),
        ("{{ host }}/api", "{{ hots }}/api", "unknown variable \"hots\""),
        ("{{ host }}/api", "{{ host /api", "unmatched '{{'"),
        ("url = ", "URL = ", "invalid character 'U'"),
        ("\"{{ host }}\", ", "\"{{ hots }}\", ", "unknown variable \"hots\""),
        (":3000", ":3000/x", "has a path but is not allowed to"),
        ("command = \"make\"", "comand = \"make\"", "missing field `command`"),
        ("command = \"make\"", "command = \"make\"\nenv = {}", "`build`: `env` is not a key that Spin knows"),
    ] {
        let text = GOOD.replacen(good, bad, 1);
        assert_ne!(text, GOOD, "{good} is not in the good manifest");
        let error = format!("{:#}", parse(&text).map(|_| ()).unwrap_err());
        assert!(error.contains(message), "{bad}\n gave: {error}\n not: {message}");
    }
}

#[test]
fn a_secret_default_does_not_show() {
    let variable = Variable { default: Some("hunter2".to_owned()), secret: true };
    assert!(!format!("{variable:?}").contains("hunter2"));
}

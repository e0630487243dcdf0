use std::time::Duration;

use super::*;

/// A manifest whose one component is made by a shell command that counts its runs.
fn project(command: &str) -> (tempfile::TempDir, Manifest) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/a.rs"), "").unwrap();
    let text = format!(
        r#"
        spin_manifest_version = 2
        application = {{ name = "app" }}
        [component.c]
        source = "out/c.wasm"
        [component.c.build]
        command = '{command}'
        watch = ["src/**/*", "Lock"]
        "#
    );
    fs::write(folder.path().join("spin.toml"), text).unwrap();
    let manifest = Manifest::read(&folder.path().join("spin.toml")).unwrap();
    (folder, manifest)
}

const COUNTING: &str = "echo run >> runs; mkdir -p out; touch -d 2001-01-01 out/c.wasm";

fn runs(folder: &tempfile::TempDir) -> usize {
    fs::read_to_string(folder.path().join("runs")).map_or(0, |runs| runs.lines().count())
}

fn change(path: PathBuf) {
    let file = File::create(path).unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(2)).unwrap();
}

#[test]
fn a_component_is_built_once_for_each_change() {
    let (folder, manifest) = project(COUNTING);
    let ensure = || ensure(&manifest, |_| {}).unwrap();
    ensure();
    assert_eq!(runs(&folder), 1, "it was missing");
    ensure();
    assert_eq!(runs(&folder), 1, "nothing changed, though the file looks old");
    change(folder.path().join("Lock"));
    ensure();
    assert_eq!(runs(&folder), 2, "a watched file changed");
    fs::remove_file(folder.path().join("out/c.wasm")).unwrap();
    ensure();
    assert_eq!(runs(&folder), 3, "it was missing again");
}

#[test]
fn of_several_at_once_one_builds() {
    let (folder, manifest) = project(&format!("sleep 0.1; {COUNTING}"));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| ensure(&manifest, |_| {}).unwrap());
        }
    });
    assert_eq!(runs(&folder), 1);
}

#[test]
fn a_failed_build_shows_its_command_and_output() {
    let (_folder, manifest) = project("echo out; echo error: no >&2; exit 3");
    let mut lines = Vec::new();
    let error = ensure(&manifest, |progress| {
        if let Progress::Line(line) = progress {
            lines.push(line.to_owned());
        }
    });
    let error = format!("{:#}", error.unwrap_err());
    assert!(
        error.contains("component `c`") && error.contains("exit 3") && error.contains("error: no"),
        "{error}"
    );
    assert_eq!(lines, ["out", "error: no"]);
}

#[test]
fn a_file_that_nothing_makes_is_named() {
    let (_folder, mut manifest) = project("true");
    let error = format!("{:#}", ensure(&manifest, |_| {}).unwrap_err());
    assert!(error.contains("the build made no"), "{error}");
    manifest.components.get_mut("c").unwrap().build = None;
    let error = format!("{:#}", ensure(&manifest, |_| {}).unwrap_err());
    assert!(error.contains("is missing and the manifest has no"), "{error}");
}

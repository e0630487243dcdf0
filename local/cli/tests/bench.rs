//! The measuring, with so little of everything that its figures mean nothing.

use std::{path::Path, process::Command};

#[test]
fn every_case_can_be_measured() {
    let measured = Command::new(env!("CARGO_BIN_EXE_onboarding"))
        .args(["bench", "--smoke"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&measured.stdout);
    let all = format!("{said}\n{}", String::from_utf8_lossy(&measured.stderr));
    assert_eq!(measured.status.code(), Some(0), "{all}");
    for case in ["shop", "tick", "idle", "webhook", "start", "memory", "sizes"] {
        assert!(said.lines().any(|line| line == case), "{case} is missing in: {all}");
    }
    // The server beside which decisions are measured does to the disk what the application does.
    let commits = |server: &str| {
        let what = format!("commits for one decision, {server}");
        let line = said.lines().find(|line| line.contains(&what)).map(|line| line.split_whitespace().last());
        line.flatten()
            .and_then(|figure| figure.parse::<f64>().ok())
            .unwrap_or_else(|| panic!("{what}: {all}"))
    };
    let (ours, native) = (commits("the application"), commits("the native server"));
    assert!((ours - native).abs() < 0.5, "{ours} commits, and {native} in the native server");
}

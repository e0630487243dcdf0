//! The real process, killed for real.

use std::{path::Path, process::Command};

#[test]
fn five_kills_lose_nothing_and_do_nothing_twice() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tortured = Command::new(env!("CARGO_BIN_EXE_onboarding"))
        .args(["torture", "--kills", "5", "--people", "24"])
        .current_dir(root)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&tortured.stdout);
    let all = format!("{said}\n{}", String::from_utf8_lossy(&tortured.stderr));
    assert!(said.contains("24 registrations, 5 kills"), "{all}");
    assert!(!said.contains("5 in neither"), "no kill has hit anything: {all}");
    assert!(said.contains("Every promise holds"), "{all}");
    assert_eq!(tortured.status.code(), Some(0), "{all}");
}

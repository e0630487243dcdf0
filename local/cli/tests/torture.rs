//! The real process, killed for real.

use std::{
    io::{BufRead as _, BufReader, ErrorKind, Read as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

fn torture(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onboarding"));
    command.arg("torture").args(arguments).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command
}

#[test]
fn five_kills_lose_nothing_and_do_nothing_twice() {
    let tortured = torture(&["--kills", "5", "--people", "24"]).output().unwrap();
    let said = String::from_utf8_lossy(&tortured.stdout);
    let all = format!("{said}\n{}", String::from_utf8_lossy(&tortured.stderr));
    assert!(said.contains("24 registrations, 5 kills"), "{all}");
    assert!(!said.contains("5 in neither"), "no kill has hit anything: {all}");
    assert!(!said.contains("at least 0 registrations"), "a kill came when all was done: {all}");
    assert!(said.contains("Every promise holds"), "{all}");
    assert_eq!(tortured.status.code(), Some(0), "{all}");
}

#[test]
fn who_kills_the_torturer_does_not_leave_the_application_behind() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody but this test kills anybody, and two hundred registrations keep the torturer busy for longer than it takes.
    let mut torturer = torture(&["--kills", "0"])
        .env("TMPDIR", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(torturer.stdout.take().unwrap()).lines().map(Result::unwrap);
    let application: SocketAddr = said
        .find_map(|line| line.split_once("http://")?.1.split(';').next()?.parse().ok())
        .expect("it says where the application is");
    let mut connection = TcpStream::connect(application).unwrap();
    torturer.kill().unwrap();
    torturer.wait().unwrap();

    // Far more than it takes. The application closes its port first, and then the connections on which nothing runs.
    connection.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let ended = connection.read(&mut [0]).map_err(|error| error.kind());
    assert!(
        matches!(ended, Ok(0) | Err(ErrorKind::ConnectionReset)),
        "the connection is still there: {ended:?}"
    );
    TcpStream::connect(application).expect_err("the port is closed");
}

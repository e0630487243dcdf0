//! `onboarding`: serves the application on one machine, and shows it at work.

mod application;
mod backup;
mod bench;
mod client;
mod command;
mod demo;
mod doctor;
mod export;
mod judge;
mod logs;
mod random;
mod restore;
mod screen;
mod sign;
mod simulate;
mod stand_ins;
mod stop;
mod toolchain;
mod torture;
mod up;

use std::process::ExitCode;

fn main() -> ExitCode {
    command::run()
}

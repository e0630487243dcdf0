//! What it is measured on.

use std::{
    fs::{self, File},
    io::{Seek as _, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;

/// Flushes that are timed.
const FLUSHES: u32 = 50;

/// The machine in one line.
pub fn describe() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.split_once(':'));
        value.map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let memory = field(&read("/proc/meminfo"), "MemTotal");
    let memory = memory.split(' ').next().and_then(|kilobytes| kilobytes.parse::<f64>().ok());
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{processors} processors ({}), {:.0} GB of memory, Linux {}",
        field(&read("/proc/cpuinfo"), "model name"),
        memory.unwrap_or_default() / 1e6,
        read("/proc/sys/kernel/osrelease").trim()
    )
}

/// How long the disk takes to flush a page, where ledgers are kept during the run.
///
/// # Errors
/// No file can be written there.
pub fn flush(folder: &Path) -> Result<Duration> {
    let mut file = File::create(folder.join("flush"))?;
    let page = [1; 4096];
    file.write_all(&page)?;
    file.sync_all()?;
    let began = Instant::now();
    for _ in 0..FLUSHES {
        file.rewind()?;
        file.write_all(&page)?;
        file.sync_data()?;
    }
    Ok(began.elapsed() / FLUSHES)
}

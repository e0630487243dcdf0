//! docs/performance.md, as a run writes it.

use std::fmt::Write as _;

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::{
    case::Case,
    line::Line,
    machine,
    surroundings::{CONCURRENCY, TIME_BUDGET},
};

/// The document about a run, begun at `now`, that `command` repeats.
///
/// # Errors
/// The disk cannot be written to.
pub fn document(lines: &[Line], command: &str, now: DateTime<Utc>) -> Result<String> {
    let temporary = tempfile::tempdir()?;
    let flush = machine::flush(temporary.path())?;
    let mut text = format!(
        "# Performance\n\n\
         Written by `{command}` on {}.\n\n\
         - Machine: {}. A flush to disk takes {:.1} ms.\n\
         - Settings: the defaults, but `concurrency` {CONCURRENCY}, `time_budget` {TIME_BUDGET} (so that a tick is measured to its \
         end) and `rate_limit` 1000000 (so that requests are counted and none is refused).\n\
         - Shop, ERP and whoever calls share the processors with what is measured. Ratios count; the other figures say more about \
         the machine.\n",
        now.format("%Y-%m-%d"),
        machine::describe(),
        flush.as_secs_f64() * 1e3,
    );
    for case in Case::ALL {
        let mut lines = lines.iter().filter(|line| line.case == case).peekable();
        if lines.peek().is_none() {
            continue;
        }
        // Writing into a String cannot fail.
        let _ = write!(text, "\n## {}\n\n{}\n\n", title(case), about(case));
        let _ = write!(text, "| what | figure | goal | |\n|---|---|---|---|\n");
        // Ratios in front: they can be compared between machines.
        let (ratios, others): (Vec<_>, Vec<_>) = lines.partition(|line| line.goal.is_some());
        for line in ratios.iter().chain(&others) {
            let goal = line.goal.map(|goal| goal.to_string()).unwrap_or_default();
            let verdict = line.is_met().map(|met| if met { "met" } else { "**missed**" }).unwrap_or_default();
            let _ = writeln!(text, "| {} | {} | {goal} | {verdict} |", line.what, line.figure);
        }
    }
    text.push_str(include_str!("notes.md"));
    Ok(text)
}

fn title(case: Case) -> &'static str {
    match case {
        Case::Shop => "The stand-in shop",
        Case::Tick => "A tick against its bound",
        Case::Idle => "A tick that finds nothing new",
        Case::Webhook => "Decisions, beside a native server",
        Case::Start => "Start and instances",
        Case::Memory => "Memory",
        Case::Sizes => "Sizes",
    }
}

fn about(case: Case) -> &'static str {
    match case {
        Case::Shop => {
            "It answers from text that was made beforehand, so that it is not what is measured. The figure is with the client on \
             the same processors."
        }
        Case::Tick => {
            "Each registration takes two calls: its profile from the shop, its message to the ERP. Each call takes 50 ms, and each \
             host has at most 16 calls at a time. The bound is what all calls would take, pages too, 16 at a time. A tick can stay \
             below it, because shop and ERP each take 16. So the second ratio is the stricter one: against the calls of the shop \
             alone, which nothing can undercut. Processor time is that of the runner's whole process, without latency."
        }
        Case::Idle => {
            "A thousand registrations wait for a decision, and both lists show all of them. Then finished registrations are added \
             to the ledger, as years of use would. The middle one of the ticks counts. There is no latency, so that what the ledger \
             costs is not hidden behind the shop."
        }
        Case::Webhook => {
            "Approvals of registrations that wait, each about another one, as fast as the connections allow. The native server is \
             hyper with the same `shared`: the same statements with the same durability, and the same calls. So the ratio is what \
             the platform costs. (axum stands on hyper, and wants handlers that move between threads; `shared` is for one.) Both \
             answer after 800 ms at the latest and go on beside the answer (202). Of several rounds the middle one counts. Commits and flushes are counted between SQLite and the disk."
        }
        Case::Start => {
            "`up` with the components built. Without an instance of its own, a request shares one with at most 127 others, one \
             after the other."
        }
        Case::Memory => {
            "The most resident memory of the runner's process in each of the cases above, as Linux counts it, with the code of the \
             program in it; and the most linear memory of any instance."
        }
        Case::Sizes => "The components as they travel to the host.",
    }
}

//! Logs on standard error: ours by `tracing`, the functions' lines among them.

use anyhow::{Context, Result};
use runner::Logs;
use serde_json::Value;
use tracing_subscriber::{EnvFilter, fmt::time::ChronoLocal};

/// Under which name a filter finds the functions' lines.
const FUNCTIONS: &str = "function";

/// What is shown without a wish for more.
#[derive(Debug, Clone, Copy)]
pub enum Usual {
    /// A server's: what should not be, and the calls of the timer.
    Served,
    /// Nothing that gets between the lines of a picture; what fails is told there.
    Quiet,
}

/// Begins to log. `RUST_LOG` wins over `verbose`.
///
/// # Errors
/// `RUST_LOG` is malformed.
pub fn start(verbose: u8, usual: Usual) -> Result<()> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(wish) if !wish.is_empty() => EnvFilter::try_new(&wish)
            .with_context(|| format!("RUST_LOG={wish}: expected something like `info` or `runner=debug`"))?,
        _ => EnvFilter::new(match (verbose, usual) {
            (0, Usual::Served) => "warn,runner::timer=info",
            (0, Usual::Quiet) => "off",
            (1, _) => "info",
            (_, _) => "info,onboarding=debug,runner=debug,hyper=debug,hyper_util=debug",
        }),
    };
    let colour = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colour)
        .with_timer(ChronoLocal::new("%H:%M:%S%.3f".to_owned()))
        .init();
    Ok(())
}

/// Takes the functions' lines into our log.
pub fn of_functions() -> Logs {
    Logs::to(|function, line| {
        if is_trouble(line) {
            tracing::warn!(target: FUNCTIONS, "{function}: {line}");
        } else {
            tracing::info!(target: FUNCTIONS, "{function}: {line}");
        }
    })
}

/// A function writes one JSON line for each request. Anything else, such as a panic, and each answer that is the function's own
/// fault is trouble.
fn is_trouble(line: &str) -> bool {
    let status = serde_json::from_str::<Value>(line).ok().and_then(|line| line["status"].as_u64());
    status.is_none_or(|status| status >= 500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_or_a_failure_is_trouble_and_an_answered_request_is_not() {
        for (line, trouble) in [
            (r#"{"function":"erp-webhook","status":200}"#, false),
            (r#"{"function":"erp-webhook","status":401}"#, false),
            (r#"{"function":"fetch-new-users","status":503}"#, true),
            (r#"{"ledger":"disk full"}"#, true),
            ("thread '<unnamed>' panicked at src/lib.rs:1", true),
        ] {
            assert_eq!(is_trouble(line), trouble, "{line}");
        }
    }
}

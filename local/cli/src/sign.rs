//! `onboarding sign`: the headers of a signed message, for whoever connects an ERP.

use std::io::{IsTerminal, Read};

use anyhow::{Context, Result};
use chrono::Utc;
use clap::Args;

use crate::{command::Outcome, random, screen};

/// Sign a message as the ERP would, and print the three headers.
///
/// The message is read from standard input, byte for byte, and signed by Standard Webhooks 1.0.0: what `POST /erp-webhook`
/// wants. Receivers allow the time to be five minutes off, so send it soon.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onboarding sign < approval.json
  onboarding sign < approval.json |
    curl -H @- -H 'content-type: application/json' --data-binary @approval.json http://127.0.0.1:3000/erp-webhook")]
pub struct Arguments {
    /// The signing secret, `whsec_...`; one of the application's `webhook_secrets`. Rather set the variable: arguments show in
    /// the list of processes.
    #[arg(long, env = "ONBOARDING_SIGNING_SECRET", hide_env_values = true)]
    secret: String,
    /// The message's id, a new one unless given. A repeat of a message has the same id and the same body.
    #[arg(long)]
    id: Option<String>,
    /// The time of sending in Unix seconds, now unless given.
    #[arg(long)]
    timestamp: Option<i64>,
}

/// Prints the headers.
pub fn run(arguments: Arguments) -> Result<Outcome> {
    let mut body = Vec::new();
    if std::io::stdin().is_terminal() {
        screen::note("Type or paste the message; Ctrl-D ends it.");
    }
    std::io::stdin().read_to_end(&mut body).context("the message on standard input")?;
    let id = arguments.id.map_or_else(random::message_id, Ok)?;
    let timestamp = arguments.timestamp.unwrap_or_else(|| Utc::now().timestamp());
    for header in headers(&arguments.secret, &id, timestamp, &body)? {
        screen::line(header);
    }
    Ok(Outcome::Well)
}

fn headers(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> Result<Vec<String>> {
    let headers = sandbox::erp::sign(secret, id, timestamp, body)
        .context("expected a secret of the form whsec_ and base64, and a message in UTF-8")?;
    let written = headers.iter().map(|(name, value)| Ok(format!("{name}: {}", value.to_str()?)));
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_headers_are_those_of_the_specifications_libraries() {
        let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";
        let written = headers(secret, "msg_1", 1_772_442_900, b"{}").unwrap();
        assert_eq!(written.len(), 3);
        assert_eq!(written[..2], ["webhook-id: msg_1", "webhook-timestamp: 1772442900"]);
        assert!(written[2].starts_with("webhook-signature: v1,"), "{}", written[2]);
    }

    #[test]
    fn a_malformed_secret_is_refused_with_the_form_that_is_wanted() {
        let error = headers("whsec_***", "msg_1", 0, b"{}").unwrap_err();
        let said = format!("{error:#}");
        assert!(said.contains("whsec_ and base64"), "{said}");
        assert_eq!(said.matches("invalid secret").count(), 1, "{said}");
    }
}

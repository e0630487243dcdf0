//! The shop's token: whether one is given, and how long it lives.

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Deserialize;
use shared::{secret::Secret, settings::ShopSettings, shop::token_request};

use crate::{
    caller::{Trouble, read},
    clock,
    finding::{Check, Finding},
    network::{Failure, Network},
};

/// The token end point.
pub const TOKEN: Check = Check { id: "token", what: "token" };
/// How long a token lives.
pub const LIFE: Check = Check { id: "token_life", what: "token's lifetime" };

/// Below this, nearly every run asks for a token of its own.
const SHORT: i64 = 60;

/// A token.
#[derive(Deserialize)]
pub struct Grant {
    access_token: String,
    #[serde(default)]
    expires_in: Option<i64>,
}

/// What is known of a token's lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Life {
    /// There was no token.
    #[default]
    Unknown,
    /// The end point does not say it.
    Unsaid,
    /// So many seconds.
    Seconds(i64),
}

impl Life {
    /// That of a token.
    #[must_use]
    pub fn of(grant: &Grant) -> Self {
        grant.expires_in.map_or(Self::Unsaid, Self::Seconds)
    }
}

impl Grant {
    /// The token itself.
    #[must_use]
    pub fn secret(&self) -> Secret {
        Secret::new(self.access_token.clone())
    }
}

/// What the token end point's clock said, and what it gave.
pub struct Asked {
    /// Its clock.
    pub date: Option<DateTime<Utc>>,
    /// What it gave.
    pub grant: Result<Grant, Trouble>,
}

/// Asks for a token.
pub async fn ask(network: &Network, settings: &ShopSettings) -> Asked {
    let failed = |trouble| Asked { date: None, grant: Err(trouble) };
    let request = match token_request(settings) {
        Ok(request) => request,
        Err(fault) => return failed(Failure::Broken(fault.seen).into()),
    };
    match network.exchange(request).await {
        Ok(answer) => {
            let grant =
                read(&answer).and_then(|body| serde_json::from_value(body).map_err(|_| Trouble::Unreadable));
            Asked { date: clock::date(answer.headers()), grant }
        }
        Err(failure) => failed(failure.into()),
    }
}

/// What it means.
#[must_use]
pub fn judge(grant: &Result<Grant, Trouble>) -> Vec<Finding> {
    match grant {
        Ok(grant) => vec![Finding::ok(TOKEN, "given for cloudsuite_client_id"), life(Life::of(grant))],
        Err(trouble) => vec![Finding::wrong(TOKEN, trouble.to_string(), advice(trouble))],
    }
}

fn life(life: Life) -> Finding {
    match life {
        Life::Unknown | Life::Unsaid => Finding::note(LIFE, "not said: each token is used for half a minute"),
        Life::Seconds(seconds) if seconds < SHORT => Finding::warning(
            LIFE,
            format!("{seconds} s: nearly every run asks for a new one"),
            "ask the vendor for a longer one; it works as it is",
        ),
        Life::Seconds(seconds) => Finding::ok(LIFE, format!("{seconds} s")),
    }
}

fn advice(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Status {
            status: StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN,
            ..
        } => "check cloudsuite_client_id and cloudsuite_client_secret; those of TEST are not those of LIVE",
        Trouble::Status { status: StatusCode::NOT_FOUND, .. } => {
            "check cloudsuite_token_path: TEST and LIVE are different realms in it"
        }
        Trouble::Status { .. } => "try again later; if it stays so, ask the vendor",
        Trouble::Redirect { .. } | Trouble::Page | Trouble::Unreadable => {
            "check cloudsuite_token_host and cloudsuite_token_path: this is no token end point"
        }
        Trouble::Failure(_) => "check cloudsuite_token_host, and that this machine may call it",
    }
}

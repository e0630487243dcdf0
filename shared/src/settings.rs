//! The settings: Spin variables, read as text, checked here, and refused with the name of the setting and what it wants.

use std::{fmt::Display, num::NonZeroU32, str::FromStr, time::Duration};

use chrono::TimeDelta;
use chrono_tz::Tz;
use http::{Uri, uri::PathAndQuery};

use crate::{
    access::ApiTokens,
    erasure::RETENTION_DAYS,
    key::{OriginCode, UserKey},
    outcome::Outcomes,
    retry::Policy,
    secret::Secret,
    time::ShopTime,
    webhook::SigningKey,
};

/// The longest time that a setting may ask for. Such a time is added to the time of day, and centuries would leave the calendar.
const LONGEST_PERIOD: TimeDelta = TimeDelta::days(366);

/// The longest retention, in days: a century.
const LONGEST_RETENTION: i64 = 36_525;

/// A setting that is missing or malformed. The function answers 503 with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("setting {name}: {problem}")]
pub struct BadSetting {
    /// The variable's name.
    pub name: &'static str,
    /// What is wrong and what is expected; never the value of a secret.
    pub problem: String,
}

/// Whether nothing gets lost of a path with its query when it is called, as a fragment would.
fn is_whole(path: &str) -> bool {
    path.parse::<PathAndQuery>().is_ok_and(|kept| kept == *path)
}

/// The values of the variables, by name.
pub struct Variables<'a>(pub &'a dyn Fn(&'static str) -> String);

impl Variables<'_> {
    fn text(&self, name: &'static str) -> String {
        (self.0)(name).trim().to_owned()
    }

    fn needed(&self, name: &'static str) -> Result<String, BadSetting> {
        let text = self.text(name);
        if text.is_empty() { Err(BadSetting { name, problem: "is not set".to_owned() }) } else { Ok(text) }
    }

    fn parsed<T: FromStr<Err: Display>>(&self, name: &'static str) -> Result<T, BadSetting> {
        self.needed(name)?.parse().map_err(|error: T::Err| BadSetting { name, problem: error.to_string() })
    }

    fn duration(&self, name: &'static str) -> Result<Duration, BadSetting> {
        humantime::parse_duration(&self.needed(name)?)
            .map_err(|_| BadSetting { name, problem: "expected a time such as 25s, 15m or 3h".to_owned() })
    }

    fn period(&self, name: &'static str) -> Result<TimeDelta, BadSetting> {
        let period =
            TimeDelta::from_std(self.duration(name)?).ok().filter(|period| *period <= LONGEST_PERIOD);
        period.ok_or_else(|| BadSetting { name, problem: "is too long: expected at most 366d".to_owned() })
    }

    fn zone(&self, name: &'static str) -> Result<Tz, BadSetting> {
        let problem = "expected a zone such as Europe/Amsterdam; others than those in .cargo/config.toml are not built in";
        self.needed(name)?.parse().map_err(|_| BadSetting { name, problem: problem.to_owned() })
    }

    fn number<T: FromStr + PartialOrd + Display + Copy>(
        &self,
        name: &'static str,
        from: T,
        to: T,
    ) -> Result<T, BadSetting> {
        let number = self.needed(name)?.parse().ok().filter(|number| (from..=to).contains(number));
        number.ok_or_else(|| BadSetting { name, problem: format!("expected a number from {from} to {to}") })
    }

    /// A host as `scheme://name[:port]`. Spin refuses an outbound host with a path, so paths are settings of their own.
    fn host(&self, name: &'static str) -> Result<Option<String>, BadSetting> {
        let text = self.needed(name)?;
        let bad = || BadSetting {
            name,
            problem: "expected scheme and host only, such as https://api.cloudsuite.io".to_owned(),
        };
        let uri: Uri = text.parse().map_err(|_| bad())?;
        let (Some(scheme @ ("http" | "https")), Some(host)) = (uri.scheme_str(), uri.host()) else {
            return Err(bad());
        };
        let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
        let whole = format!("{scheme}://{host}{port}");
        // Put together again it is all that was written: there is no path, query, fragment or password.
        if text.strip_suffix('/').unwrap_or(&text) != whole {
            return Err(bad());
        }
        Ok((!host.ends_with(".invalid")).then(|| whole.to_ascii_lowercase()))
    }

    fn needed_host(&self, name: &'static str) -> Result<String, BadSetting> {
        self.host(name)?.ok_or(BadSetting { name, problem: "is not set".to_owned() })
    }

    fn path(&self, name: &'static str) -> Result<String, BadSetting> {
        let path = self.needed(name)?;
        if path.starts_with('/') && is_whole(&path) {
            Ok(path)
        } else {
            Err(BadSetting { name, problem: "expected a path that begins with /".to_owned() })
        }
    }

    fn list<T: FromStr<Err: Display>>(&self, name: &'static str) -> Result<Vec<T>, BadSetting> {
        let text = self.needed(name)?;
        let entries = text.split([',', ' ']).filter(|entry| !entry.is_empty());
        let entries = entries
            .map(str::parse)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error: T::Err| BadSetting { name, problem: error.to_string() })?;
        if entries.is_empty() {
            Err(BadSetting { name, problem: "is not set".to_owned() })
        } else {
            Ok(entries)
        }
    }
}

/// How paths of the shop are written. The vendor's pages differ from call to call, so it is one setting, `trailing_slash`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slash {
    /// `/api/…/`: lower case, with a slash at the end.
    Always,
    /// `/api/…`: lower case, without.
    Never,
    /// As the page of each call writes it, down to the upper-case `/API/` of the PATCH on a user.
    Documented,
}

impl FromStr for Slash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            "documented" => Ok(Self::Documented),
            _ => Err("expected always, never or documented"),
        }
    }
}

/// What a self-registered user's key looks like: `x` is a hexadecimal digit, `9` a decimal one, `*` at the end is any rest, and
/// every other character is itself. The default is a UUID; `*` takes every key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPattern(String);

impl FromStr for KeyPattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.find('*') {
            Some(at) if at + 1 < text.len() => Err("expected * at the end only"),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl KeyPattern {
    /// Whether the shop may have made this key for a self-registered user.
    #[must_use]
    pub fn fits(&self, key: &UserKey) -> bool {
        let (pattern, open) =
            self.0.strip_suffix('*').map_or((self.0.as_str(), false), |start| (start, true));
        let mut rest = key.as_str().chars();
        let start_fits = pattern.chars().all(|wanted| {
            rest.next().is_some_and(|given| match wanted {
                'x' => given.is_ascii_hexdigit(),
                '9' => given.is_ascii_digit(),
                _ => given == wanted,
            })
        });
        start_fits && (open || rest.next().is_none())
    }
}

/// How to reach the shop.
#[derive(Debug, Clone)]
pub struct ShopSettings {
    /// `cloudsuite_host`.
    pub host: String,
    /// `cloudsuite_token_host` and `cloudsuite_token_path`, as one address.
    pub token_address: String,
    /// `cloudsuite_client_id`.
    pub client_id: String,
    /// `cloudsuite_client_secret`.
    pub client_secret: Secret,
    /// `origins`: the origins whose registrations are ours.
    pub origins: Vec<OriginCode>,
    /// `shop_time_zone`.
    pub zone: Tz,
    /// `trailing_slash`.
    pub slash: Slash,
    /// `user_key_pattern`.
    pub user_key_pattern: KeyPattern,
    /// `doubt_wait`: how long after an unanswered write the shop is asked what became of it.
    pub doubt_wait: TimeDelta,
    /// `retry_attempts` and `retry_for`: when a person takes over from failing tries.
    pub retry: Policy,
    /// `dry_run`: everything is read and decided, and nothing is sent.
    pub dry_run: bool,
}

impl ShopSettings {
    /// The variables that it reads.
    pub const NAMES: [&str; 13] = [
        "cloudsuite_host",
        "cloudsuite_token_host",
        "cloudsuite_token_path",
        "cloudsuite_client_id",
        "cloudsuite_client_secret",
        "origins",
        "shop_time_zone",
        "trailing_slash",
        "user_key_pattern",
        "doubt_wait",
        "retry_attempts",
        "retry_for",
        "dry_run",
    ];

    /// Reads and checks the settings.
    ///
    /// # Errors
    /// The first setting that is missing or malformed.
    pub fn read(variables: &Variables<'_>) -> Result<Self, BadSetting> {
        Ok(Self {
            host: variables.needed_host("cloudsuite_host")?,
            token_address: variables.needed_host("cloudsuite_token_host")?
                + &variables.path("cloudsuite_token_path")?,
            client_id: variables.needed("cloudsuite_client_id")?,
            client_secret: Secret::new(variables.needed("cloudsuite_client_secret")?),
            origins: variables.list("origins")?,
            zone: variables.zone("shop_time_zone")?,
            slash: variables.parsed("trailing_slash")?,
            user_key_pattern: variables.parsed("user_key_pattern")?,
            doubt_wait: variables.period("doubt_wait")?,
            retry: retry_policy(variables)?,
            dry_run: variables.parsed("dry_run")?,
        })
    }
}

fn retry_policy(variables: &Variables<'_>) -> Result<Policy, BadSetting> {
    let attempts = variables.number("retry_attempts", 2, 100_000)?;
    Ok(Policy { attempts, period: variables.period("retry_for")? })
}

/// Where messages go.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Who it is, as people call it.
    pub name: &'static str,
    /// Host and path, as one address.
    pub address: String,
    /// What the messages are signed with; nothing, if the receiver checks no signature.
    pub key: Option<SigningKey>,
}

/// How to reach the ERP.
#[derive(Debug, Clone)]
pub struct ErpSettings {
    /// `erp_host`, `erp_path` and `erp_signing_secret`.
    pub receiver: Receiver,
    /// `erp_outcomes`: which outcomes it is told.
    pub outcomes: Outcomes,
}

impl ErpSettings {
    /// The variables that it reads.
    pub const NAMES: [&str; 4] = ["erp_host", "erp_path", "erp_signing_secret", "erp_outcomes"];

    /// Reads and checks the settings; `None` when no `erp_host` is set, and the ERP is expected to ask by itself.
    ///
    /// # Errors
    /// The first setting that is malformed, or a missing secret beside a host.
    pub fn read(variables: &Variables<'_>) -> Result<Option<Self>, BadSetting> {
        let Some(host) = variables.host("erp_host")? else { return Ok(None) };
        let address = host + &variables.path("erp_path")?;
        let key = Some(variables.parsed("erp_signing_secret")?);
        let receiver = Receiver { name: "the ERP", address, key };
        Ok(Some(Self { receiver, outcomes: variables.parsed("erp_outcomes")? }))
    }
}

/// Whom to call when something needs a person.
#[derive(Debug, Clone)]
pub struct AlertSettings {
    /// `alert_host`, `alert_path` and `alert_signing_secret`.
    pub receiver: Receiver,
    /// `scan_max_age`: an origin that was not read completely for longer is a reason to call.
    pub scan_max_age: TimeDelta,
}

impl AlertSettings {
    /// The variables that it reads.
    pub const NAMES: [&str; 4] = ["alert_host", "alert_path", "alert_signing_secret", "scan_max_age"];

    /// Reads and checks the settings; `None` when no `alert_host` is set, and nobody is to be called.
    ///
    /// # Errors
    /// The first setting that is malformed.
    pub fn read(variables: &Variables<'_>) -> Result<Option<Self>, BadSetting> {
        let Some(host) = variables.host("alert_host")? else { return Ok(None) };
        let address = host + &variables.path("alert_path")?;
        let signed = !variables.text("alert_signing_secret").is_empty();
        let key = signed.then(|| variables.parsed("alert_signing_secret")).transpose()?;
        let receiver = Receiver { name: "the alert address", address, key };
        Ok(Some(Self { receiver, scan_max_age: variables.period("scan_max_age")? }))
    }
}

/// What becomes of the registrations that are there when an origin is read for the first time, `first_run`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstRun {
    /// They are counted, and nothing is announced before somebody starts the origin.
    Report,
    /// They are announced.
    Announce,
}

impl FromStr for FirstRun {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "report" => Ok(Self::Report),
            "announce" => Ok(Self::Announce),
            _ => Err("expected report or announce"),
        }
    }
}

/// What a start depends on.
#[derive(Debug, Clone)]
pub struct StartSettings {
    /// `origins`: those that can be started.
    pub origins: Vec<OriginCode>,
    /// `start_from`.
    pub start_from: Option<ShopTime>,
}

impl StartSettings {
    /// The variables that it reads.
    pub const NAMES: [&str; 2] = ["origins", "start_from"];

    /// Reads and checks the settings.
    ///
    /// # Errors
    /// The first setting that is missing or malformed.
    pub fn read(variables: &Variables<'_>) -> Result<Self, BadSetting> {
        Ok(Self { origins: variables.list("origins")?, start_from: start_from(variables)? })
    }
}

fn start_from(variables: &Variables<'_>) -> Result<Option<ShopTime>, BadSetting> {
    let name = "start_from";
    if variables.text(name).is_empty() { Ok(None) } else { variables.parsed(name).map(Some) }
}

/// How the tick goes about its work.
#[derive(Debug, Clone)]
pub struct TickSettings {
    /// `start_from`: registrations from before are not announced.
    pub start_from: Option<ShopTime>,
    /// `first_run`: whether what is there at first is announced without asking.
    pub first_run: FirstRun,
    /// `user_filter`: further criteria for the shop's user list, as a query (`webshop=1`).
    pub user_filter: String,
    /// `page_limit`: users a page.
    pub page_limit: usize,
    /// `concurrency`: the most calls in flight to one host.
    pub concurrency: usize,
    /// `overlap`: how much earlier than the watermark the next scan begins.
    pub overlap: TimeDelta,
    /// `time_budget`: after this, nothing new is begun.
    pub time_budget: TimeDelta,
    /// `recheck_after`: how long a registration waits for a decision before its profile is read again.
    pub recheck_after: TimeDelta,
    /// `recheck_max`: the most profiles that are read again in one tick.
    pub recheck_max: usize,
    /// `retention_days`: how long after its last change a finished registration is erased; `None` for never.
    pub retention: Option<TimeDelta>,
}

impl TickSettings {
    /// The variables that it reads.
    pub const NAMES: [&str; 10] = [
        "start_from",
        "first_run",
        "user_filter",
        "page_limit",
        "concurrency",
        "overlap",
        "time_budget",
        "recheck_after",
        "recheck_max",
        "retention_days",
    ];

    /// Reads and checks the settings.
    ///
    /// # Errors
    /// The first setting that is malformed.
    pub fn read(variables: &Variables<'_>) -> Result<Self, BadSetting> {
        let user_filter = variables.text("user_filter");
        let user_filter = user_filter.trim_matches(['?', '&']).to_owned();
        if !is_whole(&format!("/?{user_filter}")) {
            let problem = "expected query parameters such as webshop=1".to_owned();
            return Err(BadSetting { name: "user_filter", problem });
        }
        let days = variables.number(RETENTION_DAYS, 0, LONGEST_RETENTION)?;
        Ok(Self {
            start_from: start_from(variables)?,
            first_run: variables.parsed("first_run")?,
            user_filter,
            page_limit: variables.number("page_limit", 2, 1000)?,
            concurrency: variables.number("concurrency", 1, 64)?,
            overlap: variables.period("overlap")?,
            time_budget: variables.period("time_budget")?,
            recheck_after: variables.period("recheck_after")?,
            recheck_max: variables.number("recheck_max", 0, 1000)?,
            retention: (days > 0).then(|| TimeDelta::days(days)),
        })
    }
}

/// The variable of [`webhook_keys`].
pub const WEBHOOK_SECRETS: &str = "webhook_secrets";
/// The variable of [`api_tokens`].
pub const API_TOKENS: &str = "api_tokens";

/// The variable of [`rate_limit`].
pub const RATE_LIMIT: &str = "rate_limit";

/// The most requests that one caller may make in a minute; `None` for any number.
///
/// # Errors
/// When it is malformed.
pub fn rate_limit(variables: &Variables<'_>) -> Result<Option<NonZeroU32>, BadSetting> {
    variables.number(RATE_LIMIT, 0, 1_000_000).map(NonZeroU32::new)
}

/// The keys of `webhook_secrets`, one or more.
///
/// # Errors
/// When it is missing or malformed.
pub fn webhook_keys(variables: &Variables<'_>) -> Result<Vec<SigningKey>, BadSetting> {
    variables.list(WEBHOOK_SECRETS)
}

/// The tokens of `api_tokens`.
///
/// # Errors
/// When it is missing or malformed.
pub fn api_tokens(variables: &Variables<'_>) -> Result<ApiTokens, BadSetting> {
    let name = API_TOKENS;
    ApiTokens::parse(&variables.text(name)).map_err(|problem| BadSetting {
        name,
        problem: format!("{problem}; expected name:scope+scope:token, separated by commas"),
    })
}

mod console;
mod watch;

pub use console::ConsoleSettings;
pub use watch::WatchSettings;

#[cfg(test)]
mod tests;

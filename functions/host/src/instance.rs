//! What an instance of a component has: its settings, and the onboarding put together from them.

use std::{
    rc::Rc,
    time::{SystemTime, UNIX_EPOCH},
};

use chrono::{DateTime, Utc};
use http::StatusCode;
use shared::{
    access::Caller,
    dry_run::Port,
    ledger::{Counted, Ledger},
    onboarding::{Clock, Onboarding},
    problem::Problem,
    settings::{ShopSettings, Variables, rate_limit},
    shop::{HeldToken, Shop, Tokens},
};

use crate::{
    database::{self, Sqlite},
    handler::{setting, unavailable},
    outbound::Outbound,
};

thread_local! {
    /// The shop's token lives as long as the instance, and is never stored.
    static TOKEN: HeldToken = HeldToken::default();
}

/// The values of a component's variables.
pub struct Settings(Vec<(&'static str, String)>);

impl Settings {
    /// Reads the variables with these names. One that the host does not know is as good as empty.
    pub async fn read(names: impl IntoIterator<Item = &'static str>) -> Self {
        let mut values = Vec::new();
        for name in names {
            values.push((name, spin_sdk::variables::get(name).await.unwrap_or_default()));
        }
        Self(values)
    }

    /// Hands them to what checks them.
    ///
    /// # Errors
    /// Whatever `check` finds.
    pub fn check<T, E>(&self, check: impl FnOnce(&Variables<'_>) -> Result<T, E>) -> Result<T, E> {
        let value = |name| self.0.iter().find(|known| known.0 == name).map(|known| known.1.clone());
        check(&Variables(&|name| value(name).unwrap_or_default()))
    }
}

/// The time now, in milliseconds, as the ledger keeps it: what is answered at once and what is read later is the same.
#[must_use]
pub fn now() -> DateTime<Utc> {
    // Chrono's own way brings along how a span of time is printed, for a clock that stands before 1970.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let milliseconds = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

/// An unpredictable number.
#[must_use]
pub fn chance() -> u64 {
    wasip3::random::random::get_random_u64()
}

/// Opens the ledger alone. Whoever is let in is counted, by the setting `rate_limit`.
///
/// # Errors
/// 429 for a caller that has made too many requests in this minute, 503 when the ledger does not answer or the setting is malformed.
pub async fn ledger(settings: &Settings, caller: &Caller) -> Result<Ledger<Sqlite>, Problem> {
    // A malformed setting is told before anything is opened.
    settings.check(rate_limit).map_err(|bad| setting(&bad))?;
    counted(uncounted().await?, settings, caller).await
}

/// Opens the ledger for nobody in particular: to find out who is signed in, or to sign somebody in.
///
/// # Errors
/// 503 when the ledger does not answer.
pub async fn uncounted() -> Result<Ledger<Sqlite>, Problem> {
    database::ledger().await.map_err(|error| unavailable(&error))
}

/// The ledger for a caller, in which its request is counted.
pub(crate) async fn counted(
    ledger: Ledger<Sqlite>,
    settings: &Settings,
    caller: &Caller,
) -> Result<Ledger<Sqlite>, Problem> {
    let most = settings.check(rate_limit).map_err(|bad| setting(&bad))?;
    let Some(most) = most else { return Ok(ledger) };
    match ledger.count(caller, most, now()).await.map_err(|error| unavailable(&error))? {
        Counted::Within => Ok(ledger),
        Counted::Over(seconds) => {
            let detail =
                format!("at most {most} requests a minute: come back in {seconds} s, or raise rate_limit");
            Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate-limited", detail).later(seconds))
        }
    }
}

/// Opens the ledger and puts the onboarding together.
///
/// # Errors
/// As [`ledger`].
pub async fn open(
    settings: &Settings,
    caller: &Caller,
    shop: ShopSettings,
    http: Outbound,
) -> Result<Onboarding<Outbound, Sqlite>, Problem> {
    let ledger = ledger(settings, caller).await?;
    Ok(onboarding(ledger, shop, http))
}

/// Puts the onboarding together over a ledger that is open.
#[must_use]
pub fn onboarding(
    ledger: Ledger<Sqlite>,
    shop: ShopSettings,
    http: Outbound,
) -> Onboarding<Outbound, Sqlite> {
    let clock: Clock = Rc::new(now);
    let tokens = Tokens::of(TOKEN.with(Clone::clone));
    let http = Port::of(http, &shop);
    let shop = Shop { http, settings: shop, tokens, clock: Rc::clone(&clock) };
    Onboarding { shop, ledger, clock, chance: Rc::new(chance) }
}

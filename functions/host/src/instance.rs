//! What an instance of a component has: its settings, and the onboarding put together from them.

use std::{collections::HashMap, rc::Rc};

use chrono::{DateTime, Utc};
use shared::{
    ledger::Ledger,
    onboarding::{Clock, Onboarding},
    settings::{ShopSettings, Variables},
    shop::{HeldToken, Shop, Tokens},
    sql::SqlError,
};

use crate::{database::Sqlite, outbound::Outbound};

thread_local! {
    /// The shop's token lives as long as the instance, and is never stored.
    static TOKEN: HeldToken = HeldToken::default();
}

/// The values of a component's variables.
pub struct Settings(HashMap<&'static str, String>);

impl Settings {
    /// Reads the variables with these names. One that the host does not know is as good as empty.
    pub async fn read(names: impl IntoIterator<Item = &'static str>) -> Self {
        let mut values = HashMap::new();
        for name in names {
            values.insert(name, spin_sdk::variables::get(name).await.unwrap_or_default());
        }
        Self(values)
    }

    /// Hands them to what checks them.
    ///
    /// # Errors
    /// Whatever `check` finds.
    pub fn check<T, E>(&self, check: impl FnOnce(&Variables<'_>) -> Result<T, E>) -> Result<T, E> {
        check(&Variables(&|name| self.0.get(name).cloned().unwrap_or_default()))
    }
}

/// The time now.
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// An unpredictable number.
#[must_use]
pub fn chance() -> u64 {
    wasip3::random::random::get_random_u64()
}

/// Opens the ledger alone.
///
/// # Errors
/// [`SqlError`] when it cannot be opened.
pub async fn ledger() -> Result<Ledger<Sqlite>, SqlError> {
    Ledger::open(Sqlite::open().await?).await
}

/// Opens the ledger and puts the onboarding together.
///
/// # Errors
/// [`SqlError`] when the ledger cannot be opened.
pub async fn open(settings: ShopSettings, http: Outbound) -> Result<Onboarding<Outbound, Sqlite>, SqlError> {
    let clock: Clock = Rc::new(now);
    let ledger = ledger().await?;
    let shop =
        Shop { http, settings, tokens: Tokens::of(TOKEN.with(Clone::clone)), clock: Rc::clone(&clock) };
    Ok(Onboarding { shop, ledger, clock, chance: Rc::new(chance) })
}

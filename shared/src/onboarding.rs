//! The whole of it, put together once per request: shop, ledger, time and chance.

use std::rc::Rc;

use chrono::{DateTime, Utc};

use crate::{ledger::Ledger, retry::Retry, send::SendRequest, shop::Shop, sql::Sql, tombstone::RowKey};

/// The time, as a value that is asked for again whenever it matters.
pub type Clock = Rc<dyn Fn() -> DateTime<Utc>>;

/// Unpredictable numbers, for claims and pauses.
pub type Chance = Rc<dyn Fn() -> u64>;

/// Shop and ledger with the time and chance they need.
pub struct Onboarding<H, S> {
    /// The shop.
    pub shop: Shop<H>,
    /// The ledger.
    pub ledger: Ledger<S>,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub chance: Chance,
}

impl<H: SendRequest, S: Sql> Onboarding<H, S> {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// What a failure of this moment is judged by.
    pub(crate) fn retry(&self) -> Retry {
        Retry { policy: self.shop.settings.retry, now: self.now(), chance: (self.chance)() }
    }

    /// A key for the row of one registration that is erased.
    pub(crate) fn row_key(&self) -> RowKey {
        RowKey::of([(self.chance)(), (self.chance)()])
    }

    /// A token for one claim on registrations.
    pub(crate) fn claim_token(&self) -> String {
        format!("{:016x}", (self.chance)())
    }
}

//! What a run would announce today, if nothing was known yet: the run's own queries and its own judgement, and numbers only.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    rc::Rc,
};

use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use shared::{
    dry_run::Port,
    key::{OriginCode, UserKey},
    registration::{Candidates, Observed, Step, next_step, step_of_row},
    settings::{ShopSettings, TickSettings},
    shop::{HeldToken, Query, Row, Shop, ShopError, Tokens, user_pages},
};

use crate::{
    finding::{Check, Finding, counted},
    network::Network,
};

/// What a run would announce.
pub const ANNOUNCE: Check = Check { id: "would_announce", what: "what a run would announce" };

/// The most rows that are looked at in one list.
const ROWS: usize = 10_000;
/// The most users that are read one by one, where rows are a short form.
const SINGLY: usize = 100;

/// The numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// How many would be announced, by month of registration.
    pub by_month: BTreeMap<String, usize>,
    /// How many are from before `start_from`.
    pub too_old: usize,
    /// How many would have to be read one by one, and were not: there are too many.
    pub unclear: usize,
    /// Whether a list was longer than what was looked at.
    pub cut: bool,
}

impl Count {
    /// How many would be announced.
    #[must_use]
    pub fn total(&self) -> usize {
        self.by_month.values().sum()
    }

    fn add(&mut self, created: Option<&str>) {
        let month = created.and_then(|created| created.get(..7)).unwrap_or("without a date");
        *self.by_month.entry(month.to_owned()).or_default() += 1;
    }
}

/// Reads both of the run's lists.
///
/// # Errors
/// [`ShopError`].
pub async fn count(
    network: &Network,
    shop: &ShopSettings,
    tick: &TickSettings,
    origin: &OriginCode,
    now: DateTime<Utc>,
) -> Result<Count, ShopError> {
    let shop = Shop {
        http: Port::of(network.clone(), shop),
        settings: shop.clone(),
        tokens: Tokens::of(HeldToken::default()),
        clock: Rc::new(move || now),
    };
    let candidates = Candidates { pattern: &shop.settings.user_key_pattern, start_from: tick.start_from };
    let created = tick.start_from.map(|from| Query::created(from, tick.page_limit, &tick.user_filter));
    let lists = [Some(Query::registered(tick.page_limit, &tick.user_filter)), created];
    let (mut count, mut seen, mut unclear) = (Count::default(), BTreeSet::new(), Vec::new());
    for first in lists.into_iter().flatten() {
        let mut pages = std::pin::pin!(user_pages(&shop, origin, first));
        let mut rows = 0;
        while let Some(page) = pages.try_next().await? {
            rows += page.rows.len();
            for Row { user, print } in page.rows.into_iter().flatten() {
                if !seen.insert(user.key.clone()) {
                    continue;
                }
                match step_of_row(&user, &print, None, &candidates, now) {
                    Step::Announce => count.add(user.create_date.as_deref()),
                    Step::ReadUser => unclear.push(user.key),
                    Step::TooOld => count.too_old += 1,
                    _ => {}
                }
            }
            if rows >= ROWS {
                count.cut = true;
                break;
            }
        }
    }
    read_singly(&shop, origin, &candidates, unclear, now, &mut count, tick.concurrency).await?;
    Ok(count)
}

async fn read_singly(
    shop: &Shop<Network>,
    origin: &OriginCode,
    candidates: &Candidates<'_>,
    unclear: Vec<UserKey>,
    now: DateTime<Utc>,
    count: &mut Count,
    at_once: usize,
) -> Result<(), ShopError> {
    count.unclear = unclear.len().saturating_sub(SINGLY);
    let users: Vec<_> = stream::iter(unclear.iter().take(SINGLY))
        .map(|key| shop.user(origin, key))
        .buffer_unordered(at_once)
        .try_collect()
        .await?;
    for user in users.into_iter().flatten() {
        match next_step(Observed::Read(&user), None, candidates, now) {
            Step::Announce => count.add(user.create_date.as_deref()),
            Step::TooOld => count.too_old += 1,
            _ => {}
        }
    }
    Ok(())
}

/// What it means.
#[must_use]
pub fn judge(count: &Result<Count, ShopError>, has_start: bool) -> Finding {
    let count = match count {
        Ok(count) => count,
        Err(error) => {
            let fault = error
                .of_end_point()
                .map_or("a record is refused or unreadable".to_owned(), |fault| fault.seen);
            return Finding::wrong(ANNOUNCE, fault, "put right what is wrong above, and run this again");
        }
    };
    let months: Vec<_> = count.by_month.iter().map(|(month, number)| format!("{month}: {number}")).collect();
    // Writing into a String cannot fail.
    let mut found = counted(count.total(), "registration", "registrations");
    if !months.is_empty() {
        let _ = write!(found, " ({})", months.join(", "));
    }
    if count.too_old > 0 {
        let _ = write!(found, "; {} older than start_from", count.too_old);
    }
    if count.unclear > 0 {
        let _ = write!(found, "; {} more have to be read one by one", count.unclear);
    }
    if count.cut {
        let _ = write!(found, "; only the first {ROWS} rows of a list were looked at");
    }
    let advice = "known ones are not announced again; the ledger was not asked";
    if has_start {
        Finding::note(ANNOUNCE, found).advising(advice)
    } else {
        Finding::note(ANNOUNCE, format!("nothing, until start_from is set; then at most {found}"))
    }
}

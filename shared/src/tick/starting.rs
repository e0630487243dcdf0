//! Whose registrations a tick announces, and whose it only counts.

use std::collections::BTreeMap;

use super::{Report, Tick};
use crate::{
    key::{OriginCode, UserKey},
    onboarding::Onboarding,
    send::SendRequest,
    settings::TickSettings,
    sql::{Sql, SqlError},
    start::{Begins, FIRST_RUN},
    time::ShopTime,
};

/// What each origin begins with. One that the setting starts is noted as started, but by no dry run.
pub(super) async fn begins<H: SendRequest, S: Sql>(
    app: &Onboarding<H, S>,
    settings: &TickSettings,
) -> Result<BTreeMap<OriginCode, Begins>, SqlError> {
    let started = app.ledger.starts().await?;
    // One by one: collecting them would sort them first, and bring the code for it along.
    let mut begins = BTreeMap::new();
    for origin in &app.shop.settings.origins {
        let of_this = Begins::of(settings.first_run, settings.start_from, started.get(origin));
        begins.insert(origin.clone(), of_this);
    }
    let fresh = begins.iter().filter(|(origin, begins)| begins.announces && !started.contains_key(*origin));
    let fresh: Vec<_> = fresh.map(|(origin, _)| origin.clone()).collect();
    if app.shop.http.dry().is_none() {
        app.ledger.start(&fresh, FIRST_RUN, None, app.now()).await?;
    }
    Ok(begins)
}

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    pub(super) fn begins(&self, origin: &OriginCode) -> Begins {
        self.begins.get(origin).copied().unwrap_or_default()
    }

    /// Whether what it finds in an origin is stored and told.
    pub(super) fn announces(&self, origin: &OriginCode) -> bool {
        self.begins(origin).announces
    }

    /// Whether this tick comes to somebody for the first time whom it does not store.
    pub(super) fn meets_first(&self, origin: &OriginCode, user_key: &UserKey) -> bool {
        self.counted.borrow_mut().insert((origin.clone(), user_key.clone()))
    }

    /// Counts a registration that is not announced yet.
    pub(super) fn count_waiting(&self, created: Option<&str>) {
        let created = created.and_then(|created| created.parse::<ShopTime>().ok());
        let month = created.map_or_else(|| "unknown".to_owned(), ShopTime::month);
        self.count(|report| {
            report.would_announce += 1;
            *report.would_announce_by_month.entry(month).or_default() += 1;
        });
    }

    pub(super) fn note_what_waits(&self, report: &mut Report) {
        let waits = self.begins.iter().filter(|(_, begins)| !begins.announces);
        report.waits_for_start = waits.clone().map(|(origin, _)| origin.clone()).collect();
        let dateless = waits.clone().any(|(_, begins)| begins.from.is_none());
        report.dry_run = self.is_dry();
        report.would = self.app.shop.http.dry().map(|dry| Box::new(dry.would()));
        report.note = if dateless {
            Some(
                "start_from is not set: nothing is announced before POST /start?from=..., and would_announce counts what waits",
            )
        } else if !report.waits_for_start.is_empty() {
            Some("nothing is announced before POST /start, and would_announce counts what waits")
        } else if report.dry_run {
            Some("dry_run is set: nothing was sent to the shop or the ERP")
        } else {
            None
        };
    }
}

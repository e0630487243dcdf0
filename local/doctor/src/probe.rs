//! The list calls that are made to find out how the shop behaves.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, stream};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use shared::{key::OriginCode, settings::TickSettings, shop::Query, time::ShopTime};

use crate::{
    caller::Caller,
    list::{Asked, Listing},
};

/// A value that no field has: a filter that lets anything through does not filter.
pub const NOBODY: &str = "doctor-no-such-value";
/// Nobody has registered after this.
const FUTURE: &str = "2999-01-01T00:00:00";
/// The most rows that one call asks for, but where limits are tried.
const ROWS: usize = 100;
/// What is asked for where the shop's largest `limit` is looked for.
pub const LARGEST: usize = 1000;

/// Filters on customers that the vendor's pages do not speak of.
pub const CUSTOMER_FILTERS: [&str; 4] = ["code", "vat_numbers", "vat", "coc"];

/// One list call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Probe {
    /// No filter and no limit.
    Plain,
    /// No filter, so many rows.
    Limit(usize),
    /// `inactive=true`.
    Inactive,
    /// `registration` with a value that nobody has.
    NoSuchRegistration,
    /// `create_date__gte` with a time that has not come.
    NotYetCreated,
    /// `modified_date__gte` with such a time.
    NotYetModified,
    /// `email` with one that nobody has.
    NoSuchEmail,
    /// A filter that does not exist.
    NoSuchFilter,
    /// The tick's safety net.
    Registered,
    /// The same without the setting `user_filter`.
    RegisteredUnfiltered,
    /// The last rows of `inactive=true`.
    LastInactive(usize),
    /// `create_date__gte` with the time of the newest registration.
    Since(ShopTime),
    /// The customers.
    Customers,
    /// The customers by a filter, with a value that nobody has.
    CustomersBy(&'static str),
    /// The addresses.
    Addresses,
}

impl Probe {
    /// The calls that need nothing from each other.
    #[must_use]
    pub fn first(settings: &TickSettings) -> Vec<Self> {
        let mut probes = vec![
            Self::Plain,
            Self::Limit(1),
            Self::Limit(2),
            Self::Limit(settings.page_limit),
            Self::Limit(LARGEST),
            Self::Inactive,
            Self::NoSuchRegistration,
            Self::NotYetCreated,
            Self::NotYetModified,
            Self::NoSuchEmail,
            Self::NoSuchFilter,
            Self::Registered,
            Self::Customers,
            Self::Addresses,
        ];
        probes.extend(CUSTOMER_FILTERS.map(Self::CustomersBy));
        if !settings.user_filter.is_empty() {
            probes.push(Self::RegisteredUnfiltered);
        }
        probes.sort();
        probes.dedup();
        probes
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Customers | Self::CustomersBy(_) => "customer",
            Self::Addresses => "address",
            _ => "user",
        }
    }

    fn query(self, settings: &TickSettings) -> String {
        let limit = settings.page_limit.min(ROWS);
        match self {
            Self::Plain => String::new(),
            Self::Limit(limit) => format!("limit={limit}"),
            Self::Inactive => format!("inactive=true&limit={limit}"),
            Self::NoSuchRegistration => format!("registration={NOBODY}&limit=1"),
            Self::NotYetCreated => format!("create_date__gte={FUTURE}&inactive=true&limit=1"),
            Self::NotYetModified => format!("modified_date__gte={FUTURE}&limit=1"),
            Self::NoSuchEmail => format!("email={NOBODY}@doctor.invalid&limit=1"),
            Self::NoSuchFilter => "doctor_no_such_filter=1&limit=1".to_owned(),
            Self::Registered => Query::registered(limit, &settings.user_filter).as_str().to_owned(),
            Self::RegisteredUnfiltered => Query::registered(1, "").as_str().to_owned(),
            Self::LastInactive(offset) => format!("inactive=true&limit=10&offset={offset}"),
            Self::Since(time) => {
                let time = time.filter_value().to_string();
                let time = utf8_percent_encode(&time, QUERY);
                format!("create_date__gte={time}&inactive=true&limit={limit}")
            }
            Self::Customers | Self::Addresses => "limit=1".to_owned(),
            Self::CustomersBy(field) => format!("{field}={NOBODY}&limit=1"),
        }
    }

    /// The path and query of the call.
    #[must_use]
    pub fn target(self, origin: &OriginCode, slashed: bool, settings: &TickSettings) -> String {
        let slash = if slashed { "/" } else { "" };
        let query = self.query(settings);
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/api/origin/{}/{}{slash}{mark}{query}", origin.segment(), self.kind())
    }
}

/// What stands in a query as it is.
const QUERY: &percent_encoding::AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b':').remove(b'.').remove(b'_');

/// The answers, by call.
#[derive(Debug, Default)]
pub struct Answers(BTreeMap<Probe, Asked>);

impl Answers {
    /// Makes these calls, side by side as far as the caller lets them.
    pub async fn fetch(
        caller: &Caller<'_>,
        origin: &OriginCode,
        slashed: bool,
        settings: &TickSettings,
        probes: Vec<Probe>,
    ) -> Self {
        let width = probes.len().max(1);
        let asked = stream::iter(probes).map(|probe| async move {
            let target = probe.target(origin, slashed, settings);
            (probe, caller.get(&target).await.and_then(|body| Listing::read(&body)))
        });
        Self(asked.buffer_unordered(width).collect().await)
    }

    /// With further answers.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// What a call came to; `None` if it was not made.
    #[must_use]
    pub fn asked(&self, probe: Probe) -> Option<&Asked> {
        self.0.get(&probe)
    }

    /// The page that a call brought.
    #[must_use]
    pub fn page(&self, probe: Probe) -> Option<&Listing> {
        self.0.get(&probe)?.as_ref().ok()
    }

    /// The longest page of users without any filter.
    #[must_use]
    pub fn sample(&self) -> Option<&Listing> {
        let unfiltered = self.0.iter().filter(|(probe, _)| matches!(probe, Probe::Plain | Probe::Limit(_)));
        unfiltered.filter_map(|(_, asked)| asked.as_ref().ok()).max_by_key(|page| page.length)
    }

    /// The pages of inactive users, in the order of the list: its beginning and its end.
    pub fn inactive(&self) -> impl Iterator<Item = &Listing> {
        let pages =
            self.0.iter().filter(|(probe, _)| matches!(probe, Probe::Inactive | Probe::LastInactive(_)));
        pages.filter_map(|(_, asked)| asked.as_ref().ok())
    }
}

//! What the vendor's pages leave open, as switches. Each default is the likeliest reading.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use http::StatusCode;

/// How the shop behaves where its documentation is silent or contradicts itself.
#[derive(Debug, Clone)]
pub struct Behaviour {
    /// How long a token lives. "Usage Info" says that tokens expire, not when.
    pub token_seconds: u32,
    /// The zone of the zone-less timestamps, in bodies and in filters.
    pub zone: Tz,
    /// How much of a filter value counts. The pages show dates and date-times, on different objects.
    pub date_filter: DateFilter,
    /// What `inactive=true` means: the filter is not explained in "New user registration without activation".
    pub inactive: InactiveFilter,
    /// Which filters are not there, and do nothing without a word.
    pub missing_filters: BTreeSet<&'static str>,
    /// What becomes of a query parameter that means nothing.
    pub unknown_filter: UnknownFilter,
    /// The zone of filter values, if it is another one than that of the timestamps.
    pub filter_zone: Option<Tz>,
    /// The order of lists.
    pub order: Order,
    /// How much of a user a list row holds. For orders the list is a short form ("Orders GET - json").
    pub list_rows: ListRows,
    /// Page size without a `limit`.
    pub default_limit: usize,
    /// The largest `limit`.
    pub max_limit: usize,
    /// What becomes of a larger one.
    pub over_limit: OverLimit,
    /// The scheme and host of `next` and `previous`; `None` for that of the request. Examples on the vendor's pages show
    /// an older host than the one to be called.
    pub next_host: Option<String>,
    /// What becomes of a path without a trailing slash: the pages write both forms.
    pub slash: SlashRule,
    /// Whether `/API/` is taken for `/api/`: the pages write both forms.
    pub case: PathCase,
    /// What a PATCH of `authorised_customers` does to the list.
    pub link: Link,
    /// What a PATCH with a customer does that the shop does not have.
    pub unknown_customer: UnknownCustomer,
    /// What sends the activation mail.
    pub mail: MailTrigger,
    /// What a PATCH with `active: true` does; no page shows one.
    pub direct: DirectActivation,
    /// The value of `registration` once a user is active.
    pub registration_after: String,
    /// Whether the user is touched too when its profile changes.
    pub profile_edit: ProfileEdit,
    /// A status for successful customer and address writes instead of 200 and 201, such as 202.
    pub write_status: Option<StatusCode>,
    /// The longest `name` of a customer or an address, in characters.
    pub name_limit: Option<usize>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            token_seconds: 300,
            zone: Tz::Europe__Amsterdam,
            date_filter: DateFilter::WithTime,
            inactive: InactiveFilter::Only,
            missing_filters: BTreeSet::new(),
            unknown_filter: UnknownFilter::Ignored,
            filter_zone: None,
            order: Order::OldestFirst,
            list_rows: ListRows::Full,
            default_limit: 100,
            max_limit: 500,
            over_limit: OverLimit::Lowered,
            next_host: Some("https://test.cloudsuite.io".to_owned()),
            slash: SlashRule::Accept,
            case: PathCase::Any,
            link: Link::Replace,
            unknown_customer: UnknownCustomer::Refused,
            mail: MailTrigger::EachWrite,
            direct: DirectActivation::Activates,
            registration_after: String::new(),
            profile_edit: ProfileEdit::TouchesUser,
            write_status: None,
            name_limit: None,
        }
    }
}

/// How much of `create_date__gte` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFilter {
    /// Date and time.
    WithTime,
    /// The date alone: the time part is ignored.
    DateOnly,
}

/// What `inactive=true` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InactiveFilter {
    /// Only inactive users; without it all are listed.
    Only,
    /// Inactive users as well; without it only active ones are listed.
    Too,
}

/// What becomes of a query parameter that means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownFilter {
    /// It is ignored without a word, as Django REST framework does.
    Ignored,
    /// 400.
    Refused,
}

/// What becomes of a `limit` beyond the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverLimit {
    /// It is lowered without a word.
    Lowered,
    /// 400.
    Refused,
}

/// What a PATCH with a customer does that the shop does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownCustomer {
    /// 400.
    Refused,
    /// The user is linked to it all the same.
    Linked,
    /// 200, and the key is left out.
    Ignored,
}

/// The order of lists by create date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Ascending: new ones appear on the last page.
    OldestFirst,
    /// Descending: new ones shift all pages.
    NewestFirst,
    /// By nothing that has to do with time.
    Mixed,
}

/// How much of a user a list row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListRows {
    /// All that a read by key shows.
    Full,
    /// Without `authorised_customers`; `user_profiles` stays, because the documented flow takes it from the list.
    Short,
}

/// What becomes of a path without a trailing slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlashRule {
    /// Taken as if it had one.
    Accept,
    /// 301 to the form with a slash, on writes too, as Django does.
    Redirect,
    /// The other way round: 404 with a slash, the form without is the one.
    Without,
}

/// Whether the case of `/api` matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathCase {
    /// `/API` is taken too.
    Any,
    /// Only `/api`; else 404.
    LowerOnly,
}

/// What a PATCH of `authorised_customers` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The list becomes the one sent.
    Replace,
    /// What is sent is added to the list.
    Extend,
}

/// What sends the activation mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTrigger {
    /// Each PATCH with `registration: new` and `active: false` on an inactive user that has a customer.
    EachWrite,
    /// Such a PATCH, but only if the user has had no mail yet.
    FirstWrite,
    /// The state: inactive, `registration` is `new` and a customer is there. Any PATCH that brings it about sends one mail,
    /// the link alone too, and writing the same again sends none.
    State,
    /// Nothing: the merchant has switched the mail off.
    Never,
}

/// What a PATCH with `active: true` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectActivation {
    /// The user is active at once.
    Activates,
    /// 200, and nothing changes.
    Ignored,
}

/// Whether the user is touched too when its profile changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileEdit {
    /// Both get a new `modified_date`.
    TouchesUser,
    /// Only the profile does, so that the list row stays as it was.
    ProfileOnly,
}

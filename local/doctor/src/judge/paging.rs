//! Pages: how many rows one holds, where the next one is said to be, and in which order they come.

use http::{StatusCode, Uri};
use shared::{
    settings::{ShopSettings, TickSettings},
    time::ShopTime,
};

use crate::{
    caller::Trouble,
    facts::OriginFacts,
    finding::{Check, Finding, counted},
    list::Listing,
    probe::{Answers, LARGEST, Probe},
};

/// The setting `page_limit`.
pub const LIMIT: Check = Check { id: "page_limit", what: "rows in one page" };
/// The address of the next page.
pub const NEXT: Check = Check { id: "next", what: "address of the next page" };
/// The order of the list.
pub const ORDER: Check = Check { id: "order", what: "order of the list" };

/// The largest `limit` that is honoured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Largest {
    /// A larger one brings so many.
    Exactly(usize),
    /// So many came, and there were no more, or no more were asked for.
    AtLeast(usize),
    /// [`LARGEST`] is refused.
    Refused,
    /// Any: `limit` does nothing.
    Ignored,
    /// It cannot be told.
    Unknown,
}

/// The largest limit, by what came of asking for few and for many.
#[must_use]
pub fn largest(answers: &Answers) -> Largest {
    if answers.page(Probe::Limit(1)).is_some_and(|page| page.length > 1) {
        return Largest::Ignored;
    }
    match answers.asked(Probe::Limit(LARGEST)) {
        Some(Ok(page)) if page.goes_on() && page.length < LARGEST => Largest::Exactly(page.length),
        Some(Ok(page)) => Largest::AtLeast(page.length),
        Some(Err(Trouble::Status { status: StatusCode::BAD_REQUEST, .. })) => Largest::Refused,
        Some(Err(_)) | None => Largest::Unknown,
    }
}

/// The page size without a `limit`, if there are more users than that.
#[must_use]
pub fn default_limit(answers: &Answers) -> Option<usize> {
    answers.page(Probe::Plain).filter(|page| page.goes_on()).map(|page| page.length)
}

/// The order of a list by the time of registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// New ones come last.
    OldestFirst,
    /// New ones come first.
    NewestFirst,
    /// Neither.
    Mixed,
    /// There are too few to tell by.
    Unknown,
}

/// The order of the longest page.
#[must_use]
pub fn order(answers: &Answers) -> Order {
    let pages = answers.sample().into_iter().chain(answers.inactive());
    let Some(page) = pages.max_by_key(|page| page.rows.len()) else { return Order::Unknown };
    let times: Vec<ShopTime> = page.rows.iter().filter_map(|row| row.created).collect();
    let (first, last) = (times.first(), times.last());
    // Two may stand in any order by chance.
    if times.len() < 3 || first == last {
        return Order::Unknown;
    }
    if times.is_sorted() {
        Order::OldestFirst
    } else if times.iter().rev().is_sorted() {
        Order::NewestFirst
    } else {
        Order::Mixed
    }
}

/// What it all means.
pub fn findings(facts: &OriginFacts, shop: &ShopSettings, tick: &TickSettings) -> [Finding; 3] {
    let answers = &facts.answers;
    [limit(answers, tick.page_limit), next(answers, &shop.host), in_order(answers)]
}

fn limit(answers: &Answers, set: usize) -> Finding {
    let largest = largest(answers);
    let said = match largest {
        Largest::Exactly(rows) => format!("at most {rows}"),
        Largest::AtLeast(rows) => format!("{rows} or more"),
        Largest::Refused => format!("{LARGEST} is refused"),
        Largest::Ignored => {
            return Finding::warning(
                LIMIT,
                "limit is ignored",
                "nothing is lost; ask the vendor how large a page is, and watch the time of a run",
            );
        }
        Largest::Unknown => "the largest cannot be told".to_owned(),
    };
    match answers.asked(Probe::Limit(set)) {
        Some(Ok(page)) if page.goes_on() && page.length < set => Finding::warning(
            LIMIT,
            format!("{said}; {set} is set and lowered without a word"),
            format!("set SPIN_VARIABLE_PAGE_LIMIT={}", page.length.max(2)),
        ),
        Some(Ok(_)) => Finding::ok(LIMIT, format!("{said}; {set} is set")),
        Some(Err(trouble)) => Finding::wrong(
            LIMIT,
            format!("{said}; {set} is set, and brings {trouble}"),
            format!("set SPIN_VARIABLE_PAGE_LIMIT={}", default_limit(answers).unwrap_or(50).max(2)),
        ),
        None => Finding::note(LIMIT, said),
    }
}

fn next(answers: &Answers, host: &str) -> Finding {
    let Some(page) = answers.page(Probe::Limit(1)).filter(|page| page.goes_on()) else {
        return Finding::note(NEXT, "cannot be told: there is no second page");
    };
    match (&page.next, page) {
        (None, Listing { count, .. }) => Finding::wrong(
            NEXT,
            format!("none, although there are {}", counted(count.unwrap_or_default(), "user", "users")),
            "ask the vendor how the pages after the first one are asked for: nobody on them would be seen",
        ),
        (Some(next), _) if !next.contains('?') => Finding::wrong(
            NEXT,
            "it has no query, so the place in the list is not known",
            "ask the vendor how the pages after the first one are asked for",
        ),
        (Some(next), _) => match authority(next) {
            named if named == authority(host) => Finding::ok(NEXT, "names the same host"),
            Some(named) => {
                Finding::ok(NEXT, format!("names {named}; only its query is used, and no token goes there"))
            }
            None => Finding::ok(NEXT, "names no host; only its query is used"),
        },
    }
}

fn authority(address: &str) -> Option<String> {
    address.parse::<Uri>().ok()?.authority().map(ToString::to_string)
}

fn in_order(answers: &Answers) -> Finding {
    match order(answers) {
        Order::OldestFirst => Finding::ok(ORDER, "oldest first"),
        Order::NewestFirst => Finding::note(
            ORDER,
            "newest first: who registers during a run shifts the pages; the run notices and reads again",
        ),
        Order::Mixed => Finding::note(
            ORDER,
            "not by the time of registration; runs notice when pages shift, and read again",
        ),
        Order::Unknown => Finding::note(ORDER, "cannot be told: too few users"),
    }
}

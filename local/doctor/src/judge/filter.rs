//! Whether the filters of the lists filter. An unknown one is often ignored without a word.

use http::StatusCode;
use shared::settings::TickSettings;

use crate::{
    caller::Trouble,
    facts::OriginFacts,
    finding::{Check, Finding},
    list::Listing,
    probe::{Answers, Probe},
};

/// `inactive=true`.
pub const INACTIVE: Check = Check { id: "filter.inactive", what: "filter inactive=true" };
/// `registration=new`.
pub const REGISTRATION: Check = Check { id: "filter.registration", what: "filter registration=new" };
/// `create_date__gte`.
pub const CREATED: Check = Check { id: "filter.created", what: "filter create_date__gte" };
/// The setting `user_filter`.
pub const OWN: Check = Check { id: "filter.user_filter", what: "filter of user_filter" };
/// A filter that does not exist.
pub const UNKNOWN: Check = Check { id: "filter.unknown", what: "unknown filters" };

/// Whether a filter filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filtering {
    /// It does.
    Filters,
    /// It does nothing.
    Ignored,
    /// The call is refused.
    Refused(StatusCode),
    /// It cannot be told, and why.
    Unknown(&'static str),
}

/// Judges a filter by a value that fits nobody, where there are `total` without it.
fn by_nobody(answers: &Answers, probe: Probe, total: usize) -> Filtering {
    match answers.asked(probe) {
        Some(Ok(page)) if page.total() == 0 && total > 0 => Filtering::Filters,
        Some(Ok(page)) if page.total() > 0 => Filtering::Ignored,
        Some(Ok(_)) => Filtering::Unknown("there is nobody to filter"),
        Some(Err(Trouble::Status {
            status: status @ (StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY),
            ..
        })) => Filtering::Refused(*status),
        Some(Err(_)) | None => Filtering::Unknown("the call brought no list"),
    }
}

fn users(answers: &Answers) -> usize {
    let inactive = answers.page(Probe::Inactive).map_or(0, Listing::total);
    answers.sample().map_or(0, Listing::total).max(inactive)
}

/// A filter on users by a value that fits nobody.
#[must_use]
pub fn on_users(answers: &Answers, probe: Probe) -> Filtering {
    by_nobody(answers, probe, users(answers))
}

/// A filter on customers by a value that fits none.
#[must_use]
pub fn on_customers(answers: &Answers, field: &'static str) -> Filtering {
    let total = answers.page(Probe::Customers).map_or(0, Listing::total);
    by_nobody(answers, Probe::CustomersBy(field), total)
}

/// What `inactive=true` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inactive {
    /// Only inactive users.
    Only,
    /// Inactive users too, who are left out otherwise.
    Too,
    /// Nothing: it is ignored.
    Ignored,
    /// It cannot be told, and why.
    Unknown(&'static str),
}

/// What it asks for, by what it brings.
#[must_use]
pub fn inactive(answers: &Answers) -> Inactive {
    let (Some(sample), Some(asked)) = (answers.sample(), answers.page(Probe::Inactive)) else {
        return Inactive::Unknown("the call brought no list");
    };
    let shown = || answers.inactive().flat_map(|page| &page.rows);
    let has = |active| shown().any(|row| row.active == Some(active));
    let (active, inactive) = (has(true), has(false));
    match asked.total().cmp(&sample.total()) {
        _ if shown().chain(&sample.rows).any(|row| row.active.is_none()) => {
            Inactive::Unknown("rows do not show active")
        }
        // Who is counted with the filter and not without it is inactive.
        std::cmp::Ordering::Greater => Inactive::Too,
        _ if !active && sample.rows.iter().any(|row| row.active == Some(true)) => Inactive::Only,
        std::cmp::Ordering::Less if !active => Inactive::Only,
        std::cmp::Ordering::Equal if active && inactive => Inactive::Ignored,
        _ => Inactive::Unknown("there are not both active and inactive users to tell by"),
    }
}

/// What the filters mean.
pub fn findings(facts: &OriginFacts, settings: &TickSettings) -> Vec<Finding> {
    let answers = &facts.answers;
    let mut findings = vec![of_inactive(answers), of_registration(answers), of_created(answers)];
    findings.extend((!settings.user_filter.is_empty()).then(|| of_own(answers)));
    findings.push(match on_users(answers, Probe::NoSuchFilter) {
        Filtering::Refused(status) => {
            Finding::ok(UNKNOWN, format!("refused ({status}), so a misspelt one shows"))
        }
        Filtering::Ignored => {
            Finding::note(UNKNOWN, "ignored without a word: a misspelt one lists everybody")
        }
        Filtering::Filters | Filtering::Unknown(_) => Finding::note(UNKNOWN, "cannot be told"),
    });
    findings
}

fn of_inactive(answers: &Answers) -> Finding {
    match inactive(answers) {
        Inactive::Only => Finding::ok(INACTIVE, "lists only inactive users"),
        Inactive::Too => Finding::note(
            INACTIVE,
            "lists inactive users too, besides active ones; every row is checked, so it is well",
        ),
        Inactive::Ignored => Finding::note(
            INACTIVE,
            format!(
                "is ignored: each run reads up to all {} users; every row is checked, so it is well",
                users(answers)
            ),
        ),
        Inactive::Unknown(why) => {
            Finding::note(INACTIVE, format!("cannot be told: {why}; every row is checked"))
        }
    }
}

fn of_registration(answers: &Answers) -> Finding {
    if let Some(Err(trouble)) = answers.asked(Probe::Registered) {
        let advice = "this is the query of every run: check user_filter, and ask the vendor";
        return Finding::wrong(REGISTRATION, format!("the list brings {trouble}"), advice);
    }
    match on_users(answers, Probe::NoSuchRegistration) {
        Filtering::Filters => Finding::ok(REGISTRATION, "filters"),
        Filtering::Refused(status) => {
            Finding::ok(REGISTRATION, format!("looks at the value: another one is refused ({status})"))
        }
        Filtering::Ignored => reads_all(REGISTRATION, answers),
        Filtering::Unknown(why) => Finding::note(REGISTRATION, format!("cannot be told: {why}")),
    }
}

fn of_created(answers: &Answers) -> Finding {
    let inactive = answers.page(Probe::Inactive).map_or(0, Listing::total);
    match by_nobody(answers, Probe::NotYetCreated, inactive) {
        Filtering::Filters => Finding::ok(CREATED, "filters"),
        Filtering::Ignored => reads_all(CREATED, answers),
        Filtering::Refused(status) => Finding::wrong(
            CREATED,
            format!("the shop refuses a date with a time ({status})"),
            "ask the vendor in which form create_date__gte takes a time: every run asks so",
        ),
        Filtering::Unknown(why) => Finding::note(CREATED, format!("cannot be told: {why}")),
    }
}

fn reads_all(check: Check, answers: &Answers) -> Finding {
    let found = format!("is ignored: each run reads all {} users", users(answers));
    let advice = "nothing is lost, since every row is checked; ask the vendor for a filter that works, and narrow the list by user_filter";
    Finding::warning(check, found, advice)
}

fn of_own(answers: &Answers) -> Finding {
    let total = |probe| answers.page(probe).map(Listing::total);
    match (total(Probe::Registered), total(Probe::RegisteredUnfiltered)) {
        (Some(with), Some(without)) if with < without => {
            Finding::ok(OWN, format!("leaves {with} of {without} registrations"))
        }
        (Some(0), Some(0)) => Finding::note(OWN, "cannot be told: there is nobody to filter"),
        (Some(with), Some(_)) => Finding::warning(
            OWN,
            format!("changes nothing: {with} registrations with it and without it"),
            "check its spelling, unless all registrations are meant to pass",
        ),
        _ => Finding::note(OWN, "cannot be told: the call brought no list"),
    }
}

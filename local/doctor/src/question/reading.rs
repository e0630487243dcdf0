//! The answers that reading gives alone.

use super::{
    Around, Known,
    known::{BY_READING, answered, open, partly},
};
use crate::{
    facts::OriginFacts,
    finding::counted,
    judge::{
        filter::{self, Filtering, Inactive},
        paging::{self, Largest, Order},
        profile, row,
    },
    probe::{CUSTOMER_FILTERS, Probe},
    token::Life,
};

pub fn inactive(facts: Option<&OriginFacts>) -> Known {
    match facts.map(|facts| filter::inactive(&facts.answers)) {
        Some(Inactive::Only) => answered("only inactive ones"),
        Some(Inactive::Too) => answered("inactive ones too"),
        Some(Inactive::Ignored) => answered("it does nothing"),
        Some(Inactive::Unknown(_)) => {
            open("have one active and one inactive user in the shop, and run this again")
        }
        None => open(BY_READING),
    }
}

pub fn limits(facts: Option<&OriginFacts>, around: &Around) -> Known {
    const ASK: &str = "ask the vendor for the limit on calls, by the minute and at once";
    let Some(facts) = facts else { return open(BY_READING) };
    let largest = match paging::largest(&facts.answers) {
        Largest::Exactly(rows) => format!("at most {rows} rows"),
        Largest::AtLeast(rows) => format!("{rows} rows or more"),
        Largest::Refused => "1000 is refused".to_owned(),
        Largest::Ignored => "limit is ignored".to_owned(),
        Largest::Unknown => "the largest is not known".to_owned(),
    };
    let default = paging::default_limit(&facts.answers);
    let default =
        default.map_or("the default is more than there are".to_owned(), |rows| format!("{rows} by default"));
    let order = match paging::order(&facts.answers) {
        Order::OldestFirst => "oldest first",
        Order::NewestFirst => "newest first",
        Order::Mixed => "not by time",
        Order::Unknown => "the order is not known",
    };
    let calls = counted(around.calls, "call", "calls");
    partly(format!("{default}, {largest}, {order}; {} of {calls} too many", around.throttled), ASK)
}

pub fn finding(facts: Option<&OriginFacts>) -> Known {
    const ASK: &str = "ask the vendor for the names of these filters";
    let Some(facts) = facts else { return open(BY_READING) };
    let users = [("modified_date__gte", Probe::NotYetModified), ("email", Probe::NoSuchEmail)];
    let users =
        users.map(|(name, probe)| (format!("users by {name}"), filter::on_users(&facts.answers, probe)));
    let customers = CUSTOMER_FILTERS
        .map(|name| (format!("customers by {name}"), filter::on_customers(&facts.answers, name)));
    let said = users.into_iter().chain(customers).map(|(what, filtering)| match filtering {
        Filtering::Filters => format!("{what}: yes"),
        Filtering::Ignored => format!("{what}: ignored"),
        Filtering::Refused(status) => format!("{what}: refused ({status})"),
        Filtering::Unknown(_) => format!("{what}: not known"),
    });
    let said = said.collect::<Vec<_>>().join(", ");
    let external = match &facts.external {
        Some(Ok(())) => "; ext: works for users".to_owned(),
        Some(Err(trouble)) => format!("; ext: for a user brings {trouble}"),
        None => String::new(),
    };
    partly(said + &external, ASK)
}

pub fn meaning(facts: Option<&OriginFacts>) -> Known {
    const ASK: &str = "ask the vendor what delivery, account_code, industry and subdivision mean";
    let Some(facts) = facts.filter(|facts| !facts.profiles.is_empty()) else {
        return open("register a test user and run this again");
    };
    let forms = profile::forms(facts)
        .into_iter()
        .map(|(field, forms)| format!("{field}: {}", forms.into_iter().collect::<Vec<_>>().join(" or ")));
    let forms = forms.collect::<Vec<_>>().join(", ");
    partly(format!("at most {} a user; {forms}", counted(profile::most(facts), "profile", "profiles")), ASK)
}

pub fn token(around: &Around) -> Known {
    let life = match around.life {
        Life::Unknown => return open(BY_READING),
        Life::Unsaid => "the end point does not say how long".to_owned(),
        Life::Seconds(seconds) => format!("{seconds} s"),
    };
    match around.older_host {
        None => partly(life, "ask the vendor which TEST host stays, if it matters"),
        Some(true) => answered(format!("{life}; test.cloudsuite.io still answers")),
        Some(false) => answered(format!("{life}; test.cloudsuite.io does not answer")),
    }
}

pub fn rows(facts: Option<&OriginFacts>) -> Known {
    match facts.and_then(row::left_out) {
        None => open("register a test user and run this again"),
        Some(missing) if missing.is_empty() => answered("yes"),
        Some(missing) => {
            answered(format!("no, without {}", missing.into_iter().collect::<Vec<_>>().join(", ")))
        }
    }
}

//! The answers to which writing adds.

use std::fmt::{Display, Write as _};

use chrono_tz::Tz;

use super::{
    Known, State,
    known::{BY_READING, BY_WRITING, answered, open, partly},
};
use crate::{
    facts::OriginFacts,
    judge::{
        origin::registered,
        path, row,
        time::{TimePart, Zone, time_part, zone},
    },
    write_test::{LinkRule, MailRule, Tried, Written, in_words},
};

pub fn activation(written: Option<&Written>) -> Known {
    let Some(written) = written else { return open(BY_WRITING) };
    let direct = match &written.direct {
        None => return open(BY_WRITING),
        Some(seen) if seen.active => "active: true activates at once",
        Some(_) => "active: true does not activate",
    };
    match written.mail_rule() {
        MailRule::Unknown => partly(direct, "watch the mailbox of the test user while the write test runs"),
        rule => answered(format!("{direct}; the mail: {}", rule.in_words())),
    }
}

pub fn mail(written: Option<&Written>) -> Known {
    match written.map(Written::mail_rule) {
        None => open(BY_WRITING),
        Some(MailRule::Unknown) => open("watch the mailbox of the test user while the write test runs"),
        Some(rule) => answered(rule.in_words()),
    }
}

pub fn registration(facts: Option<&OriginFacts>, written: Option<&Written>) -> Known {
    const REJECT: &str =
        "ask the vendor for all values, and how a registration is rejected so that it leaves the list";
    let Some(facts) = facts else { return open(BY_READING) };
    let [active, others] = row::values(facts);
    let mut answer =
        format!("seen of active users: {}; of others: {}", row::in_words(&active), row::in_words(&others));
    if let Some(direct) = written.and_then(|written| written.direct.as_ref()).filter(|direct| direct.active) {
        // Writing into a String cannot fail.
        let _ = write!(answer, "; {:?} after active: true", direct.registration);
    }
    partly(answer, REJECT)
}

pub fn origin(facts: &[OriginFacts], written: Option<&Written>) -> Known {
    const ASK: &str = "ask the vendor whether the linked customer has to be of the user's origin";
    let found = facts.iter().filter(|facts| registered(facts) > 0);
    let found: Vec<_> = found
        .map(|facts| format!("{} has {} with registration=new", facts.origin, registered(facts)))
        .collect();
    let linked =
        written.is_some_and(|written| matches!(written.linked, Some(LinkRule::Replaces | LinkRule::Extends)));
    let linked = if linked { "; a customer of the same origin can be linked" } else { "" };
    if found.is_empty() {
        return open("register a test user, run this again, and ask the vendor if it shows nobody");
    }
    partly(format!("{}{linked}", found.join(", ")), ASK)
}

pub fn mandatory(facts: Option<&OriginFacts>, written: Option<&Written>) -> Known {
    const ASK: &str =
        "ask the vendor for the field pages of customer, address and user: mandatory fields and lengths";
    if let Some(written) = written
        && let (Some(customer), Some(address)) = (&written.customer_alone, &written.address_alone)
    {
        let wants = |what: &str, tried: &Tried| match tried {
            Ok(()) => format!("{what}: nothing else"),
            Err(trouble) => format!("{what}: {trouble}"),
        };
        let answer = format!(
            "{}; {}",
            wants("a customer with a key alone", customer),
            wants("an address with key and customer alone", address)
        );
        return partly(answer, ASK);
    }
    let Some(facts) = facts else { return open(BY_READING) };
    match facts.user.as_ref().map(|(user, _)| user.fields().into_iter().collect::<Vec<_>>()) {
        Some(fields) if !fields.is_empty() => {
            partly(format!("a user shows {}", fields.join(", ")), BY_WRITING)
        }
        _ => open(BY_WRITING),
    }
}

pub fn link(written: Option<&Written>) -> Known {
    const ASK: &str = "ask the vendor whether the default customer of a user can be set";
    let Some(written) = written else { return open(BY_WRITING) };
    let Some(rule) = written.linked else { return open(BY_WRITING) };
    let unknown = written.unknown_customer.as_ref().map_or("not tried", |seen| seen.in_words());
    partly(format!("{}; an unknown customer is {unknown}", rule.in_words()), ASK)
}

pub fn times(facts: Option<&OriginFacts>, set: Option<Tz>, written: Option<&Written>) -> Known {
    const FRESH: &str = "register a test user and run this again within 20 minutes";
    let Some(facts) = facts else { return open(BY_READING) };
    let filter = match time_part(facts) {
        TimePart::Counts => Some("create_date__gte counts to the second, in the zone of the times shown"),
        TimePart::Coarse => Some("of create_date__gte only the date counts, or its zone is another one"),
        TimePart::Shifted => Some("create_date__gte is in another zone than the times shown"),
        TimePart::Unknown(_) => None,
    };
    let newest = facts.newest.as_ref().map(|(time, _)| *time);
    let fits = set.is_some_and(|set| matches!(zone(newest, facts.shop_now, set), Zone::Fits(_)));
    let zone = fits.then_some("times fit shop_time_zone");
    let zone = match written.and_then(|written| written.zone_fits) {
        Some(true) => Some("times are in shop_time_zone"),
        Some(false) => Some("times are not in shop_time_zone"),
        None => zone,
    };
    match (zone, filter) {
        (Some(zone), Some(filter)) => answered(format!("{zone}; {filter}")),
        (Some(one), None) | (None, Some(one)) => partly(one, FRESH),
        (None, None) => open(FRESH),
    }
}

pub fn paths(facts: Option<&OriginFacts>, written: Option<&Written>) -> Known {
    let Some(facts) = facts else { return open(BY_READING) };
    let case = if facts.upper.is_ok() { "/API/ is taken as /api/" } else { "only /api/ is taken" };
    let read = format!("{}; {case}", path::taken(facts));
    match written.and_then(|written| written.spelt.as_ref()) {
        Some(tried) => {
            answered(format!("{read}; a PATCH as documented (/API/, no slash): {}", in_words(tried)))
        }
        None => partly(read, BY_WRITING),
    }
}

pub fn role(facts: Option<&OriginFacts>, written: Option<&Written>) -> Known {
    const ASK: &str = "ask the vendor whether role and template of the shop stay, or role has to be set";
    match written.and_then(|written| written.role_kept) {
        Some(true) => return answered("role is the same after link and activation"),
        Some(false) => return partly("role changed with link and activation", ASK),
        None => {}
    }
    let shows = facts.and_then(|facts| facts.user.as_ref()).map(|(user, _)| user.fields().contains("role"));
    match shows {
        Some(true) => partly("a user shows role", BY_WRITING),
        Some(false) => Known(State::Open, "a user does not show role".to_owned(), Some(ASK)),
        None => open(BY_WRITING),
    }
}

pub fn errors(facts: Option<&OriginFacts>, written: Option<&Written>) -> Known {
    let Some(facts) = facts else { return open(BY_READING) };
    let mut said =
        vec![about("an unknown user", facts.nobody.as_ref().map_err(|trouble| trouble as &dyn Display))];
    if let Some(written) = written {
        let again =
            written.again.as_ref().map(|tried| format!("a POST of the same customer: {}", in_words(tried)));
        let unknown = written.unknown_customer.as_ref();
        said.extend(again);
        said.extend(unknown.map(|seen| format!("an unknown customer: {}", in_words(&seen.tried))));
        return answered(said.join("; "));
    }
    partly(said.join("; "), BY_WRITING)
}

fn about(what: &str, outcome: Result<&(), &dyn Display>) -> String {
    match outcome {
        Ok(()) => format!("{what}: 200"),
        Err(trouble) => format!("{what}: {trouble}"),
    }
}

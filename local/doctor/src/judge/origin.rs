//! Whether an origin can be read, and whether people register in it.

use http::StatusCode;

use crate::{
    caller::Trouble,
    facts::OriginFacts,
    finding::{Check, Finding, counted},
    probe::Probe,
};

/// The origin's user list.
pub const ORIGIN: Check = Check { id: "origin", what: "origin" };

/// How many in this origin the shop calls new registrations.
#[must_use]
pub fn registered(facts: &OriginFacts) -> usize {
    let rows = facts.answers.page(Probe::Registered).map(|page| (page.total(), &page.rows));
    // Where the filter does nothing, the rows tell.
    let fresh = |row: &&crate::list::Row| row.registration.as_deref() == Some("new");
    rows.map_or(0, |(total, rows)| {
        let fresh = rows.iter().filter(fresh).count();
        if fresh == rows.len() { total } else { fresh }
    })
}

/// What it means.
#[must_use]
pub fn finding(facts: &OriginFacts) -> Finding {
    if !facts.answers_at_all() {
        // A redirect tells more than what comes of the other form.
        let troubles =
            [&facts.list.slashed, &facts.list.bare].into_iter().filter_map(|form| form.as_ref().err());
        let trouble = troubles.max_by_key(|trouble| matches!(trouble, Trouble::Redirect { .. }));
        let Some(trouble) = trouble else { return Finding::note(ORIGIN, "not looked at") };
        return Finding::wrong(ORIGIN, format!("its user list brings {trouble}"), advice(trouble));
    }
    let users = facts.answers.sample().map_or(0, crate::list::Listing::total);
    let inactive = facts.answers.page(Probe::Inactive).map_or(0, crate::list::Listing::total);
    let fresh = registered(facts);
    let found = format!(
        "answers: {} without a filter, {inactive} with inactive=true, {fresh} with registration=new",
        counted(users, "user", "users")
    );
    if fresh == 0 {
        return Finding::warning(
            ORIGIN,
            found,
            "register a test user in the shop and run this again: if it still shows nobody, ask the vendor which origin self-registered users get",
        );
    }
    Finding::ok(ORIGIN, found)
}

fn advice(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Status { status: StatusCode::UNAUTHORIZED, .. } => {
            "the token is of another realm: cloudsuite_host and cloudsuite_token_path have to be both of TEST or both of LIVE"
        }
        Trouble::Status { status: StatusCode::FORBIDDEN, .. } => {
            "ask the vendor to let cloudsuite_client_id read and write users, customers and addresses of this origin"
        }
        Trouble::Status { status: StatusCode::NOT_FOUND, .. } => "check origins; the vendor tells the code",
        Trouble::Status { status: StatusCode::TOO_MANY_REQUESTS, .. } => {
            "wait a while, and set concurrency lower"
        }
        Trouble::Redirect { .. } | Trouble::Page | Trouble::Unreadable => {
            "check cloudsuite_host: this is not the shop's API"
        }
        Trouble::Status { .. } => "try again later; if it stays so, ask the vendor",
        Trouble::Failure(_) => "check cloudsuite_host; if the shop is only slow, try --timeout 30s",
    }
}

//! What a profile shows.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    facts::OriginFacts,
    finding::{Check, Finding, counted},
    probe::Probe,
};

/// A profile can be read.
pub const PROFILE: Check = Check { id: "profile", what: "profile of a user" };

/// The most profiles of one user, among those seen.
#[must_use]
pub fn most(facts: &OriginFacts) -> usize {
    let pages = [Probe::Registered, Probe::Inactive].map(|probe| facts.answers.page(probe));
    let pages = pages.into_iter().chain([facts.answers.sample()]).flatten();
    pages.flat_map(|page| &page.rows).map(|row| row.profiles.len()).max().unwrap_or(0)
}

/// In which forms the fields of unclear meaning were seen.
#[must_use]
pub fn forms(facts: &OriginFacts) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut forms: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (field, form) in facts.profiles.iter().flat_map(|profile| &profile.forms) {
        forms.entry(*field).or_default().insert(*form);
    }
    forms
}

/// What it means.
#[must_use]
pub fn finding(facts: &OriginFacts) -> Finding {
    let Some(first) = &facts.profile else {
        return Finding::note(PROFILE, "cannot be told: no row names a profile")
            .advising("register a test user and run this again");
    };
    if first.body.is_none() {
        let troubles =
            [&first.forms.slashed, &first.forms.bare].into_iter().filter_map(|form| form.as_ref().err());
        let words = troubles.map(ToString::to_string).collect::<Vec<_>>().join(", without a slash ");
        return Finding::wrong(
            PROFILE,
            format!("brings {words}"),
            "ask the vendor to let cloudsuite_client_id read /api/userprofile/: what the applicant typed in is there",
        );
    }
    let problem = facts.profiles.iter().find_map(|profile| profile.problem.as_ref());
    match problem {
        Some(problem) => Finding::wrong(
            PROFILE,
            problem,
            "such a registration is stuck; tell whoever maintains this application",
        ),
        None => Finding::ok(
            PROFILE,
            format!(
                "{} read; at most {} a user",
                counted(facts.profiles.len(), "profile", "profiles"),
                most(facts)
            ),
        ),
    }
}

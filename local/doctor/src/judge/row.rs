//! What a row of the list shows, compared with the user that it is about.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    facts::OriginFacts,
    finding::{Check, Finding, counted},
    probe::Probe,
};

/// Whether rows are whole users.
pub const ROWS: Check = Check { id: "rows", what: "rows of the list" };
/// What a user shows.
pub const USER: Check = Check { id: "user", what: "fields of a user" };
/// The values of `registration`.
pub const VALUES: Check = Check { id: "registration_values", what: "values of registration" };

/// The fields by which a registration is told, and its way is followed.
const TELLING: [&str; 4] = ["active", "authorised_customers", "registration", "user_profiles"];

/// How many different values are shown.
const SHOWN: usize = 10;

/// The fields of a user that its row leaves out; `None` if there is nothing to compare.
#[must_use]
pub fn left_out(facts: &OriginFacts) -> Option<BTreeSet<String>> {
    let (user, row) = facts.user.as_ref()?;
    user.body.as_ref()?;
    Some(user.fields().difference(&row.fields).cloned().collect())
}

/// How many rows have which value of `registration`: of active users, and of the others.
#[must_use]
pub fn values(facts: &OriginFacts) -> [BTreeMap<String, usize>; 2] {
    let mut values = [BTreeMap::new(), BTreeMap::new()];
    let mut seen = BTreeSet::new();
    let rows = facts.answers.sample().into_iter().chain(facts.answers.inactive()).flat_map(|page| &page.rows);
    for row in rows.filter(|row| seen.insert(row.key.as_str())) {
        let value = row.registration.clone().unwrap_or_else(|| "(absent)".to_owned());
        let value = if value.is_empty() { "(empty)".to_owned() } else { value };
        *values[usize::from(row.active != Some(true))].entry(value).or_insert(0) += 1;
    }
    values
}

/// Values and their numbers, in words.
#[must_use]
pub fn in_words(values: &BTreeMap<String, usize>) -> String {
    let mut words: Vec<String> =
        values.iter().take(SHOWN).map(|(value, rows)| format!("{value} {rows}")).collect();
    if values.len() > SHOWN {
        words.push(format!("and {} other values", values.len() - SHOWN));
    }
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

/// What it all means.
pub fn findings(facts: &OriginFacts) -> Vec<Finding> {
    let mut findings = vec![of_rows(facts)];
    findings.extend(of_user(facts));
    let [active, others] = values(facts);
    let found = format!("of active users: {}; of others: {}", in_words(&active), in_words(&others));
    findings.push(Finding::note(VALUES, found));
    findings
}

fn of_rows(facts: &OriginFacts) -> Finding {
    let registered = facts.answers.page(Probe::Registered);
    let pages = facts.answers.sample().into_iter().chain(registered);
    let unreadable: usize = pages.map(|page| page.length - page.rows.len()).sum();
    if unreadable > 0 {
        return Finding::warning(
            ROWS,
            format!(
                "{} cannot be read: no key, or a field of another form",
                counted(unreadable, "row", "rows")
            ),
            "look at these users in the shop; nobody knows whose rows they are, so they are not brought in",
        );
    }
    match left_out(facts) {
        None => Finding::note(ROWS, "cannot be told: no user to compare with"),
        Some(missing) if missing.is_empty() => Finding::ok(ROWS, "hold the whole user"),
        Some(missing) => {
            let names = missing.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            let costs = if TELLING.iter().any(|field| missing.contains(*field)) {
                "; each one that is new costs a call more"
            } else {
                ""
            };
            Finding::note(ROWS, format!("are a short form, without {names}{costs}"))
        }
    }
}

fn of_user(facts: &OriginFacts) -> Option<Finding> {
    let (user, _) = facts.user.as_ref()?;
    if user.body.is_none() {
        let trouble = user.forms.slashed.as_ref().err()?;
        return Some(Finding::wrong(
            USER,
            format!("a user that the list shows brings {trouble} by its key"),
            "ask the vendor how one user is read: every approval reads the user before it links",
        ));
    }
    let fields = user.fields();
    let missing: Vec<_> = TELLING.into_iter().filter(|field| !fields.contains(*field)).collect();
    if missing.is_empty() {
        let names = fields.into_iter().collect::<Vec<_>>().join(", ");
        return Some(Finding::ok(USER, format!("all that are needed; it shows {names}")));
    }
    let advice = "ask the vendor to show them to cloudsuite_client_id: without them it is not seen whether a user is linked or active";
    Some(Finding::warning(USER, format!("not shown: {}", missing.join(", ")), advice))
}

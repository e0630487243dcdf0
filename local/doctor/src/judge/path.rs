//! How the shop wants its paths written.

use shared::settings::Slash;

use crate::{
    caller::Trouble,
    facts::{Forms, OriginFacts},
    finding::{Check, Finding},
};

/// The slash at the end of a path.
pub const SLASH: Check = Check { id: "trailing_slash", what: "slash at the end of paths" };
/// The case of `/api/`.
pub const CASE: Check = Check { id: "path_case", what: "case of paths" };

/// The setting's values, in the order in which they are proposed.
const VALUES: [(Slash, &str); 3] =
    [(Slash::Always, "always"), (Slash::Never, "never"), (Slash::Documented, "documented")];

/// The addresses that were tried: the list, a user, a profile.
fn tried(facts: &OriginFacts) -> impl Iterator<Item = (bool, &Forms)> {
    let user = facts.user.as_ref().map(|(user, _)| &user.forms);
    let profile = facts.profile.as_ref().map(|profile| &profile.forms);
    // The pages write a list with a slash, a user and a profile without.
    std::iter::once((true, &facts.list))
        .chain([user, profile].into_iter().flatten().map(|forms| (false, forms)))
}

/// Why this value of the setting does not do, if it does not.
fn trouble(facts: &OriginFacts, slash: Slash) -> Option<&Trouble> {
    let reads = tried(facts).find_map(|(documented, forms)| {
        let slashed = match slash {
            Slash::Always => true,
            Slash::Never => false,
            Slash::Documented => documented,
        };
        if slashed { forms.slashed.as_ref().err() } else { forms.bare.as_ref().err() }
    });
    // `documented` also writes `/API/`.
    let upper = facts.upper.as_ref().err().filter(|_| slash == Slash::Documented);
    reads.or(upper)
}

/// Whether both forms, one of them, or none is taken, in words.
#[must_use]
pub fn taken(facts: &OriginFacts) -> &'static str {
    let all = |taken: fn(&Forms) -> bool| tried(facts).all(|(_, forms)| taken(forms));
    match (all(|forms| forms.slashed.is_ok()), all(|forms| forms.bare.is_ok())) {
        (true, true) => "both forms are taken when reading",
        (true, false) => "only paths with a slash at the end are taken",
        (false, true) => "only paths without a slash at the end are taken",
        (false, false) => "neither form is taken by every address",
    }
}

/// The value that is set if it does, or else one that does.
#[must_use]
pub fn working(facts: &OriginFacts, set: Slash) -> Slash {
    let others = VALUES.iter().map(|(slash, _)| *slash);
    std::iter::once(set).chain(others).find(|slash| trouble(facts, *slash).is_none()).unwrap_or(set)
}

/// What it means for the setting.
#[must_use]
pub fn slash(facts: &OriginFacts, set: Slash) -> Finding {
    let name = VALUES.iter().find(|(slash, _)| *slash == set).map_or("always", |(_, name)| name);
    let Some(why) = trouble(facts, set) else {
        return Finding::ok(SLASH, format!("{}; {name} is set", taken(facts)));
    };
    let found = format!("{}; {name} is set, and brings {why}", taken(facts));
    match VALUES.iter().find(|(slash, _)| trouble(facts, *slash).is_none()) {
        Some((_, other)) => Finding::wrong(SLASH, found, format!("set SPIN_VARIABLE_TRAILING_SLASH={other}")),
        None if facts.answers_at_all() => {
            Finding::wrong(SLASH, found, "no value of trailing_slash suits every address: ask the vendor")
        }
        None => Finding::note(SLASH, "the origin does not answer, so it cannot be told"),
    }
}

/// What it means that the case counts, or does not.
#[must_use]
pub fn case(facts: &OriginFacts, set: Slash) -> Finding {
    match &facts.upper {
        Ok(()) => Finding::ok(CASE, "/API/ is taken as /api/"),
        Err(trouble) if set == Slash::Documented => Finding::wrong(
            CASE,
            format!("/API/ brings {trouble}, and the PATCH of a user is documented so"),
            "set SPIN_VARIABLE_TRAILING_SLASH to always or never: both write /api/",
        ),
        Err(trouble) => {
            Finding::ok(CASE, format!("only /api/ is taken (/API/ brings {trouble}); nothing else is sent"))
        }
    }
}

//! The name that somebody may have meant.

/// How many letters may be wrong: more in a longer name.
fn allowed(name: &str) -> usize {
    (name.len() / 4).clamp(2, 4)
}

/// The nearest of the known names, if one is near.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, _)| *distance <= allowed(name))
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_another_word_finds_none() {
        let known = ["origins", "start_from", "cloudsuite_host", "cloudsuite_token_host"];
        for (given, want) in [
            ("origin", Some("origins")),
            ("orgins", Some("origins")),
            ("orign", Some("origins")),
            ("strat_from", Some("start_from")),
            ("cloud_suite_host", Some("cloudsuite_host")),
            ("cloudsuit_token_host", Some("cloudsuite_token_host")),
            ("proxy", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, known.into_iter()), want, "{given}");
        }
    }
}

//! A tick's report, for people.

use serde_json::Value;

/// What there is to tell.
pub fn in_words(report: &Value) -> String {
    let counts = [
        ("seen", "seen"),
        ("announced", "announced"),
        ("approvals", "approvals carried out"),
        ("active", "active"),
        ("stuck", "stuck"),
        ("postponed", "postponed"),
    ];
    let told = counts.into_iter().filter_map(|(count, words)| match report[count].as_u64() {
        None | Some(0) => None,
        Some(number) => Some(format!("{number} {words}")),
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() { "nothing to do".to_owned() } else { told.join(", ") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_tells_what_happened_and_not_what_did_not() {
        assert_eq!(
            in_words(&json!({"seen": 12, "announced": 11, "stuck": 1, "active": 0})),
            "12 seen, 11 announced, 1 stuck"
        );
        assert_eq!(in_words(&json!({"complete": true})), "nothing to do");
    }
}

//! The application's own words about a registration, in the reader's language.
//!
//! The model notes in English what has happened, and the shop and the ERP speak as they like. What is known to be our own is said in the
//! reader's words; all else stays as it was said.

/// A note of the model, and the same for a reader. `{}` stands for whatever differs.
pub type Known = (&'static str, &'static str);

/// The note as the reader has it.
pub fn said(note: &str, known: &[Known]) -> String {
    let found = known.iter().find_map(|(ours, theirs)| {
        let Some((before, after)) = ours.split_once("{}") else {
            return (*ours == note).then(|| (*theirs).to_owned());
        };
        let middle = note.strip_prefix(before)?.strip_suffix(after)?;
        Some(theirs.replace("{}", middle))
    });
    found.unwrap_or_else(|| note.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_said_in_the_readers_words_and_the_rest_stays() {
        let known = [
            ("customer {} exists", "klant {} bestaat"),
            ("customer {}", "klant {}"),
            ("mail sent", "mail weg"),
        ];
        for (note, want) in [
            ("mail sent", "mail weg"),
            ("customer C-1 exists", "klant C-1 bestaat"),
            ("customer C-1", "klant C-1"),
            (
                "Ensure this field has no more than 50 characters.",
                "Ensure this field has no more than 50 characters.",
            ),
            ("customer", "customer"),
        ] {
            assert_eq!(said(note, &known), want);
        }
    }
}

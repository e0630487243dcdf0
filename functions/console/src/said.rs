//! The application's own words about a registration, in the reader's language.
//!
//! The model notes in English what has happened, and the shop and the ERP speak as they like. What is known to be our own is said in the
//! reader's words; all else stays as it was said.

/// A note of the model, and the same for a reader. Each `{}` stands for whatever differs, in the same order in both.
pub type Known = (&'static str, &'static str);

/// The note as the reader has it.
pub fn said(note: &str, known: &[Known]) -> String {
    let found = known.iter().find_map(|(ours, theirs)| Some(filled(theirs, &holes(note, ours)?)));
    found.unwrap_or_else(|| note.to_owned())
}

/// What stands in the holes of a pattern, if the note is of it.
fn holes<'a>(note: &'a str, pattern: &str) -> Option<Vec<&'a str>> {
    let Some((first, others)) = pattern.split_once("{}") else { return (note == pattern).then(Vec::new) };
    let (between, last) =
        others.rsplit_once("{}").map_or((None, others), |(between, last)| (Some(between), last));
    let mut rest = note.strip_prefix(first)?.strip_suffix(last)?;
    let mut holes = Vec::new();
    for fixed in between.iter().flat_map(|between| between.split("{}")) {
        let (hole, after) = rest.split_once(fixed)?;
        holes.push(hole);
        rest = after;
    }
    holes.push(rest);
    Some(holes)
}

fn filled(pattern: &str, holes: &[&str]) -> String {
    let (mut parts, mut text) = (pattern.split("{}"), String::new());
    text.extend(parts.next());
    for (hole, part) in holes.iter().zip(parts) {
        text.extend([*hole, part]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_said_in_the_readers_words_and_the_rest_stays() {
        let known = [
            ("customer {} exists", "klant {} bestaat"),
            ("given up after {} tries since {}: {}. Retry it", "na {} keer sinds {} opgegeven: {}"),
            ("mail sent", "mail weg"),
        ];
        for (note, want) in [
            ("mail sent", "mail weg"),
            ("mail sent twice", "mail sent twice"),
            ("customer C-1 exists", "klant C-1 bestaat"),
            ("customer {} exists", "klant {} bestaat"),
            ("customer C-1", "customer C-1"),
            (
                "given up after 3 tries since 2026-03-02: a: b. Retry it",
                "na 3 keer sinds 2026-03-02 opgegeven: a: b",
            ),
            ("given up after 3 tries", "given up after 3 tries"),
            (
                "Ensure this field has no more than 50 characters.",
                "Ensure this field has no more than 50 characters.",
            ),
        ] {
            assert_eq!(said(note, &known), want);
        }
    }
}

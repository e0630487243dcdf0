//! Other people's words, before they are shown or kept.

/// The most characters of them that are kept.
const WORDS: usize = 300;

/// At most [`WORDS`] characters, without line breaks. An error about a value repeats the value, and that may be a mebibyte.
pub(crate) fn brief(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_between_characters_and_stay_on_one_line() {
        assert_eq!(brief("a\r\nb\u{0}"), "a  b ");
        assert_eq!(brief(&"é".repeat(1000)), "é".repeat(300));
    }
}

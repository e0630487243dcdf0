//! Texts as they are compared when people search: without case, accents and punctuation.

/// The letters from U+00C0 to U+017F without case and accents. A dot: none, or more than one letter.
const LATIN: &[u8; 192] = b"aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiii\
dnooooo.ouuuuy.yaaaaaaccccccccddddeeeeeeeeeegggg\
gggghhhhiiiiiiiiii..jjkkkllllllllllnnnnnnnnnoooo\
oo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// The longest word that is kept, in characters. What is longer is found by its beginning.
const LONGEST: usize = 40;
/// The shortest end of a word that is found by itself.
const SHORTEST_END: usize = 3;
/// As many characters of one text are looked at.
const TEXT: usize = 200;
/// As many words are searched for at once.
const WANTED: usize = 8;

/// A text without case and accents.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(TEXT));
    for c in text.chars().take(TEXT) {
        match c {
            // Accents that stand by themselves.
            '\u{300}'..='\u{36f}' => {}
            'Æ' | 'æ' => folded.push_str("ae"),
            'Œ' | 'œ' => folded.push_str("oe"),
            'Ĳ' | 'ĳ' => folded.push_str("ij"),
            'ß' | 'ẞ' => folded.push_str("ss"),
            'Þ' | 'þ' => folded.push_str("th"),
            'Ș' | 'ș' => folded.push('s'),
            'Ț' | 'ț' => folded.push('t'),
            '\u{c0}'..='\u{17f}' => {
                let at = usize::try_from(u32::from(c) - 0xc0).ok();
                let plain = at.and_then(|at| LATIN.get(at)).copied().filter(|plain| *plain != b'.');
                folded.push(plain.map_or(c, char::from));
            }
            _ => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// The first characters of a word, without punctuation.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).take(LONGEST).collect()
}

/// What a character is when it is asked where a part begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Other,
}

fn class(c: char) -> Class {
    match c {
        _ if c.is_alphabetic() => Class::Letter,
        _ if c.is_numeric() => Class::Digit,
        _ => Class::Other,
    }
}

/// What a text is found by: the beginning of each word, and of each part of a word. So `C-20417` is found by `c204` and `204`, and
/// `anna@voorbeeld.example` by `anna@voor` and `voorbeeld.ex`.
pub(super) fn findable(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in folded(text).split_whitespace() {
        let mut before = Class::Other;
        let mut whole = true;
        for (at, c) in word.char_indices() {
            let now = class(c);
            if now != Class::Other && now != before {
                let end = squeezed(&word[at..]);
                if whole || end.chars().count() >= SHORTEST_END {
                    words.push(end);
                }
                whole = false;
            }
            before = now;
        }
    }
    words
}

/// A whole key, found by its beginning only.
pub(super) fn whole(text: &str) -> String {
    squeezed(&folded(text))
}

/// What is searched for: words that all have to begin something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// The words of what a person typed in. Text without a letter or digit has none.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut words: Vec<_> = folded(text).split_whitespace().map(squeezed).collect();
        words.retain(|word| !word.is_empty());
        words.truncate(WANTED);
        Self(words)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_punctuation_do_not_matter() {
        for (given, want) in [
            ("Éléonore", "eleonore"),
            ("e\u{301}t", "et"),
            ("Björn Łukasz ŞEVVAL", "bjorn lukasz sevval"),
            ("Æsop Œuvre IJssel ĳs Straße", "aesop oeuvre ijssel ijs strasse"),
            ("Ștefan Ț", "stefan t"),
            ("ΑΒΓ Привет 中文 ×", "αβγ привет 中文 ×"),
        ] {
            assert_eq!(folded(given), want);
        }
    }

    #[test]
    fn a_word_is_found_by_its_beginning_and_by_that_of_its_parts() {
        for (given, want) in [
            ("Jansen-de Vries", vec!["jansende", "vries"]),
            ("B.V.", vec!["bv"]),
            ("C-20417", vec!["c20417", "20417"]),
            ("NL000000001B00", vec!["nl000000001b00", "000000001b00", "b00"]),
            ("anna@voorbeeld.example", vec!["annavoorbeeldexample", "voorbeeldexample", "example"]),
            ("—", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(findable(given), want, "{given}");
        }
        assert_eq!(findable(&"x".repeat(500)), ["x".repeat(LONGEST)]);
    }

    #[test]
    fn whatever_begins_a_word_as_it_was_typed_in_is_among_what_it_is_found_by() {
        let words = findable("Anna.Jansen@Voorbeeld.example NL-0000.00.001.B01 't Hoekje");
        for typed in ["anna", "ANNA.J", "jansen@voor", "voorbeeld.", "nl0000", "0000.00.001", "hoek", "'t"] {
            let wanted = Words::of(typed);
            let found = wanted.iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted)));
            assert!(found, "{typed}: {words:?}");
        }
    }

    #[test]
    fn what_has_no_letter_and_no_digit_is_no_word() {
        assert_eq!(Words::of(" - % _ \" "), Words::default());
        assert_eq!(Words::of("a b c d e f g h i j").iter().count(), WANTED);
    }
}

//! Reads that are asked again: the answer is only sent if it is another one (RFC 9110, section 13).

use http::{HeaderMap, HeaderValue, header::IF_NONE_MATCH};

use crate::print::print;

/// The entity tag of an answer, a strong one: equal bytes have equal tags, and others have others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    /// The tag of an answer with this body.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        Self(format!("\"{}\"", print(&[body])))
    }

    /// The tag as a header has it.
    #[must_use]
    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }

    /// Whether the caller says, by `If-None-Match`, that it has just this answer.
    #[must_use]
    pub fn is_known(&self, headers: &HeaderMap) -> bool {
        let given = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        // What may have become weak on its way is good enough: nothing is written by it.
        let mut tags = given.flat_map(|tags| tags.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
        tags.any(|tag| tag == "*" || tag == self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_known_by_its_own_tag_only() {
        let tag = Tag::of(b"one");
        let own = tag.header().unwrap();
        let own = own.to_str().unwrap();
        let other = Tag::of(b"two").0;
        for (given, want, why) in [
            (vec![own.to_owned()], true, "its own"),
            (vec![format!("W/{own}")], true, "a proxy has weakened it"),
            (vec![format!("{other}, {own}")], true, "one of two"),
            (vec![other.clone(), own.to_owned()], true, "in two headers"),
            (vec!["*".to_owned()], true, "any"),
            (vec![other], false, "another"),
            (vec![own.trim_matches('"').to_owned()], false, "without quotes"),
            (vec![String::new()], false, "empty"),
            (vec![], false, "none"),
        ] {
            let headers = given.iter().map(|value| (IF_NONE_MATCH, value.parse().unwrap())).collect();
            assert_eq!(tag.is_known(&headers), want, "{why}");
        }
    }
}

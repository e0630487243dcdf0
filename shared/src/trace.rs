//! What a request is known by in logs: an id of its own, and its place in a trace by W3C Trace Context.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header with a request's id, in both directions.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The header with a request's place in a trace.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The longest id that is taken over from a caller, in bytes.
const ID_LIMIT: usize = 64;

/// The id of a request: it stands in its answer and in its line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The caller's own id, if it is short and plain enough for a log; else one made from chance.
    #[must_use]
    pub fn of(headers: &HeaderMap, chance: impl Fn() -> u64) -> Self {
        let given = sole(headers, &REQUEST_ID).filter(|id| (1..=ID_LIMIT).contains(&id.len()));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        match given.filter(|id| id.bytes().all(plain)) {
            Some(id) => Self(id.to_owned()),
            None => Self(format!("{:016x}{:016x}", chance(), chance())),
        }
    }

    /// The id as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A request's place in a trace: the trace, and our own part of it. Level 1 of W3C Trace Context, without `tracestate`, which is
/// other vendors' and would go to the shop and the ERP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    id: u128,
    span: u64,
    sampled: bool,
}

impl Trace {
    /// A new part of the caller's trace; of a new trace if the caller names none, or not by the rules.
    #[must_use]
    pub fn of(headers: &HeaderMap, chance: impl Fn() -> u64) -> Self {
        // An id of nothing but zeros is none.
        let span = chance().max(1);
        let parent = sole(headers, &TRACEPARENT).and_then(parent);
        let new = || (u128::from(chance()) << 64 | u128::from(chance()).max(1), false);
        let (id, sampled) = parent.unwrap_or_else(new);
        Self { id, span, sampled }
    }

    /// The trace's id.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{:032x}", self.id)
    }

    /// The id of our own part of it.
    #[must_use]
    pub fn span(&self) -> String {
        format!("{:016x}", self.span)
    }

    /// Names our part as the parent of a call.
    pub fn mark(&self, headers: &mut HeaderMap) {
        // It is hexadecimal digits and hyphens, which are a header's value.
        headers.extend(HeaderValue::from_str(&self.to_string()).ok().map(|value| (TRACEPARENT, value)));
    }
}

/// As `traceparent` has it.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.id, self.span, u8::from(self.sampled))
    }
}

/// The value of a header that came once. Of one that came twice nobody knows which to believe.
fn sole<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The trace that a `traceparent` names, and whether the caller records it.
fn parent(text: &str) -> Option<(u128, bool)> {
    let (known, rest) = text.split_at_checked(55)?;
    let mut parts = known.split('-');
    let (version, id, span, flags) =
        (hex(parts.next()?, 2)?, hex(parts.next()?, 32)?, hex(parts.next()?, 16)?, hex(parts.next()?, 2)?);
    // A later version may say more, but not otherwise; there is no version ff.
    let fits = match version {
        0 => rest.is_empty(),
        0xff => false,
        _ => rest.is_empty() || rest.starts_with('-'),
    };
    (fits && id != 0 && span != 0).then_some((id, flags & 1 == 1))
}

/// A number of exactly so many hexadecimal digits, in lower case as the specification wants them.
fn hex(text: &str, digits: usize) -> Option<u128> {
    let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let plain = text.len() == digits && text.bytes().all(lower);
    plain.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn an_id_of_the_caller_is_taken_if_it_is_short_and_plain() {
        let long = "a".repeat(65);
        for (given, taken, why) in [
            (&["7b-_.Z"][..], true, "plain"),
            (&[&long[1..]], true, "as long as it may be"),
            (&[&long], false, "too long"),
            (&[""], false, "empty"),
            (&["a b"], false, "a blank"),
            (&["anna@shop"], false, "perhaps an address"),
            (&["a\"b"], false, "a quote"),
            (&["a", "b"], false, "two of them"),
            (&[], false, "none"),
        ] {
            let id = RequestId::of(&headers(&REQUEST_ID, given), || 7);
            let made = "00000000000000070000000000000007";
            assert_eq!(id.as_str(), if taken { given[0] } else { made }, "{why}");
        }
    }

    #[test]
    fn the_callers_trace_goes_on_with_a_part_of_our_own() {
        let trace = Trace::of(&headers(&TRACEPARENT, &[GIVEN]), || 7);
        assert_eq!(trace.to_string(), "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000007-01");
        let mut passed_on = HeaderMap::new();
        trace.mark(&mut passed_on);
        assert_eq!(passed_on[TRACEPARENT], trace.to_string());
    }

    #[test]
    fn a_trace_is_taken_by_the_rules_and_else_begun_anew() {
        let (id, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        for (given, want, why) in [
            (GIVEN.to_owned(), Some("01"), "as it should be"),
            (format!("00-{id}-{span}-00"), Some("00"), "not recorded"),
            (format!("00-{id}-{span}-fe"), Some("00"), "only the flag that is known is passed on"),
            (format!("00-{id}-{span}-01-more"), None, "more than version 00 has"),
            (format!("cc-{id}-{span}-01"), Some("01"), "a later version"),
            (format!("cc-{id}-{span}-01-more"), Some("01"), "a later version with more"),
            (format!("cc-{id}-{span}-01.more"), None, "a later version with something else"),
            (format!("ff-{id}-{span}-01"), None, "no version"),
            (format!("00-{id}-{span}"), None, "too short"),
            (format!("00-{}-{span}-01", id.to_uppercase()), None, "capitals"),
            (format!("00-{}-{span}-01", "0".repeat(32)), None, "no trace"),
            (format!("00-{id}-{}-01", "0".repeat(16)), None, "no parent"),
            (format!("00-{id}-{span}-0g"), None, "no digits"),
            (format!("00-+{}-{span}-01", &id[1..]), None, "a sign"),
            (format!("00.{id}-{span}-01"), None, "another separator"),
            ("é".repeat(30), None, "no ASCII"),
            (String::new(), None, "nothing"),
        ] {
            let values: Vec<_> = HeaderValue::from_bytes(given.as_bytes()).into_iter().collect();
            let headers: HeaderMap = values.into_iter().map(|value| (TRACEPARENT, value)).collect();
            let trace = Trace::of(&headers, || 7).to_string();
            let want = want.map(|flags| format!("00-{id}-0000000000000007-{flags}"));
            let new = "00-00000000000000070000000000000007-0000000000000007-00".to_owned();
            assert_eq!(trace, want.unwrap_or(new), "{why}");
        }
        let twice = Trace::of(&headers(&TRACEPARENT, &[GIVEN, GIVEN]), || 7);
        assert_eq!(twice.id(), "00000000000000070000000000000007", "two of them");
    }

    proptest! {
        #[test]
        fn what_is_passed_on_is_taken_by_the_same_rules(
            given in "(00|cc)-[0-9a-f]{0,33}-[0-9a-f]{15,17}-[0-9a-f]{2}(-.{0,5})?",
            chance in any::<u64>(),
        ) {
            let value = HeaderValue::from_bytes(given.as_bytes());
            let headers: HeaderMap = value.into_iter().map(|value| (TRACEPARENT, value)).collect();
            let trace = Trace::of(&headers, || chance);
            let mut passed_on = HeaderMap::new();
            trace.mark(&mut passed_on);
            prop_assert_eq!(Trace::of(&passed_on, || 1).id(), trace.id());
        }
    }
}

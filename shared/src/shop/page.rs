//! The user list, page by page.
//!
//! Offsets drift when users come or go during a scan, so each page after the first begins one row early: that row must be the last
//! one of the page before. What the overlap means is decided in [`crate::scan`].

use std::{collections::VecDeque, fmt::Write as _, iter, mem, str::FromStr};

use futures_util::{
    TryStreamExt as _,
    stream::{self, FuturesOrdered, Stream},
};
use serde::de::Error as _;
use serde_json::{Value, value::RawValue};

use super::{client::Shop, error::ShopError, user::User};
use crate::{
    brief::brief, fault::Fault, json, key::OriginCode, located::Misread, parts::Parts, print::print,
    send::SendRequest, time::ShopTime,
};

/// The query of one page: everything behind the question mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(String);

impl Query {
    /// All registrations that the shop still calls new.
    #[must_use]
    pub fn registered(limit: usize, filter: &str) -> Self {
        Self::with("registration=new", limit, filter)
    }

    /// Inactive users who came since `from`. Written with `=`, although one of the vendor's two pages has `>`.
    #[must_use]
    pub fn created(from: ShopTime, limit: usize, filter: &str) -> Self {
        Self::with(&format!("create_date__gte={}", from.filter_value()), limit, filter)
    }

    fn with(criterion: &str, limit: usize, filter: &str) -> Self {
        let mut query = format!("{criterion}&inactive=true&limit={limit}&offset=0");
        if !filter.is_empty() {
            // Writing into a String cannot fail.
            let _ = write!(query, "&{filter}");
        }
        Self(query)
    }

    /// The query itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The query of a `next` address. Its host is left aside: the vendor's examples name an older one, and the token goes to no
    /// host but our own.
    fn of_next(next: &str) -> Option<Self> {
        let (_, query) = next.split_once('?')?;
        query.parse().ok()
    }

    /// The same query one row earlier, when it counts rows at all.
    fn one_row_earlier(&self) -> Self {
        match self.offset() {
            Some(offset) if offset > 0 => self.from(offset - 1),
            _ => self.clone(),
        }
    }

    /// How many rows it leaves out.
    fn offset(&self) -> Option<usize> {
        self.0.split('&').find_map(|pair| pair.strip_prefix("offset=")?.parse().ok())
    }

    /// The same query, leaving out so many rows.
    fn from(&self, offset: usize) -> Self {
        let pairs = self.0.split('&').map(|pair| match pair.strip_prefix("offset=") {
            Some(_) => format!("offset={offset}"),
            None => pair.to_owned(),
        });
        Self(pairs.collect::<Vec<_>>().join("&"))
    }
}

impl FromStr for Query {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
        if plain { Ok(Self(text.to_owned())) } else { Err("not a query") }
    }
}

/// One row of the list.
#[derive(Debug)]
pub struct Row {
    /// The user, as far as the row shows it.
    pub user: User,
    /// The row's fingerprint: a change of it is noticed without another call.
    pub print: String,
}

/// A row that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct BadRow {
    /// Why.
    pub problem: String,
    /// The row's fingerprint, by which it is known again.
    pub print: String,
}

/// One page of the list.
#[derive(Debug)]
pub struct Page {
    /// The query that brought it.
    pub query: Query,
    /// Its rows, in the shop's order.
    pub rows: Vec<Result<Row, BadRow>>,
    /// The page after it. The list ends only when there is none: a page may be empty and still have one.
    pub next: Option<Query>,
    /// Whether the first row should be the last one of the page before.
    pub overlaps: bool,
    /// How many rows there are on all pages, if the shop says so.
    pub count: Option<usize>,
}

impl Page {
    /// The pages behind the next one, if they are as far from each other as that one is from this. The shop's `next` has the last word.
    fn expected(&self) -> impl Iterator<Item = Query> + use<> {
        let far = self.next.as_ref().and_then(|next| {
            let (from, next_from) = (self.query.offset()?, next.offset()?);
            Some((next.clone(), next_from, next_from.checked_sub(from).filter(|far| *far > 0)?, self.count?))
        });
        far.into_iter().flat_map(|(next, from, far, count)| {
            // The last row of a page begins the next one.
            (from + far..count.saturating_sub(1)).step_by(far).map(move |offset| next.from(offset))
        })
    }
}

/// A page as the shop sends it: its rows as they stand there.
struct Envelope<'a> {
    // Only a help: whatever it is, it spoils no list.
    count: Option<usize>,
    next: Option<String>,
    results: Vec<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    fn of(body: &'a [u8]) -> Result<Self, Misread> {
        let (mut count, mut next, mut results) = (None, None, None);
        if let Parts::Fields(fields) = Parts::of(body)? {
            for (name, part) in fields {
                // Nobody can tell which of two is meant.
                let twice = match name.as_str() {
                    "count" => {
                        count = part.get().parse().ok();
                        false
                    }
                    "next" => next.replace(address(part).map_err(|error| error.in_field("next"))?).is_some(),
                    "results" => {
                        results.replace(listed(part).map_err(|error| error.in_field("results"))?).is_some()
                    }
                    _ => false,
                };
                if twice {
                    return Err(Misread::custom(format_args!("duplicate field `{name}`")));
                }
            }
        }
        let results = results.ok_or_else(|| Misread::missing_field("results"))?;
        Ok(Self { count, next: next.flatten(), results })
    }
}

fn address(part: &RawValue) -> Result<Option<String>, Misread> {
    match json::value(part.get().as_bytes())? {
        Value::Null => Ok(None),
        Value::String(address) => Ok(Some(address)),
        other => Err(Misread::of(&other, &"an address")),
    }
}

fn listed(part: &RawValue) -> Result<Vec<&RawValue>, Misread> {
    match Parts::of(part.get().as_bytes())? {
        Parts::Items(rows) => Ok(rows),
        Parts::Fields(_) | Parts::None => {
            Err(Misread::of(&json::value(part.get().as_bytes())?, &"a list of users"))
        }
    }
}

fn row(raw: &RawValue) -> Result<Row, BadRow> {
    let print = print(&[raw.get().as_bytes()]);
    match json::read(raw.get()) {
        Ok(user) => Ok(Row { user, print }),
        Err(error) => Err(BadRow { problem: brief(&error.to_string()), print }),
    }
}

pub(super) fn read_page(query: Query, body: &[u8]) -> Result<Page, ShopError> {
    const UNREADABLE: &str = "the shop's user list is unreadable";
    // An error about a value repeats the value.
    let envelope =
        Envelope::of(body).map_err(|error| Fault::seen(UNREADABLE).saying(brief(&error.to_string())))?;
    let after = match envelope.next.as_deref() {
        None | Some("") => None,
        Some(next) => Some(
            Query::of_next(next)
                .ok_or_else(|| Fault::seen("next is no address with a query").at(UNREADABLE))?,
        ),
    };
    let next = after.as_ref().map(Query::one_row_earlier);
    if next.as_ref() == Some(&query) {
        return Err(Fault::seen("next leads to the page it stands on").at(UNREADABLE).into());
    }
    let overlaps =
        query.0.split('&').any(|pair| pair.strip_prefix("offset=").is_some_and(|offset| offset != "0"));
    let (count, rows) = (envelope.count, envelope.results.into_iter().map(row).collect());
    Ok(Page { query, rows, next, overlaps, count })
}

/// The pages from `first` on, one after the other. An error ends the stream; whoever reads it keeps the position.
pub fn user_pages<'a, H: SendRequest>(
    shop: &'a Shop<H>,
    origin: &'a OriginCode,
    first: Query,
) -> impl Stream<Item = Result<Page, ShopError>> + 'a {
    pages(first, || 1, move |query| shop.user_page(origin, query))
}

/// The most pages that are asked for at once: they are in memory as a whole.
const AT_ONCE: usize = 4;

/// The same by `ask`, with up to `at_once` pages asked for at once, and never more than four: once a page is there, those behind it are known, unless a `next`
/// disagrees.
pub fn pages<A: Future<Output = Result<Page, ShopError>>>(
    first: Query,
    at_once: impl Fn() -> usize,
    ask: impl Fn(Query) -> A,
) -> impl Stream<Item = Result<Page, ShopError>> {
    let walk = Walk::from(Some(first), true);
    stream::try_unfold((walk, at_once, ask), async move |(mut walk, at_once, ask)| {
        let Some(next) = walk.next.take() else { return Ok(None) };
        if walk.asked.front().is_some_and(|asked| *asked != next) {
            // It pages otherwise than by steps of one length: from here on each page tells of the one after it.
            walk = Walk::from(None, false);
        }
        let most = if walk.steady { at_once().clamp(1, AT_ONCE) } else { 1 };
        let wanted = iter::once(next).chain(mem::take(&mut walk.expected));
        for query in wanted.take(most).skip(walk.asked.len()) {
            walk.answers.push_back(ask(query.clone()));
            walk.asked.push_back(query);
        }
        let Some(page) = walk.answers.try_next().await? else { return Ok(None) };
        walk.asked.pop_front();
        walk.expected = page.expected().take(AT_ONCE - 1).collect();
        walk.next.clone_from(&page.next);
        Ok(Some((page, (walk, at_once, ask))))
    })
}

/// A walk from page to page.
struct Walk<A: Future> {
    /// The page that comes next.
    next: Option<Query>,
    /// Whether each page was where the one before it let expect it.
    steady: bool,
    /// The pages that are expected behind the next one.
    expected: Vec<Query>,
    /// The pages that were asked for, in their order, and the answers.
    asked: VecDeque<Query>,
    answers: FuturesOrdered<A>,
}

impl<A: Future> Walk<A> {
    fn from(next: Option<Query>, steady: bool) -> Self {
        let (asked, answers) = (VecDeque::new(), FuturesOrdered::new());
        Self { next, steady, expected: Vec::new(), asked, answers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Result<Page, ShopError> {
        read_page("registration=new&limit=2&offset=1".parse().unwrap(), body.as_bytes())
    }

    #[test]
    fn next_gives_its_query_and_steps_back_one_row() {
        for (next, want) in [
            (
                "https://elsewhere.example/api/user/?limit=2&offset=4&registration=new",
                Some("limit=2&offset=3&registration=new"),
            ),
            ("https://elsewhere.example/api/user/?cursor=abc", Some("cursor=abc")),
        ] {
            let page = page(&format!(r#"{{"count":9,"next":"{next}","results":[]}}"#)).unwrap();
            assert_eq!(page.next.as_ref().map(Query::as_str), want);
        }
        assert!(page(r#"{"next":null,"results":[]}"#).unwrap().next.is_none());
    }

    #[test]
    fn the_pages_behind_the_next_one_are_expected_as_far_as_there_are_rows() {
        let next = r#""next":"https://shop.example/api/user/?limit=100&offset=100""#;
        for (count, want) in [
            (r#""count":201,"#, &["limit=100&offset=198"][..]),
            (r#""count":199,"#, &[]),
            (r#""count":"many","#, &[]),
            ("", &[]),
        ] {
            let body = format!(r#"{{{count}{next},"results":[]}}"#);
            let page = read_page("limit=100&offset=0".parse().unwrap(), body.as_bytes()).unwrap();
            let expected: Vec<_> = page.expected().map(|query| query.0).collect();
            assert_eq!(expected, want, "{count}");
        }
        let last = page(r#"{"count":201,"next":null,"results":[]}"#).unwrap();
        assert_eq!(last.expected().count(), 0);
    }

    #[test]
    fn a_next_that_leads_nowhere_is_an_error_of_the_list() {
        for body in [
            r#"{"next":"https://shop.example/api/user/","results":[]}"#,
            r#"{"next":"?registration=new&limit=2&offset=2","results":[]}"#,
            "<html>",
            "",
        ] {
            assert!(matches!(page(body), Err(ShopError::EndPoint { .. })), "{body}");
        }
    }

    #[test]
    fn a_row_of_a_million_levels_spoils_no_other_and_no_stack() {
        let deep = "[".repeat(1 << 20) + &"]".repeat(1 << 20);
        for (field, readable) in
            [("unheard_of", true), ("first_name", false), ("active", false), ("key", false)]
        {
            let rows =
                format!(r#"{{"results":[{{"key":"a"}},{{"{field}":{deep},"key":"b"}},{{"key":"c"}}]}}"#);
            let page = page(&rows).unwrap();
            let read: Vec<_> = page.rows.iter().map(Result::is_ok).collect();
            assert_eq!(read, [true, readable, true], "{field}");
        }
    }

    #[test]
    fn one_bad_row_spoils_no_other() {
        let page = page(r#"{"next":null,"results":[{"key":"a"},{"key":7},{"key":"b"}]}"#).unwrap();
        let read: Vec<_> =
            page.rows.iter().map(|row| row.as_ref().ok().map(|row| row.user.key.as_str())).collect();
        assert_eq!(read, [Some("a"), None, Some("b")]);
    }
}

//! What a person wants to see, as the query of a page's address has it.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Cursor, PAGE, Words};
use crate::{
    key::OriginCode,
    ledger::{State, words},
    parameters::{Parameters, bad},
    problem::Problem,
    time::midnight,
};

words! {
    /// What a list is sorted by.
    Sort {
        /// The last change.
        Changed = "changed",
        /// When it came.
        FirstSeen = "first_seen",
        /// The company's name.
        Company = "company",
    }
}

/// Sorted by what, and in which direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub sort: Sort,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Order {
    /// All of them: each as people expect it, and the other way round.
    pub fn all() -> impl Iterator<Item = Self> {
        Sort::ALL.iter().map(|sort| Self::usual(*sort)).flat_map(|order| [order, order.reversed()])
    }

    /// As people expect it: the newest first, names from A to Z.
    #[must_use]
    pub fn usual(sort: Sort) -> Self {
        Self { sort, descending: sort != Sort::Company }
    }

    /// The other way round.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { descending: !self.descending, ..self }
    }
}

/// The word for what is sorted by, with a minus before it for the other way round. It is one word, because one list of choices in a form
/// has one name.
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minus = if *self == Self::usual(self.sort) { "" } else { "-" };
        write!(f, "{minus}{}", self.sort)
    }
}

impl FromStr for Order {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix('-') {
            None => text.parse().map(Self::usual),
            Some(sort) => sort.parse().map(Self::usual).map(Self::reversed),
        }
    }
}

/// Which registrations are shown. The default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that have all of these words.
    pub words: Words,
    /// Only those in one of these states; in any, if there are none.
    pub states: Vec<State>,
    /// Only those of this origin.
    pub origin: Option<OriginCode>,
    /// Only those that came at this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Only those that came before.
    pub until: Option<DateTime<Utc>>,
}

/// What a person wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Which registrations.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// Which page; the first, without one.
    pub cursor: Option<Cursor>,
    /// How many on it.
    pub limit: usize,
    /// As it was typed in, to show it again.
    pub text: String,
    /// The first and the last day, as they were chosen.
    pub days: (Option<NaiveDate>, Option<NaiveDate>),
}

impl Query {
    /// Reads `q=...&state=...&origin=...&from=...&until=...&sort=...&cursor=...`, of which nothing is needed. `state` may be there several
    /// times, or several words with commas. `sort` is an [`Order`]. The days are those of `zone`, and both count.
    ///
    /// # Errors
    /// 400 with the parameter that is wrong.
    pub fn read(query: Option<&str>, zone: Tz) -> Result<Self, Problem> {
        let names = ["q", "state", "origin", "from", "until", "sort", "cursor"];
        let parameters = Parameters::read_with_lists(query, &names, &["state"])?;
        let states = parameters.text("state").unwrap_or_default().split(',').filter(|word| !word.is_empty());
        let states = states.map(str::parse).collect::<Result<Vec<State>, String>>();
        let order = parameters.parsed("sort")?.unwrap_or(Order::usual(Sort::Changed));
        let cursor: Option<Cursor> = parameters.parsed("cursor")?;
        if cursor.as_ref().is_some_and(|cursor| cursor.place().sort != order.sort) {
            return Err(bad("cursor", "is of another order"));
        }
        let days = (parameters.parsed::<NaiveDate>("from")?, parameters.parsed::<NaiveDate>("until")?);
        let text = parameters.text("q").unwrap_or_default().to_owned();
        let filter = Filter {
            words: Words::of(&text),
            states: states.map_err(|why| bad("state", why))?,
            origin: parameters.parsed("origin")?,
            from: days.0.map(|day| midnight(day, zone)),
            until: days.1.and_then(|day| day.checked_add_days(Days::new(1))).map(|day| midnight(day, zone)),
        };
        Ok(Self { filter, order, cursor, limit: PAGE, text, days })
    }

    /// The same from another place.
    #[must_use]
    pub fn at(&self, cursor: Option<Cursor>) -> Self {
        Self { cursor, ..self.clone() }
    }
}

/// As it is written in an address, so that [`Query::read`] reads it again.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { filter, order, cursor, limit: _, text, days } = self;
        let states: Vec<_> = filter.states.iter().map(|state| state.as_str()).collect();
        let values = [
            ("q", text.clone()),
            ("state", states.join(",")),
            ("origin", filter.origin.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("from", days.0.map(|day| format!("{day:?}")).unwrap_or_default()),
            ("until", days.1.map(|day| format!("{day:?}")).unwrap_or_default()),
            ("sort", if *order == Order::usual(Sort::Changed) { String::new() } else { order.to_string() }),
            ("cursor", cursor.as_ref().map(ToString::to_string).unwrap_or_default()),
        ];
        let mut first = true;
        for (name, value) in values.into_iter().filter(|(_, value)| !value.is_empty()) {
            let between = if first { "" } else { "&" };
            first = false;
            write!(f, "{between}{name}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::Place;

    fn read(query: &str) -> Result<Query, Problem> {
        Query::read(Some(query), Tz::Europe__Amsterdam)
    }

    #[test]
    fn a_query_says_what_is_shown_and_in_which_order() {
        let query = read("q=Anna+Jansen&state=stuck&state=seen,linked&origin=SHOP&from=2026-03-02&until=2026-03-02&sort=company").unwrap();
        assert_eq!(query.filter.words, Words::of("anna jansen"));
        assert_eq!(query.filter.states, [State::Stuck, State::Seen, State::Linked]);
        assert_eq!(query.filter.from, "2026-03-01T23:00:00Z".parse().ok());
        assert_eq!(query.filter.until, "2026-03-02T23:00:00Z".parse().ok());
        assert_eq!(query.order, Order { sort: Sort::Company, descending: false });
        let oldest = read("sort=-first_seen").unwrap().order;
        assert_eq!(oldest, Order { sort: Sort::FirstSeen, descending: false });
        let plain = read("").unwrap();
        assert_eq!(
            (plain.filter, plain.order, plain.cursor),
            (Filter::default(), Order::usual(Sort::Changed), None)
        );
    }

    #[test]
    fn a_query_that_means_nothing_is_refused_by_its_parameter() {
        let place = Place {
            sort: Sort::Changed,
            number: 7,
            text: String::new(),
            origin: "S".into(),
            user_key: "u".into(),
        };
        let of_another = format!("sort=company&cursor={}", Cursor::After(place));
        for (query, want) in [
            ("state=new", "state"),
            ("origin=..", "origin"),
            ("from=yesterday", "from"),
            ("sort=name", "sort"),
            ("sort=--company", "sort"),
            ("order=asc", "order"),
            ("cursor=7", "cursor"),
            (of_another.as_str(), "cursor"),
            ("q=a&q=b", "q"),
            ("page=2", "page"),
        ] {
            let problem = read(query).unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.field()), (400, Some(want)), "{query}");
        }
    }

    proptest! {
        #[test]
        fn a_query_survives_its_own_address(
            text in ".{0,20}", order in 0_usize..6, states in proptest::sample::subsequence(State::ALL, 0..4),
            number: i64, key in "\\PC{1,20}", back: bool, day in proptest::option::of(0_i32..40_000),
        ) {
            let order = Order::all().nth(order).unwrap();
            let day = day.map(|day| NaiveDate::from_epoch_days(day).unwrap().format("&from=%F&until=%F").to_string()).unwrap_or_default();
            let place = Place { sort: order.sort, number, text: key.clone(), origin: "SHOP".to_owned(), user_key: key };
            let cursor = if back { Cursor::Before(place) } else { Cursor::After(place) };
            let states = states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(",");
            let text = utf8_percent_encode(&text, NON_ALPHANUMERIC);
            let query = read(&format!("q={text}&state={states}&sort={order}&cursor={cursor}{day}")).unwrap();
            prop_assert_eq!(&query.cursor, &Some(cursor));
            prop_assert_eq!(read(&query.to_string()).unwrap(), query);
        }
    }
}

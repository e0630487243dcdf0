//! The statements that find registrations for people.
//!
//! Whoever lists walks along the index of the order until the page is full, and looks at each registration on the way. That is quick as
//! long as many of them fit. If one of the conditions fits only few, these are looked at instead, and sorted. A few are few enough to be
//! sorted for each page; where there are more, a walk meets a page full of them soon.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{
    Ledger,
    changes::{Changed, changed},
    millis, placeholders,
    registrations::COLUMNS,
};
use crate::{
    key::{OriginCode, UserKey},
    ledger::Entry,
    search::{Filter, Findable, Order, Place, Sort},
    sql::{Columns, Sql, SqlError, Value},
};

/// So many are few.
const FEW: i64 = 1000;

/// A registration, and its place in the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) place: Place,
    pub(crate) changed: Changed,
}

/// The number that stands for a registration among the words: short, because there are many, and derived, so that no statement has to
/// hand it out. That two have the same is as good as impossible, and would show one that does not fit to nobody: the words are looked
/// at once more.
pub(super) fn findable_as(entry: &Entry) -> i64 {
    let Entry { origin, user_key, .. } = entry;
    let mut sha = Sha256::new();
    sha.update(origin.as_str());
    sha.update([0]);
    sha.update(user_key.as_str());
    let hash = sha.finalize();
    hash.iter().take(8).fold(0_i64, |number, byte| number << 8 | i64::from(*byte))
}

/// A statement that grows, with its parameters in the order in which they appear.
#[derive(Default)]
struct Statement {
    text: String,
    parameters: Vec<Value>,
}

impl Statement {
    fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The name of the next parameter, which appears right now.
    fn bind(&mut self, value: impl Into<Value>) {
        self.parameters.push(value.into());
        let number = self.parameters.len();
        // Writing into a String cannot fail.
        let _ = write!(self.text, "?{number}");
    }

    fn bind_all(&mut self, values: impl Iterator<Item = Value>) {
        let before = self.parameters.len();
        self.parameters.extend(values);
        self.text.push_str(&placeholders(1, self.parameters.len() - before));
    }
}

/// A condition, and a way to those that fulfil it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way<'a> {
    Word(&'a str),
    States,
    Origin,
    Days,
}

/// The conditions of a filter.
fn ways(filter: &Filter) -> Vec<Way<'_>> {
    let mut ways: Vec<_> = filter.words.iter().map(Way::Word).collect();
    ways.extend((!filter.states.is_empty()).then_some(Way::States));
    ways.extend(filter.origin.is_some().then_some(Way::Origin));
    ways.extend((filter.from.is_some() || filter.until.is_some()).then_some(Way::Days));
    ways
}

/// Those that begin with a word, by the table of words.
fn words_from(statement: &mut Statement, word: &str) {
    statement.add("FROM word WHERE word >= ");
    statement.bind(word);
    statement.add(" AND word < ");
    // No character is greater than this one, and no word has it.
    statement.bind(format!("{word}\u{10ffff}"));
}

/// A condition on the columns of a registration. The database may look it up in an index only if it is not veiled: an expression is in
/// no index.
fn condition(statement: &mut Statement, way: Way<'_>, filter: &Filter, veiled: bool) {
    let (text, number) = if veiled { (" || ''", " + 0") } else { ("", "") };
    match way {
        Way::Word(word) => {
            // The words are quoted, and have no quotes of their own.
            statement.add("words LIKE ");
            statement.bind(format!("%\"{word}%"));
        }
        Way::States => {
            statement.add(&format!("state{text} IN "));
            statement.bind_all(filter.states.iter().map(|state| state.as_str().into()));
        }
        Way::Origin => {
            statement.add(&format!("origin{text} = "));
            statement.bind(filter.origin.as_ref().map(OriginCode::as_str));
        }
        Way::Days => {
            for (compared, day, and) in [(">=", filter.from, ""), ("<", filter.until, " AND ")] {
                let Some(day) = day else { continue };
                let and = if filter.from.is_some() { and } else { "" };
                statement.add(&format!("{and}first_seen{number} {compared} "));
                statement.bind(millis(day));
            }
        }
    }
}

/// What is sorted by. Veiled: not by an index.
fn columns(sort: Sort, veiled: bool) -> [&'static str; 3] {
    match (sort, veiled) {
        // Of these no two have the same, but the others do no harm.
        (Sort::Changed, false) => ["change", "origin", "user_key"],
        (Sort::Changed, true) => ["change + 0", "origin", "user_key"],
        (Sort::FirstSeen, false) => ["first_seen", "origin", "user_key"],
        (Sort::FirstSeen, true) => ["first_seen + 0", "origin", "user_key"],
        (Sort::Company, false) => ["company", "origin", "user_key"],
        (Sort::Company, true) => ["company || ''", "origin", "user_key"],
    }
}

/// The statement for a page: by a way to few, or along the order.
fn page(filter: &Filter, by: Option<Way<'_>>, order: Order, after: Option<&Place>, most: usize) -> Statement {
    let mut statement = Statement::default();
    statement.add(&format!("SELECT company, change, shown_at, {COLUMNS} FROM registration WHERE TRUE"));
    for way in ways(filter) {
        statement.add(" AND ");
        let along = by.is_none() && way == Way::Days && order.sort == Sort::FirstSeen;
        condition(&mut statement, way, filter, by != Some(way) && !along);
        if let Way::Word(word) = way
            && by == Some(way)
        {
            statement.add(" AND findable_as IN (SELECT findable_as ");
            words_from(&mut statement, word);
            statement.add(")");
        }
    }
    let columns = columns(order.sort, by.is_some());
    let columns = if order.sort == Sort::Changed { &columns[..1] } else { &columns[..] };
    if let Some(place) = after {
        let compared = if order.descending { "<" } else { ">" };
        statement.add(&format!(" AND ({}) {compared} ", columns.join(", ")));
        let first = match order.sort {
            Sort::Changed | Sort::FirstSeen => place.number.into(),
            Sort::Company => Value::from(place.text.as_str()),
        };
        let place = [first, place.origin.as_str().into(), place.user_key.as_str().into()];
        statement.bind_all(place.into_iter().take(columns.len()));
    }
    let direction = if order.descending { " DESC" } else { "" };
    let sorted = columns.iter().map(|column| format!("{column}{direction}")).collect::<Vec<_>>().join(", ");
    statement.add(&format!(" ORDER BY {sorted} LIMIT {most}"));
    statement
}

impl<S: Sql> Ledger<S> {
    /// The registrations that a filter shows, after a place in an order.
    ///
    /// # Errors
    /// [`SqlError`].
    pub(crate) async fn find(
        &self,
        filter: &Filter,
        order: Order,
        after: Option<&Place>,
        most: usize,
    ) -> Result<Vec<Found>, SqlError> {
        let by = self.narrowest(filter).await?;
        // These are a part of the walk.
        let by = by.filter(|way| *way != Way::Days || order.sort != Sort::FirstSeen);
        let Statement { text, parameters } = page(filter, by, order, after, most);
        let rows = self.sql.run(&text, parameters).await?;
        let found = rows.into_iter().map(|row| {
            let mut row = Columns::of(row);
            let company = row.needed_text()?;
            let changed = changed(&mut row)?;
            let (number, text) = match order.sort {
                Sort::Changed => (changed.change.0, String::new()),
                Sort::FirstSeen => (changed.entry.first_seen.timestamp_millis(), String::new()),
                Sort::Company => (0, company),
            };
            let (origin, user_key) = (changed.entry.origin.to_string(), changed.entry.user_key.to_string());
            Ok(Found { place: Place { sort: order.sort, number, text, origin, user_key }, changed })
        });
        found.collect()
    }

    /// The way by which there are the fewest, if they are few.
    async fn narrowest<'a>(&self, filter: &'a Filter) -> Result<Option<Way<'a>>, SqlError> {
        let ways = ways(filter);
        let mut statement = Statement::default();
        for way in &ways {
            statement.add(if statement.text.is_empty() { "SELECT " } else { ", " });
            statement.add("(SELECT COUNT(*) FROM (SELECT 1 ");
            if let Way::Word(word) = way {
                words_from(&mut statement, word);
            } else {
                statement.add("FROM registration WHERE ");
                condition(&mut statement, *way, filter, false);
            }
            statement.add(&format!(" LIMIT {FEW}) AS few)"));
        }
        if ways.is_empty() {
            return Ok(None);
        }
        let row = self.sql.run(&statement.text, statement.parameters).await?.into_iter().next();
        let mut row = Columns::of(row.unwrap_or_default());
        let counts = ways.into_iter().map(|way| Ok((row.needed_number()?, way)));
        let counts = counts.collect::<Result<Vec<_>, SqlError>>()?;
        let fewest = counts.into_iter().min_by_key(|(count, _)| *count);
        Ok(fewest.filter(|(count, _)| *count < FEW).map(|(_, way)| way))
    }

    /// Registrations that an older version wrote, and that have no words yet.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn wordless(&self, most: usize) -> Result<Vec<Entry>, SqlError> {
        let condition = format!("words IS NULL ORDER BY origin, user_key LIMIT {most}");
        self.entries_where(&condition, vec![]).await
    }

    /// Notes their words, unless somebody has changed them meanwhile: then they have some. It is no change of state.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn note_words(&self, entries: &[Entry]) -> Result<(), SqlError> {
        if entries.is_empty() {
            return Ok(());
        }
        let parameters = entries.iter().flat_map(|entry| {
            let Findable { words, company } = Findable::of(entry);
            let (origin, user_key): (&OriginCode, &UserKey) = (&entry.origin, &entry.user_key);
            [
                origin.as_str().into(),
                user_key.as_str().into(),
                entry.version.into(),
                words.into(),
                company.into(),
                findable_as(entry).into(),
            ]
        });
        let statement = format!(
            "UPDATE registration SET words = made.column4, company = made.column5, findable_as = made.column6 \
             FROM (VALUES {}) AS made WHERE registration.origin = made.column1 AND registration.user_key = made.column2 \
             AND registration.version = made.column3 AND registration.words IS NULL",
            placeholders(entries.len(), 6)
        );
        self.sql.run(&statement, parameters.collect()).await.map(drop)
    }
}

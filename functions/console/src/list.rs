//! The list of registrations: searched, filtered, sorted, a page at a time.

use askama::Template;
use host::{Reply, Visit};
use http::{HeaderMap, StatusCode};
use shared::{
    key::OriginCode,
    ledger::State,
    search::{self, Order, Query, Row, Sort},
    settings::ConsoleSettings,
};

use crate::{
    address,
    frame::Frame,
    page,
    person::nameless,
    when::{Clock, When},
    words::Words,
};

/// A registration in a list.
pub struct Shown {
    pub id: String,
    pub href: String,
    pub name: String,
    pub below: String,
    pub state: State,
    pub reason: Option<String>,
    pub country: String,
    pub customers: String,
    pub first_seen: When,
    pub changed_at: When,
}

impl Shown {
    pub fn of(row: Row, clock: Clock) -> Self {
        let address = address::of(&row.origin, &row.user_key);
        let Row { state, company, name, email, .. } = row;
        let mut names = [company, name, email].into_iter().flatten().filter(|name| !name.trim().is_empty());
        let stuck = state == State::Stuck;
        Self {
            // An id may hold anything but blanks, and a key is encoded in its address.
            id: format!("r{}", address.replace('/', "-")),
            href: address,
            name: names.next().unwrap_or_else(|| nameless(state, clock.w)),
            below: names.next().unwrap_or_default(),
            state,
            reason: row.reason.filter(|_| stuck).map(|reason| clock.w.said(&reason)),
            country: row.country.unwrap_or_default(),
            customers: row.customers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            first_seen: clock.show(row.first_seen),
            changed_at: clock.show(row.changed_at),
        }
    }
}

#[derive(Template)]
#[template(path = "list.html")]
struct List<'a> {
    frame: &'a Frame,
    w: &'static Words,
    q: &'a str,
    states: &'static [State],
    chosen: &'a [State],
    origins: &'a [OriginCode],
    origin: Option<&'a OriginCode>,
    from: String,
    until: String,
    order: Order,
    /// What is chosen in the fields that a small screen folds away.
    folded: String,
    filtered: bool,
    rows: Vec<Shown>,
    previous: Option<String>,
    next: Option<String>,
}

impl List<'_> {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes references")]
    fn is_state(&self, state: &State) -> bool {
        self.chosen == [*state]
    }

    /// Several states at once, as a link may ask for, are one choice more.
    fn several(&self) -> Option<(String, String)> {
        let words = self.chosen.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(",");
        (self.chosen.len() > 1).then(|| (words, named(self.chosen, self.w)))
    }

    fn is_origin(&self, origin: &OriginCode) -> bool {
        self.origin == Some(origin)
    }

    /// The orders, each with its words and whether it is the one that is shown.
    fn orders(&self) -> impl Iterator<Item = (Order, &'static str, bool)> {
        Order::all().map(|order| (order, by(order, self.w), order == self.order))
    }
}

fn by(order: Order, w: &Words) -> &'static str {
    match (order.sort, order.descending) {
        (Sort::Changed, true) => w.list.by_changed,
        (Sort::Changed, false) => w.list.by_unchanged,
        (Sort::FirstSeen, true) => w.list.by_first_seen,
        (Sort::FirstSeen, false) => w.list.by_oldest,
        (Sort::Company, false) => w.list.by_company,
        (Sort::Company, true) => w.list.by_company_back,
    }
}

/// Some states, one after the other.
fn named(states: &[State], w: &Words) -> String {
    states.iter().map(|state| w.named(state)).collect::<Vec<_>>().join(", ")
}

/// The page that the query asks for.
pub async fn show(
    headers: &HeaderMap,
    visit: &Visit,
    settings: &ConsoleSettings,
    frame: &Frame,
    clock: Clock,
    query: Option<&str>,
) -> Reply {
    let query = Query::read(query, clock.zone)?;
    let page = search::page(&visit.ledger, &query).await.map_err(|error| host::unavailable(&error))?;
    let link = |cursor| {
        let query = query.at(Some(cursor)).to_string();
        format!("/console/registrations?{query}")
    };
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| format!("{day:?}")).unwrap_or_default();
    let (from, until) = (day(query.days.0), day(query.days.1));
    let origin = query.filter.origin.as_ref();
    let states = named(&query.filter.states, frame.w);
    let chosen = [states, origin.map(ToString::to_string).unwrap_or_default(), from.clone(), until.clone()];
    let list = List {
        frame,
        w: frame.w,
        q: &query.text,
        states: State::ALL,
        chosen: &query.filter.states,
        origins: &settings.watch.origins,
        origin,
        from,
        until,
        order: query.order,
        folded: chosen.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(", "),
        filtered: query.filter != search::Filter::default(),
        previous: page.previous.map(link),
        next: page.next.map(link),
        rows: page.rows.into_iter().map(|row| Shown::of(row, clock)).collect(),
    };
    Ok(page::page(headers, StatusCode::OK, &list))
}

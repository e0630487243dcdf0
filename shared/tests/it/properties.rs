//! What holds however the shop's list is cut into pages, and whatever comes and goes meanwhile.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use futures_util::{FutureExt as _, StreamExt as _};
use http::{Request, Response};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::{Value, json};
use shared::{
    dry_run::Port,
    key::OriginCode,
    ledger::ScanState,
    send::{NoAnswer, SendRequest},
    settings::{ShopSettings, Variables},
    shop::{Page, Query, Row, Shop, Tokens, pages},
    time::ShopTime,
};

use crate::world::origin;

/// Somebody in the shop's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// With a row that can be read.
    Plain,
    /// With one that cannot.
    Odd,
    /// Counted in the offsets, but on no page, so that pages are short or empty.
    Hidden,
}

#[derive(Debug, Clone)]
enum Change {
    Comes(Index, Kind),
    Leaves(Index),
}

/// Where newcomers stand in the list.
#[derive(Debug, Clone, Copy)]
enum Order {
    OldestFirst,
    NewestFirst,
    Anyhow,
}

/// The shop's list of users. After each page some things change, until nothing is left to change.
struct List {
    people: RefCell<Vec<(usize, Kind)>>,
    changes: RefCell<VecDeque<Vec<Change>>>,
    order: Order,
    /// How many rows a page covers, in turn.
    sizes: RefCell<VecDeque<usize>>,
}

impl List {
    fn page(&self, query: &str) -> Value {
        let offset =
            query.split('&').find_map(|pair| pair.strip_prefix("offset=")?.parse().ok()).unwrap_or(0);
        self.sizes.borrow_mut().rotate_left(1);
        let size = self.sizes.borrow()[0];
        let people = self.people.borrow();
        let covered = people.iter().skip(offset).take(size);
        let rows: Vec<_> = covered
            .filter_map(|(number, kind)| match kind {
                Kind::Plain => Some(json!({ "key": number.to_string() })),
                Kind::Odd => Some(json!({ "key": [number] })),
                Kind::Hidden => None,
            })
            .collect();
        let next = offset + size;
        let next = (next < people.len()).then(|| format!("https://shop.example/?limit={size}&offset={next}"));
        json!({ "count": people.len(), "next": next, "results": rows })
    }

    fn change(&self) {
        let changes = self.changes.borrow_mut().pop_front().unwrap_or_default();
        let mut people = self.people.borrow_mut();
        for (nth, change) in changes.into_iter().enumerate() {
            match change {
                Change::Comes(at, kind) => {
                    let at = match self.order {
                        Order::OldestFirst => people.len(),
                        Order::NewestFirst => 0,
                        Order::Anyhow => at.index(people.len() + 1),
                    };
                    // Whoever was there from the beginning has a smaller number.
                    let number = 1000 + 10 * self.changes.borrow().len() + nth;
                    people.insert(at, (number, kind));
                }
                Change::Leaves(_) if people.is_empty() => {}
                Change::Leaves(at) => {
                    let at = at.index(people.len());
                    people.remove(at);
                }
            }
        }
    }
}

impl SendRequest for &List {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        let body = match request.uri().query() {
            None => json!({ "access_token": "token", "expires_in": 300 }),
            Some(query) => {
                let page = self.page(query);
                self.change();
                page
            }
        };
        Ok(Response::new(body.to_string().into()))
    }
}

fn shop(list: &List) -> Shop<&List> {
    let value = |name: &'static str| {
        let value = match name {
            "cloudsuite_host" | "cloudsuite_token_host" => "https://shop.example",
            "cloudsuite_token_path" => "/token",
            "shop_time_zone" => "UTC",
            "trailing_slash" => "always",
            "doubt_wait" => "60s",
            "retry_attempts" => "200",
            "retry_for" => "7d",
            "dry_run" => "false",
            _ => "SHOP",
        };
        value.to_owned()
    };
    let settings = ShopSettings::read(&Variables(&value)).unwrap();
    Shop { http: Port::of(list, &settings), settings, tokens: Tokens::default(), clock: Rc::new(began) }
}

fn began() -> DateTime<Utc> {
    "2026-03-02T09:15:00Z".parse().unwrap()
}

/// One scan, which is cut off and goes on after each page for which `cut` says so. Who was seen, in that order, and whether it
/// was clean.
fn scan(shop: &Shop<&List>, origin: &OriginCode, cut: &[bool], at_once: usize) -> (Vec<usize>, bool) {
    let mut state = ScanState::default().begun(began());
    let mut seen = Vec::new();
    let mut cut = cut.iter().copied().cycle();
    let mut from = Some(Query::registered(100, ""));
    while let Some(query) = from.take() {
        let mut pages = std::pin::pin!(pages(query, || at_once, |query| shop.user_page(origin, query)));
        while let Some(page) = pages.next().now_or_never().unwrap() {
            let page = state.enter(page.unwrap());
            seen.extend(
                page.rows.iter().flatten().map(|row| row.user.key.as_str().parse::<usize>().unwrap()),
            );
            if cut.next() == Some(true) {
                from = state.position.as_ref().map(|position| position.parse().unwrap());
                break;
            }
        }
    }
    (seen, !state.drifted)
}

/// Mostly everybody is on a page; or many are not, and then few scans are clean.
fn people() -> impl Strategy<Value = Vec<Kind>> {
    let shown = prop_oneof![6 => Just(Kind::Plain), 1 => Just(Kind::Odd)];
    prop_oneof![vec(shown, 0..30), vec(kind(), 0..12)]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Plain), Just(Kind::Odd), Just(Kind::Hidden)]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), kind()).prop_map(|(at, kind)| Change::Comes(at, kind)),
        any::<Index>().prop_map(Change::Leaves),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn who_stays_is_seen_once_and_in_order_or_the_scan_counts_as_drifted_and_the_next_one_sees_them(
        people in people(),
        changes in vec(vec(change(), 0..4), 0..12),
        order in prop_oneof![Just(Order::OldestFirst), Just(Order::NewestFirst), Just(Order::Anyhow)],
        sizes in vec(2_usize..6, 1..4),
        cut in vec(any::<bool>(), 1..4),
        at_once in 1_usize..5,
    ) {
        let people: Vec<_> = people.into_iter().enumerate().collect();
        let list = List {
            people: RefCell::new(people.clone()),
            changes: RefCell::new(changes.into()),
            order,
            sizes: RefCell::new(sizes.into()),
        };
        let (shop, origin) = (shop(&list), origin());
        loop {
            let quiet = list.changes.borrow().is_empty();
            let before = list.people.borrow().clone();
            let (seen, clean) = scan(&shop, &origin, &cut, at_once);
            let after = list.people.borrow();
            let stayed: Vec<_> = before.iter().filter(|one| after.contains(one) && one.1 == Kind::Plain).map(|one| one.0).collect();
            if clean {
                let seen: Vec<_> = seen.iter().copied().filter(|one| stayed.contains(one)).collect();
                prop_assert_eq!(&seen, &stayed, "a clean scan");
            }
            if quiet {
                prop_assert!(stayed.iter().all(|one| seen.contains(one)), "{:?} of {:?}", seen, stayed);
                prop_assert!(clean || before.iter().any(|one| one.1 == Kind::Hidden), "drifted without a reason");
                break;
            }
        }
    }
}

/// Both moments of a year at which clocks are changed, and one at which they are not.
const CHANGES: [&str; 3] = ["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2026-07-01T12:00:00Z"];

const ZONES: [Tz; 7] = [
    Tz::UTC,
    Tz::Europe__Amsterdam,
    Tz::Europe__Berlin,
    Tz::Europe__Brussels,
    Tz::Europe__London,
    Tz::Europe__Luxembourg,
    Tz::Europe__Paris,
];

/// The scan's default `overlap`.
const OVERLAP: TimeDelta = TimeDelta::hours(3);

fn page(rows: &[ShopTime]) -> Page {
    let row = |date: &ShopTime| {
        let user = serde_json::from_value(json!({ "key": "u", "create_date": date })).unwrap();
        Ok(Row { user, print: String::new() })
    };
    let query = "limit=100&offset=0".parse().unwrap();
    Page { query, rows: rows.iter().map(row).collect(), next: None, overlaps: false, count: None }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// A clean scan shows everybody who was in the list when it began, and of those who came later any. They stand in the list with
    /// a date of up to two hours earlier: the shop's clock is behind ours, or what it writes shows late. Or its clock is ahead.
    #[test]
    fn the_watermark_never_passes_a_registration_that_no_scan_has_shown(
        zone in prop::sample::select(ZONES.to_vec()),
        change in prop::sample::select(CHANGES.to_vec()),
        people in vec((-30..30, -12..30, any::<bool>(), any::<Index>()), 1..40),
        scans in vec(-30..30, 1..8),
    ) {
        // In steps of ten minutes, so that much of it falls together.
        let around = |steps| change.parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(10) * steps;
        let person = |(listed, ahead, lucky, order): (i32, i32, bool, Index)| {
            (around(listed), ShopTime::at(around(listed + ahead), zone), lucky, order)
        };
        let people: Vec<_> = people.into_iter().map(person).collect();
        let mut scans: Vec<_> = scans.into_iter().map(around).collect();
        scans.sort();
        let mut shown = vec![false; people.len()];
        let mut state = ScanState::default();
        for began in scans {
            let from = state.watermark.map(|watermark| watermark.earlier(OVERLAP));
            let mut rows = Vec::new();
            for ((listed, date, lucky, order), shown) in people.iter().zip(&mut shown) {
                let in_time = *listed <= began || (*lucky && *listed <= began + TimeDelta::hours(1));
                if in_time && from.is_none_or(|from| *date >= from) {
                    *shown = true;
                    rows.insert(order.index(rows.len() + 1), *date);
                }
                prop_assert!(*listed > began || *shown, "{date} is behind {from:?} and was never shown");
            }
            let before = state.watermark;
            let mut scan = state.begun(began);
            for rows in rows.chunks(3) {
                drop(scan.enter(page(rows)));
            }
            state = scan.completed(zone);
            prop_assert!(state.watermark >= before && state.watermark.is_none_or(|mark| mark <= ShopTime::at(began, zone).max(before.unwrap_or(mark))));
            for ((_, date, ..), _) in people.iter().zip(&shown).filter(|(_, shown)| !**shown) {
                prop_assert!(state.watermark.is_none_or(|mark| *date >= mark.earlier(OVERLAP)), "{date} was not shown");
            }
        }
    }
}

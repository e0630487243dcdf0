//! Walking the shop's user list: when a scan has seen everybody, and how far the watermark may move.
//!
//! Offset paging drifts while users come and go. So each page begins with the last row of the one before; if it does not, somebody may
//! have slipped through, and the scan is repeated. Rows are acted on as they come, whatever becomes of the scan.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    ledger::ScanState,
    settings::TickSettings,
    shop::{BadRow, Page, Query, Row},
    time::ShopTime,
};

/// Which of the vendor's two queries a scan follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// `create_date__gte`: the quick one, from the watermark on.
    Created,
    /// `registration=new`: the safety net without a watermark.
    Registered,
}

impl List {
    /// Both, in the order in which they are walked.
    pub const BOTH: [Self; 2] = [Self::Created, Self::Registered];

    /// Its name in the ledger.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Registered => "registered",
        }
    }

    /// The query to begin with; `None` when there is no point to begin from.
    #[must_use]
    pub fn first(self, scan: &ScanState, from: Option<ShopTime>, settings: &TickSettings) -> Option<Query> {
        match self {
            Self::Created => {
                let from = scan.watermark.map(|watermark| watermark.earlier(settings.overlap)).or(from)?;
                Some(Query::created(from, settings.page_limit, &settings.user_filter))
            }
            Self::Registered => Some(Query::registered(settings.page_limit, &settings.user_filter)),
        }
    }
}

/// What a row is known by when it comes again: a row that cannot be read has no key, but it has a fingerprint.
fn known_by(row: &Result<Row, BadRow>) -> &str {
    match row {
        Ok(row) => row.user.key.as_str(),
        Err(bad) => &bad.print,
    }
}

impl ScanState {
    /// Begins anew.
    #[must_use]
    pub fn begun(self, now: DateTime<Utc>) -> Self {
        Self {
            watermark: self.watermark,
            complete_since: self.complete_since,
            began_at: Some(now),
            ..Self::default()
        }
    }

    /// Notes a page that is about to be worked on, without the row that it repeats. A tick finishes the pages that it has entered
    /// before it stores the state, so the position is the page behind it.
    #[must_use]
    pub fn enter(&mut self, mut page: Page) -> Page {
        if page.overlaps {
            // A page without rows in front of it has nothing to be held against: it cannot tell who slipped by.
            if self.last_row.is_some() && self.last_row.as_deref() == page.rows.first().map(known_by) {
                drop(page.rows.remove(0));
            } else {
                self.drifted = true;
            }
        }
        // An empty page has no last row: the one before it is still the one that must come again.
        if let Some(last) = page.rows.last() {
            self.last_row = Some(known_by(last).to_owned());
        }
        let dates =
            page.rows.iter().flatten().filter_map(|row| row.user.create_date.as_deref()?.parse().ok());
        self.latest = self.latest.into_iter().chain(dates).max();
        self.position = page.next.as_ref().map(|next| next.as_str().to_owned());
        page
    }

    /// The list has ended: a clean scan moves the watermark to the latest registration it saw, but never past the moment it began in
    /// the shop's own time, since whoever came later may not have been on a page any more.
    #[must_use]
    pub fn completed(self, zone: Tz) -> Self {
        let Some(began) = self.began_at.filter(|_| !self.drifted) else { return self.ended() };
        let limit = ShopTime::at(began, zone);
        let watermark = self.latest.map(|latest| latest.min(limit)).max(self.watermark);
        Self { watermark, complete_since: Some(began), ..Self::default() }
    }

    /// The list has ended without telling anything.
    fn ended(self) -> Self {
        Self { watermark: self.watermark, complete_since: self.complete_since, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(offset: usize, keys: &[&str]) -> Page {
        let rows = keys.iter().map(|key| {
            let user = serde_json::from_value(serde_json::json!({
                "key": key, "create_date": format!("2026-03-02T09:15:{key}.000000")
            }));
            Ok(Row { user: user.unwrap(), print: String::new() })
        });
        Page {
            query: format!("limit=3&offset={offset}").parse().unwrap(),
            rows: rows.collect(),
            next: None,
            overlaps: offset > 0,
            count: None,
        }
    }

    fn walk(pages: impl IntoIterator<Item = Page>) -> ScanState {
        let mut scan = ScanState::default().begun("2026-03-02T08:15:30Z".parse().unwrap());
        for page in pages {
            drop(scan.enter(page));
        }
        scan
    }

    #[test]
    fn a_scan_is_clean_when_each_page_begins_where_the_last_one_ended() {
        for (pages, drifted, why) in [
            (vec![page(0, &["10", "11", "12"]), page(2, &["12", "13"])], false, "the usual case"),
            (
                vec![page(0, &["10", "11", "12"]), page(2, &["13", "14"])],
                true,
                "somebody left: a row slipped by",
            ),
            (vec![page(0, &["10", "11", "12"]), page(2, &["11", "12"])], true, "somebody came in front"),
            (
                vec![page(0, &["10", "11"]), page(1, &[]), page(1, &["11", "12"])],
                true,
                "an empty page cannot tell",
            ),
            (vec![page(0, &[]), page(2, &["10"])], true, "nor can one at the beginning"),
        ] {
            assert_eq!(walk(pages).drifted, drifted, "{why}");
        }
    }

    fn unreadable(print: &str) -> Result<Row, BadRow> {
        Err(BadRow { problem: "a key that is no text".to_owned(), print: print.to_owned() })
    }

    #[test]
    fn a_row_that_cannot_be_read_is_known_again_by_its_fingerprint() {
        for (again, drifted) in [("same", false), ("other", true)] {
            let mut first = page(0, &["10", "11"]);
            first.rows.push(unreadable("same"));
            let mut second = page(2, &["12"]);
            second.rows.insert(0, unreadable(again));
            assert_eq!(walk([first, second]).drifted, drifted, "{again}");
        }
    }

    #[test]
    fn the_watermark_moves_only_after_a_clean_scan_and_not_past_its_beginning() {
        // 08:15:30 UTC is 09:15:30 in Amsterdam.
        for (keys, want, why) in [
            (&["10", "20"][..], Some("2026-03-02T09:15:20"), "the latest that was seen"),
            (&["10", "40"], Some("2026-03-02T09:15:30"), "not past the beginning"),
            (&[], None, "nobody seen"),
        ] {
            let scan = walk([page(0, keys)]).completed(Tz::Europe__Amsterdam);
            assert_eq!(scan.watermark, want.map(|text| text.parse().unwrap()), "{why}");
            assert!(scan.complete_since.is_some());
        }
        let drifted = walk([page(0, &["10"]), page(1, &["20"])]).completed(Tz::Europe__Amsterdam);
        assert_eq!((drifted.watermark, drifted.complete_since), (None, None));
    }

    #[test]
    fn the_watermark_never_goes_back() {
        let mut scan = walk([page(0, &["10"])]);
        scan.watermark = Some("2026-03-02T09:15:15".parse().unwrap());
        assert_eq!(
            scan.completed(Tz::Europe__Amsterdam).watermark,
            Some("2026-03-02T09:15:15".parse().unwrap())
        );
    }
}

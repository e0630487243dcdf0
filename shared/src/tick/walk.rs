//! Scanning the lists of one origin.

use std::cell::{Cell, RefCell};

use futures_channel::mpsc;
use futures_util::{StreamExt as _, future, stream};

use super::{Tick, announce::hand_on, gate::Gate, work::Work};
use crate::{
    fault::Fault,
    key::OriginCode,
    ledger::{Entry, ScanState, State},
    registration::{Known, Step, step_of_row},
    scan::List,
    send::SendRequest,
    shop::{Page, Query, Row, pages},
    sql::{Sql, SqlError},
};

/// How often a list whose pages drifted is read again in one tick.
const REPEATS: usize = 3;

/// Rows of pages that are asked for at once: they are in memory as a whole, a few kilobytes each.
const ROWS_AT_ONCE: usize = 400;

/// How a walk through a list ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Walked {
    /// At the end of the list.
    Whole,
    /// At the end of the budget.
    Partly,
    /// At a fault of the shop.
    Failed,
}

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    /// Walks both lists of an origin.
    pub(super) async fn scan(&self, origin: &OriginCode) -> Result<Walked, SqlError> {
        let mut worst = Walked::Whole;
        let announces = self.announces(origin);
        // What it saw without dealing with it proves nothing, so how far it came is not kept.
        let keeps = announces && !self.is_dry();
        // Who waits for the start is on the list without a starting date.
        let lists = if announces { &List::BOTH[..] } else { &[List::Registered][..] };
        for &list in lists {
            for repeat in 1..=REPEATS {
                let kept = self.app.ledger.scan(origin, list.as_str()).await?;
                let state = if keeps { kept } else { kept.begun(self.app.now()) };
                let Some((state, first)) = self.resumed(origin, list, state) else { break };
                let position = state.position.clone();
                let (state, walked) = self.walk(origin, state, first).await;
                self.failure()?;
                let drifted = state.drifted;
                let state = match walked {
                    Walked::Whole => state.completed(self.app.shop.settings.zone),
                    // A page that fails for good must not hide the ones before it: without progress the next tick begins anew.
                    Walked::Failed if state.position == position => ScanState { position: None, ..state },
                    Walked::Partly | Walked::Failed => state,
                };
                if keeps {
                    self.app.ledger.save_scan(origin, list.as_str(), &state).await?;
                }
                match walked {
                    Walked::Partly => return Ok(walked),
                    // The other list may answer.
                    Walked::Failed => {
                        worst = walked;
                        break;
                    }
                    Walked::Whole if !drifted => break,
                    Walked::Whole => self.count(|report| report.drifted += 1),
                }
                if repeat == REPEATS {
                    worst = Walked::Partly;
                }
            }
        }
        Ok(worst)
    }

    /// Where to go on, or to begin.
    fn resumed(&self, origin: &OriginCode, list: List, state: ScanState) -> Option<(ScanState, Query)> {
        if let Some(position) = state.position.as_deref().and_then(|position| position.parse().ok()) {
            return Some((state, position));
        }
        let first = list.first(&state, self.begins(origin).from, self.settings)?;
        Some((state.begun(self.app.now()), first))
    }

    async fn walk(&self, origin: &OriginCode, state: ScanState, first: Query) -> (ScanState, Walked) {
        let (state, walked) = (RefCell::new(state), RefCell::new(Walked::Whole));
        let ends = |how| {
            *walked.borrow_mut() = how;
            future::ready(false)
        };
        // Several, where nobody on them has to be read; of large ones fewer.
        let most = ROWS_AT_ONCE / self.settings.page_limit;
        let at_once = || self.settings.concurrency.saturating_sub(self.looking.get()).min(most);
        let under_way = Cell::new(0);
        let page = async |query| {
            under_way.set(under_way.get() + 1);
            let page = self.app.shop.user_page(origin, query).await;
            under_way.set(under_way.get() - 1);
            page
        };
        // The next page is asked for when less than one waits to be worked on, and looked after from then on.
        let rows = Gate::of(self.settings.page_limit);
        let pages = rows
            .before(pages(first, at_once, page).boxed_local(), || under_way.get() > 0)
            .inspect(|page| self.shop.note(page))
            .take_while(|page| match page {
                Err(error) => {
                    let fault = error.of_end_point().unwrap_or_else(|| {
                        Fault::seen("the shop refused its user list").saying(error.to_string())
                    });
                    self.problem(fault.at(format_args!("origin {origin}")));
                    ends(Walked::Failed)
                }
                Ok(_) if !self.goes_on() => ends(Walked::Partly),
                // Records that fail do not end it: a shop that is down shows no further page.
                Ok(_) => future::ready(true),
            })
            .filter_map(|page| future::ready(page.ok()));
        let sorted = pages.then(|page| async {
            let page = state.borrow_mut().enter(page);
            let work = self.sort(origin, page, &state).await;
            rows.enter(work.len());
            work
        });
        let (found, work) = mpsc::unbounded();
        let work = work.inspect(|_| rows.leave(1));
        future::join(
            hand_on(sorted.flat_map(stream::iter).boxed_local(), found),
            self.look_at_all(origin, work.boxed_local()),
        )
        .await;
        (state.into_inner(), walked.into_inner())
    }

    /// Sorts a page's rows into work. One statement notes that they were listed, and tells who is known. Only of whom there is something
    /// to do is everything read.
    async fn sort(&self, origin: &OriginCode, page: Page, scan: &RefCell<ScanState>) -> Vec<Work> {
        let rows: Vec<Row> = page
            .rows
            .into_iter()
            .filter_map(|row| match row {
                Ok(row) => Some(row),
                Err(error) => {
                    self.count(|report| report.unreadable_rows += 1);
                    let fault = Fault::seen("a row of the user list is unreadable").saying(error.to_string());
                    self.problem(fault.at(format_args!("origin {origin}")));
                    None
                }
            })
            .collect();
        self.count(|report| {
            report.pages += 1;
            report.rows += u32::try_from(rows.len()).unwrap_or(u32::MAX);
        });
        let now = self.app.now();
        let began = scan.borrow().began_at.unwrap_or(now);
        let shown = rows.iter().map(|row| (&row.user.key, row.print.as_str()));
        let known = self.app.ledger.note_listed(origin, shown, began).await;
        let Some(known) = self.note_failure(known) else { return vec![] };
        let candidates = self.candidates(origin);
        let steps = rows.into_iter().map(|row| {
            let known = known.get(&row.user.key);
            (step_of_row(&row.user, &row.print, known, &candidates, now), known.is_some(), row)
        });
        let (to_read, rest): (Vec<_>, Vec<_>) =
            steps.filter(|(step, ..)| *step != Step::Wait).partition(|(_, known, _)| *known);
        let keys = to_read.iter().map(|(.., row)| &row.user.key);
        let entries = self.app.ledger.entries(origin, keys).await;
        let Some(mut entries) = self.note_failure(entries) else { return vec![] };
        let strangers = rest.into_iter().filter_map(|(step, _, row)| self.stranger(origin, step, row));
        let known = to_read.into_iter().filter_map(|(.., row)| {
            // Who was forgotten in between is listed again. Of who was changed, or erased, what was read last decides: that is what
            // will be stored over.
            let entry = entries.remove(&row.user.key)?;
            let known = Known::of(&entry);
            let step = step_of_row(&row.user, &row.print, Some(&known), &candidates, now);
            acquaintance(step, entry, row.print)
        });
        strangers.chain(known).collect()
    }

    /// What to do about somebody whom the ledger does not know.
    fn stranger(&self, origin: &OriginCode, step: Step, row: Row) -> Option<Work> {
        match step {
            Step::Announce => Some(Work::New(Box::new(row.user), row.print)),
            Step::ReadUser => {
                let mut entry = Entry::seen(origin.clone(), row.user.key, self.app.now());
                entry.row_print = Some(row.print);
                Some(Work::Unclear(Box::new(entry)))
            }
            Step::TooOld => {
                self.count(|report| report.too_old += 1);
                None
            }
            Step::LeaveAlone => {
                self.count(|report| report.other_inactive += 1);
                None
            }
            Step::Wait | Step::Finish | Step::LookAgain | Step::NoteRow | Step::MissFirst | Step::GiveUp => {
                None
            }
        }
    }
}

/// What to do about a known registration.
fn acquaintance(step: Step, entry: Entry, print: String) -> Option<Work> {
    match step {
        Step::ReadUser => Some(Work::Ask(Box::new(entry))),
        Step::NoteRow => Some(Work::Known(Box::new(entry.showing(&print)))),
        Step::LookAgain if entry.state == State::Erased => Some(Work::Erased(Box::new(entry), print)),
        Step::LookAgain => Some(Work::Again(Box::new(entry), Some(print))),
        Step::LeaveAlone
        | Step::TooOld
        | Step::Wait
        | Step::Announce
        | Step::Finish
        | Step::MissFirst
        | Step::GiveUp => None,
    }
}

//! Every word that a person reads, in two languages. A word that one of them lacks does not compile.

mod dutch;
mod english;

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;
use http::{HeaderMap, header::ACCEPT_LANGUAGE};
use shared::ledger::State;

use crate::notice::Notice;

/// A language that the console speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Dutch,
    English,
}

impl Language {
    /// Reads the code of a language, as a cookie or a form has it.
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "nl" => Some(Self::Dutch),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The one of ours that the browser likes best; English if it likes neither.
    pub fn preferred(headers: &HeaderMap) -> Self {
        let liked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut best = (Self::English, 0);
        for one in liked.split(',') {
            let (tag, weight) = one.split_once(';').unwrap_or((one, "q=1"));
            let code = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            let weight = thousandths(weight.trim().trim_start_matches("q="));
            if let Some(language) = Self::of_code(&code).filter(|_| weight > best.1) {
                best = (language, weight);
            }
        }
        best.0
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Dutch => &dutch::WORDS,
            Self::English => &english::WORDS,
        }
    }
}

/// A weight such as `0.8`, in thousandths; what is no weight counts as 1.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let fraction = format!("{fraction:0<3}");
    match (whole, fraction.get(..3).and_then(|digits| digits.parse().ok())) {
        ("0", Some(thousandths)) => thousandths,
        _ => 1000,
    }
}

/// The words of one language.
pub struct Words {
    /// Its code (BCP 47).
    pub code: &'static str,
    pub frame: FrameWords,
    pub sign_in: SignInWords,
    pub overview: OverviewWords,
    pub list: ListWords,
    pub detail: DetailWords,
    pub act: ActWords,
    pub runs: RunsWords,
    /// The months, shortened as on a calendar.
    pub months: [&'static str; 12],
    /// How a state is called on a chip.
    pub state: fn(State) -> &'static str,
    /// What a state means, in a sentence.
    pub meaning: fn(State) -> &'static str,
    /// What has just come of what a person did.
    pub notice: fn(Notice) -> &'static str,
}

pub struct FrameWords {
    pub product: &'static str,
    pub skip: &'static str,
    pub menu: &'static str,
    pub overview: &'static str,
    pub list: &'static str,
    pub runs: &'static str,
    pub sign_out: &'static str,
    pub signed_in_as: &'static str,
    pub language: &'static str,
    pub theme: &'static str,
    pub light: &'static str,
    pub dark: &'static str,
    pub automatic: &'static str,
    pub ended: &'static str,
    pub offline: &'static str,
    pub sign_in_again: &'static str,
    pub updated: &'static str,
    pub back: &'static str,
    pub problem: &'static str,
    pub not_found: &'static str,
    pub not_found_hint: &'static str,
    pub forbidden: &'static str,
    pub forbidden_hint: &'static str,
    pub too_many: &'static str,
    pub too_many_hint: &'static str,
    pub bad_request: &'static str,
    pub bad_request_hint: &'static str,
    pub unavailable: &'static str,
    pub unavailable_hint: &'static str,
    pub setting_hint: &'static str,
    pub request: &'static str,
}

pub struct SignInWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub token: &'static str,
    pub token_hint: &'static str,
    pub enter: &'static str,
    pub refused: &'static str,
    pub too_many: &'static str,
    pub insecure: &'static str,
    pub by_code: &'static str,
    pub by_code_lead: &'static str,
    pub code_refused: &'static str,
    pub ended: &'static str,
    pub what: &'static str,
    pub moving_on: &'static str,
}

pub struct OverviewWords {
    pub title: &'static str,
    pub well: &'static str,
    pub well_lead: &'static str,
    pub warnings: &'static str,
    pub to_do: &'static str,
    pub funnel: &'static str,
    pub funnel_lead: &'static str,
    pub waits_for: fn(State) -> &'static str,
    pub aside: &'static str,
    pub per_day: &'static str,
    pub registrations: &'static str,
    pub activations: &'static str,
    pub duration: &'static str,
    pub duration_lead: &'static str,
    pub median: &'static str,
    pub none_yet: &'static str,
    pub buckets: [&'static str; 6],
    pub as_table: &'static str,
    pub day: &'static str,
    pub how_long: &'static str,
    pub how_many: &'static str,
    pub empty: &'static str,
    pub empty_steps: [&'static str; 3],
    pub latest: &'static str,
    pub all: &'static str,
    pub look: &'static str,
}

pub struct ListWords {
    pub title: &'static str,
    pub search: &'static str,
    pub search_hint: &'static str,
    pub state: &'static str,
    pub any_state: &'static str,
    pub origin: &'static str,
    pub any_origin: &'static str,
    pub from: &'static str,
    pub until: &'static str,
    pub sort: &'static str,
    pub changed: &'static str,
    pub first_seen: &'static str,
    pub company: &'static str,
    pub newest: &'static str,
    pub oldest: &'static str,
    pub a_to_z: &'static str,
    pub z_to_a: &'static str,
    pub show: &'static str,
    pub clear: &'static str,
    pub person: &'static str,
    pub country: &'static str,
    pub customer: &'static str,
    pub tries: &'static str,
    pub no_name: &'static str,
    pub erased_name: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub first_page: &'static str,
    pub nothing: &'static str,
    pub nothing_lead: &'static str,
    pub keys: &'static str,
    pub pages: &'static str,
}

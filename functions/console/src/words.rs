//! Every word that a person reads, in two languages. A word that one of them lacks does not compile.

mod dutch;
mod english;

use chrono::TimeDelta;
use http::{HeaderMap, header::ACCEPT_LANGUAGE};
use shared::{
    detail::Next,
    key::OriginCode,
    ledger::{Happened, Rewritten, Sent, State},
    link::Mail,
    notice::Notice,
    overview::Warning,
    plausible::Mark,
};

use crate::said::{Known, said};

/// Some origins, one after the other.
fn listed(origins: &[OriginCode]) -> String {
    origins.iter().map(OriginCode::as_str).collect::<Vec<_>>().join(", ")
}

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
    /// What has just come of what a person did.
    pub notice: fn(Notice) -> &'static str,
    /// A line of the timeline.
    pub happened: fn(Happened) -> &'static str,
    /// What comes next. A time follows, where there is one.
    pub next: fn(&Next) -> String,
    /// What looks wrong.
    pub mark: fn(&Mark) -> String,
    /// What is known about the mail.
    pub mail: fn(Mail) -> &'static str,
    /// What the ERP is told, by the type of the message.
    pub outcome: fn(&str) -> &'static str,
    /// What became of a message.
    pub sent: fn(Option<Sent>) -> &'static str,
    /// How far an update of a customer is.
    pub rewritten: fn(Option<Rewritten>) -> &'static str,
    /// What the model notes in its own words.
    pub notes: &'static [Known],
    /// A length of time.
    pub span: fn(TimeDelta) -> String,
    /// What is wrong, and what to do about it.
    pub warning: fn(&Warning) -> (String, &'static str),
}

impl Words {
    /// How a state is called on a chip.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes references")]
    pub fn named(&self, state: &State) -> &'static str {
        (self.state)(*state)
    }

    /// A note or reason, in these words where it is our own.
    pub fn said(&self, note: &str) -> String {
        said(note, self.notes)
    }
}

/// What surrounds every page.
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
}

/// Signing in.
pub struct SignInWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub token: &'static str,
    pub token_hint: &'static str,
    pub enter: &'static str,
    pub refused: &'static str,
    pub code_refused: &'static str,
    pub too_many: &'static str,
    pub insecure: &'static str,
    pub by_code: &'static str,
    pub by_code_lead: &'static str,
    pub what: &'static str,
    pub moving_on: &'static str,
}

/// The overview.
pub struct OverviewWords {
    pub title: &'static str,
    pub warnings: &'static str,
    pub well: &'static str,
    pub well_lead: &'static str,
    pub since: &'static str,
    pub funnel: &'static str,
    pub funnel_lead: &'static str,
    pub reached: fn(i64, i64) -> String,
    pub waits_for: fn(State) -> &'static str,
    pub aside: &'static str,
    pub per_day: &'static str,
    pub registrations: &'static str,
    pub activations: &'static str,
    pub duration: &'static str,
    pub median: fn(&str) -> String,
    pub none_yet: &'static str,
    pub buckets: [&'static str; 6],
    pub as_table: &'static str,
    pub day: &'static str,
    pub how_long: &'static str,
    pub how_many: &'static str,
    pub latest: &'static str,
    pub all: &'static str,
    pub look_runs: &'static str,
    pub look_stuck: &'static str,
    pub look_undecided: &'static str,
    pub empty: &'static str,
    pub empty_steps: [&'static str; 3],
}

/// The list.
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
    pub filter: &'static str,
    pub by_changed: &'static str,
    pub by_unchanged: &'static str,
    pub by_first_seen: &'static str,
    pub by_oldest: &'static str,
    pub by_company: &'static str,
    pub by_company_back: &'static str,
    pub changed: &'static str,
    pub first_seen: &'static str,
    pub company: &'static str,
    pub show: &'static str,
    pub clear: &'static str,
    pub country: &'static str,
    pub customer: &'static str,
    pub no_name: &'static str,
    pub erased_name: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub nothing: &'static str,
    pub nothing_lead: &'static str,
    pub keys: &'static str,
    pub pages: &'static str,
}

/// One registration.
pub struct DetailWords {
    pub resend: &'static str,
    pub relink: &'static str,
    pub reopen: &'static str,
    pub key: &'static str,
    pub came: &'static str,
    pub next: &'static str,
    pub actions: &'static str,
    pub retry: &'static str,
    pub approve: &'static str,
    pub reject: &'static str,
    pub erase: &'static str,
    pub entered: &'static str,
    pub to_check: &'static str,
    pub nothing_entered: &'static str,
    pub erased_lead: &'static str,
    pub person: &'static str,
    pub company: &'static str,
    pub invoice_address: &'static str,
    pub delivery_address: &'static str,
    pub name: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub mobile: &'static str,
    pub language: &'static str,
    pub vat: &'static str,
    pub coc: &'static str,
    pub web: &'static str,
    pub account_code: &'static str,
    pub attention: &'static str,
    pub street: &'static str,
    pub number: &'static str,
    pub zip: &'static str,
    pub city: &'static str,
    pub country: &'static str,
    pub in_shop: &'static str,
    pub customer: &'static str,
    pub mail: &'static str,
    pub timeline: &'static str,
    pub by: &'static str,
    pub attempts: &'static str,
    pub attempts_lead: &'static str,
    pub left_out: fn(usize) -> String,
    pub outcomes: &'static str,
    pub updates: &'static str,
}

/// What a person can do.
pub struct ActWords {
    pub resend_title: &'static str,
    pub resend_lead: &'static str,
    pub resend_now: &'static str,
    pub relink_title: &'static str,
    pub relink_lead: &'static str,
    pub relink_now: &'static str,
    pub reopen_title: &'static str,
    pub reopen_lead: &'static str,
    pub reopen_now: &'static str,
    pub remove: &'static str,
    pub remove_hint: &'static str,
    pub cancel: &'static str,
    pub retry_title: &'static str,
    pub retry_lead: &'static str,
    pub retry_now: &'static str,
    pub erase_title: &'static str,
    pub erase_lead: &'static str,
    pub erase_sure: &'static str,
    pub erase_now: &'static str,
    pub reject_title: &'static str,
    pub reject_lead: &'static str,
    pub reject_now: &'static str,
    pub reason: &'static str,
    pub reason_hint: &'static str,
    pub approve: &'static str,
    pub approve_title: &'static str,
    pub wrong: &'static str,
    pub review: &'static str,
    pub approve_now: &'static str,
    pub change: &'static str,
    pub which_customer: &'static str,
    pub new_customer: &'static str,
    pub existing_customer: &'static str,
    pub account_code: &'static str,
    pub account_code_hint: &'static str,
    pub customer: &'static str,
    pub key: &'static str,
    pub key_hint: &'static str,
    pub existing_hint: &'static str,
    pub code: &'static str,
    pub name: &'static str,
    pub vat: &'static str,
    pub price_lists: &'static str,
    pub main_address: &'static str,
    pub delivery_address: &'static str,
    pub label_name: &'static str,
    pub addition: &'static str,
    pub then: &'static str,
    pub mail: &'static str,
    pub mail_hint: &'static str,
    pub direct: &'static str,
    pub direct_hint: &'static str,
    pub link_only: &'static str,
    pub link_only_hint: &'static str,
    pub to_review: &'static str,
    pub will_write: fn(&str, &str) -> String,
    pub will_write_address: fn(&str) -> String,
    pub will_link: fn(&str) -> String,
    pub will_link_existing: fn(&str) -> String,
    pub will_mail: fn(&str) -> String,
    pub will_activate: &'static str,
    pub will_only_link: &'static str,
}

/// The runs.
pub struct RunsWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub fetch: &'static str,
    pub none: &'static str,
    pub none_lead: &'static str,
    pub number: &'static str,
    pub began: &'static str,
    pub took: &'static str,
    pub result: &'static str,
    pub read: &'static str,
    pub did: &'static str,
    pub nothing: &'static str,
    pub complete: &'static str,
    pub incomplete: &'static str,
    pub failed: &'static str,
    pub pages: fn(u32, u32) -> String,
    pub new: &'static str,
    pub to_erp: &'static str,
    pub would: &'static str,
    pub decisions: &'static str,
    pub refused: &'static str,
    pub active: &'static str,
    pub told: &'static str,
    pub updated: &'static str,
    pub alerts: &'static str,
    pub stuck: &'static str,
    pub again: &'static str,
    pub erased: &'static str,
    pub given_up: &'static str,
    pub unreadable: &'static str,
    pub drifted: &'static str,
}

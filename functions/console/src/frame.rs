//! What surrounds every page: language and theme as the reader wants them, the menu, and who is signed in.

use http::{HeaderMap, Uri};
use shared::{browser::cookie, notice::Notice};

use crate::words::{Language, Words};

/// The cookie of the language, and the one of the theme. They say nothing about anybody.
pub const LANGUAGE: &str = "onboarding-language";
pub const THEME: &str = "onboarding-theme";

/// A theme that the reader has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Who is signed in, as the pages need it.
#[derive(Debug, Clone)]
pub struct Who {
    pub name: String,
    pub csrf: String,
}

/// What surrounds a page.
pub struct Frame {
    pub w: &'static Words,
    pub theme: Option<Theme>,
    pub who: Option<Who>,
    /// The page itself, for what leads back to it.
    pub here: String,
    pub notice: Option<Notice>,
    /// Whether the page is kept up to date while it is open.
    pub live: bool,
    /// The id of the page's form, if what is typed into it is to outlive a choice of language or colours.
    pub keeps: Option<&'static str>,
}

impl Frame {
    /// The frame of a page at `address`, for whoever asks with these headers. Nobody is signed in.
    pub fn of(headers: &HeaderMap, address: &Uri) -> Self {
        let language = cookie(headers, LANGUAGE).and_then(Language::of_code);
        let language = language.unwrap_or_else(|| Language::preferred(headers));
        let here = address.path_and_query().map_or("/", |here| here.as_str());
        Self {
            w: language.words(),
            theme: cookie(headers, THEME).and_then(Theme::of_code),
            who: None,
            here: here.to_owned(),
            notice: notice(address.query()),
            live: false,
            keeps: None,
        }
    }

    /// The same for who is signed in.
    pub fn for_whom(self, name: &str, csrf: String) -> Self {
        Self { who: Some(Who { name: name.to_owned(), csrf }), ..self }
    }

    /// The same for a page that is kept up to date.
    pub fn live(self) -> Self {
        Self { live: true, ..self }
    }

    /// The same for a page with such a form: what is chosen is sent with it, to where it goes.
    pub fn keeping(self, form: &'static str) -> Self {
        Self { keeps: Some(form), ..self }
    }

    /// The secret of the session's forms.
    pub fn csrf(&self) -> &str {
        self.who.as_ref().map_or("", |who| &who.csrf)
    }

    /// What has just come of what the reader did: its tone, and the words.
    pub fn said(&self) -> Option<(&'static str, &'static str)> {
        self.notice.map(|notice| (tone(notice), (self.w.notice)(notice)))
    }

    pub fn menu(&self) -> [(&'static str, &'static str, bool); 3] {
        let path = self.here.split('?').next().unwrap_or_default();
        let words = &self.w.frame;
        [
            ("/", words.overview, path == "/"),
            ("/console/registrations", words.list, path.starts_with("/console/registrations")),
            ("/console/runs", words.runs, path.starts_with("/console/runs")),
        ]
    }

    pub fn is_theme(&self, code: &str) -> bool {
        self.theme.map_or("auto", Theme::code) == code
    }
}

fn tone(notice: Notice) -> &'static str {
    match notice {
        Notice::Retried | Notice::Decided | Notice::Waiting | Notice::Erased | Notice::Ran => "good",
        Notice::NothingToRetry
        | Notice::SentBefore
        | Notice::Superseded
        | Notice::NotNow
        | Notice::Busy
        | Notice::DryRun => "warn",
        Notice::Conflict
        | Notice::Stuck
        | Notice::NotTaken
        | Notice::NoSuchCustomer
        | Notice::RanBadly
        | Notice::OutOfScope
        | Notice::Failed => "bad",
    }
}

/// The notice that an address names.
fn notice(query: Option<&str>) -> Option<Notice> {
    query?.split('&').find_map(|pair| pair.strip_prefix("notice=")?.parse().ok())
}

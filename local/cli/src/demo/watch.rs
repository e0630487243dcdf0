//! What the shop and the ERP see, as lines while it happens.

use std::{collections::BTreeSet, pin::pin, time::Duration};

use anstyle::{AnsiColor, Style};
use chrono::{DateTime, Utc};
use sandbox::{Erp, Shop, erp::Decision, fault::Call, shop::Subject};

use super::{cast::Part, stage::Stage};
use crate::screen::{self, ASIDE};

/// How often one looks; it decides how soon a line appears and nothing else.
const LOOK: Duration = Duration::from_millis(5);

/// A step on the way, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The application has read what the person typed in.
    Seen,
    /// The ERP has it.
    Announced,
    /// The ERP said yes.
    Approved,
    /// The ERP said no.
    Rejected,
    /// The shop's user may act for a customer.
    Linked,
    /// The shop has sent the activation mail.
    Mail,
    /// The application knows that the person can log in.
    Active,
}

impl Step {
    fn word(self) -> (&'static str, Style) {
        let colour = |colour: AnsiColor| colour.on_default();
        match self {
            Self::Seen => ("seen", Style::new()),
            Self::Announced => ("announced", colour(AnsiColor::Blue)),
            Self::Approved => ("approved", colour(AnsiColor::Cyan)),
            Self::Rejected => ("rejected", screen::NOTABLE),
            Self::Linked => ("linked", colour(AnsiColor::Cyan)),
            Self::Mail => ("mail", colour(AnsiColor::Magenta)),
            Self::Active => ("active", screen::GOOD),
        }
    }
}

/// Somebody who has registered.
pub struct Registered {
    /// The key that the shop gave.
    pub user: String,
    /// Who it is.
    pub part: Part,
    /// The ids of the profiles in the shop.
    pub profiles: Vec<u64>,
}

/// A step of one registration.
struct News {
    at: DateTime<Utc>,
    who: usize,
    step: Step,
    detail: String,
}

/// How far one has looked.
pub struct Watch {
    /// Who is watched.
    pub people: Vec<Registered>,
    since: DateTime<Utc>,
    shown: BTreeSet<(usize, Step)>,
    calls: usize,
    received: usize,
    writes: usize,
    mails: usize,
    last_aside: Option<String>,
}

impl Watch {
    /// Nothing was seen yet.
    pub fn new(people: Vec<Registered>, since: DateTime<Utc>) -> Self {
        Self {
            people,
            since,
            shown: BTreeSet::new(),
            calls: 0,
            received: 0,
            writes: 0,
            mails: 0,
            last_aside: None,
        }
    }

    /// Shows what happens during the work.
    pub async fn during<T>(&mut self, stage: &Stage, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let mut looks = tokio::time::interval(LOOK);
        loop {
            let done = tokio::select! {
                done = &mut work => Some(done),
                _ = looks.tick() => None,
            };
            self.look(stage);
            if let Some(done) = done {
                return done;
            }
        }
    }

    /// Shows the ERP's decision.
    pub fn decided(&mut self, who: usize, customer: Option<String>) {
        let customer = customer.unwrap_or_default();
        let (step, detail) = match &self.people[who].part.decision {
            Decision::Approve => (Step::Approved, format!("as new customer {customer}")),
            Decision::ApproveWithoutMail => {
                (Step::Approved, format!("as new customer {customer}, without a mail"))
            }
            Decision::Existing(customer) => (Step::Approved, format!("as one of customer {customer}")),
            Decision::Reject(reason) => (Step::Rejected, reason.clone()),
        };
        self.show(News { at: Utc::now(), who, step, detail });
    }

    /// Shows that somebody can log in.
    pub fn active(&mut self, who: usize) {
        self.show(News { at: Utc::now(), who, step: Step::Active, detail: "can log in".to_owned() });
    }

    /// Shows something about all of them, unless it is what was shown just before.
    pub fn aside(&mut self, what: &str, detail: &str) {
        let aside = format!("{what} {detail}");
        if self.last_aside.as_ref() == Some(&aside) {
            return;
        }
        self.last_aside = Some(aside);
        let seconds = self.seconds(Utc::now());
        screen::line(format_args!("{ASIDE}{seconds} {}  {detail}{ASIDE:#}", screen::column(what, 9)));
    }

    fn look(&mut self, stage: &Stage) {
        let mut news = self.news_of_shop(&stage.shop.lock());
        news.extend(self.news_of_erp(&stage.erp.lock()));
        news.sort_by_key(|news| (news.at, news.step));
        for news in news {
            self.show(news);
        }
    }

    fn news_of_shop(&mut self, shop: &Shop) -> Vec<News> {
        let mut news = Vec::new();
        let people = &self.people;
        let mut note = |who: Option<usize>, at, step, detail: String| {
            news.extend(who.map(|who| News { at, who, step, detail }));
        };
        for line in shop.journal.lines().skip(self.calls).filter(|line| line.call == Call::Profile) {
            let id = line.target.split('/').find_map(|part| part.parse().ok());
            let who = id.and_then(|id| people.iter().position(|one| one.profiles.contains(&id)));
            note(
                who,
                line.at,
                Step::Seen,
                who.map(|who| people[who].part.oddity().to_owned()).unwrap_or_default(),
            );
        }
        for write in shop.writes().iter().skip(self.writes).filter(|write| write.subject == Subject::User) {
            let customers = write.body["authorised_customers"].as_array().into_iter().flatten();
            let customers: Vec<_> = customers.filter_map(|customer| customer.as_str()).collect();
            if !customers.is_empty() {
                note(
                    self.find(&write.key),
                    write.at,
                    Step::Linked,
                    format!("to customer {}", customers.join(", ")),
                );
            }
        }
        for mail in shop.mails().iter().skip(self.mails) {
            let who = self.find(&mail.user);
            let to = who.map(|who| people[who].part.email()).unwrap_or_default();
            note(who, mail.at, Step::Mail, format!("to {to}"));
        }
        self.calls = shop.journal.lines().count();
        self.writes = shop.writes().len();
        self.mails = shop.mails().len();
        news
    }

    fn news_of_erp(&mut self, erp: &Erp) -> Vec<News> {
        let created = erp
            .received()
            .iter()
            .skip(self.received)
            .filter(|message| message.kind == "registration.created");
        let news = created.filter_map(|message| {
            let who = self.find(message.data["user_key"].as_str()?)?;
            Some(News { at: message.at, who, step: Step::Announced, detail: format!("as {}", message.id) })
        });
        let news = news.collect();
        self.received = erp.received().len();
        news
    }

    fn find(&self, user: &str) -> Option<usize> {
        self.people.iter().position(|one| one.user == user)
    }

    /// Each step of a registration is shown once, but a mail each time: a second one must not hide.
    fn show(&mut self, News { at, who, step, detail }: News) {
        if !self.shown.insert((who, step)) && step != Step::Mail {
            return;
        }
        self.last_aside = None;
        let (word, style) = step.word();
        let word = screen::column(word, 9);
        let name = screen::column(self.people[who].part.name(), 30);
        let line = format!("{} {style}{word}{style:#}  {name}", self.seconds(at));
        if detail.is_empty() {
            screen::line(line.trim_end());
        } else {
            screen::line(format_args!("{line}  {ASIDE}{detail}{ASIDE:#}"));
        }
    }

    fn seconds(&self, at: DateTime<Utc>) -> String {
        let passed = (at - self.since).to_std().unwrap_or_default();
        format!("{:7.2} s", passed.as_secs_f64())
    }
}

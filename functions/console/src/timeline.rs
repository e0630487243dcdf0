//! What has happened to a registration, line by line.

use shared::{
    detail::{Failed, Try},
    ledger::{Happened, Line, OutgoingLine, Rewrite, Rewritten, Sent},
};

use crate::{
    when::{Clock, When},
    words::Words,
};

/// A line. Its tone only repeats what the words say.
pub struct Told {
    pub tone: &'static str,
    pub what: String,
    pub words: Option<String>,
    pub at: Option<When>,
    pub actor: Option<String>,
}

impl Told {
    /// A line of the timeline.
    pub fn of(line: Line, clock: Clock) -> Self {
        Self {
            tone: tone(line.what),
            what: (clock.w.happened)(line.what).to_owned(),
            words: line.note.map(|note| words(line.what, note, clock.w)),
            at: Some(clock.show(line.at)),
            actor: line.actor,
        }
    }

    /// The latest update of a customer.
    pub fn update(update: Rewrite, clock: Clock) -> Self {
        let tone = match update.result {
            None => "",
            Some(Rewritten::Done) => "good",
            Some(Rewritten::Refused) => "bad",
        };
        let far = (clock.w.rewritten)(update.result);
        Self {
            tone,
            what: format!("{} {}: {far}", clock.w.detail.customer, update.customer),
            words: update.note.map(|note| clock.w.said(&note)),
            at: Some(clock.show(update.decided_at)),
            actor: None,
        }
    }

    /// A try that failed.
    fn tried(one: Try, clock: Clock) -> Self {
        let words = (clock.w.happened)(Happened::TryFailed);
        let (what, words) = one.words.map_or((words.to_owned(), None), |said| (said, None));
        Self { tone: "warn", what, words, at: Some(clock.show(one.at)), actor: None }
    }

    /// What the ERP was told.
    pub fn outcome(line: OutgoingLine, clock: Clock) -> Self {
        let sent = line.result.as_deref().and_then(|result| result.parse::<Sent>().ok());
        let tone = match sent {
            None => "",
            Some(Sent::Told) => "good",
            Some(Sent::Refused | Sent::GivenUp) => "bad",
        };
        let what = format!("{}: {}", (clock.w.outcome)(&line.kind), (clock.w.sent)(sent));
        Self { tone, what, words: line.note, at: Some(clock.show(line.at)), actor: None }
    }
}

/// What is noted beside a line.
fn words(what: Happened, note: String, w: &Words) -> String {
    match what {
        // These are a person's own words, whatever they are like.
        Happened::Rejected | Happened::Reopened | Happened::MailWanted => note,
        Happened::CustomerWritten => {
            note.strip_prefix("customer ").map(|key| format!("{} {key}", w.detail.customer)).unwrap_or(note)
        }
        _ => w.said(&note),
    }
}

/// The tries that failed, the last one first, with how many are left out between.
pub fn failed(failed: Failed, clock: Clock) -> Vec<Told> {
    let mut told: Vec<_> = failed.first.into_iter().map(|one| Told::tried(one, clock)).collect();
    if failed.left_out > 0 {
        let what = (clock.w.detail.left_out)(failed.left_out);
        told.push(Told { tone: "", what, words: None, at: None, actor: None });
    }
    told.extend(failed.last.into_iter().map(|one| Told::tried(one, clock)));
    told.reverse();
    told
}

fn tone(what: Happened) -> &'static str {
    match what {
        Happened::Active | Happened::Approved => "good",
        Happened::Linked | Happened::CustomerWritten | Happened::Announced | Happened::Updated => "done",
        Happened::Stuck | Happened::UpdateRefused | Happened::Conflict => "bad",
        Happened::TryFailed | Happened::Missing | Happened::Changed => "warn",
        Happened::Seen
        | Happened::ChangeAnnounced
        | Happened::Rejected
        | Happened::LinkIntended
        | Happened::MailWanted
        | Happened::RelinkWanted
        | Happened::Reopened
        | Happened::Restored
        | Happened::Gone
        | Happened::Resumed
        | Happened::Erased => "",
    }
}

//! One registration, with all that the world knows about it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sandbox::Odd;
use shared::{decision::Remedy, sql::Value};

use crate::{
    calls::Call,
    erasure,
    facts::Deed,
    history::{Change, Held, What, held},
    message::Message,
    target::Target,
    world::World,
};

/// A decision as the inbox holds it, whatever door it came in by.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its id.
    pub id: String,
    /// When it was decided, in milliseconds.
    pub at: i64,
    /// What it says.
    pub message: Message,
    /// What became of it.
    pub outcome: Option<String>,
}

impl Decision {
    /// Of two decisions the later one counts, and of two at once the one with the greater id.
    pub fn is_later(&self, other: &Self) -> bool {
        (self.at, &self.id) > (other.at, &other.id)
    }
}

/// All decisions in the inbox, with the corrections that are carried out like one.
pub fn decisions(world: &World) -> Vec<Decision> {
    let (corrections, decisions): (Vec<_>, Vec<_>) =
        letters(world).into_iter().partition(|letter| letter.message.remedy().is_some());
    let wanted = corrections.iter().filter(|one| one.message.remedy() != Some(Remedy::Reopen));
    let named = wanted.map(|one| match one.message.remedy() {
        Some(Remedy::ResendMail) => {
            Decision { message: linked(one, &decisions, &corrections), ..one.clone() }
        }
        _ => one.clone(),
    });
    let named: Vec<_> = named.collect();
    decisions.into_iter().chain(named).collect()
}

/// Rejections that somebody wanted to take back.
pub fn reopenings(world: &World) -> Vec<Decision> {
    let letters = letters(world).into_iter();
    letters.filter(|letter| letter.message.remedy() == Some(Remedy::Reopen)).collect()
}

/// What somebody says who wants a mail once more, about the customers of the decision that it is for.
fn linked(correction: &Decision, decisions: &[Decision], corrections: &[Decision]) -> Message {
    let mut after = correction.message.after();
    while let Some(id) = after {
        let known = decisions.iter().chain(corrections).find(|one| one.id == id);
        let Some(known) = known else { break };
        let customers = known.message.customers();
        if !customers.is_empty() {
            return correction.message.clone().about(&customers);
        }
        after = known.message.after();
    }
    correction.message.clone()
}

/// All events in the inbox that decide something.
fn letters(world: &World) -> Vec<Decision> {
    let rows = world.query(erasure::LETTERS, vec![]).unwrap_or_default();
    let read = |row: Vec<Value>| {
        let [Value::Text(id), Value::Text(body), outcome] = &row[..] else { return None };
        let message = Message(serde_json::from_str(body).ok()?);
        let at: DateTime<Utc> = message.0["timestamp"].as_str()?.parse().ok()?;
        let outcome = match outcome {
            Value::Text(outcome) => Some(outcome.clone()),
            Value::Null | Value::Integer(_) => None,
        };
        Some(Decision { id: id.clone(), at: at.timestamp_millis(), message, outcome })
    };
    rows.into_iter().filter_map(read).collect()
}

/// One registration.
pub struct Case<'a> {
    /// Where it is.
    pub world: &'a World,
    /// Whose it is.
    pub user: String,
    /// What was odd about what was typed in.
    pub odd: Option<Odd>,
    /// How the ledger holds it at the end.
    pub held: Option<Held>,
    /// What others did to the user, and when.
    pub deeds: Vec<(Duration, Deed)>,
    /// The decisions about it.
    pub decisions: Vec<&'a Decision>,
    /// The rejections of it that somebody wanted to take back.
    pub reopenings: Vec<Decision>,
    /// All decisions.
    pub everybodys: &'a [Decision],
    /// All calls.
    pub calls: &'a [Call],
    /// How the ledger held it, with the place of each change in the history.
    pub course: Vec<(usize, &'a Held)>,
    /// The whole history.
    pub changes: &'a [Change],
}

impl<'a> Case<'a> {
    /// What is known of this user's registration.
    pub fn of(
        world: &'a World,
        user: String,
        odd: Option<Odd>,
        (calls, changes, everybodys): (&'a [Call], &'a [Change], &'a [Decision]),
    ) -> Self {
        let course = changes.iter().enumerate().filter_map(|(place, change)| match &change.what {
            What::Registration(of, held) if *of == user => Some((place, &**held)),
            What::Registration(..) | What::Forgotten(_) | What::Settled(..) => None,
        });
        let reopenings = reopenings(world);
        Self {
            world,
            odd,
            held: held(world, &user),
            deeds: world.facts.deeds(&user),
            decisions: everybodys.iter().filter(|decision| decision.message.user() == user).collect(),
            reopenings: reopenings.into_iter().filter(|one| one.message.user() == user).collect(),
            everybodys,
            calls,
            course: course.collect(),
            changes,
            user,
        }
    }

    /// The decision of this id.
    pub fn decision(&self, id: &str) -> Option<&'a Decision> {
        self.decisions.iter().find(|decision| decision.id == id).copied()
    }

    /// Whether somebody has done this.
    pub fn did(&self, wanted: impl Fn(&Deed) -> bool) -> bool {
        self.deeds.iter().any(|(_, deed)| wanted(deed))
    }

    /// Whether somebody had done this by then.
    pub fn did_by(&self, then: Duration, wanted: impl Fn(&Deed) -> bool) -> bool {
        self.deeds.iter().any(|(at, deed)| *at <= then && wanted(deed))
    }

    /// Whether a clerk has linked the user to this customer.
    pub fn linked_by_hand(&self, customer: &str) -> bool {
        self.did(|deed| matches!(deed, Deed::Links(key) if key == customer))
    }

    /// The calls about the user, reads and writes.
    pub fn about(&self) -> impl Iterator<Item = &'a Call> {
        let target = Target::User(self.user.clone());
        self.calls.iter().filter(move |call| call.target == target)
    }

    /// The calls that changed the user, or tried to.
    pub fn patches(&self) -> impl Iterator<Item = &'a Call> {
        self.about().filter(|call| call.links())
    }

    /// Whether a call was made for this registration, or may have been: about its user, or about a party that one of its decisions
    /// names.
    pub fn concerns(&self, call: &Call) -> bool {
        match &call.target {
            Target::Customer(key) | Target::Address(key) => {
                self.decisions.iter().any(|decision| names(&decision.message, key))
            }
            Target::Token => true,
            Target::Users | Target::Outcome(_) => false,
            Target::User(_) | Target::Profile(_) | Target::Message(_) => {
                call.user.as_ref() == Some(&self.user)
            }
        }
    }

    /// When the change at this place of the history was.
    pub fn at(&self, place: usize) -> Duration {
        self.changes.get(place).map_or(Duration::MAX, |change| change.at)
    }

    /// The registration as it was before this place of the history; none when it was not there, or not any more.
    pub fn before(&self, place: usize) -> Option<&'a Held> {
        let (changed, held) = self.course.iter().take_while(|(at, _)| *at < place).last()?;
        let is_forgotten = |change: &Change| matches!(&change.what, What::Forgotten(of) if *of == self.user);
        let since = self.changes.get(*changed..place).unwrap_or_default();
        (!since.iter().any(is_forgotten)).then_some(*held)
    }

    /// Where in the history an event got this outcome for the last time.
    pub fn settled(&self, id: &str, outcome: &str) -> Option<usize> {
        self.changes
            .iter()
            .rposition(|change| matches!(&change.what, What::Settled(of, as_) if of == id && as_ == outcome))
    }

    /// Whether the user could log in by then: a click, a clerk, or a link without a mail.
    pub fn was_active_by(&self, then: Duration) -> bool {
        let by_link = self
            .patches()
            .any(|call| call.body["active"] == true && call.done.iter().any(|(done, _)| *done <= then));
        by_link || self.did_by(then, |deed| matches!(deed, Deed::Clicks | Deed::Activates))
    }
}

/// Whether a decision names the customer of this key, or the one that the address of this key belongs to.
pub fn names(message: &Message, key: &str) -> bool {
    message.customers().iter().any(|customer| belongs(key, customer))
}

/// Addresses have the customer's key and something after it.
pub fn belongs(key: &str, customer: &str) -> bool {
    key.strip_prefix(customer).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

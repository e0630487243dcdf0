//! What the ledger held when: each change of a registration and each outcome of an event, in the order in which they happened.

use std::{cell::RefCell, time::Duration};

use chrono::{DateTime, Utc};
use shared::{ledger::State, link::Link, sql::Value};

use crate::world::World;

/// A registration as the ledger held it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// How far it was.
    pub state: State,
    /// The id of the decision that counted.
    pub decision: Option<String>,
    /// The last attempt to link.
    pub link: Option<Link>,
    /// Why it was stuck, or why the last try failed.
    pub reason: Option<String>,
    /// Counts what the applicant entered.
    pub revision: u64,
    /// The last revision that the ERP had accepted.
    pub told: u64,
    /// Failed tries in a row.
    pub attempts: u64,
    /// When the first of them was, in milliseconds of the application's clock.
    pub failing_since: Option<i64>,
}

/// One change.
#[derive(Debug, Clone)]
pub struct Change {
    /// When, in true time.
    pub at: Duration,
    /// When, by the application's clock.
    pub shown: DateTime<Utc>,
    /// What it was.
    pub what: What,
}

/// What changed.
#[derive(Debug, Clone)]
pub enum What {
    /// The registration of this user.
    Registration(String, Box<Held>),
    /// The registration of this user was forgotten: it turned out to be none.
    Forgotten(String),
    /// This event has got this outcome.
    Settled(String, String),
}

/// All changes.
#[derive(Default)]
pub struct History(RefCell<Vec<Change>>);

impl History {
    /// How many there are so far.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// All so far.
    pub fn all(&self) -> Vec<Change> {
        self.0.borrow().clone()
    }

    /// Notes what a statement has changed, by what it gave back.
    pub fn note(
        &self,
        world: &World,
        statement: &str,
        first: Option<&Value>,
        second: Option<&Value>,
        rows: &[Vec<Value>],
    ) {
        if statement.starts_with("INSERT INTO registration") {
            for row in rows {
                let Some(Value::Text(user)) = row.get(1) else { continue };
                let Some(held) = held(world, user) else { continue };
                self.push(world, What::Registration(user.clone(), Box::new(held)));
            }
        } else if statement.starts_with("DELETE FROM registration")
            && let Some(Value::Text(user)) = second
            && held(world, user).is_none()
        {
            self.push(world, What::Forgotten(user.clone()));
        } else if statement.starts_with("UPDATE inbox SET outcome")
            && let (Some(Value::Text(outcome)), Some(Value::Text(id))) = (first, second)
        {
            self.push(world, What::Settled(id.clone(), outcome.clone()));
        }
    }

    fn push(&self, world: &World, what: What) {
        world.trace("  ledger", || match &what {
            What::Registration(user, held) => {
                let Held { state, revision, told, decision, reason, .. } = &**held;
                format!("{user} is {state}, revision {revision} (told {told}), by {decision:?}: {reason:?}")
            }
            What::Forgotten(user) => format!("{user} is forgotten"),
            What::Settled(id, outcome) => format!("{id} is {outcome}"),
        });
        self.0.borrow_mut().push(Change { at: world.clock.truth(), shown: world.clock.shown(), what });
    }
}

/// A registration as the ledger holds it now.
pub fn held(world: &World, user: &str) -> Option<Held> {
    let statement = "SELECT state, decision_id, link, reason, revision, told, attempts, failing_since \
                     FROM registration WHERE origin = 'SHOP' AND user_key = ?1";
    let row = world.query(statement, vec![user.into()]).ok()?.pop()?;
    let text = |column: usize| match row.get(column) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let number = |column: usize| match row.get(column) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    };
    let count = |column: usize| number(column).and_then(|number| number.try_into().ok()).unwrap_or_default();
    Some(Held {
        state: text(0)?.parse().ok()?,
        decision: text(1),
        link: text(2).and_then(|link| serde_json::from_str(&link).ok()),
        reason: text(3),
        revision: count(4),
        told: count(5),
        attempts: count(6),
        failing_since: number(7),
    })
}

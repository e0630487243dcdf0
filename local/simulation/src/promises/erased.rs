//! Who is erased is gone from the ledger, and does not come back by himself.

use chrono::{DateTime, TimeDelta, Utc};
use sandbox::shop::behaviour::ProfileEdit;
use shared::{ledger::State, sql::Value};

use crate::{
    calls::Call,
    erasure::{erased, last_listed},
    facts::Deed,
    history::{Change, What, held},
    target::Target,
    world::World,
};

/// How much older than its noting a new registration's row may be: the page was read before the profile.
const READ_BEFORE: TimeDelta = TimeDelta::minutes(2);

/// Whether somebody was erased who is named here. The ERP was told to forget the person, and may be told late of what was on its way.
pub fn excuses(world: &World, violation: &str) -> bool {
    let mut people = world.facts.people().into_iter();
    people.any(|(user, _)| violation.contains(&user) && erased(world, &user))
}

/// Judges what has become of somebody who was erased at least once.
pub fn judge(world: &World, user: &str, calls: &[Call], changes: &[Change]) -> Vec<String> {
    let is_erased = held(world, user).is_some_and(|held| held.state == State::Erased);
    let mut broken = if is_erased { traces(world, user) } else { Vec::new() };
    let (Some(place), Some(listed)) = (erased_at(changes, user), last_listed(world, user)) else {
        return broken;
    };
    let target = Target::Message(user.to_owned());
    let told = calls.iter().filter(|call| call.target == target && call.after > place).count();
    let excused = row_changed(world, user, listed, calls);
    if told > 0 && !excused {
        broken
            .push(format!("{user} was erased, and told of {told} times since, without a change of the row"));
    }
    if !is_erased && !excused {
        broken.push(format!("{user} was erased, and is back without a change of the row"));
    }
    broken
}

/// Where in the history the user was erased the last time.
fn erased_at(changes: &[Change], user: &str) -> Option<usize> {
    let course = changes.iter().enumerate().filter_map(|(place, change)| match &change.what {
        What::Registration(of, held) if of == user => Some((place, held.state == State::Erased)),
        What::Registration(..) | What::Forgotten(_) | What::Settled(..) => None,
    });
    let (mut was, mut last) = (false, None);
    for (place, is) in course {
        if is && !was {
            last = Some(place);
        }
        was = is;
    }
    last
}

/// Whether the row changed after it was noted last. By a clock that jumps nobody can tell when that was.
fn row_changed(world: &World, user: &str, listed: DateTime<Utc>, calls: &[Call]) -> bool {
    let since = |at: DateTime<Utc>| !world.plan.jumps.is_empty() || at >= listed - READ_BEFORE;
    let touched = world.facts.deeds(user).into_iter().any(|(at, deed)| {
        let touches = match deed {
            Deed::Edits => world.plan.behaviour.profile_edit == ProfileEdit::TouchesUser,
            Deed::Clicks | Deed::Activates | Deed::Links(_) => true,
            Deed::Deletes | Deed::RetriesInDoubt => false,
        };
        touches && since(world.plan.start + at)
    });
    let target = Target::User(user.to_owned());
    let patches = calls.iter().filter(|call| call.target == target && call.links());
    touched || patches.flat_map(|call| &call.done).any(|(_, shown)| since(*shown))
}

/// What of the person is left in any column of any table, and could be nobody else's. Whom the shop no longer has is known no more.
fn traces(world: &World, user: &str) -> Vec<String> {
    let email = world.shop.borrow().user(user).and_then(|user| user.person.get("email").cloned());
    let (own, others): (Vec<_>, Vec<_>) = world
        .plan
        .people
        .iter()
        .map(|person| &person.registration)
        .partition(|registration| email.is_some() && registration.person.get("email") == email.as_ref());
    let theirs: Vec<_> = others.iter().flat_map(|other| other.telling()).collect();
    let marks = own.iter().flat_map(|own| own.telling()).filter(|mark| mark.len() > 5);
    let marks: Vec<_> = marks.filter(|mark| !theirs.iter().any(|text| text.contains(mark))).collect();
    let mut found = Vec::new();
    for (table, column) in columns(world) {
        for mark in &marks {
            let statement = format!("SELECT 1 FROM {table} WHERE instr({column}, ?1) > 0 LIMIT 1");
            if world.query(&statement, vec![Value::from(*mark)]).is_ok_and(|rows| !rows.is_empty()) {
                found.push(format!("{user} is erased, and {table}.{column} has {mark}"));
            }
        }
    }
    found
}

/// Every column of every table of the ledger.
fn columns(world: &World) -> Vec<(String, String)> {
    let statement = "SELECT m.name, c.name FROM main.sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'";
    let rows = world.query(statement, vec![]).unwrap_or_default();
    let names = |row: Vec<Value>| match &row[..] {
        [Value::Text(table), Value::Text(column)] => Some((table.clone(), column.clone())),
        _ => None,
    };
    rows.into_iter().filter_map(names).collect()
}

//! The ERP is told of each end once, in order, and of none that did not come about.

use sandbox::erp::{OUTCOMES, Received};
use shared::{print::print, sql::Value};

use crate::world::World;

/// An outcome, as the ledger has it.
struct Kept {
    /// Its id; none once the body that it is derived from is erased.
    id: Option<String>,
    kind: String,
    told: bool,
}

/// What the timeline lets expect.
#[derive(Default)]
struct Expected {
    /// The ends that came about, in order.
    ends: Vec<End>,
    /// How many decisions and updates turned out not to be followable.
    refusals: usize,
}

/// One end, and the types under which the ERP may be told of it.
#[derive(Debug)]
struct End {
    kinds: &'static [&'static str],
    /// Whether it has to be told. Nothing in the timeline need show that the ERP had heard of the registration by then.
    sure: bool,
}

/// Who was active already needs no second message.
const LINKED: &[&str] = &["registration.linked", "registration.activated"];
const ACTIVE: &[&str] = &["registration.activated"];
const STUCK: &[&str] = &["registration.stuck"];

pub fn judge(world: &World) -> Vec<String> {
    let erp = world.erp.borrow();
    let told = |user: &str| -> Vec<Received> {
        let outcomes = erp.received().iter().filter(|one| OUTCOMES.contains(&one.kind.as_str()));
        outcomes.filter(|one| one.data["user_key"] == user).cloned().collect()
    };
    let people = world.facts.people();
    people
        .iter()
        .flat_map(|(user, _)| one(user, &kept(world, user), &told(user), &expected(world, user)))
        .collect()
}

fn one(user: &str, kept: &[Kept], told: &[Received], expected: &Expected) -> Vec<String> {
    let mut broken = Vec::new();
    let (refusals, ends): (Vec<&Kept>, Vec<_>) = kept.iter().partition(|one| one.kind == "decision.refused");
    if refusals.len() > expected.refusals {
        broken.push(format!("{user}: {} decisions are told as refused, and fewer were", refusals.len()));
    }
    let ends: Vec<_> = ends.iter().map(|end| end.kind.as_str()).collect();
    if !fits(&ends, &expected.ends) {
        broken.push(format!("{user}: {ends:?} is told, and this came about: {:?}", expected.ends));
    }
    // What the ERP got is what the ledger has, in its order; of what it has refused, and only of that, nothing need have come.
    let mut left = told.iter().peekable();
    for (place, one) in kept.iter().enumerate() {
        // Of one that was erased only its kind is known. If the ERP need not have it, what came may be a later one's.
        let later = kept[place + 1..].iter().filter(|other| other.told && other.kind == one.kind).count();
        let spare = left.clone().filter(|told| told.kind == one.kind).count() > later;
        let is_it = |told: &&Received| match &one.id {
            Some(id) => *id == told.id,
            None => told.kind == one.kind && (one.told || spare),
        };
        let came = left.next_if(is_it).is_some();
        if one.told && !came {
            broken.push(format!(
                "{user}: the ledger says that {} is told, and the ERP does not have it",
                one.kind
            ));
        }
    }
    broken.extend(left.map(|told| format!("{user}: the ERP was told {}, or not in this order", told.kind)));
    broken
}

/// Whether what is told is what came about, in its order.
fn fits(told: &[&str], ends: &[End]) -> bool {
    match (told, ends) {
        ([], ends) => ends.iter().all(|end| !end.sure),
        (_, []) => false,
        ([first, more @ ..], [end, rest @ ..]) => {
            end.kinds.contains(first) && fits(more, rest) || !end.sure && fits(told, rest)
        }
    }
}

/// The outcomes in the ledger, in order.
fn kept(world: &World, user: &str) -> Vec<Kept> {
    let statement = "SELECT origin, CAST(number AS TEXT), kind, body, coalesce(result, '') FROM outgoing \
                     WHERE receiver = 'erp' AND topic = ?1 ORDER BY number";
    texts(world, statement, user)
        .into_iter()
        .map(|[origin, number, kind, body, result]| {
            let says = [origin.as_str(), user, &number, &body].map(str::as_bytes);
            let id = (!body.is_empty()).then(|| format!("out_{}", print(&says)));
            Kept { id, kind, told: result == "told" }
        })
        .collect()
}

/// What the timeline tells, in the order in which it happened.
fn expected(world: &World, user: &str) -> Expected {
    let statement = "SELECT event, coalesce(note, '') FROM timeline WHERE user_key = ?1 ORDER BY version";
    let mut expected = Expected::default();
    let (mut told, mut decided, mut open, mut stuck) = (false, false, false, None);
    for [event, note] in texts(world, statement, user) {
        let begins = matches!(event.as_str(), "approved" | "mail wanted" | "relink wanted");
        open = begins || open && event != "linked";
        match event.as_str() {
            // Of who was rejected without having been told of, the ERP hears nothing any more.
            "reopened" => decided = false,
            // With the user goes a decision that had linked nobody yet.
            "gone" => expected.refusals += usize::from(open),
            "announced" | "change announced" => told = true,
            "approved" | "rejected" => decided = true,
            "linked" => expected.ends.push(End { kinds: LINKED, sure: true }),
            "active" => expected.ends.push(End { kinds: ACTIVE, sure: told || decided }),
            "stuck" => {
                let spent = note.contains("has changed the data since");
                // Stuck for the same reason once more is no news, unless it has gone on in between. Neither is a message about a
                // stuck one that is given up: what a person has to know of it is why it got stuck.
                let given_up = stuck.is_some() && note.starts_with("given up after");
                let news = stuck.as_ref() != Some(&note) && !given_up;
                expected.ends.push(End { kinds: STUCK, sure: (told || decided || spent) && news });
                // A decision that is spent is told of once; an ERP that has heard of nothing else hears no more.
                decided &= !spent;
                // The reason that the registration keeps is the one from before.
                stuck = if given_up { stuck } else { Some(note) };
            }
            "conflicting decision" | "customer update refused" => expected.refusals += 1,
            _ => {}
        }
    }
    expected
}

fn texts<const N: usize>(world: &World, statement: &str, user: &str) -> Vec<[String; N]> {
    let rows = world.query(statement, vec![user.into()]).unwrap_or_default();
    let text = |value| match value {
        Value::Text(text) => text,
        Value::Null | Value::Integer(_) => String::new(),
    };
    rows.into_iter().filter_map(|row| row.into_iter().map(text).collect::<Vec<_>>().try_into().ok()).collect()
}

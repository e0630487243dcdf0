//! Bodies that are signed, and wishes of `/activate-user`.

use chrono::DateTime;
use serde_json::Value;
use shared::{
    decision::{Decision, Event, Parties, Verdict, read_activate_user},
    key::KEY_LIMIT,
    problem::Problem,
    shop::AddressBody,
};

use crate::bounded;

/// A body: as an event of the ERP, and as the body of `/activate-user`.
///
/// # Panics
/// If it is accepted and means something else when it is read again, or is refused without a reason that can be shown.
pub fn event(data: &[u8]) {
    match Event::read(data) {
        Ok(event) => accepted(&event, data),
        Err(problem) => refused(&problem),
    }
    match read_activate_user(data) {
        Ok(wish) => {
            let letter = wish.letter("somebody", DateTime::UNIX_EPOCH);
            assert_eq!(letter.id, wish.letter("somebody else", DateTime::UNIX_EPOCH).id);
            let Ok(Event::Decision(kept)) = Event::read_kept(letter.body.as_bytes()) else {
                panic!("the inbox cannot read what it keeps: {}", letter.body)
            };
            assert_eq!((&kept.origin, &kept.user_key), (&wish.origin, &wish.user_key));
            assert!(kept.candidates_only);
            assert_eq!(linked(&kept), wish.customer_keys.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
        Err(problem) => refused(&problem),
    }
}

fn accepted(event: &Event, data: &[u8]) {
    let value: Value = serde_json::from_slice(data).expect("an event is JSON");
    let again = value.to_string();
    // A number may lose its last digit when it is written and read; the rest must be the same.
    if serde_json::from_str::<Value>(&again).is_ok_and(|again| again == value) {
        assert_eq!(Event::read(again.as_bytes()).ok().as_ref(), Some(event));
    }
    match event {
        Event::Unknown => {}
        Event::Correction(_) => panic!("a correction does not come by this door"),
        Event::Decision(decision) => {
            assert_eq!(Event::read_kept(data).ok().as_ref(), Some(event), "the inbox reads it otherwise");
            let keys = linked(decision);
            fit(keys
                .iter()
                .map(String::as_str)
                .chain([decision.origin.as_str(), decision.user_key.as_str()]));
            assert!(!decision.candidates_only, "only /activate-user asks for that");
            assert!(!decision.is_later("id", decision.decided_at, "id"), "no decision is later than itself");
        }
        Event::Update(update) => {
            assert_eq!(Event::read_kept(data).ok().as_ref(), Some(event), "the inbox reads it otherwise");
            distinct(&update.addresses);
            let addresses = update.addresses.iter().map(|address| address.key.as_str());
            let own = [update.origin.as_str(), update.user_key.as_str(), update.customer.key.as_str()];
            fit(addresses.chain(own));
            let whole = update.customer.name.is_some() && update.customer.vat_numbers.is_some();
            assert!(whole, "what is left out would be emptied");
        }
    }
}

fn fit<'a>(keys: impl Iterator<Item = &'a str>) {
    for key in keys {
        assert!(!key.is_empty() && key.len() <= KEY_LIMIT && !key.chars().any(char::is_control), "{key:?}");
    }
}

fn distinct(addresses: &[AddressBody]) {
    let keys: std::collections::BTreeSet<_> = addresses.iter().map(|one| &one.key).collect();
    assert_eq!(keys.len(), addresses.len(), "one address would be written over another");
}

fn linked(decision: &Decision) -> Vec<String> {
    match &decision.verdict {
        Verdict::Reject(_) => vec![],
        Verdict::Approve(approval) => {
            if let Parties::Write { addresses: Some(addresses), .. } = &approval.parties {
                distinct(addresses);
            }
            approval.parties.keys().iter().map(ToString::to_string).collect()
        }
    }
}

fn refused(problem: &Problem) {
    assert_eq!(problem.status(), 400);
    bounded(&serde_json::to_string(problem).expect("a problem is JSON"));
}

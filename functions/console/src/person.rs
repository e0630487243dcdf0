//! What a registration is called.

use shared::{
    entered::Entered,
    ledger::{Entry, State},
};

use crate::words::Words;

/// The company, else the person, else the e-mail address, else what there is to say.
pub fn name_of(entry: &Entry, w: &Words) -> String {
    let entered = Entered::of(entry.message.as_deref()).unwrap_or_default();
    let Entered { person, company, .. } = entered;
    let names: Vec<_> = [person.first_name, person.last_name].into_iter().flatten().collect();
    let mut known = [company.name, Some(names.join(" ")), person.email].into_iter().flatten();
    known.find(|name| !name.trim().is_empty()).unwrap_or_else(|| nameless(entry.state, w))
}

/// What a registration without a name is called.
pub fn nameless(state: State, w: &Words) -> String {
    let name = if state == State::Erased { w.list.erased_name } else { w.list.no_name };
    name.to_owned()
}

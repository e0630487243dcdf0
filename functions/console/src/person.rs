//! What the applicant typed in, as the message to the ERP has it.

use serde_json::Value;
use shared::ledger::{Entry, State};

use crate::words::Words;

/// The message's data, or nothing.
pub struct Entered(Value);

impl Entered {
    pub fn of(entry: &Entry) -> Self {
        let message = entry.message.as_deref().and_then(|message| serde_json::from_str::<Value>(message).ok());
        Self(message.and_then(|mut message| message.get_mut("data").map(Value::take)).unwrap_or_default())
    }

    /// The text at a path such as `/company/name`, unless it is blank.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.pointer(path)?.as_str().filter(|text| !text.trim().is_empty())
    }

    /// Whether there is anything at a path.
    pub fn has(&self, path: &str) -> bool {
        self.0.pointer(path).is_some_and(|value| !value.is_null())
    }

    /// Whether there is anything at all.
    pub fn is_there(&self) -> bool {
        !self.0.is_null()
    }
}

/// What a registration is called: the company, else the person, else what there is to say.
pub fn name_of(entry: &Entry, w: &Words) -> String {
    let entered = Entered::of(entry);
    let person = || {
        let names = ["/person/first_name", "/person/last_name"].map(|path| entered.text(path));
        let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!name.is_empty()).then_some(name)
    };
    let named = entered.text("/company/name").map(str::to_owned).or_else(person);
    named.or_else(|| entered.text("/person/email").map(str::to_owned)).unwrap_or_else(|| nameless(entry.state, w))
}

/// What a registration without a name is called.
pub fn nameless(state: State, w: &Words) -> String {
    let name = if state == State::Erased { w.list.erased_name } else { w.list.no_name };
    name.to_owned()
}

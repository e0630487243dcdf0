//! How registrations ended, as the application tells it.

use serde_json::{Value, json};

use super::Erp;

/// The types of messages about an outcome.
pub const OUTCOMES: [&str; 4] =
    ["registration.linked", "registration.activated", "registration.stuck", "decision.refused"];

/// The type of the message by which the application asks for decisions that it may have lost.
pub const DECISIONS_WANTED: &str = "decisions.wanted";

/// The fields that every outcome has to have.
const FIELDS: [&str; 5] = ["origin", "user_key", "revision", "decision_id", "customer_keys"];

impl Erp {
    /// What is wrong with an outcome that has come under this id.
    pub(super) fn faults_of_outcome(&self, id: &str, kind: &str, message: &Value) -> Vec<String> {
        let data = &message["data"];
        let mut faults: Vec<_> = FIELDS
            .iter()
            .filter(|field| data.get(**field).is_none())
            .map(|field| format!("{id} lacks {field}"))
            .collect();
        let explained = !data["reason"].as_str().unwrap_or_default().is_empty();
        let wants_reason = matches!(kind, "registration.stuck" | "decision.refused");
        if explained != wants_reason {
            faults.push(format!("{id} is {kind}, and its reason is {}", data["reason"]));
        }
        if kind == "registration.linked" && data["customer_keys"] == json!([]) {
            faults.push(format!("{id} links to no customer"));
        }
        let told = self.received.iter().find(|known| {
            known.id != id
                && serde_json::from_slice::<Value>(&known.body).is_ok_and(|known| known == *message)
        });
        if let Some(told) = told {
            faults.push(format!("{id} tells the same as {}", told.id));
        }
        faults
    }
}

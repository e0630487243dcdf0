//! A decision in the ERP's answer to an announcement is taken like any other.

use shared::ledger::State;

use super::{case::Case, stuck::DOUBTFUL_ANSWER};
use crate::target::Target;

/// What the ERP decided in an answer that the application has taken for its acceptance is in the inbox, or before a person.
pub fn judge(case: &Case<'_>) -> Vec<String> {
    let told = Target::Message(case.user.clone());
    let answers = case.calls.iter().filter(|call| call.target == told && !call.answer.is_null());
    let lost = answers.filter(|call| {
        let revision = call.body["data"]["revision"].as_u64().unwrap_or_default();
        let heard = call.heard.is_some_and(|status| status.is_success());
        let accepted = || case.course.iter().any(|(at, held)| *at >= call.after && held.told >= revision);
        let taken = || case.decisions.iter().any(|decision| decision.message.0 == call.answer);
        // Sent on with a later revision, the message that was answered is not repeated. Then somebody has decided since.
        let later = || {
            let decided = call.answer_decided_at().map(|at| at.timestamp_millis());
            case.decisions.iter().any(|decision| Some(decision.at) > decided)
        };
        heard && accepted() && !taken() && !later() && !doubted(case) && !unread(case, revision)
    });
    lost.map(|call| {
        format!("the ERP answered with a decision about {}, and it is lost: {}", case.user, call.answer)
    })
    .collect()
}

fn doubted(case: &Case<'_>) -> bool {
    case.course.iter().any(|(_, held)| {
        held.state == State::Stuck
            && held.reason.as_ref().is_some_and(|reason| reason.starts_with(DOUBTFUL_ANSWER))
    })
}

/// Whether an answer to this revision could not be read: it counts as an acceptance, and nobody can tell what else it says. A limit.
fn unread(case: &Case<'_>, revision: u64) -> bool {
    let told = Target::Message(case.user.clone());
    case.calls.iter().any(|call| {
        call.target == told
            && call.garbled
            && call.heard.is_some()
            && call.body["data"]["revision"] == revision
    })
}

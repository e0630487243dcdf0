//! How it ended, as a table, and what is wrong with it.

use std::fmt::Write as _;

use sandbox::erp::Decision;
use serde_json::Value;

use super::{stage::Stage, story::Told, watch::Registered};
use crate::{
    command::Outcome,
    judge::{Ended, harm},
    screen::{self, ASIDE, GOOD, HEAD, NOTABLE, WRONG, column},
};

/// Shows the table and says whether all is well.
pub async fn show(stage: &Stage, told: &Told) -> Outcome {
    let mut statuses = Vec::new();
    for one in &told.people {
        statuses.push(stage.status(&one.user).await.unwrap_or_default());
    }
    let (ended, harm) = {
        let (shop, erp) = (stage.shop.lock(), stage.erp.lock());
        let people = told.people.iter().zip(&statuses);
        let users: Vec<_> = told.people.iter().map(|one| one.user.as_str()).collect();
        let end = |(one, status): (&Registered, &Value)| {
            Ended::of(&one.user, status["state"].as_str().unwrap_or("unknown"), &shop, &erp)
        };
        (people.map(end).collect::<Vec<_>>(), harm(&shop, &erp, &users))
    };

    screen::line(format_args!(
        "\n{HEAD}{}{HEAD:#}",
        row(["Company", "The ERP's decision", "State", "Customer", "Mails"])
    ));
    let mut bad = 0;
    for ((one, ended), status) in told.people.iter().zip(&ended).zip(&statuses) {
        let complaints = ended.complaints();
        screen::line(entry(one, ended, complaints.is_empty()));
        if !complaints.is_empty() {
            bad += 1;
            explain(one, &complaints, status);
        }
    }
    conclude(told, &ended, bad, &harm)
}

fn row([company, decision, state, customer, mails]: [&str; 5]) -> String {
    let widths = [(company, 30), (decision, 24), (state, 9), (customer, 10)];
    let cells = widths.map(|(text, width)| column(text, width));
    format!("  {}  {mails:>5}", cells.join("  "))
}

fn entry(one: &Registered, ended: &Ended, well: bool) -> String {
    let decision = match &ended.decision {
        None => "none".to_owned(),
        Some(Decision::Approve) => "new customer".to_owned(),
        Some(Decision::ApproveWithoutMail) => "new customer, no mail".to_owned(),
        Some(Decision::Existing(_)) => "existing customer".to_owned(),
        Some(Decision::Reject(_)) => "rejected".to_owned(),
    };
    let style = match (well, ended.active) {
        (false, _) => WRONG,
        (true, true) => GOOD,
        (true, false) => NOTABLE,
    };
    let customers = if ended.customers.is_empty() { "-".to_owned() } else { ended.customers.join(", ") };
    let mails = ended.mails.to_string();
    let row = row([one.part.name(), &decision, &ended.state, &customers, &mails]);
    format!("{style}{row}{style:#}")
}

/// What is wrong, and the registration's timeline in the application.
fn explain(one: &Registered, complaints: &[String], status: &Value) {
    for complaint in complaints {
        screen::line(format_args!("    {WRONG}{complaint}{WRONG:#}"));
    }
    screen::line(format_args!("    {ASIDE}user {}, as the application tells it:{ASIDE:#}", one.user));
    for line in timeline(status) {
        screen::line(format_args!("    {ASIDE}{line}{ASIDE:#}"));
    }
}

fn timeline(status: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if status.is_null() {
        return vec!["it does not know this registration".to_owned()];
    }
    let events = status["timeline"].as_array().into_iter().flatten();
    let mut lines: Vec<_> = events
        .map(|event| {
            let mut line = format!("{}  {}", text(&event["at"]), text(&event["event"]));
            for more in ["actor", "note"] {
                if let Some(more) = event[more].as_str() {
                    // Writing to a string does not fail.
                    let _ = write!(line, ", {more}");
                }
            }
            line
        })
        .collect();
    lines.extend(status["reason"].as_str().map(|reason| format!("reason: {reason}")));
    lines
}

fn conclude(told: &Told, ended: &[Ended], bad: usize, harm: &[String]) -> Outcome {
    screen::line("");
    for wrong in harm.iter().chain(&told.troubles) {
        screen::line(format_args!("  {WRONG}{wrong}{WRONG:#}"));
    }
    if bad == 0 && harm.is_empty() && told.troubles.is_empty() {
        let active = ended.iter().filter(|ended| ended.active).count();
        screen::line(format_args!(
            "{GOOD}All is well{GOOD:#} after {:.2} s: {} registered, {active} are active, {} rejected. The shop and the ERP \
             bear it out:\none mail for each who was approved, nobody announced twice, no customer overwritten, nobody \
             locked out.",
            told.seconds,
            ended.len(),
            ended.len() - active,
        ));
        return Outcome::Well;
    }
    screen::line(format_args!(
        "{WRONG}Not well{WRONG:#} after {:.2} s: {bad} of {} registrations did not end where they should. `-v` shows what the \
         functions log.",
        told.seconds,
        ended.len(),
    ));
    Outcome::Wrong
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_timeline_has_who_and_why() {
        let status = json!({
            "reason": "the shop gave no answer",
            "timeline": [
                {"at": "2026-03-02T09:15:00Z", "event": "seen"},
                {"at": "2026-03-02T09:16:00Z", "event": "approved", "actor": "erp", "note": "C-20417"},
            ],
        });
        assert_eq!(
            timeline(&status),
            [
                "2026-03-02T09:15:00Z  seen",
                "2026-03-02T09:16:00Z  approved, erp, C-20417",
                "reason: the shop gave no answer",
            ]
        );
        assert_eq!(timeline(&Value::Null), ["it does not know this registration"]);
    }
}

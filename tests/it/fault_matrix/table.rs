//! The document: what was seen, as tables.

use super::{
    columns::Fault,
    drive::{Cell, Seen},
    rows::Call,
};

const HEAD: &str = "\
# What each fault of each call comes to

This is printed by a test, `tests/it/fault_matrix`. Do not edit it: `UPDATE_EXPECT=1 cargo test -p end-to-end
--test it fault_matrix` writes it anew, and the test fails if it no longer holds.

A cell is one registration on its whole way, with the real components in the runner, the sandbox's shop and ERP behind
HTTP, and a clock that the test moves. One kind of call goes wrong in one way. The fault begins before the run that
makes the call: the tick that finds the registration, or the webhook that brings the ERP's approval. It lasts for that
run and two more ticks, 15 minutes apart; only \"401 once\" strikes a single time. Then it is mended, and nobody does
anything but tick. Whoever is stuck is helped by a person: the applicant changes a field, or the ERP decides again.

What has to come of a cell is stated as rules (`expected.rs`). In every cell the registration ends as `active`, and:
the person got one mail; the ERP has one `registration.created` and nothing to complain about; no customer or address
was written twice or over another; one customer is linked; nobody was locked out; and no answer of this application was
a 5xx, but a tick's 503 while the shop's lists could not be read.

How the faults are played:

- \"Connection refused\" closes the whole port, with the call before this one. So everything after it is refused too, and
  ticks answer 503.
- \"Closed within the answer\", \"50 MB\" and \"answer lost\" are faults of the answer: what was asked for is done.
- \"2xx, HTML page\" is a page for people in place of the shop, such as one that says it is down for maintenance. The shop
  behind it hears nothing. An ERP that answers with such a page has the message: any 2xx means so.
- \"2xx, malformed JSON\" and \"2xx, empty body\" stand in for the right answer to what is done. A right answer that is
  labelled as another type is not listed: the type is never looked at.
";

const LEGEND: &str = "
## Overview

| | means |
|---|---|
| at once | the run does what it would do without the fault |
| recovers | a later run finds out or repeats, while the fault lasts |
| waits | nothing moves while the fault lasts; a later run goes on by itself |
| stuck | a person has to look; the reason stands below |
| 503 | ticks answer so meanwhile |
";

const DETAILS: &str = "
## Each call

The states are those after the run that met the fault and, if it is another one, when the fault ended. What is said is
the registration's reason, else the tick's first problem, else the last event of the timeline.
";

/// The whole document.
pub fn document(cells: &[Cell]) -> String {
    let details = Call::ALL.map(|call| details(call, cells));
    [HEAD, LEGEND, &overview(cells), DETAILS, &details.concat()].concat()
}

fn overview(cells: &[Cell]) -> String {
    let names = Call::ALL.map(Call::name);
    let rows = Fault::ALL.map(|fault| {
        let of_fault = cells.iter().filter(|cell| cell.fault == fault);
        let words: Vec<_> = of_fault.map(in_short).collect();
        row(&[&[fault.name().to_owned()], &words[..]].concat())
    });
    let titles = [&["fault"], &names[..]].concat();
    format!("\n{}{}", header(&titles), rows.concat())
}

fn in_short(cell: &Cell) -> String {
    let outcome = match cell.seen() {
        Seen::AtOnce => "at once",
        Seen::Recovers => "recovers",
        Seen::Waits => "waits",
        Seen::Stuck(_) => "stuck",
    };
    if cell.loud { format!("{outcome}, 503") } else { outcome.to_owned() }
}

fn details(call: Call, cells: &[Cell]) -> String {
    let rows = cells.iter().filter(|cell| cell.call == call).map(|cell| {
        let states = if cell.state_at_once == cell.state_with_fault {
            cell.state_at_once.clone()
        } else {
            format!("{}, {}", cell.state_at_once, cell.state_with_fault)
        };
        let (said, helped) = match cell.seen() {
            Seen::AtOnce | Seen::Recovers => ("", ""),
            Seen::Waits => (cell.said.as_str(), ""),
            Seen::Stuck(_) => (cell.said.as_str(), ", after help"),
        };
        let mails = if cell.mails == 1 { "1 mail".to_owned() } else { format!("{} mails", cell.mails) };
        let end = format!("{}, {mails}{helped}", cell.end);
        row(&[cell.fault.name().to_owned(), cell.answered.to_string(), states, said.to_owned(), end])
    });
    let titles = ["fault", "the run answers", "state", "what is said meanwhile", "end"];
    format!("\n### {}\n\n{}{}", call.name(), header(&titles), rows.collect::<String>())
}

fn header(titles: &[&str]) -> String {
    format!("| {} |\n|{}\n", titles.join(" | "), "---|".repeat(titles.len()))
}

fn row(words: &[String]) -> String {
    format!("| {} |\n", words.join(" | "))
}

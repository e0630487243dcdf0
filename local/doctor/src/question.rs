//! What the shop's documentation leaves open: sixteen questions, and what is known of each now.

mod known;
mod reading;
mod writing;

use chrono_tz::Tz;
use serde::Serialize;

use crate::{facts::OriginFacts, token::Life, write_test::Written};

/// How far a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// What this application needs to know is known.
    Answered,
    /// A part of it is.
    Partly,
    /// Nothing is.
    Open,
}

/// One question.
#[derive(Debug, Clone, Serialize)]
pub struct Question {
    /// Its number, as in docs/going-live.md.
    pub number: usize,
    /// The question.
    pub question: &'static str,
    /// How far it is answered.
    pub state: State,
    /// What is known.
    pub answer: String,
    /// What to do, or to ask the vendor, for the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<&'static str>,
}

/// What is known besides the lists.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// How long a token lives.
    pub life: Life,
    /// Whether the older TEST host is there, if it was looked for.
    pub older_host: Option<bool>,
    /// The zone that is set.
    pub zone: Option<Tz>,
    /// How many calls the shop was sent.
    pub calls: usize,
    /// How many were one too many.
    pub throttled: usize,
}

/// The questions, in the order of docs/going-live.md.
pub const QUESTIONS: [&str; 16] = [
    "Which change of a user activates it, with the activation mail and without?",
    "Is the activation mail triggered by each write, or by the state? Does the same write send it again?",
    "Which values does registration have, which after activation, and how is a registration rejected?",
    "Does inactive=true list only inactive users, or inactive ones too?",
    "Which origin do self-registered users get, and has the customer to be of the same?",
    "Which fields of a customer, an address and a user are mandatory, and how long may they be?",
    "Does a PATCH of authorised_customers replace or extend, what does an unknown customer do, and which is the default?",
    "In which zone are times and filter values, and does create_date__gte take a time?",
    "What are the default and the largest limit, the order of lists, and the limit on calls?",
    "By what else can customers and users be found, and what was changed?",
    "Does the case of a path matter, and the slash at its end?",
    "What do delivery, account_code, industry and subdivision mean, and can a user have several profiles?",
    "Does a self-registered user keep role and settings after the approval?",
    "How do errors look, above all of a duplicate and of a link to an unknown customer?",
    "How long does a token live, and is the older TEST host still there?",
    "Do rows of a list hold the whole user?",
];

/// What is known of a question: how far it is answered, what is known, and what to ask.
struct Known(State, String, Option<&'static str>);

/// Answers what can be answered, by the first origin that answers, and by what a write test found.
#[must_use]
pub(crate) fn questions(facts: &[OriginFacts], around: &Around, written: Option<&Written>) -> Vec<Question> {
    let first = facts.iter().find(|facts| facts.answers_at_all());
    let known = [
        writing::activation(written),
        writing::mail(written),
        writing::registration(first, written),
        reading::inactive(first),
        writing::origin(facts, written),
        writing::mandatory(first, written),
        writing::link(written),
        writing::times(first, around.zone, written),
        reading::limits(first, around),
        reading::finding(first),
        writing::paths(first, written),
        reading::meaning(first),
        writing::role(first, written),
        writing::errors(first, written),
        reading::token(around),
        reading::rows(first),
    ];
    let numbered = (1..).zip(QUESTIONS.into_iter().zip(known));
    numbered
        .map(|(number, (question, Known(state, answer, ask)))| Question {
            number,
            question,
            state,
            answer,
            ask,
        })
        .collect()
}

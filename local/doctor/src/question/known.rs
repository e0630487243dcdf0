//! How far a question is answered, and what to do about the rest.

use super::{Known, State};

pub const BY_WRITING: &str = "run the write test (doctor --write-test) on a TEST shop";
pub const BY_READING: &str = "put right what is wrong above, and run this again";

pub fn open(ask: &'static str) -> Known {
    Known(State::Open, "not known".to_owned(), Some(ask))
}

pub fn answered(answer: impl Into<String>) -> Known {
    Known(State::Answered, answer.into(), None)
}

pub fn partly(answer: impl Into<String>, ask: &'static str) -> Known {
    Known(State::Partly, answer.into(), Some(ask))
}

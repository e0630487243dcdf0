//! What can go wrong, and how likely it is. Each seed has its own weather: most faults are absent from it, so that the few it has meet
//! often enough to do harm together.

use rand::{RngExt, rngs::Xoshiro256PlusPlus};

/// Chances are from 0 to 1, times in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    /// The longest that a request or an answer takes on its way.
    pub longest_way: u64,
    /// A request never arrives.
    pub request_lost: f64,
    /// An answer never arrives.
    pub answer_lost: f64,
    /// A request arrives long after its time-out, up to half an hour.
    pub late: f64,
    /// A request arrives twice.
    pub twice: f64,
    /// An error is answered, and nothing is carried out.
    pub error: f64,
    /// The request is carried out, and its answer cannot be read.
    pub garbled: f64,
    /// The record is refused, which nobody can mend by trying again.
    pub refused: f64,
    /// The longest that a statement takes.
    pub longest_statement: u64,
    /// A statement fails and changes nothing.
    pub statement_fails: f64,
    /// A statement is carried out, and reported as failed.
    pub statement_unsure: f64,
    /// The process dies right after an effect.
    pub crash: f64,
    /// The host ends what a request left behind when it is answered.
    pub host_drops: f64,
}

impl Weather {
    /// Nothing goes wrong.
    pub const CALM: Self = Self {
        longest_way: 20,
        request_lost: 0.0,
        answer_lost: 0.0,
        late: 0.0,
        twice: 0.0,
        error: 0.0,
        garbled: 0.0,
        refused: 0.0,
        longest_statement: 2,
        statement_fails: 0.0,
        statement_unsure: 0.0,
        crash: 0.0,
        host_drops: 0.0,
    };

    /// The weather of a seed.
    pub fn of(rng: &mut Xoshiro256PlusPlus) -> Self {
        let mut chance = |present: f64, most: f64| {
            if rng.random_bool(present) { rng.random_range(0.0..most) } else { 0.0 }
        };
        Self {
            request_lost: chance(0.4, 0.15),
            answer_lost: chance(0.5, 0.25),
            late: chance(0.15, 0.05),
            twice: chance(0.25, 0.1),
            error: chance(0.5, 0.25),
            garbled: chance(0.2, 0.05),
            refused: chance(0.15, 0.05),
            statement_fails: chance(0.25, 0.03),
            statement_unsure: chance(0.25, 0.03),
            crash: chance(0.5, 0.03),
            host_drops: chance(0.4, 1.0),
            longest_way: rng.random_range(10..3000),
            longest_statement: if rng.random_bool(0.5) { rng.random_range(1..400) } else { 2 },
        }
    }
}

//! Who is approved.

use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus, seq::IndexedRandom};

/// How the ERP decides by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Not at all: a test decides.
    Manual,
    /// Everybody is a new customer.
    ApproveAll,
    /// As clerks would, by this seed: most are new customers, some activated without a mail, some existing customers, some
    /// rejected. It thinks for up to [`super::Erp::thinking`] each time.
    Mixed(u64),
}

/// What a clerk decides about a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A new customer with the next number, activated by mail.
    Approve,
    /// A new customer with the next number, activated at once and without a mail.
    ApproveWithoutMail,
    /// This customer, who is in the shop already.
    Existing(String),
    /// Not a customer of ours, and why.
    Reject(String),
}

const REASONS: [&str; 4] = [
    "No trade licence found for this company",
    "Private person: please use the consumer shop",
    "Outside our delivery area",
    "Looks like a test, please register again with your company's data",
];

impl Policy {
    /// What is decided and when, or nothing.
    pub(super) fn decide(
        self,
        user_key: &str,
        known_customers: &[String],
        now: DateTime<Utc>,
        thinking: TimeDelta,
    ) -> Option<(Decision, DateTime<Utc>)> {
        let seed = match self {
            Self::Manual => return None,
            Self::ApproveAll => return Some((Decision::Approve, now)),
            Self::Mixed(seed) => seed,
        };
        // Of the key, not of the order: who else comes in between changes no decision, except which customer is the existing one.
        let key =
            user_key.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(key);
        let thought = TimeDelta::milliseconds(rng.random_range(0..=thinking.num_milliseconds().max(0)));
        let decision = match rng.random_range(0..100) {
            0..72 => Decision::Approve,
            72..78 => Decision::ApproveWithoutMail,
            78..88 => known_customers
                .choose(&mut rng)
                .map_or(Decision::Approve, |customer| Decision::Existing(customer.clone())),
            _ => Decision::Reject(REASONS.choose(&mut rng).copied().unwrap_or(REASONS[0]).to_owned()),
        };
        Some((decision, now + thought))
    }
}

//! Taking in what comes from outside: nothing is believed before it is verified, and nothing is done before it is stored.

use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};

use crate::{
    access::SIGNER,
    decision::{Event, IdempotencyKey, Remedy, read_activate_user, read_addressed, read_correction},
    erasure::ERASED,
    key::{OriginCode, UserKey},
    ledger::{Kept, KeptEvent, Letter},
    onboarding::Onboarding,
    print::print,
    problem::Problem,
    send::SendRequest,
    sql::{Sql, SqlError},
    webhook::{SigningKey, TOLERANCE, verify},
};

/// An event that is in the inbox, now or from before. [`Onboarding::work_off`] goes on from here, and so does the next tick.
#[derive(Debug)]
pub struct Taken {
    /// The event.
    pub kept: KeptEvent,
    /// The registration that it is about; none for a type that means nothing here.
    pub about: Option<(OriginCode, UserKey)>,
}

/// Why something was not taken in. Nothing of it is stored then.
#[derive(Debug)]
pub enum NotTaken {
    /// The sender's to mend.
    Problem(Problem),
    /// The ledger's fault: the same may be sent again later.
    Ledger(SqlError),
}

impl From<Problem> for NotTaken {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// A message whose signature was found good: only such a one is taken in, or counted.
#[derive(Debug)]
pub struct Signed<'a> {
    id: String,
    body: &'a [u8],
}

impl<'a> Signed<'a> {
    /// Checks the signature over the raw body.
    ///
    /// # Errors
    /// 401, the same whatever is missing or wrong.
    pub fn verify(
        keys: &[SigningKey],
        headers: &HeaderMap,
        body: &'a [u8],
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let id = verify(keys, headers, body, now).map_err(|_| {
            Problem::stranger(
                "bad-signature",
                "StandardWebhooks",
                "sign id, time and body with a secret of webhook_secrets; the id has at most 128 bytes, the time is within 300 s",
            )
        })?;
        Ok(Self { id, body })
    }
}

impl<H: SendRequest, S: Sql> Onboarding<H, S> {
    /// Takes in a signed message of the ERP.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn take_message(&self, message: Signed<'_>) -> Result<Taken, NotTaken> {
        let Signed { id, body } = message;
        let (decided_at, about) = match Event::read(body)? {
            Event::Decision(decision) => {
                (Some(decision.decided_at), Some((decision.origin, decision.user_key)))
            }
            Event::Update(update) => (Some(update.decided_at), Some((update.origin, update.user_key))),
            // A correction does not come by this door.
            Event::Correction(_) | Event::Unknown => (None, None),
        };
        if let (Some(decided_at), Some((origin, _))) = (decided_at, &about) {
            self.check(decided_at, origin)?;
        }
        let body = std::str::from_utf8(body).map_err(|_| malformed("the body is not UTF-8"))?.to_owned();
        let print = print(&[body.as_bytes()]);
        // What means nothing here may be about anybody, and nobody would know what to erase.
        let body = if about.is_some() { body } else { String::new() };
        self.keep(&Letter { id, print, actor: SIGNER.to_owned(), body, about }).await
    }

    /// Takes in a decision that `caller` has sent to the address of a registration.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn take_decision(
        &self,
        caller: &str,
        (origin, user_key): (OriginCode, UserKey),
        key: Option<&IdempotencyKey>,
        body: &[u8],
    ) -> Result<Taken, NotTaken> {
        let (letter, decision) = read_addressed(body, &origin, &user_key, caller, key, self.now())?;
        self.check(decision.decided_at, &decision.origin)?;
        self.keep(&letter).await
    }

    /// Takes in a correction that `caller` has sent to the address of a registration.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn take_correction(
        &self,
        caller: &str,
        (origin, user_key): (OriginCode, UserKey),
        remedy: Remedy,
        key: Option<&IdempotencyKey>,
        body: &[u8],
    ) -> Result<Taken, NotTaken> {
        let entry = self.ledger.entry(&origin, &user_key).await.map_err(NotTaken::Ledger)?;
        let entry = entry.ok_or_else(Problem::no_registration)?;
        let letter = read_correction(body, remedy, &entry, caller, key, self.now())?;
        self.keep(&letter).await
    }

    /// Takes in a wish of `/activate-user`, sent by `caller`.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn take_wish(&self, caller: &str, body: &[u8]) -> Result<Taken, NotTaken> {
        let wish = read_activate_user(body)?;
        self.check_origin(&wish.origin, "origin")?;
        let letter = wish.letter(caller, self.now());
        self.keep(&letter).await
    }

    fn check(&self, decided_at: DateTime<Utc>, origin: &OriginCode) -> Result<(), Problem> {
        if decided_at > self.now() + TOLERANCE {
            let detail = "the decision is from the future: send its time in UTC, or with its offset";
            return Err(malformed(detail).at("timestamp"));
        }
        self.check_origin(origin, "data.origin")
    }

    fn check_origin(&self, origin: &OriginCode, field: &str) -> Result<(), Problem> {
        if self.shop.settings.origins.contains(origin) {
            return Ok(());
        }
        let detail = format!("origin {origin} is none of the origins set");
        Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-origin", detail).at(field))
    }

    async fn keep(&self, letter: &Letter) -> Result<Taken, NotTaken> {
        match self.ledger.keep(letter, self.now()).await.map_err(NotTaken::Ledger)? {
            Kept::Yes(kept) => Ok(Taken { kept, about: letter.about.clone() }),
            Kept::Erased => Err(Problem::new(StatusCode::CONFLICT, "erased", ERASED).into()),
            Kept::OtherBody => {
                let detail = "another message was accepted under this webhook-id or Idempotency-Key before: use a new one";
                Err(Problem::new(StatusCode::CONFLICT, "id-used", detail).into())
            }
        }
    }
}

fn malformed(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed-body", detail)
}

//! Taking in what comes from outside: nothing is believed before it is verified, and nothing is done before it is stored.

use http::{HeaderMap, StatusCode};

use crate::{
    decision::{Event, explain, read_activate_user},
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

impl<H: SendRequest, S: Sql> Onboarding<H, S> {
    /// Takes in a signed message of the ERP.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn take_message(
        &self,
        keys: &[SigningKey],
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Taken, NotTaken> {
        let id = verify(keys, headers, body, self.now()).map_err(|_| {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "bad-signature",
                "sign id, time and body with a secret of webhook_secrets; the id has at most 128 bytes, the time is within 300 s",
            )
        })?;
        let decision = match Event::read(body).map_err(|_| explain(body))? {
            Event::Decision(decision) => Some(decision),
            Event::Unknown => None,
        };
        if decision.as_ref().is_some_and(|decision| decision.decided_at > self.now() + TOLERANCE) {
            let detail = "the decision is from the future: send its time in UTC, or with its offset";
            return Err(malformed(detail).at("timestamp").into());
        }
        let about = decision.map(|decision| (decision.origin, decision.user_key));
        if let Some((origin, _)) = &about {
            self.check_origin(origin, "data.origin")?;
        }
        let body = std::str::from_utf8(body).map_err(|_| malformed("the body is not UTF-8"))?.to_owned();
        let print = print(&[body.as_bytes()]);
        // What means nothing here may be about anybody, and nobody would know what to erase.
        let body = if about.is_some() { body } else { String::new() };
        self.keep(&Letter { id, print, actor: "ERP".to_owned(), body, about }).await
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
                let detail = "another message with this webhook-id was accepted before: use a new id";
                Err(Problem::new(StatusCode::CONFLICT, "id-used", detail).into())
            }
        }
    }
}

fn malformed(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed-body", detail)
}

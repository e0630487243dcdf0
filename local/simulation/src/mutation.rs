//! Known-bad variants of the application. The simulation has to catch each of them, or it proves nothing.
//!
//! They live at the two ports and not in the application, so that what is deployed holds no code that is known to be wrong. To the
//! shop, the ERP and the ledger they look exactly as the mistake would.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use http::{Method, Request};
use shared::{sql::Value, time::ShopTime};

use crate::target::Target;

/// A mistake that somebody could make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutation {
    /// The watermark is moved to the present whenever a scan is stored, whether or not it has seen the whole list.
    WatermarkTooEarly,
    /// A client that repeats each write by itself when no answer came, the one that triggers the mail too.
    MailRepeated,
    /// Nobody's claim on a registration is remembered.
    NoClaim,
    /// An event is said to be stored before it is.
    StatementNotAwaited,
    /// A customer or address is written without asking whether the shop has it.
    PutWithoutGet,
    /// The user is linked without what triggers the mail, and the mail is believed to be out.
    MailDropped,
    /// Only the row of a registration is erased.
    ErasedInPart,
    /// What an erased registration's row looked like is not remembered.
    ErasedForgotten,
}

impl Mutation {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::WatermarkTooEarly,
        Self::MailRepeated,
        Self::NoClaim,
        Self::StatementNotAwaited,
        Self::PutWithoutGet,
        Self::MailDropped,
        Self::ErasedInPart,
        Self::ErasedForgotten,
    ];

    /// Its name on the command line and in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WatermarkTooEarly => "watermark-too-early",
            Self::MailRepeated => "mail-repeated",
            Self::NoClaim => "no-claim",
            Self::StatementNotAwaited => "statement-not-awaited",
            Self::PutWithoutGet => "put-without-get",
            Self::MailDropped => "mail-dropped",
            Self::ErasedInPart => "erased-in-part",
            Self::ErasedForgotten => "erased-forgotten",
        }
    }

    /// Whether the question is not asked, and answered with "not found".
    pub(crate) fn answers_itself(self, request: &Request<Bytes>) -> bool {
        self == Self::PutWithoutGet
            && request.method() == Method::GET
            && matches!(Target::of(request), Target::Customer(_) | Target::Address(_))
    }

    /// What becomes of a request before it is sent.
    pub(crate) fn strips(self, mut request: Request<Bytes>) -> Request<Bytes> {
        if self == Self::MailDropped
            && request.method() == Method::PATCH
            && let Ok(serde_json::Value::Object(mut fields)) = serde_json::from_slice(request.body())
            && fields.remove("registration").is_some()
        {
            fields.remove("active");
            *request.body_mut() = serde_json::Value::Object(fields).to_string().into();
        }
        request
    }

    /// Whether the call is sent again at once when no answer came.
    pub(crate) fn repeats(self, request: &Request<Bytes>) -> bool {
        self == Self::MailRepeated && request.method() == Method::PATCH
    }

    /// Whether the statement is said to be done before it is.
    pub(crate) fn does_not_await(self, statement: &str) -> bool {
        self == Self::StatementNotAwaited && statement.starts_with("INSERT INTO inbox")
    }

    /// What becomes of a statement's parameters.
    pub(crate) fn bend(self, statement: &str, parameters: &mut [Value], now: DateTime<Utc>, zone: Tz) {
        let (Self::WatermarkTooEarly, true) = (self, statement.starts_with("INSERT INTO scan")) else {
            return;
        };
        let Some(Value::Text(state)) = parameters.last_mut() else { return };
        let Ok(mut scan) = serde_json::from_str::<serde_json::Value>(state) else { return };
        scan["watermark"] = ShopTime::at(now + TimeDelta::minutes(1), zone).to_string().into();
        *state = scan.to_string();
    }

    /// What is added to the ledger's tables.
    pub(crate) fn schema(self) -> &'static str {
        match self {
            Self::NoClaim => {
                "CREATE TRIGGER forget_new AFTER INSERT ON registration WHEN NEW.claim_token IS NOT NULL BEGIN
                     UPDATE registration SET claim_token = NULL, claim_until = NULL
                     WHERE origin = NEW.origin AND user_key = NEW.user_key;
                 END;
                 CREATE TRIGGER forget_renewed AFTER UPDATE OF version ON registration WHEN NEW.claim_token IS NOT NULL BEGIN
                     UPDATE registration SET claim_token = NULL, claim_until = NULL
                     WHERE origin = NEW.origin AND user_key = NEW.user_key;
                 END;"
            }
            Self::ErasedInPart => "DROP TRIGGER erase_inbox; DROP TRIGGER erase_timeline;",
            Self::ErasedForgotten => {
                "CREATE TRIGGER forget_row AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN
                     UPDATE registration SET tombstone = json_set(tombstone, '$.row', 'forgotten')
                     WHERE origin = NEW.origin AND user_key = NEW.user_key;
                 END;"
            }
            Self::WatermarkTooEarly
            | Self::MailRepeated
            | Self::StatementNotAwaited
            | Self::PutWithoutGet
            | Self::MailDropped => "",
        }
    }
}

impl std::str::FromStr for Mutation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::name).join(", ");
        let known = Self::ALL.into_iter().find(|mutation| mutation.name() == text);
        known.ok_or_else(|| format!("expected one of {names}"))
    }
}

//! The shop's bearer token: asked for once, used until shortly before it ends, renewed by one caller at a time.

use std::{cell::RefCell, rc::Rc};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::lock::Mutex;
use http::{Request, header};
use serde::Deserialize;

use super::error::ShopError;
use crate::{fault::Fault, json, secret::Secret, send::SendRequest, settings::ShopSettings};

/// How long before its end a token is no longer used, so that it does not end on the way.
const MARGIN: TimeDelta = TimeDelta::seconds(30);

/// What a token without `expires_in` lives. "Usage Info" gives no life time; this is Keycloak's shortest usual one.
const UNSAID_LIFE: i64 = 60;

#[derive(Debug, Clone)]
struct Token {
    value: Secret,
    use_until: DateTime<Utc>,
}

/// The token of an instance. It lives in memory only and is never stored.
#[derive(Debug, Clone, Default)]
pub struct HeldToken(Rc<RefCell<Option<Token>>>);

/// The token for one request to the application.
///
/// Its calls share one renewal. Requests that run at once in one instance do not wait for each other: a component cannot be woken
/// across its tasks, so each would renew for itself, which costs a call and harms nothing.
#[derive(Debug, Default)]
pub struct Tokens {
    held: HeldToken,
    renewal: Mutex<()>,
}

#[derive(Deserialize)]
struct Grant {
    access_token: String,
    #[serde(default)]
    expires_in: Option<i64>,
}

impl Tokens {
    /// The tokens of a request to an instance that holds `held`.
    #[must_use]
    pub fn of(held: HeldToken) -> Self {
        Self { held, renewal: Mutex::default() }
    }

    /// The token to use now. `refused` is one that the shop has just answered 401 to: it is replaced, once for all who hold it.
    pub(super) async fn get(
        &self,
        http: &impl SendRequest,
        settings: &ShopSettings,
        now: DateTime<Utc>,
        refused: Option<&Secret>,
    ) -> Result<Secret, ShopError> {
        if let Some(token) = self.good(now, refused) {
            return Ok(token);
        }
        let renewal = self.renewal.lock().await;
        // Another call of this request may have renewed it meanwhile.
        if let Some(token) = self.good(now, refused) {
            return Ok(token);
        }
        let token = ask(http, settings, now).await?;
        let value = token.value.clone();
        *self.held.0.borrow_mut() = Some(token);
        drop(renewal);
        Ok(value)
    }

    fn good(&self, now: DateTime<Utc>, refused: Option<&Secret>) -> Option<Secret> {
        let held = self.held.0.borrow();
        let token = held.as_ref().filter(|token| token.use_until > now && Some(&token.value) != refused)?;
        Some(token.value.clone())
    }
}

/// The request for a token: OAuth 2 client credentials with the credentials in the form's body ("Usage Info").
///
/// # Errors
/// The address of the settings is none.
pub fn token_request(settings: &ShopSettings) -> Result<Request<Bytes>, Fault> {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", settings.client_id.as_str()),
        ("client_secret", settings.client_secret.reveal()),
        ("scope", "openid"),
    ];
    let body = form.map(|(name, value)| format!("{name}={}", form_encoded(value))).join("&");
    Request::post(&settings.token_address)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Bytes::from(body))
        .map_err(|error| Fault::seen(format!("the shop's token address: {error}")))
}

async fn ask(
    http: &impl SendRequest,
    settings: &ShopSettings,
    now: DateTime<Utc>,
) -> Result<Token, ShopError> {
    let answer = http.send(token_request(settings)?).await?;
    if !answer.status().is_success() {
        // Every refusal here is the end point's fault: no record can cause it.
        return Err(match ShopError::of_answer("the shop's token end point", &answer, now) {
            ShopError::Refused(words) => {
                let seen =
                    "the shop's token end point refused cloudsuite_client_id and cloudsuite_client_secret";
                Fault::seen(seen).saying(words).into()
            }
            other => other,
        });
    }
    let grant: Grant =
        json::read(answer.body()).map_err(|_| Fault::seen("the shop's token end point sent no token"))?;
    let life = TimeDelta::seconds(grant.expires_in.unwrap_or(UNSAID_LIFE).clamp(0, 86_400));
    // A token that lives shorter than the margin is used for half its life.
    let use_until = now + (life - MARGIN).max(life / 2);
    Ok(Token { value: Secret::new(grant.access_token), use_until })
}

fn form_encoded(text: &str) -> impl std::fmt::Display + '_ {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
}

//! The identity provider's part: client credentials in, an expiring token out.
//!
//! "Usage Info" wants the credentials in the form body, not in a Basic header, and the scope `openid`. The layout of the
//! URL is Keycloak's, and so are the answers here.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{
    HeaderMap, Method, Request, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use rand::{RngExt, rngs::Xoshiro256PlusPlus};
use serde_json::json;

use super::Client;
use crate::answer::json_answer;

/// The tokens that are valid.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    expiry: BTreeMap<String, DateTime<Utc>>,
    pub issued: u64,
}

impl Tokens {
    pub fn revoke_all(&mut self) {
        self.expiry.clear();
    }

    /// What is wrong with the token of a call, if anything.
    pub fn refusal(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Option<&'static str> {
        let Some(value) = headers.get(AUTHORIZATION) else {
            return Some("Authentication credentials were not provided.");
        };
        let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        match token.and_then(|token| self.expiry.get(token)) {
            Some(expiry) if now < *expiry => None,
            Some(_) => Some("Token has expired."),
            None => Some("Invalid token."),
        }
    }

    /// A token straight away, for tests that do not want to ask for one.
    pub fn issue(&mut self, seconds: u32, now: DateTime<Utc>, rng: &mut Xoshiro256PlusPlus) -> String {
        self.expiry.retain(|_, expiry| *expiry > now);
        let token = format!("sandbox-{:032x}", rng.random::<u128>());
        self.expiry.insert(token.clone(), now + TimeDelta::seconds(seconds.into()));
        self.issued += 1;
        token
    }

    pub fn endpoint(
        &mut self,
        request: &Request<Bytes>,
        client: &Client,
        seconds: u32,
        now: DateTime<Utc>,
        rng: &mut Xoshiro256PlusPlus,
    ) -> Response<Bytes> {
        if request.method() != Method::POST {
            return oauth_error(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", "Only POST is allowed");
        }
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return oauth_error(StatusCode::BAD_REQUEST, "invalid_request", "Not a form");
        }
        let form: BTreeMap<_, _> = form_urlencoded::parse(request.body()).into_owned().collect();
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        if field("grant_type") != "client_credentials" {
            return oauth_error(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Unsupported grant_type");
        }
        if field("client_id") != client.id || field("client_secret") != client.secret {
            return oauth_error(
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "Invalid client or Invalid client credentials",
            );
        }
        if !field("scope").split(' ').any(|scope| scope == "openid") {
            return oauth_error(StatusCode::BAD_REQUEST, "invalid_scope", "The scope openid is wanted");
        }
        let token = self.issue(seconds, now, rng);
        json_answer(
            StatusCode::OK,
            &json!({"access_token": token, "expires_in": seconds, "refresh_expires_in": 0, "token_type": "Bearer",
                    "not-before-policy": 0, "scope": "openid profile email"}),
        )
    }
}

fn oauth_error(status: StatusCode, error: &str, description: &str) -> Response<Bytes> {
    json_answer(status, &json!({ "error": error, "error_description": description }))
}

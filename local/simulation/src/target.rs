//! Whom a call is about.

use bytes::Bytes;
use http::Request;
use sandbox::erp::{DECISIONS_WANTED, OUTCOMES};

/// What a request asks for. Keys as they stand in the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The shop's token.
    Token,
    /// A page of the user list.
    Users,
    /// One user.
    User(String),
    /// One profile.
    Profile(String),
    /// One customer.
    Customer(String),
    /// One address.
    Address(String),
    /// A registration on its way to the ERP, of this user.
    Message(String),
    /// What the ERP is told of how this user's registration ended, or of nobody in particular.
    Outcome(String),
}

impl Target {
    /// Reads it off the request.
    pub fn of(request: &Request<Bytes>) -> Self {
        if request.uri().host() == Some(ERP) {
            let message: serde_json::Value = serde_json::from_slice(request.body()).unwrap_or_default();
            let user = message["data"]["user_key"].as_str().unwrap_or_default().to_owned();
            let outcome = message["type"]
                .as_str()
                .is_some_and(|kind| OUTCOMES.contains(&kind) || kind == DECISIONS_WANTED);
            return if outcome { Self::Outcome(user) } else { Self::Message(user) };
        }
        let mut segments = request.uri().path().trim_matches('/').split('/').skip(1);
        match (segments.next(), segments.nth(1), segments.next()) {
            (Some("origin"), Some("user"), None) => Self::Users,
            (Some("origin"), Some("user"), Some(key)) => Self::User(key.to_owned()),
            (Some("origin"), Some("customer"), Some(key)) => Self::Customer(key.to_owned()),
            (Some("origin"), Some("address"), Some(key)) => Self::Address(key.to_owned()),
            (Some("userprofile"), ..) => Self::Profile(
                request.uri().path().trim_matches('/').rsplit('/').next().unwrap_or_default().to_owned(),
            ),
            _ => Self::Token,
        }
    }
}

impl Target {
    /// Whether the ERP is asked, and not the shop.
    pub fn is_of_erp(&self) -> bool {
        matches!(self, Self::Message(_) | Self::Outcome(_))
    }
}

/// The host names of the simulated network.
pub const SHOP: &str = "shop.example";
/// The ERP's.
pub const ERP: &str = "erp.example";

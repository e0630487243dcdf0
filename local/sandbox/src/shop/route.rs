//! Which object a path means.

use bytes::Bytes;
use http::{Method, Request};
use percent_encoding::percent_decode_str;

use super::behaviour::{PathCase, SlashRule};
use crate::fault::Call;

/// The kinds of parties that an integration writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartyKind {
    /// A customer.
    Customer,
    /// An address of a customer.
    Address,
}

/// What a path means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Token { realm: String },
    Users { origin: String },
    User { origin: String, key: String },
    Profile { id: String },
    Parties { kind: PartyKind, origin: String },
    Party { kind: PartyKind, origin: String, key: String },
    Redirect { to: String },
    Nothing,
}

impl Route {
    pub fn of(request: &Request<Bytes>, case: PathCase, slash: SlashRule) -> Self {
        let path = request.uri().path();
        let mut segments: Vec<String> = path
            .trim_start_matches('/')
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let slashed = segments.last().is_some_and(String::is_empty);
        if slashed {
            segments.pop();
        }
        let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
        if let ["realms", realm, "protocol", "openid-connect", "token"] = parts[..] {
            return Self::Token { realm: realm.to_owned() };
        }
        let api = |segment: &str| match case {
            PathCase::Any => segment.eq_ignore_ascii_case("api"),
            PathCase::LowerOnly => segment == "api",
        };
        let Some((&first, rest)) = parts.split_first() else { return Self::Nothing };
        if !api(first) {
            return Self::Nothing;
        }
        let route = Self::object(rest);
        if slashed && slash == SlashRule::Without {
            return Self::Nothing;
        }
        if route != Self::Nothing && !slashed && slash == SlashRule::Redirect {
            let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
            return Self::Redirect { to: format!("{path}/{query}") };
        }
        route
    }

    fn object(parts: &[&str]) -> Self {
        let kind_of = |name| match name {
            "customer" => Some(PartyKind::Customer),
            "address" => Some(PartyKind::Address),
            _ => None,
        };
        match *parts {
            ["userprofile", id] => Self::Profile { id: id.to_owned() },
            ["origin", origin, "user"] => Self::Users { origin: origin.to_owned() },
            ["origin", origin, "user", key] => Self::User { origin: origin.to_owned(), key: key.to_owned() },
            ["origin", origin, name] => {
                kind_of(name).map_or(Self::Nothing, |kind| Self::Parties { kind, origin: origin.to_owned() })
            }
            ["origin", origin, name, key] => kind_of(name).map_or(Self::Nothing, |kind| Self::Party {
                kind,
                origin: origin.to_owned(),
                key: key.to_owned(),
            }),
            _ => Self::Nothing,
        }
    }

    /// The kind of call that a fault names.
    pub fn call(&self, method: &Method) -> Call {
        let pick = |kind, customer, address| match kind {
            PartyKind::Customer => customer,
            PartyKind::Address => address,
        };
        match (self, method.as_str()) {
            (Self::Token { .. }, _) => Call::Token,
            (Self::Users { .. }, "GET") => Call::UserList,
            (Self::User { .. }, "GET") => Call::UserGet,
            (Self::User { .. }, "PATCH") => Call::UserPatch,
            (Self::Profile { .. }, "GET") => Call::Profile,
            (Self::Parties { kind, .. }, "GET") => pick(*kind, Call::CustomerList, Call::AddressList),
            (Self::Parties { kind, .. }, "POST") => pick(*kind, Call::CustomerPost, Call::AddressPost),
            (Self::Party { kind, .. }, "GET") => pick(*kind, Call::CustomerGet, Call::AddressGet),
            (Self::Party { kind, .. }, "PUT") => pick(*kind, Call::CustomerPut, Call::AddressPut),
            (Self::Party { kind, .. }, "DELETE") => pick(*kind, Call::CustomerDelete, Call::AddressDelete),
            _ => Call::Other,
        }
    }
}

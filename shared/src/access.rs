//! Who may call the functions: named bearer tokens with scopes.

use http::{HeaderMap, header::AUTHORIZATION};
use subtle::ConstantTimeEq;

use crate::{print::print, secret::Secret, session::Ticket};

/// The fewest characters of a token. 24 random base64 characters hold 144 bits.
pub const TOKEN_LENGTH: usize = 24;

/// The longest name of a token, in bytes: it stands in the timeline and in log lines.
const NAME_LENGTH: usize = 64;

/// What the signer of messages is called in the log and the timeline. No token has this name.
pub(crate) const SIGNER: &str = "ERP";

/// Who calls, after it has shown who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Whoever has the token with this name. A token and the one that replaces it may have one name.
    Token(String),
    /// Whoever signs messages with one of `webhook_secrets`.
    Signer,
}

impl Caller {
    /// The name for the log and the timeline.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Token(name) => name,
            Self::Signer => SIGNER,
        }
    }

    /// The name under which its requests are counted: no token's is the signer's.
    pub(crate) fn counted_as(&self) -> String {
        match self {
            Self::Token(name) => format!("token:{name}"),
            Self::Signer => "signer".to_owned(),
        }
    }
}

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// To call `/fetch-new-users`.
    Tick,
    /// To read registrations.
    Read,
    /// To decide on registrations and to activate users.
    Decide,
    /// To erase personal data.
    Erase,
}

impl Scope {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "tick" => Some(Self::Tick),
            "read" => Some(Self::Read),
            "decide" => Some(Self::Decide),
            "erase" => Some(Self::Erase),
            _ => None,
        }
    }
}

#[derive(Debug, Clone)]
struct Token {
    name: String,
    scopes: Vec<Scope>,
    secret: Secret,
}

/// The tokens of the setting `api_tokens`: `name:scope+scope:token`, separated by commas.
#[derive(Debug, Clone)]
pub struct ApiTokens(Vec<Token>);

/// Why a caller may not do what it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied<'a> {
    /// No token, or one that is not known: 401.
    Unknown,
    /// A known token, with this name, without the scope: 403.
    OutOfScope(&'a str),
}

/// What a token grants.
#[derive(Debug, Clone, Copy)]
pub struct Granted<'a> {
    /// Its name.
    pub name: &'a str,
    scopes: &'a [Scope],
    pub(crate) secret: &'a Secret,
}

impl Granted<'_> {
    /// Whether it may do what `scope` covers.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// All that it may do.
    #[must_use]
    pub fn scopes(&self) -> &[Scope] {
        self.scopes
    }
}

impl ApiTokens {
    /// Reads the setting.
    ///
    /// # Errors
    /// What is wrong with which entry, by its number and never by its text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let tokens = entries.enumerate().map(|(at, entry)| {
            let mut parts = entry.splitn(3, ':');
            let (Some(name), Some(scopes), Some(token)) = (parts.next(), parts.next(), parts.next()) else {
                return Err(format!("entry {} is not name:scope+scope:token", at + 1));
            };
            // Another character could not be sent in a header, or would not come out of it as it went in.
            let name_fits = (1..=NAME_LENGTH).contains(&name.len())
                && name != SIGNER
                && !name.contains(char::is_control);
            if !name_fits || token.len() < TOKEN_LENGTH || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(format!(
                    "entry {} needs a name of at most {NAME_LENGTH} bytes, other than {SIGNER}, and a token of at least {TOKEN_LENGTH} ASCII characters without blanks",
                    at + 1
                ));
            }
            let scopes: Option<Vec<_>> = scopes.split('+').map(Scope::parse).collect();
            let scopes = scopes.ok_or_else(|| {
                format!("entry {} has a scope other than tick, read, decide, erase", at + 1)
            })?;
            Ok(Token { name: name.to_owned(), scopes, secret: Secret::new(token) })
        });
        let tokens = tokens.collect::<Result<Vec<_>, _>>()?;
        if tokens.is_empty() { Err("no token is set".to_owned()) } else { Ok(Self(tokens)) }
    }

    /// The name of the caller, if it may do what `scope` covers.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn admit(&self, headers: &HeaderMap, scope: Scope) -> Result<&str, Denied<'_>> {
        let granted = self.bearer(headers).ok_or(Denied::Unknown)?;
        if granted.may(scope) { Ok(granted.name) } else { Err(Denied::OutOfScope(granted.name)) }
    }

    /// What the token grants that a request brings along, if it is one of these.
    #[must_use]
    pub fn bearer(&self, headers: &HeaderMap) -> Option<Granted<'_>> {
        let mut given = headers.get_all(AUTHORIZATION).iter();
        // Of two a proxy may have looked at another one than we would.
        let (Some(value), None) = (given.next(), given.next()) else { return None };
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        if scheme.eq_ignore_ascii_case("bearer") { self.known(token.trim()) } else { None }
    }

    /// What a token grants, if it is one of these.
    #[must_use]
    pub fn known(&self, token: &str) -> Option<Granted<'_>> {
        let given = print(&[token.as_bytes()]);
        self.find(&given, |secret| print(&[secret.reveal().as_bytes()]))
    }

    /// What the token grants that a ticket is bound to, if it is one of these.
    #[must_use]
    pub fn bound(&self, ticket: &Ticket, bound: &str) -> Option<Granted<'_>> {
        self.find(bound, |secret| ticket.bound_to(secret))
    }

    /// Prints have one length, and every token is compared, so time tells neither length nor position. Of several entries with one
    /// token the last counts.
    fn find(&self, given: &str, print: impl Fn(&Secret) -> String) -> Option<Granted<'_>> {
        let token = self.0.iter().fold(None, |found, token| {
            let same = print(&token.secret).as_bytes().ct_eq(given.as_bytes());
            if bool::from(same) { Some(token) } else { found }
        })?;
        Some(Granted { name: &token.name, scopes: &token.scopes, secret: &token.secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTING: &str = "cron:tick:aaaaaaaaaaaaaaaaaaaaaaaa, anna:read+decide:bbbbbbbbbbbbbbbbbbbbbbbb:b";

    fn bearer(value: &str) -> HeaderMap {
        [(AUTHORIZATION, value.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn a_token_opens_what_its_scopes_cover_and_no_more() {
        let tokens = ApiTokens::parse(SETTING).unwrap();
        for (given, scope, want) in [
            ("Bearer aaaaaaaaaaaaaaaaaaaaaaaa", Scope::Tick, Ok("cron")),
            ("bearer aaaaaaaaaaaaaaaaaaaaaaaa", Scope::Decide, Err(Denied::OutOfScope("cron"))),
            ("Bearer bbbbbbbbbbbbbbbbbbbbbbbb:b", Scope::Decide, Ok("anna")),
            ("Bearer bbbbbbbbbbbbbbbbbbbbbbbb", Scope::Read, Err(Denied::Unknown)),
            ("Basic aaaaaaaaaaaaaaaaaaaaaaaa", Scope::Tick, Err(Denied::Unknown)),
            ("Bearer ", Scope::Tick, Err(Denied::Unknown)),
        ] {
            assert_eq!(tokens.admit(&bearer(given), scope), want, "{given} {scope:?}");
        }
        assert_eq!(tokens.admit(&HeaderMap::new(), Scope::Tick), Err(Denied::Unknown));
        let mut twice = bearer("Bearer aaaaaaaaaaaaaaaaaaaaaaaa");
        twice.append(AUTHORIZATION, "Bearer aaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap());
        assert_eq!(tokens.admit(&twice, Scope::Tick), Err(Denied::Unknown), "which of them counts?");
    }

    #[test]
    fn a_bad_setting_is_named_by_position_and_never_shown() {
        let short = "entry 1 needs a name of at most 64 bytes, other than ERP, and a token of at least 24 ASCII characters without blanks";
        for (given, want) in [
            ("", "no token is set"),
            ("cron:tick", "entry 1 is not name:scope+scope:token"),
            ("cron:tick:short", short),
            ("cron:tick: aaaaaaaaaaaaaaaaaaaaaaaa", short),
            ("cr\non:tick:aaaaaaaaaaaaaaaaaaaaaaaa", short),
            ("cron:tick:éééééééééééééééééééééééé", short),
            (
                "cron:tock:aaaaaaaaaaaaaaaaaaaaaaaa",
                "entry 1 has a scope other than tick, read, decide, erase",
            ),
        ] {
            assert_eq!(ApiTokens::parse(given).err().as_deref(), Some(want), "{given}");
        }
        assert!(!format!("{:?}", ApiTokens::parse(SETTING).unwrap()).contains("aaaa"));
    }
}

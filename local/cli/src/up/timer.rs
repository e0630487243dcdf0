//! `--every 5m /fetch-new-users`, and the token that goes with it.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use runner::Every;

const TOKEN: &str = "ONBOARDING_TICK_TOKEN";
const TOKENS: &str = "SPIN_VARIABLE_API_TOKENS";

/// The calls of the timer, from the values of `--every`: a period and a route each.
///
/// # Errors
/// A value is not what it should be, or there is no token to send.
pub fn calls(values: &[String], environment: impl Fn(&str) -> Option<String>) -> Result<Vec<Every>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let token = environment(TOKEN)
        .or_else(|| environment(TOKENS).and_then(|tokens| with_scope(&tokens, "tick").map(str::to_owned)))
        .with_context(|| {
            format!("--every needs a token to send: set {TOKEN}, or give one in {TOKENS} the scope `tick`")
        })?;
    let mut bearer: HeaderValue = format!("Bearer {token}").parse().with_context(|| {
        format!("the token of {TOKEN} or {TOKENS} has characters that no header may have")
    })?;
    bearer.set_sensitive(true);
    let headers: HeaderMap = [(AUTHORIZATION, bearer)].into_iter().collect();
    let (pairs, _) = values.as_chunks();
    pairs.iter().map(|pair| call(pair, headers.clone())).collect()
}

fn call([period, route]: &[String; 2], headers: HeaderMap) -> Result<Every> {
    let example = "expected a period and a route, such as --every 5m /fetch-new-users";
    let period =
        humantime::parse_duration(period).with_context(|| format!("--every {period} {route}: {example}"))?;
    if period < Duration::from_secs(1) || !route.starts_with('/') {
        bail!("--every {period:?} {route}: {example}, and not more often than once a second");
    }
    Ok(Every { headers, ..Every::new(period, route) })
}

/// The first token with this scope in a list of `name:scope+scope:token`, separated by commas.
fn with_scope<'a>(tokens: &'a str, scope: &str) -> Option<&'a str> {
    tokens.split(',').find_map(|entry| {
        let mut parts = entry.trim().splitn(3, ':').skip(1);
        let (scopes, token) = (parts.next()?, parts.next()?);
        scopes.split('+').any(|covered| covered == scope).then_some(token)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_first_token_with_the_scope_is_taken_colons_and_all() {
        let tokens = "anna:read:aaaa, cron:read+tick:bb:bb ,other:tick:cccc";
        assert_eq!(with_scope(tokens, "tick"), Some("bb:bb"));
        assert_eq!(with_scope(tokens, "erase"), None);
        assert_eq!(with_scope("", "tick"), None);
        assert_eq!(
            with_scope("cron:ticks:dddd, cron:tick", "tick"),
            None,
            "neither a longer word nor half an entry"
        );
    }

    #[test]
    fn each_pair_is_a_call_with_the_tokens_header() {
        let environment = |name: &str| (name == TOKENS).then(|| "cron:tick:abcd".to_owned());
        let calls = calls(&values("5m /fetch-new-users 1h /other?x=1"), environment).unwrap();
        let shown: Vec<_> =
            calls.iter().map(|every| (every.period.as_secs(), every.route.as_str())).collect();
        assert_eq!(shown, [(300, "/fetch-new-users"), (3600, "/other?x=1")]);
        assert_eq!(calls[0].headers[AUTHORIZATION], "Bearer abcd");
        assert!(calls[0].headers[AUTHORIZATION].is_sensitive());
    }

    #[test]
    fn the_variable_of_its_own_wins() {
        let environment = |name: &str| Some(if name == TOKEN { "mine" } else { "cron:tick:abcd" }.to_owned());
        let calls = calls(&values("5m /fetch-new-users"), environment).unwrap();
        assert_eq!(calls[0].headers[AUTHORIZATION], "Bearer mine");
    }

    #[test]
    fn what_is_wrong_is_said_with_an_example() {
        let token = |_: &str| Some("x".to_owned());
        for text in
            ["/fetch-new-users 5m", "often /fetch-new-users", "5m fetch-new-users", "10ms /fetch-new-users"]
        {
            let error = calls(&values(text), token).unwrap_err().to_string();
            assert!(error.contains("such as --every 5m /fetch-new-users"), "{text}: {error}");
        }
        let error = calls(&values("5m /fetch-new-users"), |_| None).unwrap_err().to_string();
        assert!(error.contains(TOKEN) && error.contains(TOKENS), "{error}");
    }

    #[test]
    fn without_a_timer_no_token_is_asked_for() {
        assert!(calls(&[], |_| None).unwrap().is_empty());
    }
}

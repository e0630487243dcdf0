//! Settings, as an operator may have typed them.

use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use http::{HeaderMap, HeaderValue, Uri, header::AUTHORIZATION};
use shared::{
    access::{ApiTokens, Scope},
    settings::{
        AlertSettings, BadSetting, ErpSettings, ShopSettings, TickSettings, Variables, api_tokens,
        rate_limit, webhook_keys,
    },
};

use crate::bounded;

/// Added to each secret: no complaint may show it.
const MARK: &str = "hunter2hunter2";

const GOOD: [(&str, &str); 34] = [
    ("cloudsuite_host", "https://shop.example"),
    ("cloudsuite_token_host", "https://id.example"),
    ("cloudsuite_token_path", "/token"),
    ("cloudsuite_client_id", "shop-integration"),
    ("cloudsuite_client_secret", "something"),
    ("origins", "SHOP"),
    ("shop_time_zone", "Europe/Amsterdam"),
    ("trailing_slash", "always"),
    ("user_filter", ""),
    ("user_key_pattern", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
    ("start_from", ""),
    ("first_run", "report"),
    ("dry_run", "false"),
    ("page_limit", "100"),
    ("concurrency", "8"),
    ("overlap", "3h"),
    ("time_budget", "25s"),
    ("doubt_wait", "60s"),
    ("retry_attempts", "200"),
    ("retry_for", "7d"),
    ("recheck_after", "1h"),
    ("recheck_max", "20"),
    ("retention_days", "365"),
    ("erp_host", "https://erp.example"),
    ("erp_path", "/"),
    ("erp_signing_secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u"),
    ("erp_outcomes", "all"),
    ("alert_host", "https://alerts.example"),
    ("alert_path", "/"),
    ("alert_signing_secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u"),
    ("scan_max_age", "15m"),
    ("webhook_secrets", "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u"),
    ("api_tokens", "cron:tick:aaaaaaaaaaaaaaaaaaaaaaaa"),
    ("rate_limit", "600"),
];

/// Lines of `name=value`; what is not set is good.
///
/// # Panics
/// If a setting is accepted that cannot be used, or a complaint shows a secret.
pub fn settings(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if text.contains(MARK) {
        // What is no secret may be shown.
        return;
    }
    let set =
        |asked: &str| text.lines().filter_map(|line| line.split_once('=')).find(|(name, _)| *name == asked);
    let value = |asked: &'static str| {
        let good = || GOOD.iter().find(|(name, _)| *name == asked).map_or("", |(_, value)| value);
        set(asked).map_or_else(good, |(_, value)| value).to_owned()
    };
    let variables = Variables(&value);
    complaint(ShopSettings::read(&variables).map(|settings| shop(&settings)));
    complaint(
        ErpSettings::read(&variables)
            .map(|settings| settings.iter().for_each(|erp| address(&erp.receiver.address))),
    );
    complaint(AlertSettings::read(&variables).map(|settings| {
        if let Some(alerts) = settings {
            address(&alerts.receiver.address);
        }
    }));
    complaint(TickSettings::read(&variables).map(|settings| tick(&settings)));
    complaint(
        webhook_keys(&variables).map(|keys| assert!(!keys.is_empty(), "open to nobody, and nobody is told")),
    );
    complaint(rate_limit(&variables).map(drop));
    complaint(api_tokens(&variables).map(|tokens| admitted(&tokens, &value("api_tokens"))));

    let marked = |name: &'static str| match name {
        "cloudsuite_client_secret"
        | "erp_signing_secret"
        | "alert_signing_secret"
        | "webhook_secrets"
        | "api_tokens" => value(name) + MARK,
        _ => value(name),
    };
    let marked = Variables(&marked);
    for complaint in [
        ShopSettings::read(&marked).map(|settings| format!("{settings:?}")),
        ErpSettings::read(&marked).map(|settings| format!("{settings:?}")),
        AlertSettings::read(&marked).map(|settings| format!("{settings:?}")),
        webhook_keys(&marked).map(|keys| format!("{keys:?}")),
        api_tokens(&marked).map(|tokens| format!("{tokens:?}")),
    ] {
        let said = complaint.unwrap_or_else(|bad| bad.to_string());
        assert!(!said.contains(MARK), "a secret is shown: {said}");
    }
}

fn complaint(read: Result<(), BadSetting>) {
    if let Err(bad) = read {
        bounded(&bad.to_string());
        assert!(GOOD.iter().any(|(name, _)| *name == bad.name), "{} is no setting", bad.name);
    }
}

/// What is called is what was written: nothing of it gets lost in the address.
fn address(address: &str) {
    let uri: Uri = address.parse().unwrap_or_else(|error| panic!("{address} cannot be called: {error}"));
    assert_eq!(uri.to_string(), *address);
    assert!(uri.authority().is_some_and(|authority| !authority.as_str().contains('@')), "{address}");
    let port = uri.authority().and_then(|authority| authority.as_str().rsplit_once(':'));
    assert!(
        port.is_none_or(|(_, port)| port.ends_with(']') || uri.port_u16().is_some()),
        "{address} has no port"
    );
}

fn shop(settings: &ShopSettings) {
    assert!(!settings.origins.is_empty(), "nothing would be fetched, and nobody is told");
    address(&format!("{}/api", settings.host));
    assert_eq!(settings.host, settings.host.to_lowercase());
    address(&settings.token_address);
    for origin in &settings.origins {
        assert_eq!(origin.to_string().parse().as_ref(), Ok(origin));
    }
    assert_eq!(settings.zone.name().parse(), Ok(settings.zone));
    period(settings.doubt_wait);
}

fn tick(settings: &TickSettings) {
    for each in [settings.overlap, settings.time_budget, settings.recheck_after] {
        period(each);
    }
    if let Some(start) = settings.start_from {
        assert_eq!(start.to_string().parse(), Ok(start));
        assert!(start.earlier(settings.overlap) <= start);
    }
    assert!((2..=1000).contains(&settings.page_limit) && (1..=64).contains(&settings.concurrency));
    let query = format!("limit=2&{}", settings.user_filter);
    let uri: Uri = format!("/?{query}").parse().expect("a filter is part of a query");
    assert_eq!(uri.query(), Some(query.as_str()));
}

/// A time can be added to any moment of our days, and is written as it is read.
fn period(period: TimeDelta) {
    let now = DateTime::from_timestamp(1_772_442_900, 0).expect("a moment of our days");
    assert!(now.checked_add_signed(period).is_some() && now.checked_sub_signed(period).is_some(), "{period}");
    let time: Duration = period.to_std().expect("a time is not negative");
    assert_eq!(humantime::parse_duration(&humantime::format_duration(time).to_string()), Ok(time));
}

/// Each token that is accepted opens what one of its entries says.
fn admitted(tokens: &ApiTokens, text: &str) {
    let scopes =
        [("tick", Scope::Tick), ("read", Scope::Read), ("decide", Scope::Decide), ("erase", Scope::Erase)];
    let entries = || {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(|entry| entry.splitn(3, ':').collect::<Vec<_>>())
    };
    for entry in entries() {
        let [name, given, token] = entry[..] else { panic!("{entry:?} is accepted") };
        let value = HeaderValue::from_str(&format!("Bearer {token}"));
        let value = value.unwrap_or_else(|_| panic!("{token:?} cannot be sent"));
        let headers: HeaderMap = [(AUTHORIZATION, value)].into_iter().collect();
        for (word, scope) in scopes {
            let admitted = tokens.admit(&headers, scope);
            let alike = || entries().filter(|other| other[2] == token);
            if alike().count() == 1 {
                assert_eq!(admitted.ok(), given.split('+').any(|one| one == word).then_some(name), "{word}");
            } else {
                assert!(admitted.is_err() || alike().any(|other| Some(other[0]) == admitted.ok()));
            }
        }
        let shorter = HeaderValue::from_str(&format!("Bearer {}", &token[..token.len() / 2]));
        let headers: HeaderMap = shorter.into_iter().map(|value| (AUTHORIZATION, value)).collect();
        let known = || entries().any(|other| other[2].len() < token.len() && token.starts_with(other[2]));
        assert!(tokens.admit(&headers, Scope::Tick).is_err() || known(), "half a token is enough");
    }
}

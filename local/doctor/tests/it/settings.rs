//! What is said about each setting.

use std::collections::BTreeMap;

use doctor::Mark;

use crate::stage::{declared, expect, mismatch, settings, values};

#[test]
fn each_setting_is_right_or_wrong_or_missing() {
    let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";
    for (name, value, mark, words) in [
        (
            "cloudsuite_host",
            "",
            Mark::Wrong,
            "is not set | set SPIN_VARIABLE_CLOUDSUITE_HOST: scheme and host",
        ),
        (
            "cloudsuite_host",
            "https://shop.example/api",
            Mark::Wrong,
            "expected scheme and host only, such as https://api.cloudsuite.io | correct SPIN_VARIABLE_CLOUDSUITE_HOST",
        ),
        (
            "cloudsuite_host",
            "https://anna:hunter2@shop.example",
            Mark::Wrong,
            "expected scheme and host only",
        ),
        ("cloudsuite_host", "https://test-api.cloudsuite.io", Mark::Ok, "https://test-api.cloudsuite.io"),
        ("cloudsuite_token_path", "realms/x", Mark::Wrong, "a path that begins with /"),
        ("shop_time_zone", "Mars/Olympus", Mark::Wrong, "a zone such as Europe/Amsterdam"),
        ("shop_time_zone", "Europe/Brussels", Mark::Ok, "Europe/Brussels"),
        ("trailing_slash", "sometimes", Mark::Wrong, "always, never or documented"),
        ("trailing_slash", "never", Mark::Ok, "never"),
        ("page_limit", "1", Mark::Wrong, "a number from 2 to 1000"),
        ("overlap", "long", Mark::Wrong, "a time such as 25s, 15m or 3h"),
        ("start_from", "yesterday", Mark::Wrong, "expected a time such as"),
        ("start_from", "", Mark::Warning, "nothing is announced"),
        ("api_tokens", "cron:tick:short", Mark::Wrong, "at least 24 ASCII characters"),
        ("api_tokens", "cron:tock:012345678901234567890123", Mark::Wrong, "a scope other than"),
        ("api_tokens", "cron:tick:012345678901234567890123", Mark::Ok, "set"),
        ("webhook_secrets", "hunter2", Mark::Wrong, "base64 of 24 to 64 random bytes"),
        ("webhook_secrets", secret, Mark::Ok, "set"),
        ("erp_host", "", Mark::Wrong, "is not set"),
        ("erp_host", "https://erp-host.invalid", Mark::Note, "has to ask by itself"),
        ("erp_signing_secret", "", Mark::Note, "not needed without erp_host"),
        ("alert_host", "https://alert-host.invalid", Mark::Warning, "nobody is called"),
        ("alert_path", "/services/hunter2", Mark::Ok, "set"),
        ("user_filter", "", Mark::Ok, "which is well"),
        ("user_filter", "web shop", Mark::Wrong, "query parameters"),
    ] {
        let mut values = values("https://shop.example");
        values.insert(name, value.to_owned());
        let findings = settings(&values).findings();
        expect(&findings, &format!("setting.{name}"), mark, words);
        assert!(!format!("{findings:?}").contains("hunter2"), "{name} shows what may be a secret");
    }
}

#[test]
fn an_erp_without_a_secret_is_wrong() {
    let mut values = values("https://shop.example");
    values.insert("erp_host", "https://erp.example".to_owned());
    let findings = settings(&values).findings();
    expect(&findings, "setting.erp_signing_secret", Mark::Wrong, "openssl rand -base64 32");
}

#[test]
fn every_wrong_setting_is_named_and_not_only_the_first() {
    let wrong = [
        "cloudsuite_host",
        "cloudsuite_token_path",
        "origins",
        "shop_time_zone",
        "trailing_slash",
        "retry_attempts",
        "page_limit",
        "concurrency",
        "scan_max_age",
        "webhook_secrets",
        "api_tokens",
        "rate_limit",
    ];
    let values: BTreeMap<_, _> = wrong.map(|name| (name, "\u{1}?".to_owned())).into();
    let findings = settings(&values).findings();
    for name in wrong {
        expect(&findings, &format!("setting.{name}"), Mark::Wrong, "correct SPIN_VARIABLE_");
    }
}

#[test]
fn every_setting_of_the_manifest_is_checked() {
    // With a value that no form allows: what is not checked would be called right.
    let declared = declared();
    let mut values: BTreeMap<_, _> = declared.keys().map(|name| (name.as_str(), " ? ".to_owned())).collect();
    // So that their companions are looked at too.
    values.insert("erp_host", "https://erp.example".to_owned());
    values.insert("alert_host", "https://alert.example".to_owned());
    let findings = settings(&values).findings();
    // Any text does for these, and `?` alone is an empty query.
    let free = [
        "cloudsuite_client_id",
        "cloudsuite_client_secret",
        "user_filter",
        "user_key_pattern",
        "erp_host",
        "alert_host",
        "origins",
    ];
    for name in declared.keys().filter(|name| !free.contains(&name.as_str())) {
        assert_eq!(mismatch(&findings, &format!("setting.{name}"), Mark::Wrong, ""), None);
    }
}

#[test]
fn a_misspelt_variable_is_told_with_the_nearest_name() {
    let mut values = values("https://shop.example");
    values.insert("cloud_suite_host", "x".to_owned());
    values.insert("proxy", "x".to_owned());
    let findings = settings(&values).findings();
    expect(
        &findings,
        "no_setting.SPIN_VARIABLE_CLOUD_SUITE_HOST",
        Mark::Warning,
        "did you mean SPIN_VARIABLE_CLOUDSUITE_HOST?",
    );
    expect(&findings, "no_setting.SPIN_VARIABLE_PROXY", Mark::Warning, "look up the name");
    assert_eq!(findings.iter().filter(|finding| finding.id.starts_with("no_setting")).count(), 2);
}

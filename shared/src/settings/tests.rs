use proptest::prelude::*;

use super::*;

fn good(name: &str) -> &'static str {
    match name {
        "cloudsuite_host" | "cloudsuite_token_host" => "https://shop.example",
        "cloudsuite_token_path" => "/token",
        "cloudsuite_client_id" | "cloudsuite_client_secret" => "something",
        "origins" => "SHOP, B2B",
        "shop_time_zone" => "Europe/Amsterdam",
        "trailing_slash" => "always",
        "user_key_pattern" => "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        "doubt_wait" => "60s",
        "retry_attempts" => "200",
        "retry_for" => "7d",
        "first_run" => "report",
        "dry_run" => "false",
        "erp_host" => "https://erp-host.invalid",
        "erp_path" | "alert_path" => "/",
        "erp_outcomes" => "all",
        "alert_host" => "https://alert-host.invalid",
        "scan_max_age" => "15m",
        "page_limit" => "100",
        "concurrency" => "8",
        "overlap" => "3h",
        "time_budget" => "25s",
        "recheck_after" => "1h",
        "recheck_max" => "20",
        "retention_days" => "365",
        _ => "",
    }
}

/// The complaint about the settings when `name` has `value` and all others are good.
fn complaint(name: &'static str, value: &str) -> Option<String> {
    let get = |asked: &'static str| if asked == name { value.to_owned() } else { good(asked).to_owned() };
    let variables = Variables(&get);
    let shop = ShopSettings::read(&variables).map(drop);
    let rest = shop.and_then(|()| ErpSettings::read(&variables).map(drop));
    let rest = rest.and_then(|()| AlertSettings::read(&variables).map(drop));
    rest.and_then(|()| TickSettings::read(&variables).map(drop)).err().map(|bad| bad.to_string())
}

#[test]
fn each_bad_setting_is_named_with_what_it_wants() {
    for (name, value, want) in [
        ("cloudsuite_host", "", "setting cloudsuite_host: is not set"),
        ("cloudsuite_host", "https://cloudsuite-host.invalid", "setting cloudsuite_host: is not set"),
        (
            "erp_host",
            "https://user:hunter2@erp.example",
            "setting erp_host: expected scheme and host only, such as https://api.cloudsuite.io",
        ),
        (
            "cloudsuite_host",
            "https://shop.example/api",
            "setting cloudsuite_host: expected scheme and host only, such as https://api.cloudsuite.io",
        ),
        (
            "cloudsuite_token_host",
            "shop.example",
            "setting cloudsuite_token_host: expected scheme and host only, such as https://api.cloudsuite.io",
        ),
        (
            "cloudsuite_token_path",
            "token",
            "setting cloudsuite_token_path: expected a path that begins with /",
        ),
        ("cloudsuite_client_secret", " ", "setting cloudsuite_client_secret: is not set"),
        (
            "cloudsuite_host",
            "https://shop.example#api",
            "setting cloudsuite_host: expected scheme and host only, such as https://api.cloudsuite.io",
        ),
        (
            "cloudsuite_host",
            "https://shop.example:99999",
            "setting cloudsuite_host: expected scheme and host only, such as https://api.cloudsuite.io",
        ),
        (
            "cloudsuite_token_path",
            "/token#new",
            "setting cloudsuite_token_path: expected a path that begins with /",
        ),
        ("origins", ",", "setting origins: is not set"),
        ("time_budget", "1000000y", "setting time_budget: is too long: expected at most 366d"),
        ("user_filter", "webshop=1#new", "setting user_filter: expected query parameters such as webshop=1"),
        ("trailing_slash", "maybe", "setting trailing_slash: expected always, never or documented"),
        ("page_limit", "many", "setting page_limit: expected a number from 2 to 1000"),
        ("retry_attempts", "1", "setting retry_attempts: expected a number from 2 to 100000"),
        ("retry_for", "long", "setting retry_for: expected a time such as 25s, 15m or 3h"),
        ("concurrency", "0", "setting concurrency: expected a number from 1 to 64"),
        ("overlap", "3", "setting overlap: expected a time such as 25s, 15m or 3h"),
        (
            "start_from",
            "soon",
            "setting start_from: expected a time such as 2026-02-03T08:15:30 or a date such as 2026-02-03, without a zone",
        ),
        ("user_filter", "a b", "setting user_filter: expected query parameters such as webshop=1"),
        ("user_key_pattern", "*-x", "setting user_key_pattern: expected * at the end only"),
        ("erp_host", "https://erp.example", "setting erp_signing_secret: is not set"),
    ] {
        assert_eq!(complaint(name, value).as_deref(), Some(want), "{name} = {value:?}");
    }
    assert_eq!(complaint("none", ""), None);
}

#[test]
fn a_zone_that_does_not_exist_is_refused() {
    let complaint = complaint("shop_time_zone", "Europe/Utrecht").unwrap();
    assert!(complaint.starts_with("setting shop_time_zone: expected a zone such as"), "{complaint}");
}

#[test]
fn a_pattern_tells_self_registered_users_from_others() {
    for (pattern, key, want) in [
        ("xxxx-9", "5b1f-0", true),
        ("xxxx-9", "5b1f-a", false),
        ("xxxx-9", "5b1f-00", false),
        ("WEB*", "WEB-1", true),
        ("WEB*", "ERP-1", false),
        ("*", "anything", true),
    ] {
        let pattern: KeyPattern = pattern.parse().unwrap();
        assert_eq!(pattern.fits(&key.parse().unwrap()), want, "{pattern:?} {key}");
    }
}

proptest! {
    #[test]
    fn a_time_in_a_setting_is_the_one_that_was_written(seconds in 0_u64..31_622_400, nanos in 0_u32..1_000_000_000) {
        let time = Duration::new(seconds, nanos);
        let written = humantime::format_duration(time).to_string();
        let get = |name: &'static str| match name {
            "overlap" | "time_budget" | "recheck_after" => written.clone(),
            _ => good(name).to_owned(),
        };
        let settings = TickSettings::read(&Variables(&get)).unwrap();
        for read in [settings.overlap, settings.time_budget, settings.recheck_after] {
            prop_assert_eq!(read.to_std().unwrap(), time, "{}", written);
        }
    }
}

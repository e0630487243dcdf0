//! A stand-in shop with a few users, the settings that lead to it, and a look at what is found.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use doctor::{Declared, Examination, Finding, Mark, Plan, Settings, World, examine};
use sandbox::{Generator, Shop, serve::Served, shop::Behaviour};
use serde_json::json;

/// The variables with their defaults, as spin.toml declares them.
pub fn declared() -> BTreeMap<String, Declared> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spin.toml");
    let manifest: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let variables = manifest["variables"].as_table().unwrap();
    let declared = variables.iter().map(|(name, variable)| {
        let default = variable.get("default").and_then(|text| text.as_str()).map(str::to_owned);
        let secret = variable.get("secret").and_then(toml::Value::as_bool) == Some(true);
        (name.clone(), Declared { default, secret })
    });
    declared.collect()
}

/// The settings with these values, by name.
pub fn settings(values: &BTreeMap<&str, String>) -> Settings {
    let environment =
        values.iter().map(|(name, value)| (format!("SPIN_VARIABLE_{}", name.to_uppercase()), value.clone()));
    Settings::new(declared(), environment)
}

/// The settings for a shop at `url`.
pub fn values(url: &str) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("cloudsuite_host", url.to_owned()),
        ("cloudsuite_token_host", url.to_owned()),
        ("cloudsuite_client_id", "sandbox".to_owned()),
        ("cloudsuite_client_secret", "sandbox-secret".to_owned()),
        ("origins", "SHOP".to_owned()),
        ("start_from", "2026-01-01".to_owned()),
        ("webhook_secrets", "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u".to_owned()),
        ("api_tokens", "cron:tick:012345678901234567890123".to_owned()),
    ])
}

/// The shop's time when nothing moves it: a winter's day.
pub fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

/// Six old users who are active and a customer, then six who have registered, the last one four minutes ago.
pub fn shop(behaviour: Behaviour) -> Shop {
    let (mut shop, mut people) = (Shop::new(7), Generator::new(7));
    shop.behaviour = behaviour;
    for day in (1..=6).rev() {
        let at = noon() - TimeDelta::days(30 + day);
        let user = shop.register(&people.plain(), at);
        shop.activate_by_hand(&user, at);
    }
    for back in [3000, 400, 300, 200, 100, 4] {
        shop.register(&people.plain(), noon() - TimeDelta::minutes(back));
    }
    let put = shop.put_customer("SHOP", &json!({"key": "C-1", "name": "Bouw"}), noon());
    assert!(put.status().is_success());
    shop.clear_writes();
    shop
}

/// The shop behind HTTP, at noon.
pub async fn served(shop: Shop) -> Served<Shop> {
    Served::start(shop, noon).await.unwrap()
}

/// A plan with a short limit and nothing else.
pub fn plan() -> Plan {
    Plan { limit: Duration::from_secs(5), erp: false, url: None }
}

/// Examines at noon.
pub async fn look(values: &BTreeMap<&str, String>, plan: &Plan) -> Examination {
    look_at(values, plan, noon()).await
}

/// An id that no message had before.
pub fn new_id() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("msg_doctor_{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Examines at this time.
pub async fn look_at(values: &BTreeMap<&str, String>, plan: &Plan, now: DateTime<Utc>) -> Examination {
    let world = World { now: &|| now, id: &new_id, progress: &|_| {} };
    examine(&settings(values), plan, &world).await.unwrap()
}

/// What a finding says otherwise than is expected, if it does.
pub fn mismatch(findings: &[Finding], id: &str, mark: Mark, words: &str) -> Option<String> {
    let Some(finding) = findings.iter().find(|finding| finding.id == id) else {
        return Some(format!("there is no {id}"));
    };
    let said = format!("{} | {}", finding.found, finding.advice.as_deref().unwrap_or_default());
    (finding.mark != mark || !said.contains(words))
        .then(|| format!("{id} is {:?}: {said}\n    and not {mark:?}: {words}", finding.mark))
}

/// Holds a finding against what is expected of it.
pub fn expect(findings: &[Finding], id: &str, mark: Mark, words: &str) {
    assert_eq!(mismatch(findings, id, mark, words), None);
}

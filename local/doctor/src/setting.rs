//! The settings: each is right, wrong or missing, by the same checks that the functions make.

use std::collections::BTreeMap;

use shared::settings::{
    self, AlertSettings, BadSetting, ErpSettings, ShopSettings, TickSettings, Variables, WatchSettings,
};

use crate::{
    finding::{Check, Finding},
    misspelt,
};

/// One setting. The setting's name follows.
pub const SETTING: Check = Check { id: "setting", what: "setting" };
/// A variable of the environment that names no setting.
pub const NO_SETTING: Check = Check { id: "no_setting", what: "variable" };

/// What a variable of the environment begins with to be a setting.
const PREFIX: &str = "SPIN_VARIABLE_";

/// A setting, as the manifest declares it.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// Its value when nobody sets it.
    pub default: Option<String>,
    /// Whether its value must not be shown.
    pub secret: bool,
}

/// All settings with their values, from the environment or else from the manifest.
#[derive(Debug, Clone)]
pub struct Settings {
    declared: BTreeMap<String, Declared>,
    environment: BTreeMap<String, String>,
}

/// Settings for which any text that is not blank will do, or none at all; everything else has a form that is checked.
const FREE: [&str; 2] = ["user_filter", "alert_signing_secret"];

/// A value that passes, for a setting that does not: so that the ones after it are looked at too.
const PASSING: [(&str, &str); 10] = [
    ("cloudsuite_host", "https://shop.example"),
    ("cloudsuite_token_host", "https://id.example"),
    ("cloudsuite_client_id", "client"),
    ("cloudsuite_client_secret", "secret"),
    ("origins", "SHOP"),
    ("erp_host", "https://erp-host.invalid"),
    ("erp_signing_secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u"),
    ("alert_signing_secret", ""),
    ("webhook_secrets", "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u"),
    ("api_tokens", "cron:tick:012345678901234567890123"),
];

impl Settings {
    /// The settings that the manifest declares, with the values of the environment.
    #[must_use]
    pub fn new(
        declared: BTreeMap<String, Declared>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let environment = environment.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
        Self { declared, environment }
    }

    /// A setting's value, as the functions get it.
    #[must_use]
    pub fn value(&self, name: &str) -> String {
        let set = self.environment.get(&variable(name)).cloned();
        set.or_else(|| self.declared.get(name)?.default.clone()).unwrap_or_default()
    }

    /// Reads a group of settings.
    ///
    /// # Errors
    /// The first one that is missing or malformed.
    pub fn read<T>(
        &self,
        group: impl FnOnce(&Variables<'_>) -> Result<T, BadSetting>,
    ) -> Result<T, BadSetting> {
        group(&Variables(&|name| self.value(name)))
    }

    /// What is wrong with a group, one problem for each setting: the first is put right and the rest read again.
    fn problems<T>(
        &self,
        group: impl Fn(&Variables<'_>) -> Result<T, BadSetting>,
    ) -> BTreeMap<&'static str, String> {
        let mut problems = BTreeMap::new();
        loop {
            let read = group(&Variables(&|name| {
                if problems.contains_key(name) { self.passing(name) } else { self.value(name) }
            }));
            match read {
                Err(BadSetting { name, problem }) if !problems.contains_key(name) => {
                    problems.insert(name, problem);
                }
                Ok(_) | Err(_) => return problems,
            }
        }
    }

    fn passing(&self, name: &str) -> String {
        let known = PASSING.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        known.or_else(|| self.declared.get(name)?.default.clone()).unwrap_or_default()
    }

    /// One finding for each setting, and one for each variable that looks like one and is none.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut problems = self.problems(ShopSettings::read);
        problems.extend(self.problems(ErpSettings::read));
        problems.extend(self.problems(AlertSettings::read));
        problems.extend(self.problems(TickSettings::read));
        problems.extend(self.problems(WatchSettings::read));
        problems.extend(self.problems(settings::webhook_keys));
        problems.extend(self.problems(settings::api_tokens));
        problems.extend(self.problems(settings::rate_limit));
        let each = self.declared.keys().map(|name| self.finding(name, problems.get(name.as_str())));
        each.chain(self.strangers()).collect()
    }

    fn finding(&self, name: &str, problem: Option<&String>) -> Finding {
        let set = self.environment.contains_key(&variable(name));
        let value = self.value(name);
        let found = match (problem, value.trim()) {
            (Some(problem), "") => {
                let advice = format!("set {}: {}", variable(name), wanted(name));
                return Finding::wrong(SETTING, problem, advice).about(name);
            }
            (Some(problem), host) if is_no_host(host) => {
                return Finding::wrong(SETTING, problem, format!("set {}: {}", variable(name), wanted(name)))
                    .about(name);
            }
            (Some(problem), _) => {
                return Finding::wrong(SETTING, problem, format!("correct {}", variable(name))).about(name);
            }
            (None, "") if FREE.contains(&name) => "not set, which is well".to_owned(),
            (None, "") => return unset(name).about(name),
            (None, host) if is_no_host(host) => return unset(name).about(name),
            (None, _) if self.is_hidden(name) => "set".to_owned(),
            (None, value) if set => value.to_owned(),
            (None, value) => format!("{value} (the default)"),
        };
        Finding::ok(SETTING, found).about(name)
    }

    /// A hook's path is as good as a password to whoever knows it.
    fn is_hidden(&self, name: &str) -> bool {
        self.declared.get(name).is_none_or(|declared| declared.secret) || name == "alert_path"
    }

    /// Variables with the prefix that name no setting.
    fn strangers(&self) -> impl Iterator<Item = Finding> {
        let named = self.environment.keys().filter_map(|key| key.strip_prefix(PREFIX));
        let strange =
            named.filter(|name| !self.declared.keys().any(|known| known.to_ascii_uppercase() == **name));
        strange.map(|name| {
            let known = self.declared.keys().map(String::as_str);
            let advice = match misspelt::nearest(&name.to_lowercase(), known) {
                Some(nearest) => format!("did you mean {}?", variable(nearest)),
                None => "remove it, or look up the name in the README's table".to_owned(),
            };
            Finding::warning(NO_SETTING, "no setting has this name, so it does nothing", advice)
                .about(&format!("{PREFIX}{name}"))
        })
    }
}

/// A setting that is not set and need not be.
fn unset(name: &str) -> Finding {
    let means = match name {
        "start_from" => {
            return Finding::warning(
                SETTING,
                "not set: nothing is announced",
                "look at what a run would announce, then set SPIN_VARIABLE_START_FROM to the day from which on registrations count",
            );
        }
        "erp_host" => "not set: nothing is sent to an ERP, which has to ask by itself",
        "alert_host" => {
            return Finding::warning(
                SETTING,
                "not set: nobody is called when something needs a person",
                "set SPIN_VARIABLE_ALERT_HOST, or watch /status",
            );
        }
        "erp_signing_secret" => "not set, and not needed without erp_host",
        _ => "not set, and not needed",
    };
    Finding::note(SETTING, means)
}

fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_ascii_uppercase())
}

/// Spin wants a default for each variable, so "no host" is written as a name that cannot exist.
fn is_no_host(value: &str) -> bool {
    value.trim_end_matches('/').ends_with(".invalid")
}

/// What a needed setting wants, for who has not set it.
fn wanted(name: &str) -> &'static str {
    match name {
        "cloudsuite_host" => "scheme and host of the shop's API, such as https://test-api.cloudsuite.io",
        "cloudsuite_token_host" => "scheme and host of the token end point, such as https://id.cloudsuite.io",
        "cloudsuite_client_id" => "the user name that the vendor hands out",
        "cloudsuite_client_secret" => "the password that the vendor hands out",
        "origins" => "the code of the origin whose registrations are ours; the vendor tells it",
        "webhook_secrets" | "erp_signing_secret" => {
            "whsec_ and base64: echo \"whsec_$(openssl rand -base64 32)\""
        }
        "api_tokens" => "name:scope+scope:token, such as cron:tick:$(openssl rand -hex 24)",
        _ => "the README's table says what it takes",
    }
}

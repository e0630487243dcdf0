//! What was found out about one origin of the shop.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, future::join, stream};
use serde_json::Value;
use shared::{key::OriginCode, settings::TickSettings, shop::Profile, time::ShopTime};

use crate::{
    caller::{Caller, Trouble},
    list::{Row, names},
    probe::{Answers, NOBODY, Probe},
};

/// How many profiles are read.
const PROFILES: usize = 5;

/// Fields of a profile whose meaning is not documented: their forms are shown, and no value.
pub const UNCLEAR: [&str; 4] = ["account_code", "delivery", "industry", "subdivision"];

/// Whether a path answers with a slash at its end, and without one.
#[derive(Debug, Clone)]
pub struct Forms {
    /// With a slash.
    pub slashed: Result<(), Trouble>,
    /// Without.
    pub bare: Result<(), Trouble>,
}

/// An object that was read by its own address.
#[derive(Debug, Clone)]
pub struct Object {
    /// How its address may be written.
    pub forms: Forms,
    /// The object, in whichever form it answered.
    pub body: Option<Value>,
}

/// A profile.
#[derive(Debug, Clone, Default)]
pub struct SeenProfile {
    /// Why it is not understood, if it is not.
    pub problem: Option<String>,
    /// The forms of the fields whose meaning is not documented.
    pub forms: BTreeMap<&'static str, &'static str>,
}

/// What was found out about one origin.
pub struct OriginFacts {
    /// The origin.
    pub origin: OriginCode,
    /// How the address of the list may be written.
    pub list: Forms,
    /// What the list's address in upper case came to.
    pub upper: Result<(), Trouble>,
    /// The lists.
    pub answers: Answers,
    /// The names of the fields of a user who was read by key, and the row that the list shows of it.
    pub user: Option<(Object, Row)>,
    /// The first profile.
    pub profile: Option<Object>,
    /// All profiles that were read.
    pub profiles: Vec<SeenProfile>,
    /// What is answered about a user who is not there.
    pub nobody: Result<(), Trouble>,
    /// What `ext:` brings for the user; documented for orders only.
    pub external: Option<Result<(), Trouble>>,
    /// The newest registration's time and key.
    pub newest: Option<(ShopTime, String)>,
    /// The shop's clock at about that time.
    pub shop_now: DateTime<Utc>,
}

impl OriginFacts {
    /// Reads what can be read.
    pub async fn gather(
        caller: &Caller<'_>,
        origin: &OriginCode,
        settings: &TickSettings,
        shop_now: DateTime<Utc>,
    ) -> Self {
        let users = |root: &str| format!("/{root}/origin/{}/user", origin.segment());
        let (list, (upper, nobody)) = join(
            two_forms(caller, &users("api"), "?limit=1", |body| body["results"].is_array()),
            join(
                outcome(caller, format!("{}/?limit=1", users("API"))),
                outcome(caller, format!("{}/{NOBODY}/", users("api"))),
            ),
        )
        .await;
        let slashed = list.forms.slashed.is_ok();
        let mut facts = Self {
            origin: origin.clone(),
            upper,
            answers: Answers::default(),
            user: None,
            profile: None,
            profiles: vec![],
            nobody,
            external: None,
            newest: None,
            shop_now,
            list: list.forms,
        };
        if !facts.answers_at_all() {
            return facts;
        }
        facts.answers = Answers::fetch(caller, origin, slashed, settings, Probe::first(settings)).await;
        if !slashed {
            facts.nobody = outcome(caller, format!("{}/{NOBODY}", users("api"))).await;
            facts.upper = outcome(caller, format!("{}?limit=1", users("API"))).await;
        }
        facts.look_closer(caller, settings).await;
        facts
    }

    /// Whether the origin's list can be read in one form or another.
    #[must_use]
    pub fn answers_at_all(&self) -> bool {
        self.list.slashed.is_ok() || self.list.bare.is_ok()
    }

    /// Whether addresses are written with a slash from here on.
    #[must_use]
    pub fn slashed(&self) -> bool {
        self.list.slashed.is_ok()
    }

    /// A row to look closer at: a registration if there is one.
    fn row(&self) -> Option<Row> {
        let registered = self.answers.page(Probe::Registered).into_iter().flat_map(|page| &page.rows);
        let sample = self.answers.sample().into_iter().flat_map(|page| &page.rows);
        registered
            .chain(sample)
            .find(|row| !row.profiles.is_empty())
            .cloned()
            .or_else(|| self.answers.sample()?.rows.first().cloned())
    }

    async fn look_closer(&mut self, caller: &Caller<'_>, settings: &TickSettings) {
        let origin = self.origin.clone();
        let row = self.row();
        let segment = row.as_ref().and_then(|row| {
            row.key.parse::<shared::key::UserKey>().ok().map(|key| key.segment().to_string())
        });
        let ids = self.profile_ids();
        let slash = if self.slashed() { "/" } else { "" };
        let user = async {
            let path = format!("/api/origin/{}/user/{}", origin.segment(), segment.as_ref()?);
            Some(two_forms(caller, &path, "", Value::is_object).await)
        };
        let external =
            async { Some(outcome(caller, format!("/api/user/ext:{}{slash}", segment.as_ref()?)).await) };
        let profile = async {
            let id = ids.first()?;
            Some(two_forms(caller, &format!("/api/userprofile/{id}"), "", Value::is_object).await)
        };
        let others = stream::iter(ids.iter().skip(1))
            .map(|id| caller.get_owned(format!("/api/userprofile/{id}{slash}")))
            .buffer_unordered(PROFILES)
            .collect::<Vec<_>>();
        let newest = self.find_newest(caller, settings);
        let (((user, external), (profile, others)), (newest, answers)) =
            join(join(join(user, external), join(profile, others)), newest).await;
        let bodies = profile.iter().filter_map(|profile| profile.body.as_ref());
        self.profiles = bodies.chain(others.iter().flatten()).map(seen).collect();
        self.user = user.zip(row);
        self.external = external;
        self.profile = profile;
        self.newest = newest;
        self.answers.extend(answers);
    }

    fn profile_ids(&self) -> Vec<u64> {
        let pages = [Probe::Registered, Probe::Inactive].map(|probe| self.answers.page(probe));
        let pages = pages.into_iter().chain([self.answers.sample()]).flatten();
        let mut seen = BTreeSet::new();
        let ids = pages.flat_map(|page| &page.rows).flat_map(|row| &row.profiles);
        ids.filter(|id| seen.insert(**id)).take(PROFILES).copied().collect()
    }

    /// The newest registration, and whether a filter with its own time finds it.
    async fn find_newest(
        &self,
        caller: &Caller<'_>,
        settings: &TickSettings,
    ) -> (Option<(ShopTime, String)>, Answers) {
        let fetch = |probes| Answers::fetch(caller, &self.origin, self.slashed(), settings, probes);
        let Some(first) = self.answers.page(Probe::Inactive) else { return (None, Answers::default()) };
        let mut answers = Answers::default();
        if first.goes_on() {
            answers = fetch(vec![Probe::LastInactive(first.total().saturating_sub(10))]).await;
        }
        let rows = answers.inactive().chain([first]).flat_map(|page| &page.rows);
        let newest = rows.filter_map(|row| Some((row.created?, row.key.clone()))).max();
        if let Some((time, _)) = newest {
            answers.extend(fetch(vec![Probe::Since(time), Probe::Since(a_second_later(time))]).await);
        }
        (newest, answers)
    }
}

/// The next whole second.
#[must_use]
pub fn a_second_later(time: ShopTime) -> ShopTime {
    time.earlier(TimeDelta::seconds(-1))
}

async fn outcome(caller: &Caller<'_>, path: String) -> Result<(), Trouble> {
    caller.get(&path).await.map(drop)
}

async fn two_forms(caller: &Caller<'_>, path: &str, query: &str, fits: fn(&Value) -> bool) -> Object {
    let (slashed, bare) = (format!("{path}/{query}"), format!("{path}{query}"));
    let read = async |path: String| {
        let body = caller.get(&path).await?;
        if fits(&body) { Ok(body) } else { Err(Trouble::Unreadable) }
    };
    let (slashed, bare) = join(read(slashed), read(bare)).await;
    let body = slashed.as_ref().or(bare.as_ref()).ok().cloned();
    Object { forms: Forms { slashed: slashed.map(drop), bare: bare.map(drop) }, body }
}

fn seen(body: &Value) -> SeenProfile {
    let problem = Profile::read(body.to_string().as_bytes()).err();
    let forms = UNCLEAR.map(|field| (field, form(body.get(field))));
    SeenProfile { problem, forms: forms.into() }
}

fn form(value: Option<&Value>) -> &'static str {
    match value {
        None => "absent",
        Some(Value::Null) => "null",
        Some(Value::Bool(true)) => "true",
        Some(Value::Bool(false)) => "false",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(text)) if text.trim().is_empty() => "empty",
        Some(Value::String(_)) => "filled",
        Some(Value::Array(_)) => "a list",
        Some(Value::Object(_)) => "an object",
    }
}

impl Object {
    /// The names of its fields.
    #[must_use]
    pub fn fields(&self) -> BTreeSet<String> {
        self.body.as_ref().map(names).unwrap_or_default()
    }
}

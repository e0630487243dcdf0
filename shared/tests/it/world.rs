//! The whole onboarding in one process: the sandbox's shop and ERP as values, a real SQLite, and a clock that the test moves.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response};
use sandbox::{Alerts, Answer, Erp, Generator, Registration, Shop, StandIn, erp};
use serde_json::Value;
use shared::{
    by_hand::{Retried, retry},
    decision::{Event, Remedy, read_correction},
    dry_run::Port,
    erasure::{Erasure, erase},
    inbox::Outcome,
    key::{OriginCode, UserKey},
    ledger::{Entry, Kept, Ledger, Letter, State},
    onboarding::{Clock, Onboarding},
    print::print,
    send::{NoAnswer, SendRequest},
    settings::{AlertSettings, ErpSettings, ShopSettings, TickSettings, Variables},
    shop::{Shop as ShopClient, Tokens},
    sql::{Sql, SqlError},
    tick::{Ended, Report, tick},
    tombstone::RowKey,
    webhook::verify,
};

use crate::sqlite::Sqlite;

/// The ERP's signing key and ours.
pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";

/// Shop and ERP behind the port to the network.
#[derive(Clone)]
pub struct Net {
    pub shop: Rc<RefCell<Shop>>,
    pub erp: Rc<RefCell<Erp>>,
    pub alerts: Rc<RefCell<Alerts>>,
    /// Whether each call takes a second.
    pub second_per_call: Rc<Cell<bool>>,
    now: Rc<Cell<DateTime<Utc>>>,
}

impl SendRequest for Net {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        if self.second_per_call.get() {
            self.now.set(self.now.get() + TimeDelta::seconds(1));
        }
        let now = self.now.get();
        let answer = match request.uri().host() {
            Some("shop.example") => self.shop.borrow_mut().take(now, request),
            Some("erp.example") => self.erp.borrow_mut().take(now, request),
            Some("alerts.example") => self.alerts.borrow_mut().take(now, request),
            other => panic!("a call to {other:?}"),
        };
        match answer {
            Answer::Respond(response)
            | Answer::LastBeforeClosing(response)
            | Answer::Slow { response, .. } => Ok(response),
            Answer::Padded { .. } => Err(NoAnswer("the answer is too long".to_owned())),
            Answer::Cut { .. } => Err(NoAnswer("the connection broke".to_owned())),
            Answer::Drop => Err(NoAnswer("the connection was closed".to_owned())),
            Answer::Hang => Err(NoAnswer("no answer in time".to_owned())),
        }
    }
}

/// Everything together.
pub struct World {
    pub net: Net,
    pub sqlite: Sqlite,
    pub settings: Vec<(&'static str, String)>,
    now: Rc<Cell<DateTime<Utc>>>,
    /// Counts down from the top: no claim is like another, and every pause is as long as it may be.
    chance: Rc<Cell<u64>>,
}

impl World {
    pub fn new() -> Self {
        let now = Rc::new(Cell::new("2026-03-02T09:15:00Z".parse().unwrap()));
        let secrets = erp::Secrets { incoming: SECRET.to_owned(), outgoing: SECRET.to_owned() };
        let erp = Erp::new(0, secrets, erp::Policy::Manual).unwrap();
        let net = Net {
            shop: Rc::new(RefCell::new(Shop::new(1))),
            erp: Rc::new(RefCell::new(erp)),
            alerts: Rc::new(RefCell::new(Alerts::new(Some(SECRET)))),
            second_per_call: Rc::default(),
            now: Rc::clone(&now),
        };
        let client = net.shop.borrow().client.clone();
        let settings = [
            ("cloudsuite_host", "https://shop.example"),
            ("cloudsuite_token_host", "https://shop.example"),
            ("cloudsuite_token_path", &format!("/realms/{}/protocol/openid-connect/token", client.realm)),
            ("cloudsuite_client_id", &client.id),
            ("cloudsuite_client_secret", &client.secret),
            ("origins", "SHOP"),
            ("shop_time_zone", "Europe/Amsterdam"),
            ("trailing_slash", "always"),
            ("user_filter", ""),
            ("user_key_pattern", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
            ("start_from", "2026-01-01"),
            ("first_run", "announce"),
            ("dry_run", "false"),
            ("page_limit", "10"),
            ("concurrency", "4"),
            ("overlap", "3h"),
            ("time_budget", "25s"),
            ("doubt_wait", "60s"),
            ("retry_attempts", "200"),
            ("retry_for", "7d"),
            ("recheck_after", "1h"),
            ("recheck_max", "20"),
            ("retention_days", "365"),
            ("erp_host", "https://erp.example"),
            ("erp_path", "/registrations"),
            ("erp_signing_secret", SECRET),
            ("erp_outcomes", "all"),
            ("alert_host", "https://alerts.example"),
            ("alert_path", "/hooks/onboarding"),
            ("alert_signing_secret", SECRET),
            ("scan_max_age", "15m"),
        ];
        let settings = settings.map(|(name, value)| (name, value.to_owned())).to_vec();
        Self { net, sqlite: Sqlite::in_memory(), settings, now, chance: Rc::new(Cell::new(u64::MAX)) }
    }

    /// A world in which one registration is with the ERP.
    pub async fn announced() -> (Self, UserKey) {
        let world = Self::new();
        let user = world.register(&Generator::new(1).plain());
        let report = world.tick().await;
        assert_eq!((report.seen, report.announced), (1, 1), "{report:?}");
        (world, user)
    }

    /// An approval with the addresses that the ERP was told.
    pub fn approval(&self, user: &UserKey, customer: &str) -> serde_json::Value {
        let data = self.net.erp.borrow().registration("SHOP", user.as_str()).map(|known| known.data.clone());
        let approval = erp::Approval::new("SHOP", user.as_str(), customer);
        data.map_or(approval.clone(), |data| approval.with_announced(&data)).message(self.now())
    }

    /// Another side's doing: the shop has this customer already.
    pub fn put_customer(&self, key: &str) {
        let body = serde_json::json!({
            "key": key, "code": key, "name": "Known before", "active": true, "blocked": false, "vat_numbers": []
        });
        let mut shop = self.net.shop.borrow_mut();
        assert!(shop.put_customer("SHOP", &body, self.now()).status().is_success());
        shop.clear_writes();
    }

    pub fn set(&mut self, name: &'static str, value: &str) {
        self.settings.retain(|(known, _)| *known != name);
        self.settings.push((name, value.to_owned()));
    }

    pub fn setting(&self, name: &str) -> String {
        self.settings
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }

    fn variables(&self) -> impl Fn(&'static str) -> String {
        let settings = self.settings.clone();
        move |name| {
            settings
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.now.get()
    }

    pub fn pass(&self, time: TimeDelta) {
        self.now.set(self.now() + time);
    }

    pub fn register(&self, registration: &Registration) -> UserKey {
        self.net.shop.borrow_mut().register(registration, self.now()).parse().unwrap()
    }

    /// A new instance, as a host makes one for a request.
    pub async fn app(&self) -> Onboarding<Net, Sqlite> {
        self.app_on(self.sqlite.clone()).await
    }

    /// The same with something between it and the database.
    pub async fn app_on<S: Sql>(&self, sql: S) -> Onboarding<Net, S> {
        let (now, chance) = (Rc::clone(&self.now), Rc::clone(&self.chance));
        let clock: Clock = Rc::new(move || now.get());
        let variables = self.variables();
        let settings = ShopSettings::read(&Variables(&variables)).unwrap();
        Onboarding {
            shop: ShopClient {
                http: Port::of(self.net.clone(), &settings),
                settings,
                tokens: Tokens::default(),
                clock: Rc::clone(&clock),
            },
            ledger: Ledger::open(sql).await.unwrap(),
            clock,
            chance: Rc::new(move || chance.replace(chance.get() - 1)),
        }
    }

    pub async fn tick(&self) -> Report {
        self.tick_on(self.sqlite.clone()).await
    }

    /// The same with something between it and the database.
    pub async fn tick_on<S: Sql>(&self, sql: S) -> Report {
        let variables = self.variables();
        let variables = Variables(&variables);
        let (settings, erp) =
            (TickSettings::read(&variables).unwrap(), ErpSettings::read(&variables).unwrap());
        let alerts = AlertSettings::read(&variables).unwrap();
        match tick(&self.app_on(sql).await, &settings, erp.as_ref(), alerts.as_ref()).await.unwrap() {
            Ended::Ran(report) => report,
            Ended::Busy => panic!("another tick is running"),
        }
    }

    /// What the webhook does with a signed message, without the HTTP around it.
    pub async fn webhook(&self, message: Request<Bytes>) -> Outcome {
        let (parts, body) = message.into_parts();
        let id = verify(&[SECRET.parse().unwrap()], &parts.headers, &body, self.now()).unwrap();
        let letter = letter(&id, String::from_utf8(body.to_vec()).unwrap());
        let app = self.app().await;
        match app.ledger.keep(&letter, self.now()).await.unwrap() {
            Kept::Yes(kept) => app.work_off(&kept).await.unwrap(),
            other @ (Kept::OtherBody | Kept::Erased) => panic!("{other:?}"),
        }
    }

    /// The ERP's decision, from the ERP's own hand.
    pub async fn decide(&self, user: &UserKey, decision: erp::Decision) -> Outcome {
        let now = self.now();
        let message = self.net.erp.borrow_mut().decide(now, "SHOP", user.as_str(), decision).unwrap();
        self.webhook(message).await
    }

    /// A message that was taken in, and the instance died before it did anything about it.
    pub async fn leave_in_inbox(&self, id: &str, message: &serde_json::Value) {
        let letter = letter(id, message.to_string());
        let kept = self.app().await.ledger.keep(&letter, self.now()).await.unwrap();
        assert!(matches!(kept, Kept::Yes(_)));
    }

    /// A person puts something right, and names the request if `key` does.
    pub async fn correct(&self, user: &UserKey, remedy: Remedy, body: Value, key: Option<&str>) -> Outcome {
        let letter = self.correction(user, remedy, body, key).await;
        let app = self.app().await;
        match app.ledger.keep(&letter, self.now()).await.unwrap() {
            Kept::Yes(kept) => app.work_off(&kept).await.unwrap(),
            other @ (Kept::OtherBody | Kept::Erased) => panic!("{other:?}"),
        }
    }

    /// The same, as the inbox keeps it.
    pub async fn correction(&self, user: &UserKey, remedy: Remedy, body: Value, key: Option<&str>) -> Letter {
        let (entry, key) = (self.entry(user).await, key.map(|key| key.parse().unwrap()));
        let body = body.to_string();
        read_correction(body.as_bytes(), remedy, &entry, "anna", key.as_ref(), self.now()).unwrap()
    }

    /// A person wants it tried again.
    pub async fn retry(&self, user: &UserKey) -> Retried {
        retry(&self.app().await.ledger, &origin(), user, "anna", self.now()).await.unwrap()
    }

    /// A clerk has the person erased.
    pub async fn erase(&self, user: &UserKey) -> Erasure {
        self.erase_on(self.sqlite.clone(), user).await.unwrap()
    }

    /// The same with something between it and the database.
    pub async fn erase_on<S: Sql>(&self, sql: S, user: &UserKey) -> Result<Erasure, SqlError> {
        let ledger = Ledger::open(sql).await?;
        erase(&ledger, &origin(), user, "anna", RowKey::of([1, 2]), self.now()).await
    }

    /// A message of the test's own making.
    pub async fn post(&self, id: &str, message: &serde_json::Value) -> Outcome {
        let now = self.now();
        let message = self.net.erp.borrow_mut().post(now, id, message).unwrap();
        self.webhook(message).await
    }

    pub async fn entry(&self, user: &UserKey) -> Entry {
        self.known(user).await.unwrap()
    }

    pub async fn known(&self, user: &UserKey) -> Option<Entry> {
        self.app().await.ledger.entry(&origin(), user).await.unwrap()
    }

    pub async fn state(&self, user: &UserKey) -> State {
        self.entry(user).await.state
    }

    /// The events of the timeline, in order.
    pub async fn told(&self, user: &UserKey) -> Vec<String> {
        let timeline = self.app().await.ledger.timeline(&origin(), user).await.unwrap();
        timeline.into_iter().map(|line| line.event).collect()
    }

    pub fn mails(&self, user: &UserKey) -> usize {
        self.net.shop.borrow().mails_to(user.as_str()).count()
    }
}

/// A message of the ERP, as the webhook stores it.
pub fn letter(id: &str, body: String) -> Letter {
    let about = match Event::read(body.as_bytes()).unwrap() {
        Event::Decision(decision) => Some((decision.origin, decision.user_key)),
        Event::Update(update) => Some((update.origin, update.user_key)),
        Event::Correction(_) | Event::Unknown => None,
    };
    Letter { id: id.to_owned(), print: print(&[body.as_bytes()]), actor: "ERP".to_owned(), body, about }
}

pub fn origin() -> OriginCode {
    "SHOP".parse().unwrap()
}

//! Shop, ERP, scheduler and people around the application: they go on whatever becomes of it.

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    sync::OnceLock,
    time::Duration,
};

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, future::join, stream};
use http::Method;
use sandbox::{Erp, Shop, erp::Decision, fault::Call, serve::Served};
use serde_json::Value;
use tokio::time::sleep;

use crate::{
    client::Client,
    demo::cast::{ORIGIN, Part},
    stand_ins::StandIns,
};

/// Decisions that are on their way at the same time. Few, so that there is something to hit for long.
const AT_ONCE: usize = 3;
/// The pause of the scheduler and of the ERP.
const PAUSE: Duration = Duration::from_millis(100);

/// How many of its last calls the shop keeps in mind: more than one tick makes, and few to look through.
const LAST_CALLS: usize = 1000;

/// Somebody who has registered, and what the ERP will say.
struct Somebody {
    /// The key that the shop gave.
    user: String,
    decision: Decision,
}

/// What the application is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Busy {
    /// A tick.
    Tick,
    /// A decision of the ERP.
    Webhook,
}

/// All of it.
pub struct Surroundings {
    /// The shop.
    pub shop: Served<Shop>,
    /// The ERP.
    pub erp: Served<Erp>,
    settings: Vec<(String, String)>,
    tick_token: String,
    read_token: String,
    client: OnceLock<Client>,
    people: RefCell<Vec<Somebody>>,
    tick_since: Cell<Option<DateTime<Utc>>>,
    webhooks: Cell<u32>,
}

/// Counts a piece of work for as long as it lasts.
struct Counted<'a>(&'a Cell<u32>);

impl<'a> Counted<'a> {
    fn new(count: &'a Cell<u32>) -> Self {
        count.set(count.get() + 1);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Surroundings {
    /// A shop with one customer and nobody who has registered, and an ERP that knows nobody.
    ///
    /// # Errors
    /// A port cannot be had, or the system gives no random numbers.
    pub async fn new(seed: u64, latency: Duration) -> Result<Self> {
        let stand_ins = StandIns::start(seed, latency, TimeDelta::seconds(1)).await?;
        let short = [("time_budget", "2s"), ("doubt_wait", "2s"), ("page_limit", "20")];
        let short = short.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let settings = stand_ins.settings().into_iter().chain(short).collect();
        let StandIns { shop, erp, tick_token, read_token, .. } = stand_ins;
        shop.lock().journal.limit = LAST_CALLS;
        Ok(Self {
            shop,
            erp,
            settings,
            tick_token,
            read_token,
            client: OnceLock::new(),
            people: RefCell::default(),
            tick_since: Cell::default(),
            webhooks: Cell::default(),
        })
    }

    /// The settings with which the application finds all this. Times are short, so that what was killed is soon gone on with.
    pub fn settings(&self) -> Vec<(String, String)> {
        self.settings.clone()
    }

    /// Lets them register, beside those who have.
    pub fn register(&self, newcomers: impl Iterator<Item = Part>) {
        let (mut shop, mut people) = (self.shop.lock(), self.people.borrow_mut());
        for part in newcomers {
            let decision = match part.decision {
                Decision::Approve if people.len() % 6 == 0 => Decision::ApproveWithoutMail,
                decision => decision,
            };
            people.push(Somebody { user: shop.register(&part.registration, Utc::now()), decision });
        }
    }

    /// The keys of all who have registered.
    pub fn users(&self) -> Vec<String> {
        self.people.borrow().iter().map(|one| one.user.clone()).collect()
    }

    /// Goes on for ever: the scheduler calls, clerks decide, decisions are sent until they are taken, people follow their mail.
    pub async fn live(&self, application: SocketAddr) {
        self.client.get_or_init(|| Client::new(format!("http://{application}")));
        let scheduler = async {
            loop {
                self.tick_since.set(Some(Utc::now()));
                // Whatever comes of it: the next one follows.
                let _ = self.call(Method::POST, "/fetch-new-users", &self.tick_token).await;
                self.tick_since.set(None);
                sleep(PAUSE).await;
            }
        };
        let office = async {
            loop {
                self.decide();
                let due = self.erp.lock().due(Utc::now());
                stream::iter(due)
                    .for_each_concurrent(AT_ONCE, |request| async move {
                        let _counted = Counted::new(&self.webhooks);
                        self.erp.deliver(application, request).await;
                    })
                    .await;
                self.click();
                sleep(PAUSE).await;
            }
        };
        join::<_, _>(scheduler, office).await;
    }

    fn decide(&self) {
        let people = self.people.borrow();
        let mut erp = self.erp.lock();
        let undecided = |erp: &Erp, one: &&Somebody| {
            erp.registration(ORIGIN, &one.user).is_some_and(|known| known.decision.is_none())
        };
        let fresh: Vec<_> = people.iter().filter(|one| undecided(&erp, one)).take(AT_ONCE).collect();
        for one in fresh {
            // It comes due like every decision that is not taken yet.
            drop(erp.decide(Utc::now() - TimeDelta::seconds(2), ORIGIN, &one.user, one.decision.clone()));
        }
    }

    fn click(&self) {
        let mut shop = self.shop.lock();
        for one in self.people.borrow().iter() {
            if shop.user(&one.user).is_some_and(|user| !user.active) {
                shop.click(&one.user, Utc::now());
            }
        }
    }

    /// Whether the ERP waits for the application's answer to a decision.
    pub fn erp_waits(&self) -> bool {
        self.webhooks.get() > 0
    }

    /// Waits until it is busy with that. A tick that another one's lease keeps out asks for no list, and nobody else asks for one.
    pub async fn until_busy(&self, with: Busy) {
        let has_listed = |since| self.shop.lock().journal.of(Call::UserList).any(|line| line.at >= since);
        let is_busy = || match with {
            Busy::Tick => self.tick_since.get().is_some_and(has_listed),
            Busy::Webhook => self.erp_waits(),
        };
        while !is_busy() {
            sleep(Duration::from_millis(2)).await;
        }
    }

    /// How the application shows a registration; `null` if it does not.
    pub async fn status(&self, user: &str) -> Value {
        let path = format!("/registrations/{ORIGIN}/{user}");
        self.call(Method::GET, &path, &self.read_token).await.unwrap_or_default()
    }

    /// How many registrations have not ended yet.
    pub async fn unended(&self) -> usize {
        let users = self.users();
        let ended = stream::iter(&users)
            .map(|user| async {
                let status = self.status(user).await;
                matches!(status["state"].as_str(), Some("active" | "rejected" | "stuck"))
                    && status["due_at"].is_null()
            })
            .buffer_unordered(AT_ONCE);
        users.len() - ended.filter(|ended| std::future::ready(*ended)).count().await
    }

    async fn call(&self, method: Method, path: &str, token: &str) -> Option<Value> {
        let (status, answer) = self.client.get()?.call(method, path, token).await.ok()?;
        status.is_success().then_some(answer)
    }
}

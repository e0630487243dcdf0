//! What happens in the demo, in its order.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, stream};
use sandbox::erp::Decision;
use serde_json::Value;

use super::{
    cast::{ORIGIN, Part},
    report,
    stage::Stage,
    watch::{Registered, Watch},
};
use crate::screen::{self, HEAD};

/// The most ticks until a part of the story is over. Without faults one or two are enough.
const ROUNDS: usize = 25;

/// Decisions that are on their way at the same time.
const AT_ONCE: usize = 4;

/// How the story went.
pub struct Told {
    /// Who took part.
    pub people: Vec<Registered>,
    /// What went wrong on the way, in words.
    pub troubles: Vec<String>,
    /// How long it took.
    pub seconds: f64,
}

/// The story, with what was seen so far.
struct Story<'a> {
    stage: &'a Stage,
    watch: Watch,
    troubles: Vec<String>,
}

/// Plays it, and shows each step.
pub async fn tell(stage: &Stage, cast: Vec<Part>) -> Result<Told> {
    let since = Utc::now();
    screen::line(format_args!(
        "{HEAD}{} people register{HEAD:#} in the shop at {}; the ERP is {}, the application {}.",
        cast.len(),
        stage.shop.url(),
        stage.erp.url(),
        stage.application.url(),
    ));
    let people = register(stage, cast, since);
    let mut story = Story { stage, watch: Watch::new(people, since), troubles: Vec::new() };

    story.play().await;

    let seconds = (Utc::now() - since).as_seconds_f64();
    Ok(Told { people: story.watch.people, troubles: story.troubles, seconds })
}

fn heading(text: &str) {
    screen::line(format_args!("\n{HEAD}{text}{HEAD:#}"));
}

/// They registered one minute after the other; the last one just now.
fn register(stage: &Stage, cast: Vec<Part>, now: DateTime<Utc>) -> Vec<Registered> {
    let mut shop = stage.shop.lock();
    let minutes =
        (0..cast.len()).rev().map(|before| TimeDelta::minutes(i64::try_from(before).unwrap_or_default()));
    let people = cast.into_iter().zip(minutes).map(|(part, before)| {
        let user = shop.register(&part.registration, now - before);
        let profiles = shop.user(&user).map(|user| user.profiles.clone()).unwrap_or_default();
        Registered { user, part, profiles }
    });
    people.collect()
}

/// What a part of the story leads to.
#[derive(Clone, Copy)]
enum Goal {
    /// The ERP knows everybody.
    Announced,
    /// Everybody who was approved is linked.
    CarriedOut,
    /// The application knows everybody to be active or rejected.
    Noticed,
}

impl Story<'_> {
    /// All of it, or up to where it gets stuck: the judgement at the end says who is left behind.
    async fn play(&mut self) {
        heading("The application hands them to the ERP");
        if !self.settle(Goal::Announced).await {
            return;
        }
        heading("The ERP decides, and the application carries it out");
        self.decide().await;
        if !self.settle(Goal::CarriedOut).await {
            return;
        }
        heading("People follow the link in their mail, and the application notices");
        self.click();
        if !self.settle(Goal::Noticed).await {
            return;
        }
        heading("One more tick: nothing is done twice");
        self.tick().await;
    }

    /// Ticks until it is so; `false` if it never is.
    async fn settle(&mut self, goal: Goal) -> bool {
        for _ in 0..ROUNDS {
            if !self.tick().await {
                return false;
            }
            if self.reached(goal).await {
                return true;
            }
        }
        false
    }

    /// What the ERP could not deliver comes again, and then the scheduler calls; `false` if it is refused.
    async fn tick(&mut self) -> bool {
        let stage = self.stage;
        let (again, report) = self
            .watch
            .during(stage, async {
                (stage.erp.deliver_due(stage.application.address()).await, stage.tick().await)
            })
            .await;
        for delivery in again {
            self.note_refusal(&delivery);
        }
        match report {
            Ok(report) => {
                self.watch.aside("tick", &report::in_words(&report));
                let problems = report["problems"].as_array().into_iter().flatten().filter_map(Value::as_str);
                for problem in problems {
                    self.trouble(format!("the tick reports: {problem}"));
                }
                true
            }
            Err(error) => {
                self.trouble(format!("{error:#}"));
                false
            }
        }
    }

    async fn reached(&mut self, goal: Goal) -> bool {
        let stage = self.stage;
        match goal {
            Goal::Announced => {
                let erp = stage.erp.lock();
                self.watch.people.iter().all(|one| erp.registration(ORIGIN, &one.user).is_some())
            }
            Goal::CarriedOut => {
                let shop = stage.shop.lock();
                let linked = |one: &Registered| {
                    shop.user(&one.user).is_some_and(|user| !user.authorised_customers.is_empty())
                };
                self.watch
                    .people
                    .iter()
                    .all(|one| matches!(one.part.decision, Decision::Reject(_)) || linked(one))
            }
            Goal::Noticed => {
                let mut all = true;
                for who in 0..self.watch.people.len() {
                    let status = stage.status(&self.watch.people[who].user).await.unwrap_or_default();
                    let is = |state: &str| status["state"] == state;
                    if is("active") {
                        self.watch.active(who);
                    }
                    all &= is("active") || is("rejected");
                }
                all
            }
        }
    }

    /// The clerk decides about everybody; the decisions go out some at a time.
    async fn decide(&mut self) {
        let stage = self.stage;
        let mut requests = Vec::new();
        for who in 0..self.watch.people.len() {
            let one = &self.watch.people[who];
            let mut erp = stage.erp.lock();
            let Some(request) = erp.decide(Utc::now(), ORIGIN, &one.user, one.part.decision.clone()) else {
                continue;
            };
            let customer = erp.registration(ORIGIN, &one.user).and_then(|known| known.customer.clone());
            drop(erp);
            requests.push(request);
            self.watch.decided(who, customer);
        }
        let deliveries = stream::iter(requests)
            .map(|request| stage.erp.deliver(stage.application.address(), request))
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>();
        for delivery in self.watch.during(stage, deliveries).await {
            self.note_refusal(&delivery);
        }
    }

    fn note_refusal(&mut self, delivery: &sandbox::serve::Delivery) {
        let id = &delivery.id;
        match &delivery.answer {
            Some(answer) if answer.status().is_success() => {}
            Some(answer) => {
                let body = String::from_utf8_lossy(answer.body());
                self.trouble(format!("decision {id} was answered with {}: {body}", answer.status()));
            }
            None => self.trouble(format!("decision {id} got no whole answer")),
        }
    }

    fn click(&mut self) {
        let mut shop = self.stage.shop.lock();
        let clicked = self.watch.people.iter().filter(|one| shop.click(&one.user, Utc::now())).count();
        drop(shop);
        self.watch.aside("click", &format!("{clicked} people follow the link"));
    }

    fn trouble(&mut self, trouble: String) {
        if !self.troubles.contains(&trouble) {
            self.watch.aside("trouble", &trouble);
            self.troubles.push(trouble);
        }
    }
}

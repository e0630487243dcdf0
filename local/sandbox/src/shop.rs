//! The stand-in shop.

pub mod behaviour;
mod crowd;
mod field;
mod list;
mod origin;
mod party;
mod patch;
mod reply;
mod route;
mod shelf;
mod stamp;
mod token;
mod user;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{
    HeaderValue, Method, Request, Response, StatusCode,
    header::{LOCATION, WWW_AUTHENTICATE},
};
use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
use serde_json::{Value, json};

use crate::{
    Answer, StandIn,
    answer::{detail, json_answer},
    fault::{Faults, What},
    journal::{Journal, Line},
};
pub use behaviour::Behaviour;
pub use crowd::Crowd;
use origin::Origin;
use reply::{found, method_not_allowed, not_found};
pub use route::PartyKind;
use route::Route;
pub use shelf::Stored;
use token::Tokens;
pub use user::{Profile, User};

/// Who may ask for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The realm in the token URL: TEST and LIVE are different ones.
    pub realm: String,
    /// The user name that the vendor hands out.
    pub id: String,
    /// The password that the vendor hands out.
    pub secret: String,
}

/// An activation mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The user's origin.
    pub origin: String,
    /// The user's key.
    pub user: String,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// The how-manieth mail of this user it is, from 1.
    pub number: usize,
}

/// An active user who was made inactive by a PATCH: a customer who cannot log in any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockOut {
    /// The user's origin.
    pub origin: String,
    /// The user's key.
    pub user: String,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A user.
    User,
    /// A customer.
    Customer,
    /// An address.
    Address,
}

impl From<PartyKind> for Subject {
    fn from(kind: PartyKind) -> Self {
        match kind {
            PartyKind::Customer => Self::Customer,
            PartyKind::Address => Self::Address,
        }
    }
}

/// A write that the shop carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// When.
    pub at: DateTime<Utc>,
    /// By which method.
    pub method: Method,
    /// What was written.
    pub subject: Subject,
    /// In which origin.
    pub origin: String,
    /// Under which key.
    pub key: String,
    /// The body as it was sent.
    pub body: Value,
    /// What stood there before, or `None` if nothing did; of a user only the three fields that a PATCH can change.
    pub before: Option<Value>,
}

impl Write {
    /// Whether a customer or an address that stood there was replaced or deleted.
    #[must_use]
    pub fn overwrites(&self) -> bool {
        self.subject != Subject::User && self.before.is_some()
    }
}

/// The stand-in shop: its whole state, in a value.
#[derive(Debug, Clone)]
pub struct Shop {
    /// How it behaves where the vendor's pages are silent.
    pub behaviour: Behaviour,
    /// Who may ask for a token; `sandbox` with `sandbox-secret` in the realm `CloudSuite`, unless changed.
    pub client: Client,
    /// The keys of the price lists that a customer may refer to: `PL-STD` and `PL-PLUS`, unless changed.
    pub price_lists: BTreeSet<String>,
    /// The script of faults.
    pub faults: Faults,
    /// What was called.
    pub journal: Journal,
    origins: BTreeMap<String, Origin>,
    profiles: BTreeMap<u64, Profile>,
    tokens: Tokens,
    mails: Vec<Mail>,
    mailed: BTreeMap<(String, String), usize>,
    lock_outs: Vec<LockOut>,
    writes: Vec<Write>,
    late: Vec<(DateTime<Utc>, Request<Bytes>)>,
    last_id: u64,
    rng: Xoshiro256PlusPlus,
}

impl Shop {
    /// An empty shop with the origin `SHOP`. The seed makes its keys and tokens.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            behaviour: Behaviour::default(),
            client: Client {
                realm: "CloudSuite".to_owned(),
                id: "sandbox".to_owned(),
                secret: "sandbox-secret".to_owned(),
            },
            price_lists: ["PL-STD", "PL-PLUS"].map(str::to_owned).into(),
            faults: Faults::default(),
            journal: Journal::default(),
            origins: BTreeMap::from([("SHOP".to_owned(), Origin::default())]),
            profiles: BTreeMap::new(),
            tokens: Tokens::default(),
            mails: Vec::new(),
            mailed: BTreeMap::new(),
            lock_outs: Vec::new(),
            writes: Vec::new(),
            late: Vec::new(),
            last_id: 1000,
            rng: Xoshiro256PlusPlus::seed_from_u64(seed),
        }
    }

    /// Takes one call at the time `now`.
    pub fn handle(&mut self, now: DateTime<Utc>, request: Request<Bytes>) -> Answer {
        self.carry_out_late(now);
        let route = Route::of(&request, self.behaviour.case, self.behaviour.slash);
        let call = route.call(request.method());
        let target = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
        let answer = match self.faults.strike(call, request.method(), &target) {
            None => Answer::Respond(self.carry_out(now, &request, &route)),
            Some(what) => {
                if let What::AppliedLate(wait) = &what {
                    self.late.push((now + *wait, request.clone()));
                }
                what.play(|| self.carry_out(now, &request, &route))
            }
        };
        let (parts, _) = request.into_parts();
        let traceparent =
            parts.headers.get("traceparent").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (method, status) = (parts.method, answer.status());
        self.journal.write(Line { at: now, call, method, target, traceparent, status });
        answer
    }

    fn carry_out_late(&mut self, now: DateTime<Utc>) {
        while let Some(place) = self.late.iter().position(|(due, _)| *due <= now) {
            let (due, request) = self.late.remove(place);
            let route = Route::of(&request, self.behaviour.case, self.behaviour.slash);
            self.carry_out(due, &request, &route);
        }
    }

    fn carry_out(&mut self, now: DateTime<Utc>, request: &Request<Bytes>, route: &Route) -> Response<Bytes> {
        match route {
            Route::Nothing => return not_found(),
            Route::Redirect { to } => return redirect(to),
            Route::Token { realm } if *realm == self.client.realm => {
                let seconds = self.behaviour.token_seconds;
                return self.tokens.endpoint(request, &self.client, seconds, now, &mut self.rng);
            }
            Route::Token { .. } => {
                return json_answer(StatusCode::NOT_FOUND, &json!({"error": "Realm does not exist"}));
            }
            _ => {}
        }
        if let Some(reason) = self.tokens.refusal(request.headers(), now) {
            let mut response = detail(StatusCode::UNAUTHORIZED, reason);
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return response;
        }
        match route {
            Route::Users { origin } => match self.origins.get(origin) {
                None => not_found(),
                Some(_) if request.method() != Method::GET => method_not_allowed(request, "GET"),
                Some(here) => list::users(request, here, &self.behaviour),
            },
            Route::User { origin, key } => match *request.method() {
                Method::GET => {
                    let user = self.origins.get(origin).and_then(|here| here.user(key));
                    found(user.map(|user| user.json(behaviour::ListRows::Full, self.behaviour.zone)))
                }
                Method::PATCH => self.patch_user(now, request, origin, key),
                _ => method_not_allowed(request, "GET, PATCH"),
            },
            Route::Profile { id } => {
                if request.method() != Method::GET {
                    return method_not_allowed(request, "GET");
                }
                let profile = id.parse().ok().and_then(|id: u64| self.profiles.get(&id));
                found(profile.map(|profile| profile.json(self.behaviour.zone)))
            }
            Route::Parties { kind, origin } => self.parties(now, request, *kind, origin),
            Route::Party { kind, origin, key } => self.party(now, request, *kind, origin, key),
            Route::Token { .. } | Route::Redirect { .. } | Route::Nothing => not_found(),
        }
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn record(
        &mut self,
        at: DateTime<Utc>,
        method: &Method,
        subject: Subject,
        (origin, key): (&str, &str),
        body: Value,
        before: Option<Value>,
    ) {
        self.writes.push(Write {
            at,
            method: method.clone(),
            subject,
            origin: origin.to_owned(),
            key: key.to_owned(),
            body,
            before,
        });
    }
}

impl StandIn for Shop {
    fn take(&mut self, now: DateTime<Utc>, request: Request<Bytes>) -> Answer {
        self.handle(now, request)
    }
}

fn redirect(to: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    if let Ok(value) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, value);
    }
    response
}

//! The dry run: everything is read and decided, nothing is sent, and what would have been is told.
//!
//! All that goes out passes through one [`Port`]. In a dry run it lets reads and the shop's token pass, and notes every other call
//! instead of sending it. So no write can slip through. Whoever is about to write asks beforehand whether it is one, because what is
//! stored about a write must not be stored about none.

use std::{cell::RefCell, rc::Rc};

use bytes::Bytes;
use http::{Method, Request, Response, Uri};
use serde::Serialize;
use serde_json::Value;

use crate::{
    json,
    key::{OriginCode, UserKey},
    ledger::Entry,
    send::{NoAnswer, SendRequest},
    settings::ShopSettings,
};

/// How many calls are told with their bodies, and how many registrations that would be stuck: more are only counted. A message has
/// about 2 kB.
const TOLD: usize = 200;

/// A call that a dry run has not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Call {
    /// How it would have been made.
    pub method: String,
    /// To whom.
    pub host: String,
    /// Where.
    pub path: String,
    /// What it would have said.
    pub body: Value,
}

/// A registration that a person would have to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WouldStick {
    /// Its origin.
    pub origin: OriginCode,
    /// Its user.
    pub user_key: UserKey,
    /// Why.
    pub reason: String,
}

/// What a dry run would have done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Would {
    /// How many calls it would have made.
    pub calls_in_all: u32,
    /// The first 200 of them.
    pub calls: Vec<Call>,
    /// Registrations that would have become stuck, the first 200 of them.
    pub stuck: Vec<WouldStick>,
}

/// What a log may have of a call: nothing of what it says, but how much and about what.
#[derive(Debug, Clone, Serialize)]
pub struct LoggedCall {
    method: String,
    host: String,
    path: String,
    fields: Vec<String>,
    bytes: usize,
}

impl Would {
    /// Its calls, for a log.
    #[must_use]
    pub fn logged(&self) -> Vec<LoggedCall> {
        let logged = self.calls.iter().map(|Call { method, host, path, body }| LoggedCall {
            method: method.clone(),
            host: host.clone(),
            path: path.clone(),
            fields: body.as_object().map(|body| body.keys().cloned().collect()).unwrap_or_default(),
            bytes: body.to_string().len(),
        });
        logged.collect()
    }
}

/// A dry run.
#[derive(Debug, Clone, Default)]
pub struct DryRun(Rc<RefCell<Would>>);

impl DryRun {
    /// What it would have done so far.
    #[must_use]
    pub fn would(&self) -> Would {
        self.0.borrow().clone()
    }

    /// Notes that a registration would have become stuck.
    pub(crate) fn sticks(&self, entry: &Entry, reason: &str) {
        let (origin, user_key) = (entry.origin.clone(), entry.user_key.clone());
        let stuck = &mut self.0.borrow_mut().stuck;
        if stuck.len() < TOLD {
            stuck.push(WouldStick { origin, user_key, reason: reason.to_owned() });
        }
    }

    fn note(&self, request: &Request<Bytes>) {
        let mut would = self.0.borrow_mut();
        would.calls_in_all += 1;
        if would.calls.len() < TOLD {
            let body = json::value(request.body())
                .unwrap_or_else(|_| String::from_utf8_lossy(request.body()).into_owned().into());
            let uri = request.uri();
            let path = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
            let host = uri.authority().map(ToString::to_string).unwrap_or_default();
            would.calls.push(Call { method: request.method().to_string(), host, path, body });
        }
    }
}

/// The way out, which a dry run keeps shut for writes.
#[derive(Debug)]
pub struct Port<H> {
    http: H,
    dry: Option<DryRun>,
    /// A call to it changes nothing.
    token_address: Option<Uri>,
}

impl<H> Port<H> {
    /// The way out by these settings.
    #[must_use]
    pub fn of(http: H, settings: &ShopSettings) -> Self {
        let dry = settings.dry_run.then(DryRun::default);
        Self { http, dry, token_address: settings.token_address.parse().ok() }
    }

    /// The dry run, if it is one.
    #[must_use]
    pub fn dry(&self) -> Option<&DryRun> {
        self.dry.as_ref()
    }

    fn only_asks(&self, request: &Request<Bytes>) -> bool {
        request.method() == Method::GET || self.token_address.as_ref() == Some(request.uri())
    }
}

impl<H: SendRequest> SendRequest for Port<H> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        match &self.dry {
            Some(dry) if !self.only_asks(&request) => {
                dry.note(&request);
                Err(NoAnswer("a dry run sends nothing".to_owned()))
            }
            Some(_) | None => self.http.send(request).await,
        }
    }
}

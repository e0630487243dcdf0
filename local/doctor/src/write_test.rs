//! What only a write can tell: a walk through it on a TEST shop, with a question before each write.

mod host;
mod judge;
mod rule;
mod walk;

use chrono::{DateTime, Utc};
use http::Method;
use serde::Serialize;
use serde_json::Value;
use shared::{
    key::{OriginCode, UserKey},
    settings::{ShopSettings, TickSettings},
};

use crate::{
    caller::{Caller, Trouble},
    facts::OriginFacts,
    finding::Finding,
    network::{Network, NoCertificates},
    question::{Around, Question, questions},
    report::{Counts, World},
    token::{self, Life},
};
pub use host::is_test;
pub(crate) use rule::{LinkRule, MailRule, SeenDirect, SeenUnknown, in_words};

/// What a write came to.
pub(crate) type Tried = Result<(), Trouble>;

/// A write that is about to be made.
#[derive(Debug)]
pub struct Write<'a> {
    /// What it is to find out, or what it is for.
    pub why: &'a str,
    /// The method.
    pub method: &'a Method,
    /// Host and path.
    pub address: String,
    /// The body.
    pub body: &'a Value,
}

/// What a person is asked.
#[derive(Debug)]
pub enum Prompt<'a> {
    /// Whether to make this write.
    Write(Write<'a>),
    /// Whether the user got a mail since the last time this was asked.
    Mail {
        /// What was done since.
        after: &'a str,
    },
}

/// What a person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Not known.
    Unknown,
}

/// Why there is no write test.
#[derive(Debug, thiserror::Error)]
pub enum NoTest {
    /// The host may be the LIVE one. No option changes that.
    #[error(
        "{0} is not recognisably a TEST shop: only a host that begins with test- or test., or this machine, is written to"
    )]
    MaybeLive(String),
    /// Another origin than those set.
    #[error("origin {0} is none of the origins set")]
    OtherOrigin(OriginCode),
    /// No token.
    #[error("no token: {0}; run doctor without --write-test first")]
    NoToken(Trouble),
    /// The user cannot be read.
    #[error("the user cannot be read: {0}")]
    NoUser(Trouble),
    /// The user is not a registration that nobody has touched.
    #[error("the user is {0}: take one that has just registered, is inactive and has no customer")]
    NotFresh(&'static str),
    /// Certificates cannot be checked.
    #[error(transparent)]
    NoCertificates(#[from] NoCertificates),
}

/// What the writes showed. What was not tried, or was declined, is `None`.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub unknown_customer: Option<SeenUnknown>,
    pub customer_alone: Option<Tried>,
    pub customer: Option<Tried>,
    pub again: Option<Tried>,
    pub address_alone: Option<Tried>,
    pub address: Option<Tried>,
    pub link: Option<Tried>,
    pub linked: Option<LinkRule>,
    pub spelt: Option<Tried>,
    pub trigger: Option<Tried>,
    pub activation: Option<Tried>,
    pub direct: Option<SeenDirect>,
    pub mail_after_link: Option<bool>,
    pub mail_after_trigger: Option<bool>,
    pub mail_after_repeat: Option<bool>,
    pub mail_after_direct: Option<bool>,
    pub role_kept: Option<bool>,
    pub zone_fits: Option<bool>,
    pub left: Vec<String>,
    pub writes: usize,
}

/// What a write test found.
#[derive(Debug, Serialize)]
pub struct WriteReport {
    /// The version of this form.
    pub version: u32,
    /// When it began.
    pub at: DateTime<Utc>,
    /// How many findings there are of each mark.
    pub counts: Counts,
    /// What was found, and the settings that follow.
    pub findings: Vec<Finding>,
    /// What the shop's documentation leaves open, and what is known of it now.
    pub questions: Vec<Question>,
    /// What stands in the shop now that did not before.
    pub left: Vec<String>,
    /// How many writes were sent.
    pub writes: usize,
}

/// Walks through the writes. Each is asked about first.
///
/// # Errors
/// [`NoTest`]; nothing was written then.
pub async fn write_test(
    shop: &ShopSettings,
    tick: &TickSettings,
    (origin, user): (&OriginCode, &UserKey),
    limit: std::time::Duration,
    world: &World<'_>,
    ask: &mut dyn FnMut(&Prompt<'_>) -> Reply,
) -> Result<WriteReport, NoTest> {
    let at = (world.now)();
    if !is_test(&shop.host) {
        return Err(NoTest::MaybeLive(shop.host.clone()));
    }
    if !shop.origins.contains(origin) {
        return Err(NoTest::OtherOrigin(origin.clone()));
    }
    let network = Network::new(limit)?;
    (world.progress)("Asking for a token");
    let asked = token::ask(&network, shop).await;
    let ahead = asked.date.map(|theirs| theirs - (world.now)()).unwrap_or_default();
    let grant = asked.grant.map_err(NoTest::NoToken)?;
    let caller = Caller::new(&network, &shop.host, grant.secret(), tick.concurrency);
    (world.progress)("Reading the shop's lists");
    let facts = OriginFacts::gather(&caller, origin, tick, (world.now)() + ahead).await;
    (world.progress)("");
    let shop_now = || (world.now)() + ahead;
    let written = walk::walk(&caller, shop, (origin, user), &shop_now, ask).await?;
    let around = Around {
        life: Life::of(&grant),
        zone: Some(shop.zone),
        calls: caller.calls(),
        throttled: caller.throttled(),
        ..Around::default()
    };
    let findings = judge::findings(&written, shop);
    let questions = questions(std::slice::from_ref(&facts), &around, Some(&written));
    let counts = Counts::of(&findings);
    let Written { left, writes, .. } = written;
    Ok(WriteReport { version: 1, at, counts, findings, questions, left, writes })
}

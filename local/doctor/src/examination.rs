//! The whole examination, in the order in which one thing needs another.

use std::time::Instant;

use futures_util::{
    StreamExt as _,
    future::{join, join_all},
    stream,
};
use http::Uri;
use shared::settings::{self, ErpSettings, ShopSettings, TickSettings};

use crate::{
    announce,
    caller::Caller,
    clock,
    facts::OriginFacts,
    finding::{Check, Finding, Mark, counted},
    host, judge,
    network::{Network, NoCertificates},
    ping,
    question::{Around, questions},
    report::{Counts, Examination, Plan, World},
    setting::Settings,
    token::{self, Life},
};

/// The shop's own limits on calls.
pub const RATE: Check = Check { id: "rate", what: "limits on calls" };
/// Whatever could not be looked at.
pub const SKIPPED: Check = Check { id: "skipped", what: "the shop" };

/// The TEST host that older pages name, and the one of newer pages.
const TEST_HOSTS: [&str; 2] = ["test.cloudsuite.io", "test-api.cloudsuite.io"];

/// Examines an installation. Nothing is written anywhere, but for the pings that are asked for.
///
/// # Errors
/// [`NoCertificates`]: without them nothing can be told about encrypted connections.
pub async fn examine(
    settings: &Settings,
    plan: &Plan,
    world: &World<'_>,
) -> Result<Examination, NoCertificates> {
    let (began, at) = (Instant::now(), (world.now)());
    let network = Network::new(plan.limit)?;
    let mut findings = settings.findings();
    (world.progress)("Reaching the hosts");
    let shop = settings.read(ShopSettings::read).ok().zip(settings.read(TickSettings::read).ok());
    let (hosts, shop) = join(hosts(&network, settings, &findings), async {
        match &shop {
            Some((shop, tick)) => Some(of_shop(&network, shop, tick, world).await),
            None => None,
        }
    })
    .await;
    findings.extend(hosts);
    let (facts, around) = if let Some(seen) = shop {
        findings.extend(seen.findings);
        (seen.facts, seen.around)
    } else {
        findings
            .push(Finding::note(SKIPPED, "not called: a setting that is needed for it is missing or wrong"));
        (vec![], Around::default())
    };
    findings.extend(pings(&network, settings, plan, world).await);
    let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let questions = questions(&facts, &around, None);
    let counts = Counts::of(&findings);
    Ok(Examination { version: 1, at, counts, findings, questions, calls: around.calls, milliseconds })
}

/// Every host that is set. One that is not well written is not shown either: it may hold a password.
async fn hosts(network: &Network, settings: &Settings, findings: &[Finding]) -> Vec<Finding> {
    let hosts = ["cloudsuite_host", "cloudsuite_token_host", "erp_host", "alert_host"];
    let set = hosts.map(|name| (name, settings.value(name).trim().trim_end_matches('/').to_owned()));
    let named = |host: &str| {
        host.parse::<Uri>().ok().and_then(|uri| uri.host().map(|host| !host.ends_with(".invalid")))
            == Some(true)
    };
    let wrong = |name: &str| {
        findings.iter().any(|finding| finding.mark == Mark::Wrong && finding.id == format!("setting.{name}"))
    };
    let each =
        set.into_iter().filter(|(name, host)| named(host) && !wrong(name)).map(|(name, host)| async move {
            let reached = host::reach(network, &host).await;
            host::judge(name, &host, &reached)
        });
    join_all(each).await
}

struct Seen {
    findings: Vec<Finding>,
    facts: Vec<OriginFacts>,
    around: Around,
}

async fn of_shop(network: &Network, shop: &ShopSettings, tick: &TickSettings, world: &World<'_>) -> Seen {
    (world.progress)("Asking for a token");
    let asked = token::ask(network, shop).await;
    let ours = (world.now)();
    let shop_now = asked.date.unwrap_or(ours);
    let mut findings = vec![clock::judge(ours, asked.date)];
    findings.extend(token::judge(&asked.grant));
    let Ok(grant) = asked.grant else {
        findings.push(Finding::note(SKIPPED, "not called: there is no token"));
        return Seen { findings, facts: vec![], around: Around::default() };
    };
    (world.progress)("Reading the shop's lists");
    let caller = Caller::new(network, &shop.host, grant.secret(), tick.concurrency);
    let (facts, older) = join(
        join_all(shop.origins.iter().map(|origin| OriginFacts::gather(&caller, origin, tick, shop_now))),
        older_host(network, &shop.host),
    )
    .await;
    for facts in &facts {
        findings.extend(judge::judge(facts, shop, tick));
    }
    (world.progress)("Counting what a run would announce");
    let open = facts.iter().filter(|facts| facts.answers_at_all());
    let announced: Vec<_> = stream::iter(open)
        .map(|facts| async move {
            let shop = ShopSettings { slash: judge::path::working(facts, shop.slash), ..shop.clone() };
            let count = announce::count(network, &shop, tick, &facts.origin, ours).await;
            announce::judge(&count, tick.start_from.is_some()).in_origin(&facts.origin)
        })
        .buffered(2)
        .collect()
        .await;
    findings.extend(announced);
    findings.push(rate(&caller, tick.concurrency));
    let around = Around {
        life: Life::of(&grant),
        older_host: older,
        zone: Some(shop.zone),
        calls: caller.calls(),
        throttled: caller.throttled(),
    };
    Seen { findings, facts, around }
}

/// Whether the TEST host of older pages is still there, when the newer one is set. It gets no token.
async fn older_host(network: &Network, host: &str) -> Option<bool> {
    let [older, newer] = TEST_HOSTS;
    if host.parse::<Uri>().ok()?.host() != Some(newer) {
        return None;
    }
    Some(host::reach(network, &format!("https://{older}")).await.is_ok())
}

fn rate(caller: &Caller<'_>, concurrency: usize) -> Finding {
    let (calls, throttled) = (caller.calls(), caller.throttled());
    let headers = caller.limits();
    let said = if headers.is_empty() {
        "no answer names a limit".to_owned()
    } else {
        format!("answers have {}", headers.join(", "))
    };
    if throttled == 0 {
        return Finding::ok(
            RATE,
            format!(
                "{}, up to {concurrency} at once, none too many; {said}",
                counted(calls, "call", "calls")
            ),
        );
    }
    let found = format!(
        "{throttled} of {} were too many (429), up to {concurrency} at once; {said}",
        counted(calls, "call", "calls")
    );
    let lower = (concurrency / 2).max(1);
    Finding::warning(
        RATE,
        found,
        format!(
            "set SPIN_VARIABLE_CONCURRENCY={lower} and run this again after a while; what could not be told needs it"
        ),
    )
}

async fn pings(network: &Network, settings: &Settings, plan: &Plan, world: &World<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if plan.erp {
        (world.progress)("Sending the ERP a ping");
        findings.push(match settings.read(ErpSettings::read) {
            Ok(Some(erp)) => ping::erp(network, &erp.receiver, &(world.id)(), (world.now)()).await,
            Ok(None) => Finding::wrong(
                ping::ERP,
                "not sent: erp_host is not set",
                "set SPIN_VARIABLE_ERP_HOST, or leave --erp out",
            ),
            Err(_) => Finding::wrong(
                ping::ERP,
                "not sent: a setting of the ERP is wrong",
                "put it right, see above",
            ),
        });
    }
    if let Some(url) = &plan.url {
        (world.progress)("Sending the webhook a ping");
        match settings.read(settings::webhook_keys) {
            Ok(keys) => {
                findings.extend(ping::webhook(network, url, keys, || (world.id)(), (world.now)()).await);
            }
            Err(_) => findings.push(Finding::wrong(
                ping::WEBHOOK,
                "not sent: webhook_secrets is missing or wrong",
                "put it right, see above",
            )),
        }
    }
    findings
}

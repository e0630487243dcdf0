//! Carrying out a decision that has been taken in, for as long as its sender waits.

use std::{rc::Rc, time::Duration};

use futures_util::future::{FutureExt as _, LocalBoxFuture};
use http::HeaderMap;
use shared::{inbox::Outcome, ledger::KeptEvent, onboarding::Onboarding, reception::Taken, sql::SqlError};

use crate::{after, answer, call::Call, database::Sqlite, handler::Reply, outbound::Outbound};

/// How long the sender waits for the outcome, unless it prefers otherwise.
const ANSWER_WITHIN: Duration = Duration::from_millis(800);
/// The longest that it may prefer to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// Carries out a decision, and answers with its outcome as soon as there is one, or with 202 when the sender has waited long enough:
/// then it goes on beside the answer, and the tick goes on with what is left.
///
/// # Errors
/// The problem, when the decision was not accepted.
pub async fn decided(
    app: Onboarding<Outbound, Sqlite>,
    taken: Taken,
    headers: &HeaderMap,
    call: Rc<Call>,
) -> Reply {
    let about = taken.about.clone();
    let dry = app.shop.http.dry().cloned();
    answer::outcome(&carried_out(app, taken, headers, call).await, about.as_ref(), dry.as_ref())
}

/// Carries out a decision for as long as its sender waits: what has become of it by then.
pub async fn carried_out(
    app: Onboarding<Outbound, Sqlite>,
    taken: Taken,
    headers: &HeaderMap,
    call: Rc<Call>,
) -> Outcome {
    let kept = taken.kept;
    let done = after::after(async move { work_off(&app, &kept).await.inspect_err(|error| call.left(error)) });
    match after::within(wait(headers), done).await {
        Some(Ok(outcome)) => outcome,
        // Stored: the tick goes on with it.
        Some(Err(_)) | None => Outcome::Waits,
    }
}

/// Carries out a decision to its end.
///
/// The work comes boxed, because only so it is compiled here, beside that of [`decided`]: an `async fn` is compiled by the crate that waits
/// for it, and there would be two copies in a component.
///
/// # Errors
/// [`SqlError`]; the decision stays in the inbox.
pub fn work_off<'a>(
    app: &'a Onboarding<Outbound, Sqlite>,
    kept: &'a KeptEvent,
) -> LocalBoxFuture<'a, Result<Outcome, SqlError>> {
    app.work_off(kept).boxed_local()
}

/// `Prefer: wait=20` (RFC 7240), in whole seconds.
fn wait(headers: &HeaderMap) -> Duration {
    let preferences = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let wait = preferences
        .flat_map(|value| value.split([',', ';']))
        .find_map(|preference| preference.trim().strip_prefix("wait=")?.trim().parse().ok());
    wait.map_or(ANSWER_WITHIN, |seconds| Duration::from_secs(seconds).min(LONGEST_WAIT))
}

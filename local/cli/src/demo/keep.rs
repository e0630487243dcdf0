//! What to try while everything is left running.

use anyhow::{Context, Result};
use chrono::Utc;
use sandbox::erp::{Approval, Decision};

use super::{
    cast::{self, ORIGIN},
    stage::Stage,
    story::Told,
    watch::Registered,
};
use crate::{
    screen::{self, ASIDE, GOOD, HEAD},
    stop,
};

/// The key of the customer in the message that is laid ready.
const CUSTOMER: &str = "C-29999";

/// Prints commands to paste, and waits for the wish to end.
pub async fn wait(stage: &Stage, told: &Told, seed: u64) -> Result<()> {
    late(stage, seed).await?;
    let base = stage.application.url();
    screen::line(format_args!(
        "\n{HEAD}All of it keeps running{HEAD:#} until Ctrl-C: the application at {base}, the shop at {}, the ERP at {}.\n\
         {ASIDE}The ledger is {}.{ASIDE:#}",
        stage.shop.url(),
        stage.erp.url(),
        stage.folder().join("sqlite_db.db").display(),
    ));
    let link = stage.sign_in_link().await?;
    screen::line(format_args!(
        "\n{HEAD}Open the console in a browser:{HEAD:#} {GOOD}{link}{GOOD:#}\n{ASIDE}The link signs in once, within ten minutes; \
         after that, sign in at {base}/ with the token {}.{ASIDE:#}",
        stage.clerk_token
    ));
    offer(
        "A tick, as a scheduler calls it",
        &format!("curl -X POST -H 'authorization: Bearer {}' {base}/fetch-new-users", stage.tick_token),
    );
    let clerk = format!("curl -H 'authorization: Bearer {}'", stage.clerk_token);
    offer(
        "The registrations, the latest change first",
        &format!("{clerk} '{base}/registrations?order=newest'"),
    );
    offer("How everything is", &format!("{clerk} {base}/status"));
    if let Some(one) = told.people.first() {
        let address = format!("{base}/registrations/{ORIGIN}/{}", one.user);
        offer("How far a registration is", &format!("{clerk} {address}"));
        offer("Erasing its personal data", &format!("{clerk} -X DELETE {address}"));
    }
    let rejected = told.people.iter().find(|one| matches!(one.part.decision, Decision::Reject(_)));
    if let Some(one) = rejected {
        let decision =
            format!(r#"{{"type": "customer.approved", "data": {{"customer": {{"key": "{CUSTOMER}"}}}}}}"#);
        let address = format!("{base}/registrations/{ORIGIN}/{}/decision", one.user);
        offer(
            "A clerk approves somebody who was rejected, without a signature",
            &format!("{clerk} -H 'content-type: application/json' --data '{decision}' {address}"),
        );
        let command = approve_after_all(stage, one, &base)?;
        offer("The ERP changes its mind: a signed approval of somebody who was rejected", &command);
    }
    offer("Whether it is alive", &format!("curl {base}/health"));
    stop::asked().await;
    screen::line("Ending; the ledger is removed.");
    Ok(())
}

/// Lets some more register, about whom nobody has decided yet.
async fn late(stage: &Stage, seed: u64) -> Result<()> {
    let latecomers = cast::latecomers(seed);
    let count = latecomers.len();
    {
        let mut shop = stage.shop.lock();
        for registration in latecomers {
            let _ = shop.register(&registration, Utc::now());
        }
    }
    stage.tick().await?;
    screen::line(format_args!(
        "\n{count} more have registered, each odd in its own way, and wait for a decision."
    ));
    Ok(())
}

fn offer(what: &str, command: &str) {
    screen::line(format_args!("\n{ASIDE}# {what}{ASIDE:#}\n{command}"));
}

/// Lays the message ready in the ledger's folder, and gives the command that signs and sends it.
fn approve_after_all(stage: &Stage, one: &Registered, base: &str) -> Result<String> {
    let announced = stage.erp.lock().registration(ORIGIN, &one.user).map(|known| known.data.clone());
    let approval = Approval::new(ORIGIN, &one.user, CUSTOMER).with_announced(&announced.unwrap_or_default());
    let file = stage.folder().join("approval.json");
    std::fs::write(&file, approval.message(Utc::now()).to_string())
        .with_context(|| format!("the message {}", file.display()))?;
    let file = file.display();
    let program = std::env::args().next().unwrap_or_else(|| "onboarding".to_owned());
    Ok(format!(
        "{program} sign --secret {} < {file} |\n  curl -H @- -H 'content-type: application/json' --data-binary @{file} {base}/erp-webhook",
        stage.webhook_secret
    ))
}

//! A decision or a correction that a person sends from the console. It is the same message as at the registration's address, on behalf of the token that
//! the person signed in with; only the answer is for a browser.

use std::rc::Rc;

use host::{Call, Reply, Request, Settings, Visit};
use serde_json::json;
use shared::{
    access::Scope,
    decision::{IdempotencyKey, Remedy},
    notice::Notice,
    parameters::Parameters,
    problem::Problem,
    reception::NotTaken,
    route,
    settings::ShopSettings,
};

/// Where the console's pages are.
pub const CONSOLE: &str = "/console";

/// Takes a decision in, and leads back to the registration, which shows what has become of it.
pub async fn decide(request: Request, call: Rc<Call>, settings: &Settings) -> Reply {
    let path = request.uri().path().trim_end_matches('/');
    let address = path.strip_prefix(CONSOLE).and_then(|path| path.strip_suffix("/decision"));
    let about = address.and_then(route::named).ok_or_else(Problem::no_registration)?;
    let back = format!("{CONSOLE}{}", route::path(&about.0, &about.1));
    let headers = request.headers().clone();
    let fields = ["id", "decision", "remedy", "reason", "revision", "key", "remove"];
    let (visit, form) = match Visit::of_form(settings, &call, request, &fields, Scope::Decide).await {
        Ok(sent) => sent,
        Err(refused) => return Ok(host::refused(&back, refused)),
    };
    let shop = settings.check(ShopSettings::read).map_err(|bad| host::setting(&bad))?;
    // Made when the form was shown: however often it is sent, it is one decision.
    let id = form.text("id").map(str::parse::<IdempotencyKey>).transpose()?;
    let app = host::onboarding(visit.ledger, shop, call.outbound());
    let caller = visit.caller.name();
    let taken = match form.text("remedy").and_then(|remedy| remedy.parse::<Remedy>().ok()) {
        None => app.take_decision(caller, about, id.as_ref(), message(&form).as_bytes()).await,
        Some(remedy) => {
            app.take_correction(caller, about, remedy, id.as_ref(), correction(remedy, &form).as_bytes())
                .await
        }
    };
    let dry = app.shop.http.dry().is_some();
    let notice = match taken {
        Ok(taken) => match Notice::of(&host::carried_out(app, taken, &headers, call).await) {
            Notice::Waiting if dry => Notice::DryRun,
            notice => notice,
        },
        Err(NotTaken::Problem(problem)) => Notice::of_refusal(&problem),
        Err(NotTaken::Ledger(error)) => return Err(host::unavailable(&error)),
    };
    Ok(host::told(&back, notice))
}

/// The message: as the page has shown it, or a rejection of which the form has the reason.
fn message(form: &Parameters) -> String {
    if let Some(decision) = form.text("decision") {
        return decision.to_owned();
    }
    let revision = form.text("revision").and_then(|text| text.parse::<u32>().ok());
    let data = json!({ "reason": reason(form), "revision": revision });
    json!({ "type": "registration.rejected", "data": data }).to_string()
}

/// The reason as it was typed in: on its way a browser makes two characters of each line break, and counts one.
fn reason(form: &Parameters) -> Option<String> {
    form.text("reason").map(|text| text.replace("\r\n", "\n"))
}

/// The message of a correction.
fn correction(remedy: Remedy, form: &Parameters) -> String {
    let reason = reason(form);
    let body = match remedy {
        Remedy::ResendMail | Remedy::Reopen => json!({ "reason": reason }),
        Remedy::Relink => {
            let customer = json!({ "key": form.text("key") });
            json!({ "reason": reason, "customer": customer, "remove": form.text("remove").is_some() })
        }
    };
    body.to_string()
}

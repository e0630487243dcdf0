//! A signed message that means nothing: to the ERP, and to our own webhook from outside.

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use http::{Response, StatusCode};
use serde_json::json;
use shared::{message, settings::Receiver, webhook::SigningKey};

use crate::{
    finding::{Check, Finding, counted},
    network::{Failure, Network},
};

/// The ERP takes a signed message.
pub const ERP: Check = Check { id: "erp_ping", what: "signed ping to the ERP" };
/// Our own webhook takes one from outside.
pub const WEBHOOK: Check = Check { id: "webhook_ping", what: "signed ping to the webhook" };
/// Our own webhook takes none that is not signed.
pub const UNSIGNED: Check = Check { id: "webhook_unsigned", what: "unsigned ping to the webhook" };

/// The message, made at `now`.
#[must_use]
pub fn body(now: DateTime<Utc>) -> String {
    let timestamp = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({"type": "ping", "timestamp": timestamp, "data": {}}).to_string()
}

async fn send(
    network: &Network,
    to: &Receiver,
    id: &str,
    now: DateTime<Utc>,
) -> Result<Response<Bytes>, Failure> {
    let request =
        message::request(to, id, &body(now), now).map_err(|error| Failure::Broken(error.to_string()))?;
    network.exchange(request).await
}

/// Sends one to the ERP.
pub async fn erp(network: &Network, to: &Receiver, id: &str, now: DateTime<Utc>) -> Finding {
    judge_erp(&send(network, to, id, now).await.map(|answer| answer.status()))
}

fn judge_erp(answer: &Result<StatusCode, Failure>) -> Finding {
    let status = match answer {
        Err(failure) => {
            return Finding::wrong(
                ERP,
                failure.to_string(),
                "check erp_host, and that this machine may call it",
            );
        }
        Ok(status) => *status,
    };
    let found = format!("answered {status}");
    match status {
        status if status.is_success() || status == StatusCode::CONFLICT => Finding::ok(ERP, found),
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
            Finding::warning(
                ERP,
                found,
                "the signature passed, or was not looked at; let the ERP answer types that it does not know with 2xx, or set SPIN_VARIABLE_ERP_OUTCOMES=none",
            )
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Finding::wrong(
            ERP,
            found,
            "the ERP does not believe the signature: compare erp_signing_secret, and its clock with this one's (300 s)",
        ),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            Finding::wrong(ERP, found, "check erp_path: it has to take a POST")
        }
        status if status.is_redirection() => Finding::wrong(
            ERP,
            found,
            "redirects are not followed: set erp_host and erp_path to where it leads",
        ),
        _ => Finding::wrong(
            ERP,
            found,
            "ask whoever runs the ERP; registrations would be sent again and again",
        ),
    }
}

/// Sends one to the webhook at `url` with each of the secrets, and one without a signature. `ids` gives each an id of its own.
pub async fn webhook(
    network: &Network,
    url: &str,
    keys: Vec<SigningKey>,
    mut ids: impl FnMut() -> String,
    now: DateTime<Utc>,
) -> [Finding; 2] {
    let address = format!("{}/erp-webhook", url.trim_end_matches('/'));
    let to = |key| Receiver { name: "the webhook", address: address.clone(), key };
    let mut answers = Vec::new();
    for key in keys {
        let answer = send(network, &to(Some(key)), &ids(), now).await;
        answers.push(answer.map(|answer| answer.status()));
    }
    let unsigned = send(network, &to(None), &ids(), now).await.map(|answer| answer.status());
    [judge_webhook(&answers), judge_unsigned(&unsigned)]
}

fn judge_webhook(answers: &[Result<StatusCode, Failure>]) -> Finding {
    let refused =
        answers.iter().enumerate().find(|(_, answer)| !matches!(answer, Ok(status) if status.is_success()));
    let Some((at, answer)) = refused else {
        return Finding::ok(
            WEBHOOK,
            format!("taken, with {} of webhook_secrets", counted(answers.len(), "secret", "secrets")),
        );
    };
    let status = match answer {
        Err(failure) => {
            return Finding::wrong(
                WEBHOOK,
                failure.to_string(),
                "check --url, and whether the application is reached from outside at all: GET /health needs no token",
            );
        }
        Ok(status) => *status,
    };
    let found = format!("answered {status} with secret number {} of webhook_secrets", at + 1);
    let advice = match status {
        StatusCode::UNAUTHORIZED => {
            "the application there has other webhook_secrets than this command, a proxy changes the body, or a clock is off by more than 300 s"
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            "a setting is missing there, or its ledger does not answer: look at its log"
        }
        StatusCode::TOO_MANY_REQUESTS => "wait a minute: rate_limit is used up",
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            "check --url: it is scheme, host and perhaps the path before /erp-webhook"
        }
        status if status.is_redirection() => {
            "give --url as the address that it redirects to; an ERP may not follow either"
        }
        _ => "look at the application's log, and at the proxy before it",
    };
    Finding::wrong(WEBHOOK, found, advice)
}

fn judge_unsigned(answer: &Result<StatusCode, Failure>) -> Finding {
    match answer {
        Ok(StatusCode::UNAUTHORIZED) => Finding::ok(UNSIGNED, "refused, as it has to be"),
        Ok(status) if status.is_success() => Finding::wrong(
            UNSIGNED,
            format!("answered {status}"),
            "whoever answers there takes messages without a signature: it is not this application; check --url",
        ),
        Ok(status) => Finding::note(UNSIGNED, format!("answered {status}")),
        Err(failure) => Finding::note(UNSIGNED, failure.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Mark;

    #[test]
    fn an_erps_answer_says_what_to_look_at() {
        for (status, mark, advice) in [
            (200, Mark::Ok, ""),
            (409, Mark::Ok, ""),
            (422, Mark::Warning, "ERP_OUTCOMES=none"),
            (401, Mark::Wrong, "compare erp_signing_secret"),
            (404, Mark::Wrong, "check erp_path"),
            (302, Mark::Wrong, "redirects are not followed"),
            (500, Mark::Wrong, "whoever runs the ERP"),
        ] {
            let finding = judge_erp(&Ok(StatusCode::from_u16(status).unwrap()));
            assert_eq!(finding.mark, mark, "{status}");
            assert!(finding.advice.unwrap_or_default().contains(advice), "{status}");
        }
    }

    #[test]
    fn each_secret_has_to_be_taken_and_no_stranger() {
        let ok = || Ok(StatusCode::ACCEPTED);
        assert_eq!(judge_webhook(&[ok(), ok()]).mark, Mark::Ok);
        for (status, advice) in [
            (401, "other webhook_secrets"),
            (503, "a setting is missing there"),
            (404, "check --url"),
            (308, "the address that it redirects to"),
            (429, "wait a minute"),
            (502, "the proxy before it"),
        ] {
            let finding = judge_webhook(&[ok(), Ok(StatusCode::from_u16(status).unwrap())]);
            assert!(finding.found.contains("secret number 2"), "{}", finding.found);
            assert!(finding.advice.unwrap().contains(advice), "{status}");
        }
        assert_eq!(judge_unsigned(&Ok(StatusCode::UNAUTHORIZED)).mark, Mark::Ok);
        assert_eq!(judge_unsigned(&ok()).mark, Mark::Wrong);
    }
}

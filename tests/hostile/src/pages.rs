//! What the shop answers: lists, page by page, and single users and profiles.

use std::{cell::RefCell, rc::Rc};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{FutureExt as _, StreamExt as _};
use http::{Request, Response, StatusCode, header};
use serde::{Deserialize, de::IgnoredAny};
use shared::{
    dry_run::Port,
    key::OriginCode,
    ledger::ScanState,
    send::{NoAnswer, SendRequest},
    settings::{ShopSettings, Variables},
    shop::{Page, Query, Shop, ShopError, Tokens, user_pages},
    time::ShopTime,
};

use crate::{bounded, line, parts};

const HOST: &str = "https://shop.example";
const TOKEN_HOST: &str = "https://id.example";
const TOKEN: &str = "the-token-that-nobody-sees";
const SECRET: &str = "thesecretthatnobodysees";
/// The host and path of every list: whatever a page says, it is never another.
const LIST: &str = "https://shop.example/api/origin/SHOP/user/?";

/// A shop that answers what the input says, one part after the other.
///
/// A part begins with a line of its own: the status, and after a blank the header that belongs to it.
struct Script {
    answers: RefCell<Vec<Response<Bytes>>>,
    asked: RefCell<Vec<String>>,
}

impl Script {
    fn of(data: &[u8]) -> Self {
        let mut answers: Vec<_> = parts(data).into_iter().map(answer).collect();
        answers.reverse();
        Self { answers: RefCell::new(answers), asked: RefCell::default() }
    }
}

fn answer(part: &[u8]) -> Response<Bytes> {
    let (first, body) = line(part);
    let first = String::from_utf8_lossy(first);
    let (status, said) = first.split_once(' ').unwrap_or((&first, ""));
    let status = StatusCode::from_bytes(status.as_bytes()).unwrap_or(StatusCode::OK);
    let name = if status.is_redirection() { header::LOCATION } else { header::RETRY_AFTER };
    let answer = Response::builder().status(status).header(name, said);
    answer.body(Bytes::copy_from_slice(body)).unwrap_or_else(|_| Response::new(Bytes::copy_from_slice(body)))
}

impl SendRequest for &Script {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        let address = request.uri().to_string();
        let token = request.headers().get(header::AUTHORIZATION);
        if address == format!("{TOKEN_HOST}/token") {
            assert!(token.is_none() && String::from_utf8_lossy(request.body()).contains(SECRET));
            let grant = format!(r#"{{"access_token":"{TOKEN}","expires_in":300}}"#);
            return Ok(Response::new(grant.into()));
        }
        assert!(address.starts_with(&format!("{HOST}/")), "the token goes to {address}");
        assert_eq!(token.and_then(|token| token.to_str().ok()), Some(format!("Bearer {TOKEN}").as_str()));
        assert!(!String::from_utf8_lossy(request.body()).contains(SECRET));
        self.asked.borrow_mut().push(address);
        self.answers.borrow_mut().pop().ok_or_else(|| NoAnswer("the script is over".to_owned()))
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_442_900, 0).expect("a moment of our days")
}

fn shop(script: &Script) -> Shop<&Script> {
    let value = |name: &'static str| {
        let value = match name {
            "cloudsuite_host" => HOST,
            "cloudsuite_token_host" => TOKEN_HOST,
            "cloudsuite_token_path" => "/token",
            "cloudsuite_client_secret" => SECRET,
            "cloudsuite_client_id" | "origins" => "SHOP",
            "shop_time_zone" => "Europe/Amsterdam",
            "trailing_slash" => "always",
            "user_key_pattern" => "*",
            "retry_attempts" => "200",
            "dry_run" => "false",
            _ => "60s",
        };
        value.to_owned()
    };
    let settings = ShopSettings::read(&Variables(&value)).expect("the settings are good");
    Shop { http: Port::of(script, &settings), settings, tokens: Tokens::default(), clock: Rc::new(now) }
}

/// Answers of the shop between lines of `--`: taken as pages of the user list, as users, and as profiles.
///
/// # Panics
/// If a page leads elsewhere or brings what is not on it, or an error tells too much.
pub fn pages(data: &[u8]) {
    if [TOKEN, SECRET].iter().any(|known| data.windows(known.len()).any(|bytes| bytes == known.as_bytes())) {
        // The shop's own words are shown, and it knows both.
        return;
    }
    list(data);
    let origin: OriginCode = "SHOP".parse().expect("a plain code");
    let key = "5b1f0c1e".parse().expect("a plain key");
    let script = Script::of(data);
    let shop = shop(&script);
    while !script.answers.borrow().is_empty() {
        excused(shop.user(&origin, &key).now_or_never().expect("the script answers at once").map(drop));
        excused(shop.profile(7.into()).now_or_never().expect("the script answers at once").map(drop));
    }
}

fn list(data: &[u8]) {
    let script = Script::of(data);
    let shop = shop(&script);
    let origin: OriginCode = "SHOP".parse().expect("a plain code");
    let bodies: Vec<_> = script.answers.borrow().iter().rev().cloned().collect();
    let pages = user_pages(&shop, &origin, Query::registered(100, ""));
    let pages: Vec<_> = pages.collect().now_or_never().expect("the script answers at once");
    assert!(pages.len() <= bodies.len() + 1);
    for asked in script.asked.borrow().iter() {
        assert!(asked.starts_with(LIST) && !asked.contains('#'), "a page leads to {asked}");
    }
    // A token that is refused is renewed, and the same page asked for again.
    let bodies: Vec<_> = bodies.iter().filter(|answer| answer.status() != StatusCode::UNAUTHORIZED).collect();
    let mut scan = ScanState::default().begun(now());
    for (page, answer) in pages.into_iter().zip(bodies.iter().map(Some).chain([None])) {
        match page {
            Ok(page) => scan = entered(scan, page, answer.expect("a page was answered").body()),
            Err(error) => excused(Err(error)),
        }
    }
    let whole = scan.completed(shop.settings.zone);
    assert!(whole.watermark.is_none_or(|mark| mark <= ShopTime::at(now(), shop.settings.zone)));
}

/// A page has the rows that stand in it, and the scan's state after it can be stored.
fn entered(mut scan: ScanState, page: Page, body: &[u8]) -> ScanState {
    #[derive(Deserialize)]
    struct Counted {
        results: Vec<IgnoredAny>,
    }
    let results = serde_json::from_slice::<Counted>(body).expect("a page is JSON").results.len();
    assert_eq!(page.rows.len(), results);
    assert_ne!(page.next.as_ref(), Some(&page.query), "a page leads to itself");
    for row in &page.rows {
        match row {
            Ok(row) => assert_eq!(row.user.key.to_string().parse().as_ref(), Ok(&row.user.key)),
            Err(problem) => shown(&problem.to_string()),
        }
    }
    let (next, before) = (page.next.clone(), scan.latest);
    let page = scan.enter(page);
    assert!(page.rows.len() <= results && page.rows.len() + 1 >= results);
    assert_eq!(scan.position.as_deref(), next.as_ref().map(Query::as_str));
    assert!(scan.latest >= before);
    if let Some(position) = &scan.position {
        assert_eq!(position.parse().ok(), next, "a tick that is cut off goes on where it was");
    }
    let stored = serde_json::to_string(&scan).expect("a state is JSON");
    assert_eq!(serde_json::from_str::<ScanState>(&stored).ok().as_ref(), Some(&scan));
    scan
}

fn excused(result: Result<(), ShopError>) {
    let Err(error) = result else { return };
    shown(&error.to_string());
    if let ShopError::EndPoint { retry_after: Some(wait), .. } = error {
        assert!(wait.as_secs() <= 86_400, "the shop stops us for {wait:?}");
    }
}

fn shown(text: &str) {
    bounded(text);
    assert!(!text.contains(TOKEN) && !text.contains(SECRET), "a secret is shown: {text}");
}

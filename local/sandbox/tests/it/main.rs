//! The stand-ins from outside, as a client sees them.

mod erp;
mod served;
mod shop_faults;
mod shop_lists;
mod shop_parties;
mod shop_users;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, Request, Response, StatusCode};
use sandbox::{Generator, Registration, Shop};
use serde_json::{Value, json};

/// Monday 2 March 2026, 09:15 UTC: 10:15 in the shop.
const START: i64 = 1_772_442_900;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(START + seconds)
}

fn request(method: &Method, target: &str, token: &str, body: &Value) -> Request<Bytes> {
    let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    Request::builder()
        .method(method)
        .uri(target)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(body)
        .expect("a request of the test is well formed")
}

fn token_request(form: &str) -> Request<Bytes> {
    Request::post("/realms/CloudSuite/protocol/openid-connect/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(form.to_owned()))
        .expect("a request of the test is well formed")
}

fn value(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_default()
}

/// A shop, a token that is always good, and a clock.
struct World {
    shop: Shop,
    token: String,
    seconds: i64,
}

impl World {
    fn new() -> Self {
        let mut shop = Shop::new(1);
        shop.behaviour.token_seconds = 10_000_000;
        let token = shop.issue_token(at(0));
        Self { shop, token, seconds: 0 }
    }

    fn call(&mut self, method: &Method, target: &str, body: &Value) -> (StatusCode, Value) {
        let answer = self.shop.handle(at(self.seconds), request(method, target, &self.token, body));
        let response = answer.response().expect("no fault was scripted");
        (response.status(), value(&response))
    }

    fn get(&mut self, target: &str) -> (StatusCode, Value) {
        self.call(&Method::GET, target, &Value::Null)
    }

    fn patch(&mut self, user: &str, body: &Value) -> (StatusCode, Value) {
        self.call(&Method::PATCH, &format!("/api/origin/SHOP/user/{user}/"), body)
    }

    fn put_customer(&mut self, key: &str) {
        let body = json!({"key": key, "name": "Voorbeeld Techniek B.V."});
        let (status, answer) = self.call(&Method::PUT, &format!("/api/origin/SHOP/customer/{key}/"), &body);
        assert!(status.is_success(), "{answer}");
    }

    /// Registrations one minute apart; the clock stands at the last one.
    fn register(&mut self, people: usize) -> Vec<String> {
        let mut generator = Generator::new(5);
        (0..people)
            .map(|_| {
                self.seconds += 60;
                self.shop.register(&generator.plain(), at(self.seconds))
            })
            .collect()
    }

    fn register_one(&mut self, registration: &Registration) -> String {
        self.shop.register(registration, at(self.seconds))
    }
}

/// The keys of a list's rows.
fn keys(list: &Value) -> Vec<String> {
    let rows = list["results"].as_array().expect("a list has results");
    rows.iter().map(|row| row["key"].as_str().unwrap_or_default().to_owned()).collect()
}

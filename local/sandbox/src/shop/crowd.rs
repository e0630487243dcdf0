//! A shop for measurements: many people who have registered, and every answer made beforehand.
//!
//! Its answers are those that [`Shop`] gives about the same people. It keeps no state but counts: what is written is taken and
//! forgotten, and no customer is ever there already. So it costs next to nothing beside what is measured. It takes the messages of
//! an ERP too.

use std::collections::HashMap;

use bytes::{BufMut as _, Bytes, BytesMut};
use chrono::{DateTime, Utc};
use http::{HeaderValue, Method, Request, Response, StatusCode, header::CONTENT_TYPE};

use super::{Shop, behaviour::ListRows};
use crate::{Answer, Generator, StandIn};

/// The crowd.
#[derive(Debug, Clone, Default)]
pub struct Crowd {
    keys: Vec<String>,
    by_key: HashMap<String, usize>,
    rows: Vec<Bytes>,
    profiles: HashMap<String, Bytes>,
    /// Calls so far, those for a token aside.
    pub calls: u64,
    /// Pages of the user list among them.
    pub pages: u64,
}

impl Crowd {
    /// So many people have registered in the origin `SHOP`, at the time `now`.
    #[must_use]
    pub fn of(people: usize, now: DateTime<Utc>) -> Self {
        let (mut shop, mut generator) = (Shop::new(1), Generator::new(1));
        let keys: Vec<_> = (0..people).map(|_| shop.register(&generator.plain(), now)).collect();
        let zone = shop.behaviour.zone;
        let rows = keys.iter().filter_map(|key| shop.user(key));
        let rows = rows.map(|user| user.json(ListRows::Full, zone).to_string().into()).collect();
        let profiles = shop.profiles.iter().map(|(id, profile)| (id.to_string(), profile.json(zone)));
        let profiles = profiles.map(|(id, profile)| (id, profile.to_string().into())).collect();
        let by_key = keys.iter().cloned().zip(0..).collect();
        Self { keys, by_key, rows, profiles, ..Self::default() }
    }

    /// Their keys, the one who came first in front.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    fn page(&mut self, request: &Request<Bytes>) -> Bytes {
        self.pages += 1;
        let query = request.uri().query().unwrap_or_default();
        let number = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|value| value.parse().ok())
        };
        let limit = number("limit").unwrap_or(100);
        let start = number("offset").unwrap_or(0).min(self.rows.len());
        let end = start.saturating_add(limit).min(self.rows.len());
        let mut page = BytesMut::with_capacity(1024 * (end - start + 1));
        page.put_slice(format!("{{\"count\":{},\"previous\":null,\"next\":", self.rows.len()).as_bytes());
        if end < self.rows.len() {
            let others = query.split('&').filter(|pair| !pair.starts_with("offset="));
            let others = others.collect::<Vec<_>>().join("&");
            let next = format!("\"https://shop.example{}?{others}&offset={end}\"", request.uri().path());
            page.put_slice(next.as_bytes());
        } else {
            page.put_slice(b"null");
        }
        page.put_slice(b",\"results\":[");
        for (place, row) in self.rows[start..end].iter().enumerate() {
            if place > 0 {
                page.put_u8(b',');
            }
            page.put_slice(row);
        }
        page.put_slice(b"]}");
        page.freeze()
    }

    fn answer(&mut self, request: &Request<Bytes>) -> (StatusCode, Bytes) {
        const TOKEN: &[u8] = br#"{"access_token":"crowd","expires_in":86400,"token_type":"Bearer"}"#;
        let path = request.uri().path().trim_end_matches('/');
        if path.ends_with("/openid-connect/token") {
            return (StatusCode::OK, Bytes::from_static(TOKEN));
        }
        self.calls += 1;
        let (collection, last) = path.rsplit_once('/').unwrap_or_default();
        let found = match (request.method().clone(), collection.ends_with("/user"), last) {
            (Method::GET, false, "user") => Some(self.page(request)),
            (Method::GET, true, key) => self.by_key.get(key).map(|place| self.rows[*place].clone()),
            (Method::GET, false, id) if collection.ends_with("/userprofile") => {
                self.profiles.get(id).cloned()
            }
            // No customer and no address is there before it is written.
            (Method::GET, ..) => None,
            _ => Some(Bytes::from_static(b"{}")),
        };
        found.map_or((StatusCode::NOT_FOUND, Bytes::from_static(b"{\"detail\":\"Not found.\"}")), |body| {
            (StatusCode::OK, body)
        })
    }
}

impl StandIn for Crowd {
    fn take(&mut self, _: DateTime<Utc>, request: Request<Bytes>) -> Answer {
        let (status, body) = self.answer(&request);
        let mut response = Response::new(body);
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Answer::Respond(response)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn ask(stand_in: &mut impl StandIn, token: &str, target: &str) -> Value {
        let request = Request::get(target).header("authorization", format!("Bearer {token}"));
        let answer = stand_in.take(DateTime::UNIX_EPOCH, request.body(Bytes::new()).unwrap());
        serde_json::from_slice(answer.response().unwrap().body()).unwrap()
    }

    #[test]
    fn it_answers_what_the_shop_answers_about_the_same_people() {
        let now = DateTime::UNIX_EPOCH;
        let (mut shop, mut generator) = (Shop::new(1), Generator::new(1));
        for _ in 0..250 {
            let _ = shop.register(&generator.plain(), now);
        }
        let mut crowd = Crowd::of(250, now);
        let token = shop.issue_token(now);
        for page in ["offset=0", "offset=99", "offset=198"] {
            let target = format!("/api/origin/SHOP/user/?registration=new&inactive=true&limit=100&{page}");
            let (its, ours) = (ask(&mut shop, &token, &target), ask(&mut crowd, &token, &target));
            assert_eq!((&its["results"], &its["count"]), (&ours["results"], &ours["count"]), "{target}");
            let offset = |page: &Value| {
                let mut pairs = page["next"].as_str()?.split(['?', '&']);
                pairs.rfind(|pair| pair.starts_with("offset=")).map(str::to_owned)
            };
            assert_eq!(offset(&its), offset(&ours), "{target}");
        }
        let profile =
            ask(&mut shop, &token, &format!("/api/origin/SHOP/user/{}/", crowd.keys()[7]))["user_profiles"]
                [0]
            .clone();
        for target in [
            format!("/api/origin/SHOP/user/{}/", crowd.keys()[7]),
            format!("/api/userprofile/{profile}/"),
            "/api/origin/SHOP/customer/C-1/".to_owned(),
        ] {
            assert_eq!(ask(&mut shop, &token, &target), ask(&mut crowd, &token, &target), "{target}");
        }
        assert_eq!((crowd.calls, crowd.pages), (6, 3));
    }
}

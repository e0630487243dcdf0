//! What is done for each row of the shop's list, in each tick: `cargo bench -p shared`.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

use std::{hint::black_box, rc::Rc};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::FutureExt as _;
use http::{Request, Response};
use sandbox::{Crowd, StandIn};
use shared::{
    dry_run::Port,
    print::print,
    send::{NoAnswer, SendRequest},
    settings::{ShopSettings, Variables},
    shop::{Query, Shop, Tokens},
};

/// Rows on a page, as the setting `page_limit` has it by default.
const ROWS: usize = 100;

/// A shop that has this page and no other.
struct OnePage(Bytes);

impl SendRequest for OnePage {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        let token = Bytes::from_static(br#"{"access_token":"token","expires_in":300}"#);
        Ok(Response::new(if request.uri().query().is_some() { self.0.clone() } else { token }))
    }
}

fn now() -> DateTime<Utc> {
    "2026-03-02T09:15:00Z".parse().unwrap()
}

fn page() -> Bytes {
    let request = Request::get("/api/origin/SHOP/user/?registration=new&limit=100&offset=0");
    let answer = Crowd::of(ROWS, now()).take(now(), request.body(Bytes::new()).unwrap());
    answer.response().unwrap().body().clone()
}

fn shop(page: Bytes) -> Shop<OnePage> {
    let value = |name: &'static str| {
        let value = match name {
            "cloudsuite_host" | "cloudsuite_token_host" => "https://shop.example",
            "cloudsuite_token_path" => "/token",
            "shop_time_zone" => "UTC",
            "trailing_slash" => "always",
            "doubt_wait" => "60s",
            "retry_attempts" => "200",
            "retry_for" => "7d",
            "dry_run" => "false",
            _ => "SHOP",
        };
        value.to_owned()
    };
    let settings = ShopSettings::read(&Variables(&value)).unwrap();
    let http = Port::of(OnePage(page), &settings);
    Shop { http, settings, tokens: Tokens::default(), clock: Rc::new(now) }
}

fn reading(criterion: &mut Criterion) {
    let (page, origin) = (page(), "SHOP".parse().unwrap());
    let row = page.len() / ROWS;
    let shop = shop(page.clone());
    let mut group = criterion.benchmark_group("list");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("a page of 100 rows", |bencher| {
        bencher.iter(|| {
            let page = shop.user_page(&origin, Query::registered(ROWS, "")).now_or_never().unwrap().unwrap();
            assert_eq!(black_box(page).rows.len(), ROWS);
        });
    });
    group.throughput(Throughput::Bytes(row as u64));
    group.bench_function("the fingerprint of a row", |bencher| {
        bencher.iter(|| print(&[black_box(&page[..row])]));
    });
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);

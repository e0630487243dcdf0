//! How much the stand-in shop carries.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use bytes::Bytes;
use http::Request;

use super::Case;
use crate::{
    bench::Bench,
    line::{Figure, Goal},
    load,
    surroundings::Surroundings,
};

const PEOPLE: usize = 1000;
const CONNECTIONS: usize = 16;
/// More than it answers in the time.
const REQUESTS: usize = 1_000_000;

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    bench.begin("what the stand-in shop carries");
    let surroundings = Surroundings::new(PEOPLE, Duration::ZERO).await?;
    let keys = surroundings.shop.lock().keys().to_vec();
    let requests =
        keys.iter().map(|key| Request::get(format!("/api/origin/SHOP/user/{key}/")).body(Bytes::new()));
    let mut requests = requests.collect::<Result<Vec<_>, _>>()?;
    requests = requests.into_iter().cycle().take(REQUESTS).collect();
    let load =
        load::send(surroundings.shop.address(), CONNECTIONS, bench.plan().load, Arc::new(requests)).await?;
    let goal = Goal::AtLeast(Figure::PerSecond(10_000.0));
    bench.judged(Case::Shop, "users by key, 16 connections", Figure::PerSecond(load.per_second()), goal);
    surroundings.shop.stop().await;
    Ok(())
}

//! Times signed decisions to their durable answer while the shop is slow, fifty at a time, and tries forged ones:
//! `cargo run --release -p end-to-end --example webhook`.

use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;
use end_to_end::{SECRET, World};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use sandbox::{
    Generator,
    erp::{Approval, signed},
};

const DECISIONS: usize = 500;
const AT_ONCE: usize = 50;
/// Far longer than the sender of a decision waits.
const LATENCY: Duration = Duration::from_secs(3);
const FORGERIES: usize = 2000;

#[tokio::main]
async fn main() -> Result<()> {
    let world = World::in_real_time(&[("rate_limit", "0"), ("concurrency", "16")]).await?;
    let mut generator = Generator::new(1);
    let users: Vec<_> = (0..DECISIONS).map(|_| world.register(&generator.plain())).collect();
    let report = world.tick().await?;
    anyhow::ensure!(report["announced"] == DECISIONS, "{report}");
    world.shop.set_latency(LATENCY);

    let decide = |user: &String| {
        let message = Approval::new("SHOP", user, &format!("C-{user}")).message(world.now());
        let id = format!("msg_{user}");
        let world = &world;
        async move {
            let began = Instant::now();
            let reply = world.post(&id, &message).await?;
            Ok::<_, anyhow::Error>((reply.status, began.elapsed()))
        }
    };
    let mut answers: Vec<_> =
        stream::iter(&users).map(decide).buffer_unordered(AT_ONCE).try_collect().await?;
    anyhow::ensure!(answers.iter().all(|(status, _)| *status == 202), "a slow shop is not waited for");
    answers.sort_by_key(|(_, took)| *took);
    let at = |share: usize| answers[(answers.len() - 1) * share / 100].1;
    println!(
        "{DECISIONS} decisions, {AT_ONCE} at a time, a shop of {LATENCY:?} a call: p50 {} ms, p99 {} ms",
        at(50).as_millis(),
        at(99).as_millis()
    );

    let forge = |number: usize| {
        let world = &world;
        let user = &users[number % users.len()];
        async move {
            let body = Bytes::from(Approval::new("SHOP", user, "C-evil").message(world.now()).to_string());
            let mut request = signed(SECRET, &format!("forged_{number}"), world.now(), &body)?;
            let mut bytes = body.to_vec();
            // One bit of the body, or the signature cut somewhere.
            if number.is_multiple_of(2) {
                let place = number / 2 % bytes.len();
                bytes[place] ^= 1 << (number / 2 % 7);
                *request.body_mut() = bytes.into();
            } else {
                let signature = request.headers()["webhook-signature"].to_str()?;
                let cut = signature[..number / 2 % signature.len()].parse()?;
                request.headers_mut().insert("webhook-signature", cut);
            }
            Ok::<_, anyhow::Error>(world.send(request).await?.status)
        }
    };
    let statuses: Vec<_> =
        stream::iter(0..FORGERIES).map(forge).buffer_unordered(AT_ONCE).try_collect().await?;
    let accepted = statuses.iter().filter(|status| **status != 401).count();
    println!("{FORGERIES} forged signatures, {accepted} accepted");
    Ok(())
}

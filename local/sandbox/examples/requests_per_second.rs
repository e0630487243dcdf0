//! How many reads of a user by key the served shop answers in a second: `cargo run --release -p sandbox --example
//! requests_per_second`. The client shares the machine's cores with it.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use bytes::Bytes;
use chrono::DateTime;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use sandbox::{Generator, Shop, serve::Served};
use tokio::net::TcpStream;

const USERS: usize = 100_000;
const CONNECTIONS: usize = 16;
const TIME: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let now = DateTime::UNIX_EPOCH;
    let mut shop = Shop::new(1);
    let mut generator = Generator::new(1);
    let keys: Vec<String> = (0..USERS).map(|_| shop.register(&generator.plain(), now)).collect();
    let token = shop.issue_token(now);
    let served = Served::start(shop, move || now).await?;
    for (what, targets) in [
        ("user by key", keys.iter().map(|key| format!("/api/origin/SHOP/user/{key}/")).collect::<Vec<_>>()),
        ("page of 100", (0..USERS / 100).map(|page| page_target(page * 100)).collect()),
    ] {
        let start = Instant::now();
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|client| {
                let targets = targets.iter().skip(client).step_by(CONNECTIONS).cloned().collect();
                tokio::spawn(read(served.address(), token.clone(), targets, start + TIME))
            })
            .collect();
        let mut answers = 0;
        for client in clients {
            answers += client.await?.map_err(|error| error.to_string())?;
        }
        println!("{what}: {:.0} requests/s", f64::from(answers) / start.elapsed().as_secs_f64());
    }
    served.stop().await;
    Ok(())
}

fn page_target(offset: usize) -> String {
    format!("/api/origin/SHOP/user/?registration=new&inactive=true&limit=100&offset={offset}")
}

async fn read(
    address: std::net::SocketAddr,
    token: String,
    targets: Vec<String>,
    until: Instant,
) -> Result<u32, Box<dyn Error + Send + Sync>> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(TcpStream::connect(address).await?)).await?;
    tokio::spawn(connection);
    let mut answers = 0;
    for target in targets.iter().cycle() {
        if Instant::now() >= until {
            break;
        }
        let request = Request::get(target)
            .header("host", "shop")
            .header("authorization", format!("Bearer {token}"))
            .body(Empty::<Bytes>::new())?;
        sender.ready().await?;
        let answer = sender.send_request(request).await?;
        if answer.status() != 200 {
            return Err(format!("{} from {target}", answer.status()).into());
        }
        answer.into_body().collect().await?;
        answers += 1;
    }
    Ok(answers)
}

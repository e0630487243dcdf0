use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use bytes::Bytes;
use http_body_util::{Empty, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::*;

/// A server that counts its connections; `/silent` never answers, `/elsewhere` redirects.
async fn upstream() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, count) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let connections = count.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            connections.fetch_add(1, Ordering::SeqCst);
            let service = service_fn(|request: Request<Incoming>| async move {
                let mut answer = Response::new(Full::new(Bytes::from_static(b"hello")));
                match request.uri().path() {
                    "/silent" => std::future::pending().await,
                    "/elsewhere" => *answer.status_mut() = http::StatusCode::FOUND,
                    _ => {}
                }
                Ok::<_, Infallible>(answer)
            });
            let connection =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection);
        }
    });
    (address, count)
}

fn outgoing(hosts: &[String], clock: &Clock) -> Outgoing {
    Outgoing::new("test".into(), hosts, Pool::new().unwrap(), clock.clone())
}

async fn get(outgoing: &mut Outgoing, url: &str) -> Result<(u16, Bytes), Error> {
    let mut request =
        Request::new(Empty::<Bytes>::new().map_err(|never: Infallible| match never {}).boxed_unsync());
    *request.uri_mut() = url.parse().unwrap();
    let (answer, _) = Box::into_pin(outgoing.send_request(request, None, Box::new(async { Ok(()) }))).await?;
    let status = answer.status().as_u16();
    answer.into_body().collect().await.map(|body| (status, body.to_bytes()))
}

#[tokio::test]
async fn requests_go_where_they_may_over_one_connection() {
    let (address, connections) = upstream().await;
    let url = format!("http://{address}");
    let mut allowed = outgoing(&[format!("{url}/")], &Clock::system());
    for _ in 0..3 {
        assert_eq!(get(&mut allowed, &format!("{url}/a")).await.unwrap(), (200, "hello".into()));
    }
    assert_eq!(get(&mut allowed, &format!("{url}/elsewhere")).await.unwrap().0, 302, "it is not followed");
    assert_eq!(connections.load(Ordering::SeqCst), 1);

    let port = address.port();
    for (hosts, why) in [
        (vec![], "nothing is listed"),
        (vec!["https://shop.test".to_owned()], "another host is listed"),
        (vec![url.clone(), format!("{url}/path")], "one entry is malformed"),
    ] {
        let denied = get(&mut outgoing(&hosts, &Clock::system()), &url).await;
        assert!(matches!(denied, Err(Error::HttpRequestDenied)), "{why}");
    }
    let denied = get(&mut allowed, &format!("http://localhost:{port}/")).await;
    assert!(matches!(denied, Err(Error::HttpRequestDenied)), "a name is not its address");
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn failures_have_the_codes_that_spin_gives_them() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut any = outgoing(&["*://*:*".to_owned()], &Clock::system());
    let refused = get(&mut any, &format!("http://{free}/")).await;
    assert!(matches!(refused, Err(Error::ConnectionRefused)), "{refused:?}");
    let unknown = get(&mut any, "http://nobody.invalid/").await;
    assert!(matches!(unknown, Err(Error::DnsError { .. })), "{unknown:?}");
    let (plain, _) = upstream().await;
    let tls = get(&mut any, &format!("https://{plain}/")).await;
    assert!(matches!(tls, Err(Error::TlsProtocolError)), "{tls:?}");
}

#[tokio::test]
async fn the_wait_for_an_answer_follows_the_clock() {
    let (address, connections) = upstream().await;
    let clock = Clock::driven(SystemTime::UNIX_EPOCH);
    let mut slow = outgoing(&[format!("http://{address}")], &clock);
    let request = tokio::spawn(async move { get(&mut slow, &format!("http://{address}/silent")).await });
    while connections.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    clock.advance(PATIENCE.checked_sub(Duration::from_secs(1)).unwrap());
    // One thread, so each of these turns lets the request run as far as it can.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!request.is_finished());
    clock.advance(Duration::from_secs(1));
    assert!(matches!(request.await.unwrap(), Err(Error::ConnectionReadTimeout)));
}

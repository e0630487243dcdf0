//! The stand-ins behind real HTTP.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use sandbox::{
    Erp, Generator, Shop,
    erp::{Policy, Secrets},
    fault::{Call, Fault, On, What},
    serve::Served,
};
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};

use super::{at, request, token_request, value};

async fn send(to: SocketAddr, mut request: Request<Bytes>) -> Option<Response<Bytes>> {
    request.headers_mut().insert("host", to.to_string().parse().expect("an address is a header value"));
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(TcpStream::connect(to).await.ok()?)).await.ok()?;
    tokio::spawn(connection);
    let (parts, body) = sender.send_request(request.map(Full::new)).await.ok()?.into_parts();
    Some(Response::from_parts(parts, body.collect().await.ok()?.to_bytes()))
}

fn list(token: &str) -> Request<Bytes> {
    request(&Method::GET, "/api/origin/SHOP/user/?registration=new&inactive=true", token, &Value::Null)
}

#[tokio::test]
async fn a_token_and_a_list_over_http_by_the_tests_clock() {
    let clock = Arc::new(AtomicI64::new(0));
    let hand = Arc::clone(&clock);
    let shop = Served::start(Shop::new(1), move || at(hand.load(Ordering::Relaxed))).await.unwrap();
    shop.lock().register(&Generator::new(1).plain(), at(0));
    let form = "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox-secret&scope=openid";
    let answer = send(shop.address(), token_request(form)).await.unwrap();
    let token = value(&answer)["access_token"].as_str().unwrap().to_owned();
    let answer = send(shop.address(), list(&token)).await.unwrap();
    assert_eq!((answer.status().as_u16(), &value(&answer)["count"]), (200, &1.into()));
    clock.store(300, Ordering::Relaxed);
    assert_eq!(send(shop.address(), list(&token)).await.unwrap().status(), 401);
    assert_eq!(shop.lock().journal.count(Call::UserList), 2);
    let address = shop.address();
    shop.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn faults_reach_the_wire() {
    let shop = Served::start(Shop::new(1), || at(0)).await.unwrap();
    let token = shop.lock().issue_token(at(0));
    let script = |what| shop.lock().faults.push(Fault::once(On::call(Call::UserList), what));
    let cut = shop.address();

    script(What::CloseBeforeAnswer);
    assert!(send(cut, list(&token)).await.is_none());
    script(What::CloseMidBody(5));
    let mut broken = list(&token);
    broken.headers_mut().insert("host", "shop".parse().unwrap());
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(TcpStream::connect(cut).await.unwrap())).await.unwrap();
    tokio::spawn(connection);
    let mut answer = sender.send_request(broken.map(Full::new)).await.unwrap();
    assert_eq!(answer.status(), 200, "the head arrives");
    let first = answer.body_mut().frame().await.unwrap().unwrap();
    assert_eq!(first.data_ref().unwrap().len(), 5);
    assert!(answer.body_mut().frame().await.unwrap().is_err(), "the rest does not");

    script(What::Hang);
    assert!(timeout(Duration::from_millis(100), send(cut, list(&token))).await.is_err());
    script(What::Slow(Duration::from_millis(80)));
    let start = Instant::now();
    assert_eq!(send(cut, list(&token)).await.unwrap().status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(80));

    // Stopping does not wait for a call that hangs.
    script(What::Hang);
    let calls = shop.lock().journal.total();
    let hanging = tokio::spawn(send(cut, list(&token)));
    while shop.lock().journal.total() == calls {
        tokio::task::yield_now().await;
    }
    timeout(Duration::from_secs(5), shop.stop()).await.expect("stopped");
    assert!(hanging.await.unwrap().is_none());
}

#[tokio::test]
async fn latency_is_per_call_and_the_peak_is_counted() {
    let shop = Served::start(Shop::new(1), || at(0)).await.unwrap();
    let token = shop.lock().issue_token(at(0));
    shop.set_latency(Duration::from_millis(100));
    let start = Instant::now();
    let calls: Vec<_> = (0..8).map(|_| tokio::spawn(send(shop.address(), list(&token)))).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().status(), 200);
    }
    assert!(start.elapsed() >= Duration::from_millis(100), "each call takes its time");
    assert_eq!(shop.peak_in_flight(), 8, "and none waits for another");
}

#[tokio::test]
async fn what_the_erp_decides_is_delivered_and_its_answer_noted() {
    // An ERP stands in for the application too: it checks the signature just as strictly.
    let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u".to_owned();
    let secrets = Secrets { incoming: secret.clone(), outgoing: secret };
    let start = |secrets| Served::start(Erp::new(0, secrets, Policy::Manual).unwrap(), || at(0));
    let application = start(secrets.clone()).await.unwrap();
    let erp = start(secrets).await.unwrap();
    let message = sandbox::erp::message::message("customer.approved", at(0), &serde_json::json!({}));
    application.lock().faults.push(Fault::once(On::any(), What::CloseBeforeAnswer));
    let request = erp.lock().post(at(0), "dec_1", &message).unwrap();
    assert!(erp.deliver(application.address(), request).await.answer.is_none());
    erp.lock().again_after = chrono::TimeDelta::zero();
    assert!(erp.deliver_due(application.address()).await.is_empty(), "not due yet");
    let request = erp.lock().repeat(at(0), "dec_1").unwrap();
    let delivery = erp.deliver(application.address(), request).await;
    assert_eq!((delivery.id.as_str(), delivery.answer.unwrap().status().as_u16()), ("dec_1", 200));
    assert!(erp.lock().outgoing().all(sandbox::erp::Outgoing::ended));
    assert_eq!(application.lock().received().len(), 1);
}

#[tokio::test]
async fn a_closed_port_refuses_until_it_is_opened_again_at_the_same_address() {
    let shop = Served::start(Shop::new(1), || at(0)).await.unwrap();
    let (address, token) = (shop.address(), shop.lock().issue_token(at(0)));
    let last = Fault { after: 1, ..Fault::once(On::call(Call::UserList), What::LastBeforeClosing) };
    shop.lock().faults.push(last);
    for why in ["the call before it", "the one that closes the port is answered"] {
        assert_eq!(send(address, list(&token)).await.expect(why).status(), 200);
    }
    let refused = TcpStream::connect(address).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    shop.open().await;
    assert_eq!(send(address, list(&token)).await.unwrap().status(), 200);
    shop.close().await;
    assert!(TcpStream::connect(address).await.is_err());
    shop.open().await;
    assert_eq!((shop.address(), shop.lock().journal.count(Call::UserList)), (address, 3));
    assert_eq!(send(address, list(&token)).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_padded_answer_is_the_right_one_and_as_long_as_it_says() {
    let shop = Served::start(Shop::new(1), || at(0)).await.unwrap();
    let token = shop.lock().issue_token(at(0));
    for bytes in [1, 200_000] {
        shop.lock().faults.push(Fault::once(On::call(Call::UserList), What::Padded(bytes)));
        let answer = send(shop.address(), list(&token)).await.unwrap();
        let announced: u64 = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
        assert_eq!(announced, answer.body().len() as u64);
        assert!(announced >= bytes, "never shorter than the answer itself");
        assert_eq!(value(&answer)["count"], 0, "blanks behind a JSON text change nothing");
    }
}

#[tokio::test]
async fn who_waits_for_a_call_to_hang_is_told_and_also_when_its_client_has_left() {
    let shop = Served::start(Shop::new(1), || at(0)).await.unwrap();
    let token = shop.lock().issue_token(at(0));
    shop.until_no_call_hangs().await;
    shop.lock().faults.push(Fault::once(On::any(), What::Hang));
    let hanging = tokio::spawn(send(shop.address(), list(&token)));
    shop.until_a_call_hangs().await;
    let mut none_hangs = std::pin::pin!(shop.until_no_call_hangs());
    assert!(timeout(Duration::from_millis(20), &mut none_hangs).await.is_err());
    hanging.abort();
    none_hangs.await;
}

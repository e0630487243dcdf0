//! What is in the way, and what is said about it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use chrono::TimeDelta;
use doctor::Mark;
use http::StatusCode;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use sandbox::{
    fault::{Call, Fault, On, What},
    shop::Behaviour,
};
use tokio::{io::AsyncWriteExt as _, net::TcpListener};
use tokio_rustls::TlsAcceptor;

use crate::stage::{expect, look, look_at, mismatch, noon, plan, served, shop, values};

/// What goes wrong at which calls, and what has to be said.
type Case = (&'static str, Fault, &'static str, Mark, &'static str);

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn each_fault_of_the_shop_has_its_advice() {
    let always = |call, what| Fault::always(On::call(call), what);
    let status = |status, body| What::status(StatusCode::from_u16(status).unwrap(), body);
    let json = r#"{"error":"invalid_client"}"#;
    let html = "<html><body>Maintenance</body></html>";
    let away = || What::redirect(StatusCode::FOUND, "https://login.example/hello?token=secret");
    let cases: Vec<Case> = vec![
        (
            "401 from the token end point",
            always(Call::Token, status(401, json)),
            "token",
            Mark::Wrong,
            "401 Unauthorized, with JSON that names error | check cloudsuite_client_id and cloudsuite_client_secret; those of TEST are not those of LIVE",
        ),
        (
            "404 from the token end point",
            always(Call::Token, status(404, "")),
            "token",
            Mark::Wrong,
            "check cloudsuite_token_path",
        ),
        (
            "HTML from the token end point",
            always(Call::Token, status(200, html)),
            "token",
            Mark::Wrong,
            "a page for people (HTML), and not the API | check cloudsuite_token_host",
        ),
        (
            "503 from the token end point",
            always(Call::Token, status(503, html)),
            "token",
            Mark::Wrong,
            "try again later",
        ),
        (
            "a redirect from the token end point",
            always(Call::Token, away()),
            "token",
            Mark::Wrong,
            "redirected to https://login.example/hello |",
        ),
        (
            "no token in the answer",
            always(Call::Token, status(200, "{}")),
            "token",
            Mark::Wrong,
            "this is no token end point",
        ),
        (
            "a token end point that hangs",
            always(Call::Token, What::Hang),
            "token",
            Mark::Wrong,
            "nothing came within 1s",
        ),
        (
            "401 from the list",
            always(Call::UserList, status(401, "{}")),
            "origin",
            Mark::Wrong,
            "both of TEST or both of LIVE",
        ),
        (
            "403 from the list",
            always(Call::UserList, status(403, "{}")),
            "origin",
            Mark::Wrong,
            "ask the vendor to let cloudsuite_client_id read and write",
        ),
        (
            "HTML from the list",
            always(Call::UserList, status(200, html)),
            "origin",
            Mark::Wrong,
            "check cloudsuite_host: this is not the shop's API",
        ),
        (
            "a redirect from the list",
            always(Call::UserList, away()),
            "origin",
            Mark::Wrong,
            "redirected to https://login.example/hello | check cloudsuite_host",
        ),
        (
            "another JSON from the list",
            always(Call::UserList, status(200, r#"{"count":3}"#)),
            "origin",
            Mark::Wrong,
            "this is not the shop's API",
        ),
        ("a list that hangs", always(Call::UserList, What::Hang), "origin", Mark::Wrong, "try --timeout 30s"),
        (
            "a connection that is closed",
            always(Call::UserList, What::CloseBeforeAnswer),
            "origin",
            Mark::Wrong,
            "broke off",
        ),
        (
            "an answer that is cut off",
            always(Call::UserList, What::CloseMidBody(10)),
            "origin",
            Mark::Wrong,
            "broke off",
        ),
        (
            "no profile",
            always(Call::Profile, status(404, "{}")),
            "profile",
            Mark::Wrong,
            "let cloudsuite_client_id read /api/userprofile/",
        ),
        (
            "a profile of another form",
            always(Call::Profile, status(200, r#"{"name":["x"]}"#)),
            "profile",
            Mark::Wrong,
            "the profile's field name is no text",
        ),
        (
            "no user by key",
            always(Call::UserGet, status(404, "{}")),
            "user",
            Mark::Wrong,
            "ask the vendor how one user is read",
        ),
        (
            "a user that hides what tells",
            always(Call::UserGet, status(200, r#"{"key":"u"}"#)),
            "user",
            Mark::Warning,
            "not shown: active, authorised_customers, registration, user_profiles",
        ),
        (
            "too many calls",
            Fault { after: 6, ..always(Call::UserList, What::too_many(60)) },
            "rate",
            Mark::Warning,
            "set SPIN_VARIABLE_CONCURRENCY=4",
        ),
        (
            "a date with a time is refused",
            Fault::always(On::call(Call::UserList).at("create_date"), status(400, "{}")),
            "filter.created",
            Mark::Wrong,
            "in which form create_date__gte takes a time",
        ),
        (
            "no next",
            Fault::always(
                On::call(Call::UserList).at("?limit=1"),
                status(200, r#"{"count":9,"next":null,"results":[{"key":"a"}]}"#),
            ),
            "next",
            Mark::Wrong,
            "none, although there are 9 users",
        ),
        (
            "a next without a query",
            Fault::always(
                On::call(Call::UserList).at("?limit=1"),
                status(200, r#"{"count":9,"next":"https://x.example/2/","results":[{"key":"a"}]}"#),
            ),
            "next",
            Mark::Wrong,
            "it has no query",
        ),
        (
            "limit does nothing",
            Fault::always(
                On::call(Call::UserList).at("?limit=1"),
                status(200, r#"{"count":2,"next":null,"results":[{"key":"a"},{"key":"b"}]}"#),
            ),
            "page_limit",
            Mark::Warning,
            "limit is ignored",
        ),
        (
            "rows without a key",
            Fault::always(
                On::call(Call::UserList).at("registration=new"),
                status(200, r#"{"count":2,"next":null,"results":[{"key":7},{"key":"b"}]}"#),
            ),
            "rows",
            Mark::Warning,
            "1 row cannot be read",
        ),
    ];
    let mut wrong = Vec::new();
    for (name, fault, id, mark, words) in cases {
        let mut shop = shop(Behaviour::default());
        shop.faults.push(fault);
        let served = served(shop).await;
        let seen =
            look(&values(&served.url()), &doctor::Plan { limit: Duration::from_secs(1), ..plan() }).await;
        wrong.extend(mismatch(&seen.findings, id, mark, words).map(|what| format!("{name}: {what}")));
        let said = serde_json::to_string(&seen).unwrap();
        assert!(!said.contains("token=secret") && !said.contains("sandbox-secret"), "{name}");
        assert!(seen.counts.wrong > 0 || mark != Mark::Wrong, "{name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A server with a certificate that it has signed itself.
async fn self_signed() -> SocketAddr {
    let certificate = CertificateDer::from(include_bytes!("self_signed/certificate.der").to_vec());
    let key = PrivateKeyDer::try_from(include_bytes!("self_signed/key.der").to_vec()).unwrap();
    let config = ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
                }
            });
        }
    });
    address
}

/// An address at which nobody listens.
async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn a_host_that_cannot_be_reached_says_how_far_one_came() {
    let (plain, tls, nobody) =
        (served(shop(Behaviour::default())).await, self_signed().await, nobody().await);
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    for (host, words, token) in [
        (
            format!("https://localhost:{}", tls.port()),
            "nobody whom this machine trusts has signed the certificate",
            "no encrypted connection",
        ),
        (
            format!("https://{}", plain.address()),
            "the other side does not speak TLS at this port",
            "no encrypted connection",
        ),
        (
            format!("http://{nobody}"),
            "the connection was refused | check scheme and port",
            "the connection was refused",
        ),
        (
            "https://no-such-host.example".to_owned(),
            "the name was not found | check the spelling",
            "the name was not found",
        ),
        (
            format!("https://{}", silent.local_addr().unwrap()),
            "nothing came within 1s | a firewall",
            "nothing came within 1s",
        ),
    ] {
        let mut values = values(&host);
        values.insert("erp_host", host.clone());
        values.insert("erp_signing_secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u".to_owned());
        let seen = look(&values, &doctor::Plan { limit: Duration::from_secs(1), ..plan() }).await;
        for name in ["cloudsuite_host", "cloudsuite_token_host", "erp_host"] {
            expect(&seen.findings, &format!("host.{name}"), Mark::Wrong, words);
        }
        expect(&seen.findings, "token", Mark::Wrong, token);
        expect(&seen.findings, "skipped", Mark::Note, "there is no token");
        assert!(
            mismatch(&seen.findings, "origin", Mark::Ok, "").is_some(),
            "nothing is said about what was not seen"
        );
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_by_the_shops_own() {
    let served = served(shop(Behaviour::default())).await;
    for (minutes, mark, words) in [
        (0, Mark::Ok, "the same"),
        (1, Mark::Warning, "59 s ahead | set this machine's clock"),
        (-2, Mark::Warning, "120 s behind"),
        (10, Mark::Wrong, "599 s ahead"),
    ] {
        let seen = look_at(&values(&served.url()), &plan(), noon() + TimeDelta::minutes(minutes)).await;
        expect(&seen.findings, "clock", mark, words);
        // The shop's own clock counts for its times.
        expect(&seen.findings, "shop_time_zone", Mark::Ok, "4 min old");
    }
}

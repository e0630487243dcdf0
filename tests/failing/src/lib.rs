//! `/panic` panics, `/slow` answers after a second, and every other path at once.

use std::{rc::Rc, time::Duration};

use host::{Answer, Call, Reply, Request};
use http::StatusCode;
use spin_sdk::http_service;

#[http_service]
async fn failing(request: Request) -> Answer {
    host::handle("failing", request, answer).await
}

async fn answer(request: Request, _: Rc<Call>) -> Reply {
    match request.uri().path() {
        "/panic" => panic!("what it says may be Anna's"),
        "/slow" => spin_sdk::time::sleep(Duration::from_secs(1)).await,
        _ => {}
    }
    Ok(host::json(StatusCode::OK, &serde_json::json!({ "well": true })))
}

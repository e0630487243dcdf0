//! The port to the network. A request travels by itself: it arrives, or does not, whatever becomes of the one who sent it.

use std::{rc::Rc, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use shared::send::{NoAnswer, SendRequest};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, timeout},
};

use crate::{calls::Call, process::Process, target::Target, world::World};

/// How long one call may take, as in the deployed functions.
const CALL: Duration = Duration::from_secs(10);

/// The network as one process sees it.
#[derive(Clone)]
pub struct Network {
    process: Process,
    ends_at: Option<Instant>,
}

impl Network {
    /// For a process whose calls all end `within` some time from now.
    pub fn of(process: &Process, within: Option<Duration>) -> Self {
        Self { process: process.clone(), ends_at: within.map(|time| Instant::now() + time) }
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        let world = self.process.world();
        let call = InFlight::begin(&self.process, &request);
        let said = format!("{} {}", request.method(), request.uri().path());
        let (answer, answered) = oneshot::channel();
        let passage = Passage::of(world, &request);
        tokio::task::spawn_local(carry(Rc::clone(world), call.number, request, passage, answer));
        self.process.effect(|| format!("-> #{} {said}", call.number)).await;
        let left = self.ends_at.map(|end| end.saturating_duration_since(Instant::now()));
        let answer = match timeout(left.map_or(CALL, |left| left.min(CALL)), answered).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(NoAnswer("the connection was closed".to_owned())),
            Err(_) => Err(NoAnswer("nothing came in time".to_owned())),
        };
        if let Ok(answer) = &answer {
            world.calls.note(call.number, |call| call.heard = Some(answer.status()));
        }
        self.process
            .effect(|| match &answer {
                Ok(answer) => format!("<- #{} {}", call.number, answer.status()),
                Err(error) => format!("<- #{} {error}", call.number),
            })
            .await;
        answer
    }
}

impl SendRequest for Network {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoAnswer> {
        let mutation = self.process.world().mutation;
        let request = match mutation {
            Some(mutation) => mutation.strips(request),
            None => request,
        };
        if mutation.is_some_and(|mutation| mutation.answers_itself(&request)) {
            return Ok(plain(StatusCode::NOT_FOUND, r#"{"detail":"Not found."}"#));
        }
        let again = mutation.filter(|mutation| mutation.repeats(&request)).map(|_| request.clone());
        match (self.exchange(request).await, again) {
            (Err(_), Some(again)) => self.exchange(again).await,
            (answer, _) => answer,
        }
    }
}

/// A call whose caller waits. However the waiting ends, it is noted.
struct InFlight {
    world: Rc<World>,
    number: usize,
}

impl InFlight {
    fn begin(process: &Process, request: &Request<Bytes>) -> Self {
        let world = Rc::clone(process.world());
        let (target, reads) = (Target::of(request), request.method() == http::Method::GET);
        let number = world.calls.begin(Call {
            process: process.name().to_owned(),
            user: world.user_of(&target),
            link: world.link_held(request.method(), &target),
            target,
            method: request.method().clone(),
            body: if reads {
                serde_json::Value::Null
            } else {
                serde_json::from_slice(request.body()).unwrap_or_default()
            },
            after: world.history.len(),
            sent: world.clock.truth(),
            sent_shown: world.clock.shown(),
            done: Vec::new(),
            mails: 0,
            heard: None,
            garbled: false,
            answer: serde_json::Value::Null,
            ended: None,
        });
        Self { world, number }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let now = (self.world.clock.truth(), self.world.clock.shown());
        self.world.calls.note(self.number, |call| call.ended = Some(now));
    }
}

/// What becomes of one request on its way, settled when it is sent.
struct Passage {
    there: Option<Duration>,
    again: Option<Duration>,
    spoilt: Spoilt,
    back: Option<Duration>,
}

enum Spoilt {
    Not,
    /// Another answer, and nothing is carried out.
    Instead(Response<Bytes>),
    /// Carried out, and the answer cannot be read.
    Garbled,
}

impl Passage {
    fn of(world: &World, request: &Request<Bytes>) -> Self {
        let weather = world.weather();
        let late = world.chance(weather.late);
        let lost = world.chance(weather.request_lost) || world.is_down(request);
        let there = if late { 12_000 + world.up_to(1_800_000) } else { world.up_to(weather.longest_way) };
        let spoilt = if world.chance(weather.error) {
            Spoilt::Instead(world.error(&Target::of(request), request.method()))
        } else if world.chance(weather.refused) && refusable(request) {
            Spoilt::Instead(plain(StatusCode::BAD_REQUEST, r#"{"name":["This is refused."]}"#))
        } else if world.chance(weather.garbled) && Target::of(request) != Target::Token {
            Spoilt::Garbled
        } else {
            Spoilt::Not
        };
        Self {
            there: (!lost).then(|| Duration::from_millis(there)),
            // What was turned away is not brought again.
            again: (world.chance(weather.twice) && !matches!(spoilt, Spoilt::Instead(_)))
                .then(|| Duration::from_millis(world.up_to(60_000))),
            spoilt,
            back: (!world.chance(weather.answer_lost))
                .then(|| Duration::from_millis(world.up_to(weather.longest_way))),
        }
    }
}

/// Whether the other side can find fault with the record, rather than with the question.
fn refusable(request: &Request<Bytes>) -> bool {
    request.method() != http::Method::GET && Target::of(request) != Target::Token
}

async fn carry(
    world: Rc<World>,
    number: usize,
    request: Request<Bytes>,
    passage: Passage,
    answer: oneshot::Sender<Response<Bytes>>,
) {
    let Some(there) = passage.there else { return lost(answer).await };
    sleep(there).await;
    let response = match passage.spoilt {
        Spoilt::Instead(response) => Some(response),
        Spoilt::Not => world.deliver(number, request.clone()),
        Spoilt::Garbled => world.deliver(number, request.clone()).map(|response| {
            world.calls.note(number, |call| call.garbled = true);
            let (parts, _) = response.into_parts();
            Response::from_parts(parts, Bytes::from_static(b"{\"results\": [{\"key\": 5"))
        }),
    };
    if let Some(again) = passage.again {
        let world = Rc::clone(&world);
        tokio::task::spawn_local(async move {
            sleep(again).await;
            world.deliver(number, request);
        });
    }
    match (response, passage.back) {
        (Some(response), Some(back)) => {
            sleep(back).await;
            // Whoever asked may be gone.
            let _ = answer.send(response);
        }
        (None, _) | (_, None) => lost(answer).await,
    }
}

/// Nothing comes, and the connection stays open for longer than anybody waits.
async fn lost(answer: oneshot::Sender<Response<Bytes>>) {
    sleep(CALL * 2).await;
    drop(answer);
}

/// An answer with a JSON body.
pub fn plain(status: StatusCode, body: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}

//! How a request arrives: at a side that may be down, may turn it away, or carries it out.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header::RETRY_AFTER};
use sandbox::StandIn as _;
use shared::link::Link;

use crate::{history, network::plain, target::Target, world::World};

impl World {
    /// Whether the other side of this request is down as a whole.
    pub fn is_down(&self, request: &Request<Bytes>) -> bool {
        let erp = Target::of(request).is_of_erp();
        let now = self.clock.truth();
        !self.calm.get()
            && self
                .plan
                .outages
                .iter()
                .any(|outage| outage.of_erp == erp && (outage.from..outage.until).contains(&now))
    }

    /// A request arrives. `None` when the stand-in gives no answer.
    pub fn deliver(&self, number: usize, request: Request<Bytes>) -> Option<Response<Bytes>> {
        let target = Target::of(&request);
        let method = request.method().clone();
        let now = self.elsewhere();
        let mails = || self.shop.borrow().mails().len();
        let before = mails();
        let answer = if target.is_of_erp() {
            self.erp.borrow_mut().take(now, request)
        } else {
            self.shop.borrow_mut().take(now, request)
        };
        let sent = mails() - before;
        let response = answer.response();
        let (truth, shown) = (self.clock.truth(), self.clock.shown());
        self.calls.note(number, |call| {
            // Whatever comes back, what was turned away was not carried out.
            if !response.as_ref().is_some_and(|response| response.status().is_success()) {
                return;
            }
            if call.done.is_empty() {
                call.mails = sent;
            }
            call.done.push((truth, shown));
        });
        let decided =
            response.as_ref().filter(|_| matches!(target, Target::Message(_))).and_then(decision_in);
        if let Some(decided) = decided {
            self.calls.note(number, |call| call.answer = decided);
        }
        self.trace(if target.is_of_erp() { "  erp" } else { "  shop" }, || {
            let status = response.as_ref().map(Response::status);
            format!("#{number} {method} {status:?}{}", if sent > 0 { ", and sends a mail" } else { "" })
        });
        response
    }

    /// An error that is nobody's record's fault.
    pub fn error(&self, target: &Target, method: &Method) -> Response<Bytes> {
        let wait = |mut response: Response<Bytes>| {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(self.up_to(240)));
            response
        };
        match self.up_to(7) {
            0 => plain(StatusCode::INTERNAL_SERVER_ERROR, "<html>Server error</html>"),
            1 => plain(StatusCode::BAD_GATEWAY, ""),
            2 => wait(plain(StatusCode::SERVICE_UNAVAILABLE, "")),
            3 => wait(plain(StatusCode::TOO_MANY_REQUESTS, "")),
            4 => plain(StatusCode::UNAUTHORIZED, r#"{"detail":"Token expired."}"#),
            5 => plain(StatusCode::FORBIDDEN, r#"{"detail":"No permission."}"#),
            // A shop that says so of a customer it has would have it overwritten: nothing can be done about that.
            _ if matches!(target, Target::Customer(_) | Target::Address(_)) && method == Method::GET => {
                plain(StatusCode::GATEWAY_TIMEOUT, "")
            }
            _ => plain(StatusCode::NOT_FOUND, r#"{"detail":"Not found."}"#),
        }
    }

    /// The user that a target is about.
    pub fn user_of(&self, target: &Target) -> Option<String> {
        match target {
            Target::User(key) | Target::Message(key) => Some(key.clone()),
            Target::Profile(id) => self.facts.owner(id),
            // What becomes of an outcome changes nothing about the registration.
            Target::Customer(_) | Target::Address(_) | Target::Token | Target::Users | Target::Outcome(_) => {
                None
            }
        }
    }

    /// The link that the ledger holds while a user is changed.
    pub fn link_held(&self, method: &Method, target: &Target) -> Option<Link> {
        match target {
            Target::User(user) if method == Method::PATCH => history::held(self, user)?.link,
            _ => None,
        }
    }
}

/// The decision that an answer of the ERP holds.
fn decision_in(answer: &Response<Bytes>) -> Option<serde_json::Value> {
    let body: serde_json::Value = serde_json::from_slice(answer.body()).ok()?;
    body["type"].is_string().then_some(body)
}

//! Scripted faults: which call goes wrong, how, and how often.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{
    HeaderName, HeaderValue, Method, Response, StatusCode,
    header::{LOCATION, RETRY_AFTER},
};

use crate::Answer;

/// The kinds of calls, as a fault names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// A token is asked for.
    Token,
    /// Users are listed.
    UserList,
    /// One user is read by key.
    UserGet,
    /// A user is linked or its activation triggered.
    UserPatch,
    /// A profile is read.
    Profile,
    /// Customers are listed.
    CustomerList,
    /// A customer is read by key.
    CustomerGet,
    /// A customer is created.
    CustomerPost,
    /// A customer is created or replaced.
    CustomerPut,
    /// A customer is deleted.
    CustomerDelete,
    /// Addresses are listed.
    AddressList,
    /// An address is read by key.
    AddressGet,
    /// An address is created.
    AddressPost,
    /// An address is created or replaced.
    AddressPut,
    /// An address is deleted.
    AddressDelete,
    /// A signed message to the ERP.
    Message,
    /// Anything else, such as a path or a method that is not offered.
    Other,
}

/// Which calls a fault meets: all of its conditions have to hold.
#[derive(Debug, Clone, Default)]
pub struct On {
    /// Only this kind of call.
    pub call: Option<Call>,
    /// Only this method.
    pub method: Option<Method>,
    /// Only where this is part of the path and query.
    pub part: Option<String>,
}

impl On {
    /// Every call.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Calls of one kind.
    #[must_use]
    pub fn call(call: Call) -> Self {
        Self { call: Some(call), ..Self::default() }
    }

    /// Calls of one method.
    #[must_use]
    pub fn method(method: Method) -> Self {
        Self { method: Some(method), ..Self::default() }
    }

    /// Of these only the ones with `part` in their path and query, such as a key.
    #[must_use]
    pub fn at(mut self, part: &str) -> Self {
        self.part = Some(part.to_owned());
        self
    }

    fn meets(&self, call: Call, method: &Method, target: &str) -> bool {
        self.call.is_none_or(|wanted| wanted == call)
            && self.method.as_ref().is_none_or(|wanted| wanted == method)
            && self.part.as_ref().is_none_or(|part| target.contains(part.as_str()))
    }
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum What {
    /// Another answer; the request is not carried out.
    Answer(Response<Bytes>),
    /// The request is carried out, but this is the answer, such as a gateway's time-out.
    AppliedThen(Response<Bytes>),
    /// The request is carried out, and the connection closes without an answer.
    AppliedButAnswerLost,
    /// The request is carried out, and nothing is ever answered.
    AppliedThenHang,
    /// Nothing is answered, and the request is carried out this much later, when the client has long given up. It takes
    /// effect with the first call after that time. Of the shop only: to the ERP it is [`What::Hang`].
    AppliedLate(Duration),
    /// The request is carried out, and the connection closes after this many bytes of the answer's body.
    CloseMidBody(usize),
    /// The request is carried out and answered, with blanks behind the answer's body up to this many bytes.
    Padded(u64),
    /// The request is carried out and answered, and then the port is closed, with all its connections: every further call
    /// is refused until [`crate::serve::Served::open`]. So it is put on the call before the one to be refused.
    LastBeforeClosing,
    /// The request is carried out and answered, but late.
    Slow(Duration),
    /// The connection closes; the request is not carried out.
    CloseBeforeAnswer,
    /// Nothing is ever answered; the request is not carried out.
    Hang,
}

impl What {
    /// An answer of this status and body, not carried out.
    #[must_use]
    pub fn status(status: StatusCode, body: &'static str) -> Self {
        let mut response = Response::new(Bytes::from_static(body.as_bytes()));
        *response.status_mut() = status;
        Self::Answer(response)
    }

    /// A redirect to `location`, not carried out.
    #[must_use]
    pub fn redirect(status: StatusCode, location: &'static str) -> Self {
        Self::with_header(status, LOCATION, HeaderValue::from_static(location))
    }

    /// 429, with `Retry-After` in seconds.
    #[must_use]
    pub fn too_many(retry_after: u32) -> Self {
        Self::with_header(StatusCode::TOO_MANY_REQUESTS, RETRY_AFTER, HeaderValue::from(retry_after))
    }

    /// 429, with `Retry-After` as a date (RFC 9110, 10.2.3).
    #[must_use]
    pub fn too_many_until(date: DateTime<Utc>) -> Self {
        let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        // Letters, digits and blanks stand in a header as they are.
        let date = HeaderValue::try_from(date).unwrap_or(HeaderValue::from_static(""));
        Self::with_header(StatusCode::TOO_MANY_REQUESTS, RETRY_AFTER, date)
    }

    fn with_header(status: StatusCode, name: HeaderName, value: HeaderValue) -> Self {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = status;
        response.headers_mut().insert(name, value);
        Self::Answer(response)
    }

    /// What comes of it, given a way to carry the request out; `None` for the one that is carried out later.
    pub(crate) fn play(self, carry_out: impl FnOnce() -> Response<Bytes>) -> Answer {
        match self {
            Self::Answer(response) => Answer::Respond(response),
            Self::AppliedThen(response) => {
                carry_out();
                Answer::Respond(response)
            }
            Self::AppliedButAnswerLost => {
                carry_out();
                Answer::Drop
            }
            Self::AppliedThenHang => {
                carry_out();
                Answer::Hang
            }
            Self::CloseMidBody(bytes) => Answer::Cut { response: carry_out(), bytes },
            Self::Padded(bytes) => Answer::Padded { response: carry_out(), bytes },
            Self::LastBeforeClosing => Answer::LastBeforeClosing(carry_out()),
            Self::Slow(wait) => Answer::Slow { response: carry_out(), wait },
            Self::CloseBeforeAnswer => Answer::Drop,
            Self::AppliedLate(_) | Self::Hang => Answer::Hang,
        }
    }
}

/// How often a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// This many times.
    Count(u32),
    /// Until it is cleared.
    Always,
}

/// One scripted fault.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The calls that it meets.
    pub on: On,
    /// What it does to them.
    pub what: What,
    /// How many of these calls it lets pass first.
    pub after: u32,
    /// How often it strikes then.
    pub times: Times,
}

impl Fault {
    /// A fault that strikes the next such call, once.
    #[must_use]
    pub fn once(on: On, what: What) -> Self {
        Self { on, what, after: 0, times: Times::Count(1) }
    }

    /// A fault that strikes every such call.
    #[must_use]
    pub fn always(on: On, what: What) -> Self {
        Self { on, what, after: 0, times: Times::Always }
    }
}

/// The script. Of several faults that meet a call, the first one pushed strikes; the others do not count the call.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    script: Vec<Fault>,
    struck: u64,
}

impl Faults {
    /// Adds a fault.
    pub fn push(&mut self, fault: Fault) {
        self.script.push(fault);
    }

    /// Ends all faults.
    pub fn clear(&mut self) {
        self.script.clear();
    }

    /// How many faults still wait for a call.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.script.len()
    }

    /// How many calls were spoiled so far.
    #[must_use]
    pub fn struck(&self) -> u64 {
        self.struck
    }

    pub(crate) fn strike(&mut self, call: Call, method: &Method, target: &str) -> Option<What> {
        let place = self.script.iter().position(|fault| fault.on.meets(call, method, target))?;
        let fault = &mut self.script[place];
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        let what = fault.what.clone();
        if let Times::Count(count) = &mut fault.times {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.script.remove(place);
            }
        }
        self.struck += 1;
        Some(what)
    }
}

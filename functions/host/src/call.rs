//! The request that is being answered: what it is known by, and who makes it.

use std::cell::OnceCell;

use http::{HeaderMap, StatusCode};
use serde::Serialize;
use shared::{
    access::{Caller, Denied, Scope},
    problem::Problem,
    settings::api_tokens,
    sql::SqlError,
    trace::{RequestId, Trace},
};

use crate::{
    chance,
    handler::{log, setting},
    instance::Settings,
    outbound::Outbound,
};

/// What a request is known by from its first byte to the end of the work that it leaves behind.
#[derive(Debug)]
pub struct Call {
    function: &'static str,
    id: RequestId,
    trace: Trace,
    caller: OnceCell<Caller>,
}

/// A request in a line of the log. It begins every line.
#[derive(Serialize)]
pub(crate) struct Known<'a> {
    function: &'static str,
    request_id: &'a str,
    trace_id: String,
    span_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<&'a str>,
}

impl Call {
    pub(crate) fn of(function: &'static str, headers: &HeaderMap) -> Self {
        let (id, trace) = (RequestId::of(headers, chance), Trace::of(headers, chance));
        Self { function, id, trace, caller: OnceCell::new() }
    }

    pub(crate) fn id(&self) -> &RequestId {
        &self.id
    }

    pub(crate) fn known(&self) -> Known<'_> {
        Known {
            function: self.function,
            request_id: self.id.as_str(),
            trace_id: self.trace.id(),
            span_id: self.trace.span(),
            caller: self.caller.get().map(Caller::name),
        }
    }

    /// The caller, if its token covers `scope`.
    ///
    /// # Errors
    /// 503 when no tokens are set, 401 for an unknown caller, 403 for one without the scope.
    pub fn admit(&self, settings: &Settings, headers: &HeaderMap, scope: Scope) -> Result<Caller, Problem> {
        let tokens = settings.check(api_tokens).map_err(|bad| setting(&bad))?;
        match tokens.admit(headers, scope) {
            Ok(name) => Ok(self.made_by(Caller::Token(name.to_owned()))),
            Err(Denied::Unknown) => {
                Err(Problem::stranger("not-authenticated", "Bearer", "send a token of api_tokens as bearer"))
            }
            Err(Denied::OutOfScope(name)) => {
                self.made_by(Caller::Token(name.to_owned()));
                let detail = "the token does not have the scope for this";
                Err(Problem::new(StatusCode::FORBIDDEN, "out-of-scope", detail))
            }
        }
    }

    /// Notes who makes the request, for the log.
    pub fn made_by(&self, caller: Caller) -> Caller {
        self.caller.get_or_init(|| caller).clone()
    }

    /// The way to the shop and the ERP for this request: they are told of the trace.
    #[must_use]
    pub fn outbound(&self) -> Outbound {
        Outbound::of(self.trace)
    }

    /// Logs that work which went on after the answer was left to the tick.
    pub fn left(&self, error: &SqlError) {
        #[derive(Serialize)]
        struct Left<'a> {
            #[serde(flatten)]
            known: Known<'a>,
            cause: &'a str,
        }
        log(&Left { known: self.known(), cause: &error.0 });
    }
}

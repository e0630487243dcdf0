//! The body of an answer.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use wasmtime_wasi_http::Error;

use super::failure;
use crate::clock::{Clock, Sleep};

/// A body that must not pause for longer than its limit.
pub(super) struct Paced {
    body: Incoming,
    limit: Duration,
    clock: Clock,
    pause: Option<Sleep>,
}

impl Paced {
    pub fn new(body: Incoming, limit: Duration, clock: Clock) -> Self {
        Self { body, limit, clock, pause: None }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            this.pause = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(|error| failure::of_body(&error))));
        }
        let pause = this.pause.get_or_insert_with(|| this.clock.sleep(this.limit));
        ready!(pause.as_mut().poll(context));
        Poll::Ready(Some(Err(Error::ConnectionReadTimeout)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

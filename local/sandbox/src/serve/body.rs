//! A body that may break off.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The connection is to be closed in the middle of the body.
#[derive(Debug, thiserror::Error)]
#[error("broken off, on purpose")]
pub struct BrokenOff;

/// A body that announces its full length, and arrives whole or breaks off.
#[derive(Debug)]
pub struct AnswerBody {
    announced: u64,
    rest: Option<Bytes>,
    then: End,
}

/// What comes after the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Regular,
    /// One turn of waiting, in which the server flushes what was sent; then the break.
    Flush,
    Break,
}

impl AnswerBody {
    pub fn whole(body: Bytes) -> Self {
        Self { announced: body.len() as u64, rest: Some(body), then: End::Regular }
    }

    pub fn cut(mut body: Bytes, bytes: usize) -> Self {
        let announced = body.len() as u64;
        body.truncate(bytes);
        Self { announced, rest: Some(body), then: End::Flush }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        if let Some(data) = self.rest.take().filter(|data| !data.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match self.then {
            End::Regular => Poll::Ready(None),
            End::Flush => {
                self.then = End::Break;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::Break => Poll::Ready(Some(Err(BrokenOff))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.then == End::Regular && self.rest.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

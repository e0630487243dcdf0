//! A body that may break off, or be far too long.

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

/// The blanks that a padded body is made of, sent again and again: however long it is, no more than this is held.
static BLANKS: [u8; 64 * 1024] = [b' '; 64 * 1024];

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
    /// This many blanks.
    Blanks(u64),
    /// One turn of waiting, in which the server flushes what was sent; then the break.
    Flush,
    Break,
}

impl AnswerBody {
    pub fn whole(body: Bytes) -> Self {
        Self { announced: body.len() as u64, rest: Some(body), then: End::Regular }
    }

    /// `body`, filled up with blanks to this many bytes.
    pub fn padded(body: Bytes, bytes: u64) -> Self {
        let missing = bytes.saturating_sub(body.len() as u64);
        Self { announced: body.len() as u64 + missing, rest: Some(body), then: End::Blanks(missing) }
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
            End::Regular | End::Blanks(0) => Poll::Ready(None),
            End::Blanks(missing) => {
                let length = missing.min(BLANKS.len() as u64);
                self.then = End::Blanks(missing - length);
                let blanks = usize::try_from(length).map_or(&BLANKS[..], |length| &BLANKS[..length]);
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(blanks)))))
            }
            End::Flush => {
                self.then = End::Break;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::Break => Poll::Ready(Some(Err(BrokenOff))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.then, End::Regular | End::Blanks(0)) && self.rest.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

//! The port to the network.

use bytes::Bytes;
use http::{Request, Response};

/// No answer came back: no connection, a time-out, or a connection that broke. What was asked may have happened all the same. The
/// words are of our side, since the other one has said nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no answer: {0}")]
pub struct NoAnswer(pub String);

/// The longest body that is taken from the shop or the ERP, in bytes. A page of 500 full users stays below one MiB.
pub const ANSWER_LIMIT: usize = 8 * 1024 * 1024;

/// Sends one request and reads the whole answer: Spin's outbound HTTP in the functions, the sandbox in tests.
///
/// An implementation follows no redirect, gives up after a time-out of its own, and answers [`NoAnswer`] for a body over
/// [`ANSWER_LIMIT`]. There is no `Send` bound: a component has one thread.
pub trait SendRequest {
    /// Sends `request` and waits for its answer.
    ///
    /// # Errors
    /// [`NoAnswer`] when there is none; the caller must not conclude that nothing happened.
    fn send(&self, request: Request<Bytes>) -> impl Future<Output = Result<Response<Bytes>, NoAnswer>>;
}

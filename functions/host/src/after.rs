//! Work that may go on after the response.

use std::time::Duration;

use futures_channel::oneshot::{self, Receiver};

use crate::alarm;

/// Begins `work` and does not tie it to the response: on Spin it goes on after the answer is out. Another host may end it there, so
/// whatever has to happen must be found again by the tick.
pub fn after<T: 'static>(work: impl Future<Output = T> + 'static) -> Receiver<T> {
    let (done, result) = oneshot::channel();
    spin_sdk::wit_bindgen::spawn(async move {
        // Nobody may be waiting for the result any more.
        let _ = done.send(work.await);
    });
    result
}

/// The result, if it comes within `time`.
pub async fn within<T>(time: Duration, result: Receiver<T>) -> Option<T> {
    alarm::within(time, result).await?.ok()
}

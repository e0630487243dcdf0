//! Work that may go on after the response.

use std::time::Duration;

use futures_channel::oneshot::{self, Receiver};
use futures_util::future::{Either, select};

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
    // Spawned work is first looked at when this task is woken, which would be by the alarm: let it begin now.
    spin_sdk::wit_bindgen::yield_async().await;
    match select(result, std::pin::pin!(spin_sdk::time::sleep(time))).await {
        Either::Left((result, _)) => result.ok(),
        Either::Right(((), _)) => None,
    }
}
